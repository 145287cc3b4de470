"""What the boxes of the form take, and what they say when they do not."""

import re
from datetime import date, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications.fields import (
    BirthDateField,
    EmailField,
    LinkField,
    NameField,
    PhoneField,
    PostcodeField,
    SlotsField,
    TextField,
)

NBSP = "\u00a0"


def sentence(field, value) -> str:
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    return refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("0693 12 34 56", "+262693123456"),
        ("0690 12 34 56", "+590690123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0639 69 12 34", "+262639691234"),
        ("+32 470 12 34 56", "+32470123456"),
        ("06.12.34.56.78\x00", "+33612345678"),
    ],
)
def test_a_phone_number_is_read_as_at_home(typed, kept):
    assert str(PhoneField(required=False).clean(typed)) == kept


def test_no_phone_number_is_no_error():
    assert PhoneField(required=False).clean("") == ""


@pytest.mark.parametrize("typed", ["12", "06 12 34", "appelez-moi", "0712345678901"])
def test_a_phone_number_that_does_not_exist_is_told(typed):
    assert sentence(PhoneField(required=False), typed) == (
        "Ce numéro n’est pas complet, ou n’existe pas. Exemples\u00a0: 06\u00a012\u00a034\u00a056\u00a078, "
        "0692\u00a012\u00a034\u00a056, +32\u00a0470\u00a012\u00a034\u00a056."
    )


def test_a_phone_number_is_shown_as_it_is_dialled():
    field = PhoneField(required=False)
    shown = [field.prepare_value(field.clean(typed)) for typed in ("+33612345678", "0692123456")]
    assert shown == ["06 12 34 56 78", "+262 692 12 34 56"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["9", "3", "2007"], date(2007, 3, 9)),
        ([" 09", "03 ", "2007"], date(2007, 3, 9)),
        (["29", "2", "2008"], date(2008, 2, 29)),
        (["", "", ""], None),
        (None, None),
    ],
)
def test_a_birth_date_is_whole_or_absent(typed, kept):
    assert BirthDateField().clean(typed) == kept


NO_SUCH_DATE = f"Cette date n’existe pas. Écrivez-la en chiffres, par exemple 9{NBSP}3{NBSP}2007."
CHECK_THE_YEAR = f"Vérifiez l’année{NBSP}: écrivez ses quatre chiffres, par exemple 2007."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["9", "", "2007"], f"Complétez la date{NBSP}: il manque le mois."),
        (["9", "", ""], f"Complétez la date{NBSP}: il manque le mois et l’année."),
        (["29", "2", "2007"], NO_SUCH_DATE),
        (["9", "mars", "2007"], NO_SUCH_DATE),
        (["9", "3", "99999"], NO_SUCH_DATE),
        (["9", "3", "-5"], NO_SUCH_DATE),
        (["²", "3", "2007"], NO_SUCH_DATE),
        (["9", "3", "9" * 20], NO_SUCH_DATE),
        (["9" * 5000, "3", "2007"], NO_SUCH_DATE),
        (["9", "3", "07"], CHECK_THE_YEAR),
        (["9", "3", "1807"], CHECK_THE_YEAR),
    ],
)
def test_a_birth_date_that_cannot_be_is_told(typed, told):
    assert sentence(BirthDateField(), typed) == told


def test_nobody_is_born_tomorrow():
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    parts = [[str(d.day), str(d.month), str(d.year)] for d in (today, tomorrow)]
    assert BirthDateField().clean(parts[0]) == today
    assert sentence(BirthDateField(), parts[1]) == CHECK_THE_YEAR


def test_what_is_too_long_comes_with_the_count():
    field = TextField(limit=4000)
    assert field.clean("é" * 4000) == "é" * 4000
    assert sentence(field, "é" * 4210) == (
        f"Votre texte fait 4{NBSP}210{NBSP}caractères et la limite est de 4{NBSP}000{NBSP}: "
        "raccourcissez-le de 210. Rien n’a été effacé."
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        ("fin\x00", "fin"),
        ("e\u0301cran", "écran"),
        ("🎬🏽‍♀️ ça tourne", "🎬🏽‍♀️ ça tourne"),
        ("مرحبا بكم", "مرحبا بكم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_is_kept_as_it_was_meant(typed, kept):
    assert TextField(limit=4000, widget=forms.Textarea).clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["Inès\n\nhttps://malin.example/\n\n- cliquez", "Inès\u2028https://malin.example/ \x0b\x85- cliquez "]
)
def test_what_is_asked_on_one_line_stays_on_one_line(typed):
    assert TextField(limit=80).clean(typed) == "Inès https://malin.example/ - cliquez"


def test_line_ends_count_once():
    assert TextField(limit=3, widget=forms.Textarea).clean("a\r\nb") == "a\nb"


# --- Postcodes, links, addresses, the week ---------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"), [("35000", "35000"), (" 97 400 ", "97400"), ("75.011", "75011"), ("", ""), (None, "")]
)
def test_a_postcode_is_kept_in_five_digits(typed, kept):
    assert PostcodeField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["3500", "99999", "Rennes", "🏠", "1234567890" * 10])
def test_a_postcode_that_does_not_exist_is_told(typed):
    with pytest.raises(ValidationError, match="Ce code postal n’existe pas"):
        PostcodeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("vimeo.com/123", "https://vimeo.com/123"),
        ("http://exemple.fr", "http://exemple.fr"),
        (" https://exemple.fr/é?a=1 ", "https://exemple.fr/é?a=1"),
        ("\x00", ""),
    ],
)
def test_a_link_is_kept_whole(typed, kept):
    assert LinkField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "data:text/html,x", "ftp://exemple.fr", "mon film", "https://", "h" * 600 + ".fr"]
)
def test_what_is_no_link_is_told(typed):
    with pytest.raises(ValidationError):
        LinkField().clean(typed)


@pytest.mark.parametrize(("typed", "kept"), [(" Haddad@Example.ORG ", "haddad@example.org"), ("", ""), (None, "")])
def test_an_address_is_kept_in_lower_case(typed, kept):
    assert EmailField().clean(typed) == kept


def test_an_address_by_halves_is_told():
    with pytest.raises(ValidationError, match="Cette adresse n’est pas complète"):
        EmailField().clean("haddad@")


def test_marks_that_turn_words_around_are_dropped_from_names_and_kept_in_texts():
    turned = "In\u202eès\u2066"
    assert TextField(limit=80).clean(turned) == "Inès"
    assert TextField(limit=80, widget=forms.Textarea()).clean(turned) == turned
    assert TextField(limit=80).clean("عمر") == "عمر"


@pytest.mark.parametrize("name", ["O", "D’Angelo", "d'Angelo-Roux", "N'", "é" * 60, "李", "Zoé 🎬"])
def test_names_are_as_people_write_them(name):
    assert TextField(limit=80).clean(name) == name


@pytest.mark.parametrize(
    "typed", ["http://loterie.example/gagnez", "Gagnez sur www.loterie.example", "a@b.fr", "12", "…", "[[1]]"]
)
def test_what_is_no_name_is_told(typed):
    """A name stands in letters to people who do not know us: no advertisement of anybody's rides in them."""
    assert sentence(NameField(limit=80), typed) == "Écrivez ici un nom, en lettres, sans adresse ni lien."


@pytest.mark.parametrize(
    "typed", ["M.Dupont", "O’Neill-Le Gall", "Service gardien ASE 93 / Mme Diop", "李", "مريم", ""]
)
def test_a_name_is_what_people_are_called(typed):
    assert NameField(limit=80).clean(typed) == typed


def test_a_name_is_not_made_of_what_nobody_sees():
    assert NameField(limit=80).clean("A\u200b B\u200f\ufeff") == "A B"
    assert NameField(limit=80).clean("\u200e\u200b \u2060") == ""
    assert NameField(limit=80).clean("نمی\u200cدانم") == "نمی\u200cدانم"


def test_the_week_is_two_boxes_a_day():
    page = str(SlotsField().widget.render("slots", ["SUN_EVE"], {"id": "id_slots"}))
    assert page.count('type="checkbox"') == 14
    assert re.findall(r'value="(\w+)"[^>]*checked', page) == ["SUN_EVE"]
