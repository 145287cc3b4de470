"""What people type into the form, and what the house promises to keep of it. Written without a look at the form's code.

Each `Box` is one question: the names of its inputs, what may be typed, and `kept`: what the page shows of it once saved
over something else, and which of its fields are refused. A field refused keeps what was saved before.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from tests.applications.tabs import Shown, as_lines

Kept = tuple[tuple, set[str]]
NOTHING_REFUSED: set[str] = set()


@dataclass(frozen=True)
class Box:
    """One question of a page. The values typed and kept are tuples, one for each of its `names`."""

    names: tuple[str, ...]
    typed: st.SearchStrategy = field(repr=False)
    kept: Callable[[tuple, tuple], Kept] = field(repr=False)


WORDS = [
    "",
    "Inès",
    "L’Haÿ-les-Roses, d’O’Connor",
    "e\u0301te\u0301, c\u0327a",
    "🎬👩🏽‍🎤🏳️‍🌈",
    "مونتاج الأفلام",
    "\u202eenvers\u202c",
    "première\r\n\r\ntroisième\nfin\r",
    "\n\n  au début",
    "zéro\x00zéro",
    "<script>alert(1)</script> &amp; \"guillemets\" 'droits'",
    "</textarea><h1>",
    "{{ secret }}",
    "voir www.exemple.fr",
    "2027",
]


def words(limit: int):
    """Anything: what people write, what nobody would, and what is too long."""
    lengths = st.sampled_from([limit, limit + 1, limit + 6000]).map(lambda length: "é" * length)
    return st.one_of(st.sampled_from(WORDS), st.text(max_size=30), lengths)


def text(name: str, limit: int, *, word_limit: int | None = None) -> Box:
    """A long text: it is kept as typed, save for the space around it."""

    def kept(values, saved):
        value = unicodedata.normalize("NFC", as_lines(values[0][0])).strip()
        too_long = len(value) > limit or (word_limit is not None and len(value.split()) > word_limit)
        return (saved, {name}) if too_long else (((value,),), NOTHING_REFUSED)

    return Box((name,), words(limit).map(lambda value: ((value,),)), kept)


UNSEEN = {0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Signs that show nothing, or turn the sentence around."""


def line(name: str, limit: int, *, is_name: bool = False) -> Box:
    """A text on one line, without the signs that nobody sees; a name has letters, and leads nowhere."""

    def kept(values, saved):
        bare = "".join(c for c in values[0][0] if ord(c) not in UNSEEN)
        value = unicodedata.normalize("NFC", " ".join(bare.split()))
        leads = any(mark in value for mark in ("://", "@")) or re.search(r"(?<!\w)www\.", value, re.IGNORECASE)
        no_name = is_name and value and (leads or not any(map(str.isalpha, value)))
        return (saved, {name}) if len(value) > limit or no_name else (((value,),), NOTHING_REFUSED)

    return Box((name,), words(limit).map(lambda value: ((value,),)), kept)


Table = dict[str, str | None]
"""What is shown of each thing typed; None is refused. What is not in the table was on the page already."""


def table(name: str, answers: Table) -> Box:
    """One line of a kind."""

    def kept(values, saved):
        value = answers.get(values[0][0], values[0][0])
        return (saved, {name}) if value is None else (((value,),), NOTHING_REFUSED)

    return Box((name,), st.sampled_from(list(answers)).map(lambda value: ((value,),)), kept)


def one_of(name: str, *values: str) -> Box:
    """Radio buttons, and what somebody hostile would send instead."""

    def kept(typed, saved):
        if not typed[0]:
            return (("",) if "" in values else (),), NOTHING_REFUSED
        return (typed, NOTHING_REFUSED) if typed[0][0] in values else (saved, {name})

    return Box((name,), st.sampled_from([*values, "hors liste"]).map(lambda value: ((value,),)), kept)


def some_of(name: str, *values: str) -> Box:
    """Boxes to tick."""
    ticked = st.sets(st.sampled_from(values)).map(lambda chosen: (tuple(v for v in values if v in chosen),))
    return Box((name,), ticked, lambda typed, saved: (typed, NOTHING_REFUSED))


def ranked(names: tuple[str, ...], answers: Table, *, each_once: bool) -> Box:
    """Several lines of a kind, in order; one left empty closes up."""

    def kept(values, saved):
        typed = [answers.get(value, value) for (value,) in values]
        refused = {name for name, value in zip(names, typed, strict=True) if value is None}
        if each_once:
            refused |= {name for i, name in enumerate(names) if typed[i] and typed[i] in typed[:i]}
        after = [saved[i][0] if name in refused else typed[i] for i, name in enumerate(names)]
        full = [value for i, value in enumerate(after) if value and not (each_once and value in after[:i])]
        return tuple((value,) for value in [*full, *[""] * len(names)][: len(names)]), refused

    line = st.sampled_from(list(answers)).map(lambda value: (value,))
    return Box(names, st.tuples(*[line] * len(names)), kept)


def birth_date() -> Box:
    """A day in three boxes: nothing, or a whole day that exists."""
    parts = [["", "9", "09", "31", "x"], ["", "3", "02", "13"], ["", "2005", "2003", "2009", "05", "3000", "٢٠٠٥"]]

    def kept(values, saved):
        typed = [value.strip() for (value,) in values]
        if not any(typed):
            return tuple((value,) for value in typed), NOTHING_REFUSED
        try:
            day = date(int(typed[2]), int(typed[1]), int(typed[0]))
        except ValueError:
            return saved, {"birth_date"}
        if not 1900 < day.year < 2026:
            return saved, {"birth_date"}
        return ((str(day.day),), (str(day.month),), (str(day.year),)), NOTHING_REFUSED

    likely = st.sampled_from([("9", "3", "2005"), ("12", "11", "2004"), ("1", "1", "2009"), ("", "", "")])
    typed = st.one_of(likely, st.tuples(*map(st.sampled_from, parts)))
    names = ("birth_date_day", "birth_date_month", "birth_date_year")
    return Box(names, typed.map(lambda parts: tuple((part,) for part in parts)), kept)


NAME, STRUCTURE, LONG, SHORT = 80, 160, 4000, 1500
TRADES: Table = {
    "": "",
    "realisation": "realisation",
    "montage": "montage",
    "prise-de-son": "prise-de-son",
    "inconnu": None,
}
LINKS: Table = {
    "": "",
    "vimeo.com/123": "https://vimeo.com/123",
    " https://exemple.fr/é?a=1&b=2 ": "https://exemple.fr/é?a=1&b=2",
    "http://exemple.fr": "http://exemple.fr",
    "javascript:alert(1)": None,
    "pas un lien": None,
}
POSTCODES: Table = {"": "", "35000": "35000", "97 400": "97400", "20200\x00": "20200", "00000": None, "Paris": None}
PHONES: Table = {
    "": "",
    "0612345678": "06 12 34 56 78",
    "+32 470 12 34 56": "+32 470 12 34 56",
    "06 12": None,
    "\x00": "",
}
EMAILS: Table = {
    "": "",
    "Prof@Lycee.example": "prof@lycee.example",
    "prof@": None,
    "\x00prof@lycee.example": "prof@lycee.example",
}

STEPS: dict[str, tuple[Box, ...]] = {
    "projet": (text("project", LONG), text("hopes", LONG)),
    "identite": (line("first_name", NAME, is_name=True), line("last_name", NAME, is_name=True), birth_date()),
    "coordonnees": (table("postcode", POSTCODES), table("phone", PHONES)),
    "situation": (one_of("audience", "STUDENT", "SELF_TAUGHT", "PUPIL", "REINSERTION"),),
    "accompagnement": (
        line("structure", STRUCTURE),
        line("referent_name", NAME),
        table("referent_email", EMAILS),
    ),
    "parcours": (text("background", LONG), some_of("languages", "fr", "en", "ar", "es", "pt", "fsl")),
    "metiers": (ranked(("trade_1", "trade_2", "trade_3"), TRADES, each_once=True), text("attraction", SHORT)),
    "liens": (ranked(("link_1", "link_2", "link_3"), LINKS, each_once=False),),
    "disponibilites": (
        some_of("slots", "MON_DAY", "WED_EVE", "SAT_DAY"),
        one_of("accepts_remote", "True", "False"),
        one_of("mobility", "TOWN", "REGION", "COUNTRY"),
    ),
    "parite": (one_of("gender", "WOMAN", "MAN", "NON_BINARY", ""),),
    "egalite": (some_of("social_criteria", "SCHOLARSHIP", "QPV", "RURAL"),),
    "besoins": (text("needs", SHORT),),
    "personnes-a-eviter": (text("avoid", SHORT),),
    "accords": (some_of("rules", "on"), some_of("privacy", "on"), some_of("image", "on")),
}
"""Every step but the cohort's own questions (see `questions`), the one that people write most in first."""

QUESTION_WORDS = 8


def questions(text_pk: int, choice_pk: int, yes_no_pk: int) -> tuple[Box, ...]:
    """The page of a cohort's own three questions: a text of `QUESTION_WORDS` words, a choice, a yes or no."""
    return (
        text(f"question_{text_pk}", LONG, word_limit=QUESTION_WORDS),
        one_of(f"question_{choice_pk}", "Le matin", "L’après-midi", "Le soir"),
        one_of(f"question_{yes_no_pk}", "oui", "non"),
    )


def kept_of(boxes: tuple[Box, ...], typed: Shown, saved: Shown) -> tuple[Shown, set[str]]:
    """What a page shows once `typed` was saved over `saved`, and the fields that it refuses."""
    after, refused = dict(saved), set()
    for box in boxes:
        shown, wrong = box.kept(tuple(typed[n] for n in box.names), tuple(saved[n] for n in box.names))
        after |= dict(zip(box.names, shown, strict=True))
        refused |= wrong
    return after, refused
