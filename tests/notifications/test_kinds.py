"""The register of letters."""

import pytest

from notifications import kinds
from notifications.kinds import Kind


def test_a_name_is_taken_once(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kind = kinds.register(Kind("applications.hello", "Bonjour", "Un jour.", "vous"))

    with pytest.raises(ValueError, match=r"registered twice: applications\.hello"):
        kinds.register(Kind("applications.hello", "Bonsoir", "Un soir.", "vous"))

    assert kinds.every() == [kind]
    assert kinds.get("applications.hello") is kind


def test_a_name_says_where_the_words_are():
    assert Kind("mentorships.paused", "", "", "").template == "mentorships/email/paused.txt"


def test_every_kind_says_what_when_and_to_whom():
    silent = [k.name for k in kinds.every() if not (k.title and k.when.endswith(".") and k.recipient and k.sample)]

    assert silent == []
    assert len({kind.title for kind in kinds.every()}) == len(kinds.every()) >= 20


def test_only_reminders_can_be_stopped():
    assert [kind.name for kind in kinds.every() if not kind.essential] == [
        "applications.reminder",
        "matching.offer_reminder",
        "mentors.honorability",
        "reviews.reading_reminder",
    ]
