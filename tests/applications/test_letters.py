"""The letters about an application, word for word."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from notifications import kinds, rendering
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"
KINDS = [kind for kind in kinds.every() if kind.name.startswith("applications.")]


def same_audience_first():
    """The sample's file, in a cohort whose list calls the same audience first."""
    known = kinds.get("applications.waitlisted").sample["application"]
    cohort = SimpleNamespace(**{**vars(known.cohort), "promotes_same_audience": True})
    return SimpleNamespace(**{**vars(known), "cohort": cohort})


VARIANTS = [
    ("accepted", "minor", {"awaits_authorisation": True}),
    ("promoted", "minor", {"awaits_authorisation": True}),
    ("waitlisted", "minor", {"awaits_authorisation": True}),
    ("waitlisted", "same_audience", {"application": same_audience_first()}),
    ("receipt", "minor", {"awaited": ["Samira Diop"]}),
    ("receipt", "minor_two", {"awaited": ["Samira Diop", "Paul Diop"], "is_again": True}),
    ("confirm_reminder", "last", {"is_last": True}),
    ("confirm_reminder", "minor", {"awaits_authorisation": True}),
    ("confirm_reminder", "last_minor", {"is_last": True, "awaits_authorisation": True}),
    (
        "rejected",
        "reason",
        {
            "shared_reason": "Votre regard sur les entraînements du dimanche nous a touchés.\n\n"
            "Le métier que vous visez a reçu plus de demandes que nous n’avons de mentor·es : gardez ce film en vie."
        },
    ),
    ("receipt", "again", {"is_again": True}),
    ("reminder", "last", {"days": 1}),
    ("more_time", "new", {"is_new": True}),
    ("document_unusable", "sent", {"is_sent": True}),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reads_as_agreed(kind):
    check_letter(kind, LETTERS)


@pytest.mark.parametrize(("letter", "variant", "changes"), VARIANTS, ids=lambda value: str(value))
def test_variant_reads_as_agreed(letter, variant, changes):
    check_letter(kinds.get(f"applications.{letter}"), LETTERS, variant, **changes)


def test_every_golden_letter_is_still_sent():
    sent = [kind.name.partition(".")[2] for kind in KINDS]
    variants = [f"{letter}_{variant}" for letter, variant, _changes in VARIANTS]
    assert sorted(path.stem for path in LETTERS.glob("*.txt")) == sorted(sent + variants)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_body_names_the_file_and_whom_to_write_to(kind):
    _subject, body = rendering.render(kind, dict(kind.sample))
    text, _mark, _footer = body.partition("\n-- \n")
    assert ["P27-7K3F" in text, "mentorat@collectif5050.example" in text] == [True, True]
