"""What a blind reading masks in a text, and what it leaves alone."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviews.masking import MARKERS, Identity, masked

ZELIE = Identity(
    names=(("Zélie", "Kervadec-Ould"), ("", "Mme Haddad-Boyer")),
    schools=("Lycée Roland-Garros du Tampon",),
    emails=("zelie.kv@example.org", "haddad.cpe@example.org"),
    links=("https://vimeo.com/987654", "https://www.instagram.com/lune_rousse/", "http://exemple.cafe/bande-demo"),
    phones=("+262692123456",),
    postcodes=("97427",),
    born=date(2006, 3, 9),
)
ROSE = Identity(names=(("Rose", "Petit"),), schools=("ENS Louis-Lumière",))
LINH = Identity(names=(("Linh", "Le"),))
ANNE_MARIE = Identity(names=(("Anne-Marie", "Le Goff"),))
JEAN_BAPTISTE = Identity(names=(("Jean-Baptiste", "Monteur"),))
VAN = Identity(names=(("Hoa", "Lê Thị Vân"),))
N_DIAYE = Identity(names=(("Fatoumata", "N’Diaye"),))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Je m’appelle Zélie.", "Je m’appelle [nom masqué]."),
        ("ZÉLIE, zelie, ZELIE", "[nom masqué]"),
        ("Ze\u0301lie rit", "[nom masqué] rit"),
        ("Zélie Kervadec-Ould filme", "[nom masqué] filme"),
        ("KERVADEC OULD Zélie filme", "[nom masqué] filme"),
        ("Kervadec\u2011Ould et Kervadec\u00a0Ould", "[nom masqué] et [nom masqué]"),
        ("zeliekervadec ou KervadecOuld", "[nom masqué] ou [nom masqué]"),
        ("Z. Kervadec et Z Kervadec", "[nom masqué] et [nom masqué]"),
        ("Zélie K. et Zélie K", "[nom masqué] et [nom masqué]"),
        ("signé Z.K.", "signé [nom masqué]"),
        ("Z.é.l.i.e ou z é l i e", "[nom masqué] ou [nom masqué]"),
        ("Zé\u00adlie et Zé\u200blie", "[nom masqué] et [nom masqué]"),
        ("l’histoire d’Inès et de zelie2005", "l’histoire d’Inès et de [nom masqué]2005"),
        ("ma chaîne ZelieProd, #zeliefilms", "ma chaîne [nom masqué], [lien masqué]"),
        ("Mme Haddad me suit, madame boyer aussi", "[nom masqué] me suit, [nom masqué] aussi"),
    ],
)
def test_a_name_is_masked_however_it_is_written(text, shown):
    assert masked(text, ZELIE) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Azélie et Zélieuse ne sont pas elle.",
        "Zelda, kermesse, oulde.",
        "Un film de 12 000 vues en 2019, tourné en 35 mm.",
        "J’ai fini à 18 h 30. Le 9 mai 2006, le 8 mars.",
        "Trois cours de chant, 3 cours de montage, 2 places.",
        "Je tourne.Il fait beau. Mon/ma mentor·e, et/ou.",
        "",
    ],
)
def test_what_tells_nothing_stays_as_it_is(text):
    assert masked(text, ZELIE) == text


@pytest.mark.parametrize(
    ("identity", "text", "shown"),
    [
        (ROSE, "un petit film, la rose, une roseraie", "un petit film, la rose, une roseraie"),
        (ROSE, "Rose Petit, R. Petit, rose petit", "[nom masqué]"),
        (ROSE, "je m’appelle rose, comme la rose", "je m’appelle [nom masqué], comme la rose"),
        (LINH, "le film, Le Monde, linh", "le film, Le Monde, [nom masqué]"),
        (LINH, "Linh Le et Mme Le", "[nom masqué] et Mme [nom masqué]"),
        (ANNE_MARIE, "Anne Marie, A.-M. Le Goff, le goff", "[nom masqué]"),
        (N_DIAYE, "Fatoumata n'diaye, NDIAYE et N Diaye", "[nom masqué] et [nom masqué]"),
        (JEAN_BAPTISTE, "JB, J-B, J.-B., J.B. et J B", "[nom masqué] et [nom masqué]"),
        (JEAN_BAPTISTE, "On m’appelle jb, et le DJ B2", "On m’appelle [nom masqué], et le DJ B2"),
        (JEAN_BAPTISTE, "Devenir monteur, chef monteur", "Devenir monteur, chef monteur"),
        (JEAN_BAPTISTE, "Jean Monteur et M. Monteur", "[nom masqué] et M. [nom masqué]"),
        (VAN, "Vân et Lê, Van Gogh, le van, il va", "[nom masqué] et [nom masqué], Van Gogh, le van, il va"),
    ],
)
def test_names_that_are_words_too(identity, text, shown):
    assert masked(text, identity) == shown


@pytest.mark.parametrize(
    ("identity", "text", "shown"),
    [
        (ZELIE, "Au lycée Roland-Garros du Tampon", "Au [établissement masqué]"),
        (ZELIE, "à roland garros, au Tampon", "à [établissement masqué], au [établissement masqué]"),
        (ZELIE, "au LRGT et au L.R.G.T.", "au [établissement masqué] et au [établissement masqué]"),
        (ZELIE, "Mon lycée est au bord de la mer.", "Mon lycée est au bord de la mer."),
        (ROSE, "La lumière du matin.", "La lumière du matin."),
        (ROSE, "à louis lumiere et à Lumière", "à [établissement masqué] et à [établissement masqué]"),
        (ROSE, "au lycée lumière", "au [établissement masqué]"),
        (ROSE, "à l’ENS, à ENSLL", "à l’[établissement masqué], à [établissement masqué]"),
        (Identity(schools=("Université Paris 8",)), "à Paris 8 ou à Paris", "à [établissement masqué] ou à Paris"),
        (Identity(schools=("Mission locale",)), "la mission locale", "la [établissement masqué]"),
        (Identity(schools=("Lycée",)), "au lycée", "au lycée"),
        (Identity(schools=("ENS",)), "à l’ENS, les gens", "à l’[établissement masqué], les gens"),
        (Identity(schools=("Néant",)), "un néant sans fin", "un néant sans fin"),
        (Identity(schools=("En recherche",)), "je suis en recherche", "je suis en recherche"),
        (Identity(schools=("Les Trois Vents",)), "trois ans aux Trois Vents", "trois ans aux [établissement masqué]"),
    ],
)  # fmt: skip
def test_a_school_is_masked_whole_by_its_own_words_and_by_its_initials(identity, text, shown):
    assert masked(text, identity) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("zelie.kv@example.org", "[adresse masquée]"),
        ("quelqu.un+film@ailleurs.example", "[adresse masquée]"),
        ("zelie.kv [at] example.org", "[adresse masquée]"),
        ("lune arobase gmail point com", "[adresse masquée]"),
        ("lune @ gmail . com", "[adresse masquée]"),
        ("mon compte zelie.kv", "mon compte [adresse masquée]"),
        ("Voir https://vimeo.com/987654, puis", "Voir [lien masqué], puis"),
        ("(www.site.fr/a?b=c)", "([lien masqué])"),
        ("lune.fr. Ensuite", "[lien masqué]. Ensuite"),
        ("youtu.be/abc et exemple.cafe", "[lien masqué] et [lien masqué]"),
        ("vimeo point com slash lune", "[lien masqué]"),
        ("@lune.rousse et lune_rousse", "[lien masqué] et [lien masqué]"),
        ("la vidéo 987654", "la vidéo [lien masqué]"),
        ("insta : lune.films", "insta : [lien masqué]"),
        ("tiktok: lunefilms", "tiktok: [lien masqué]"),
        ("YouTube : des tutoriels", "YouTube : des tutoriels"),
        ("lune#1234", "[lien masqué]"),
        ("0692 12 34 56", "[numéro masqué]"),
        ("+262 (0)692-12-34-56", "[numéro masqué]"),
        ("06.12.34.56.78 ou 0033612345678", "[numéro masqué] ou [numéro masqué]"),
        ("06 123 456 78", "[numéro masqué]"),
        ("６９２１２３４５６", "[numéro masqué]"),
        ("zéro six douze trente-quatre cinquante-six", "[numéro masqué]"),
        ("+41 79 123 45 67", "[numéro masqué]"),
        ("12 bis rue des Lilas, 97427 Le Tampon.", "[adresse masquée]."),
        ("au 97427, au 97 427", "au [adresse masquée], au [adresse masquée]"),
        ("née le 9 mars 2006, le 09/03/2006, 2006-03-09", "née le [date masquée], le [date masquée], [date masquée]"),
        ("mon anniversaire, le 9 mars", "mon anniversaire, le [date masquée]"),
    ],
)
def test_addresses_links_and_numbers(text, shown):
    assert masked(text, ZELIE) == shown


def test_addresses_links_and_numbers_are_masked_whoever_s_they_are():
    text = "ami@example.org, https://a.example/b, @ami, 06 12 34 56 78, 3 rue du Port"
    assert masked(text, Identity()) == ", ".join(
        ["[adresse masquée]", "[lien masqué]", "[lien masqué]", "[numéro masqué]", "[adresse masquée]"]
    )


# --- Whatever is written -------------------------------------------------------------------------

FIRSTS = ["Zélie", "Jean-Baptiste", "Fatoumata", "Anne-Marie", "Maëlys", "Léa", "Noé", "Œdipe", "Ãna", "Thi Linh"]
LASTS = ["Kervadec-Ould", "N’Diaye", "D’Almeida", "Le Goff", "de La Tour", "Müller", "Ngô", "Özdemir", "Benzaïd"]
SCHOOLS = [
    "Lycée Roland-Garros du Tampon",
    "Collège Gisèle-Halimi",
    "Foyer Kateb-Yacine (FKY)",
    "Mission locale d’Évry",
]
OWN = {"roland", "garros", "tampon", "gisele", "halimi", "kateb", "yacine", "evry"}
SMALL = {"le", "la", "de", "d", "n", "thi"}
"""Parts of names that stay when they stand alone."""
FILLING = "je filme les gens du port la nuit avec un vieux micro et un rosier . , ; « » (bien) l’eau « oui » — très doux".split()  # noqa: E501, SIM905

WRITINGS = [
    str,
    str.upper,
    str.lower,
    str.title,
    lambda words: unicodedata.normalize("NFD", words),
    lambda words: "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c)),
    lambda words: words.replace("-", " "),
    lambda words: words.replace(" ", "-").replace("-", "\u2011"),
    lambda words: words.replace("’", "'"),
    lambda words: words.replace(" ", "\u00a0"),
]

identities = st.builds(
    lambda first, last, school, number: Identity(
        names=((first, last),),
        schools=(school,),
        emails=(f"quelqu-une.{number}@example.net",),
        phones=(f"+336{number:08}",),
        postcodes=("35417",),
        born=date(2005, 11, 23),
    ),
    st.sampled_from(FIRSTS),
    st.sampled_from(LASTS),
    st.sampled_from(SCHOOLS),
    st.integers(0, 10**8 - 1),
)


def _told(identity: Identity, number: str):
    (first, last), school = identity.names[0], identity.schools[0]
    values = [first, last, f"{first} {last}", f"{last} {first}", school, *identity.emails]
    spoken = [number, " ".join(number[i : i + 2] for i in range(0, 10, 2)), "+33 " + number[1:], "35417"]
    return st.one_of(
        st.builds(lambda words, writing: writing(words), st.sampled_from(values), st.sampled_from(WRITINGS)),
        st.sampled_from(spoken),
        st.sampled_from(FILLING),
    )


def _words(text: str) -> list[str]:
    """Its words without case nor accents, found in another way than the masking's."""
    for marker in MARKERS.values():
        text = text.replace(marker, "|")
    text = text.replace("Œ", "Oe").replace("œ", "oe")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    return "".join(c if c.isalnum() else " " for c in plain).split()


@settings(deadline=None)  # what a text may take is told below, in the time of this process alone
@given(st.data(), identities)
def test_no_text_tells_what_is_masked(data, identity):
    number = "0" + identity.phones[0][3:]
    said = data.draw(st.lists(_told(identity, number), max_size=12))
    shown = masked(" ".join(said), identity)
    told = {word for name in identity.names[0] for word in _words(name)} - SMALL
    told |= OWN & set(_words(identity.schools[0])) | {"35417", "une", "example"}
    assert told.isdisjoint(_words(shown)), shown
    assert number not in shown.replace(" ", "")


@settings(deadline=None)
@given(st.lists(st.sampled_from(FILLING)), identities)
def test_a_text_that_tells_nothing_is_the_very_same(words, identity):
    text = " ".join(words)
    assume(not {"le", "la", "de"} & set(words))
    assert masked(text, identity) == text


@settings(deadline=None)
@given(st.text(max_size=200), identities)
def test_whatever_is_written_what_stays_was_written(text, identity):
    shown = masked(text, identity)
    here = 0
    for marker in MARKERS.values():
        shown = shown.replace(marker, "\x00") if marker not in text else shown
    for piece in shown.split("\x00"):
        found = text.find(piece, here)
        assert found >= here
        here = found + len(piece)


@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "0 " * 2000, "a." * 2000, "@" * 4000, "zélie " * 660, "zéro six " * 440, "a point " * 500],
)
def test_no_text_keeps_a_page_waiting(text):
    masked("", ZELIE)
    began = time.process_time()
    masked(text, ZELIE)
    assert time.process_time() - began < 1
