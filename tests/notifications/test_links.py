"""Personal links: marks in what is stored, links in what leaves."""

import pytest
from django.test import override_settings

from notifications import delivery, kinds, links, rendering
from notifications.kinds import Kind
from notifications.models import Letter


def door(letter) -> str:
    return f"https://mentorat.example/porte/{letter.to}/{letter.about}/"


@pytest.fixture
def kind(monkeypatch):
    """A kind of letter with one personal link."""
    monkeypatch.setattr(kinds, "_kinds", {})
    return kinds.register(Kind("house.invitation", "Invitation", "Un jour.", "vous", links={"door": door}))


def a_letter(body: str, **fields) -> Letter:
    known = {"key": "fact:1", "kind": "house.invitation", "to": "marie@example.org", "about": "house.room:3"}
    return Letter(**{**known, "subject": "Entrez", "body": body, **fields})


BODY = "Bonjour,\n\n[[lien:door]]\n"


def test_a_link_is_made_when_the_letter_leaves_and_is_never_stored(kind):
    letter = a_letter(BODY)
    url = "https://mentorat.example/porte/marie@example.org/house.room:3/"

    mail = delivery.message(letter)

    assert mail.body == f"Bonjour,\n\n{url}\n"
    assert f'<a class="button" href="{url}">' in mail.alternatives[0].content
    assert letter.body == BODY


def test_a_template_writes_the_mark_by_its_name(kind):
    words = {"house/email/invitation.txt": "Entrez\n\nBonjour,\n\n{{ links.door }}\n"}
    words["notifications/email/footer.txt"] = "-- \n{{ marker }}"
    loaders = [("django.template.loaders.locmem.Loader", words)]
    letters = {"NAME": "letters", "BACKEND": "django.template.backends.django.DjangoTemplates"}
    with override_settings(TEMPLATES=[{**letters, "OPTIONS": {"autoescape": False, "loaders": loaders}}]):
        subject, body = rendering.render(kind, {})

    assert (subject, body) == ("Entrez", f"{BODY}\n-- \n[[lien:rappels]]\n")


def test_a_mark_that_somebody_typed_stays_words(kind):
    """The name of another letter's link, or of none: nothing is signed for it."""
    typed = "Bonjour [[lien:rappels]], [[lien:guardian]] [[lien:]] [[lien:../x]]"

    assert links.filled(a_letter(typed)) == typed


def test_the_mark_of_its_own_link_that_somebody_typed_stays_words_too(kind):
    """A name made of it would turn one link of the letter into seven."""
    words = {"house/email/invitation.txt": "Pour {{ name }}\n\nBonjour {{ name }},\n\n{{ links.door }}\n"}
    words["notifications/email/footer.txt"] = "-- \n{{ marker }}"
    loaders = [("django.template.loaders.locmem.Loader", words)]
    letters = {"NAME": "letters", "BACKEND": "django.template.backends.django.DjangoTemplates"}
    with override_settings(TEMPLATES=[{**letters, "OPTIONS": {"autoescape": False, "loaders": loaders}}]):
        subject, body = rendering.render(kind, {"name": "[[lien:door]]"})

    assert (subject, body) == ("Pour […]", "Bonjour […],\n\n[[lien:door]]\n\n-- \n[[lien:rappels]]\n")


def test_a_letter_that_can_be_stopped_carries_that_link_beside_its_own(kind):
    reminder = Kind("house.reminder", "Rappel", "Un jour.", "vous", essential=False, links={"door": door})
    kinds.register(reminder)

    body = links.filled(a_letter("[[lien:door]] [[lien:rappels]]", kind="house.reminder", to="marie@example.org"))

    assert body == f"{door(a_letter(''))} {links.stop_reminders_url('marie@example.org')}"


def test_staff_read_words_in_the_place_of_every_link():
    assert links.hidden("Entrez : [[lien:door]]\n[[lien:rappels]]", "…") == "Entrez : …\n…"
