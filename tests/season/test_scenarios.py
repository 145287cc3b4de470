"""The season holds together whatever the day, and reads like people."""

from collections import Counter
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from applications.models import Application, SentCopy
from cohorts.models import Cohort, Phase, Trade
from cohorts.queries import questions_of
from lifecycle.models import JournalEntry
from matching.models import Proposal
from notifications.models import Letter
from reviews.queries import to_read
from tests import scenarios
from tests.season import calendar, crafts, families, names, people, words
from tests.season.plan import SMALL

State = Application.State


def story(season) -> dict:
    """What the cast sees."""
    files = {a.candidate.email: a for a in Application.objects.select_related("candidate", "cohort")}
    return {
        "ines": (files[people.INES.email].state, files[people.INES.email].cohort == season.opened),
        "awa": (files[people.AWA.email].shown_state, files[people.AWA.email].confirm_by > season.now),
        "lina": files[people.LINA.email].shown_state,
        "thais": files[people.THAIS.email].state,
        "karim": Proposal.objects.filter(
            commitment__mentor__person__email=people.KARIM.email, state=Proposal.State.OFFERED
        ).exists(),
        "nadia": to_read(season.jury[0]).filter(is_read=False).exists(),
        "claire": season.coordinator.is_coordinator,
    }


EXPECTED = {
    "ines": (State.DRAFT, True),
    "awa": (State.ACCEPTED, True),
    "lina": State.ACCEPTED,
    "thais": State.MATCHED,
    "karim": True,
    "nadia": True,
    "claire": True,
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [
        "2028-02-29 12:00",
        pytest.param("2026-11-22 01:00", marks=pytest.mark.long),
        pytest.param("2027-08-15 23:59", marks=pytest.mark.long),
    ],
)
def test_the_cast_has_its_roles_whatever_the_day(day):
    now = timezone.make_aware(datetime.fromisoformat(day))

    season = scenarios.load(now=now, plan=SMALL)

    assert story(season) == EXPECTED
    assert (season.opened.phase(now), season.closed.phase(now)) == (Phase.OPEN, Phase.CLOSED)
    assert season.opened.starts_on > season.closed.starts_on > timezone.localdate(now)
    assert JournalEntry.objects.filter(at__gt=now).count() == 0
    assert still_to_leave() == {
        (people.AWA.email, "applications.accepted"),
        (people.LINA.email, "applications.accepted"),
        (families.SAMIRA[1], "consents.guardian_request"),
        (people.THAIS.email, "mentorships.introduced_mentee"),
        (people.THAIS.email, "mentorships.contacts_mentee"),
        (people.KARIM.email, "matching.offer"),
    }
    assert Letter.objects.filter(status=Letter.Status.SENT, sent_at__gt=now).count() == 0
    assert said_twice_or_badly() == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-29 03:00", "2027-02-10 12:00", "2028-07-01 08:00"])
def test_the_demo_shows_what_it_announces(day):
    season = scenarios.load(now=timezone.make_aware(datetime.fromisoformat(day)))
    assert story(season) == EXPECTED


def still_to_leave() -> set[tuple[str, str]]:
    """The cast's letters, apart from what Karim is told when Thaïs happens to be his."""
    told = ("mentorships.introduced_mentor", "mentorships.contacts_mentor")
    waiting = Letter.objects.filter(status=Letter.Status.QUEUED).exclude(kind__in=told)
    return set(waiting.values_list("to", "kind"))


def said_twice_or_badly() -> list[str]:
    """References of sent files that repeat another one, are empty somewhere, or show a slot."""
    sent = list(Application.objects.sent())
    texts = Counter((a.background, a.project, a.hopes) for a in sent)
    assert len(sent) == SMALL.closed_sent + SMALL.opened_sent
    return [
        a.reference
        for a in sent
        for answers in [(a.background, a.project, a.hopes)]
        if texts[answers] > 1 or not all(answers) or "{" in "".join(answers)
    ]


@pytest.mark.django_db
def test_everybody_who_sent_has_answered_the_questions_of_the_cohort(now):
    season = scenarios.call_open(now=now, plan=SMALL)
    scenarios.applied(season)
    for cohort in (season.opened, season.closed):
        asked = questions_of(cohort)
        assert [(q.kind, q.is_required, q.order) for q in asked] == [
            ("TEXT", True, 1),
            ("CHOICE", True, 2),
            ("YES_NO", False, 3),
        ]
        needed = {str(question.pk) for question in asked if question.is_required}
        sent = SentCopy.objects.filter(application__cohort=cohort)
        said = [copy.content["questions"] for copy in sent]
        assert len(said) == {season.opened: SMALL.opened_sent, season.closed: SMALL.closed_sent}[cohort]
        assert all(needed <= set(answers) for answers in said)
        films = [answers[str(asked[0].pk)] for answers in said]
        assert [film for film in films if "{" in film or len(film.split()) > asked[0].word_limit] == []


def portrait(seed: int, now) -> list[tuple]:
    """People and files of a call, made and undone."""
    with transaction.atomic(), scenarios.known_references(seed):
        season = scenarios.call_open(now=now, seed=seed, plan=SMALL)
        scenarios.applied(season)
        files = Application.objects.order_by("reference").select_related("candidate")
        rows = [(a.reference, a.state, a.candidate.get_full_name(), a.project) for a in files]
        transaction.set_rollback(True)
    return rows


@pytest.mark.django_db
@pytest.mark.long
def test_the_same_seed_makes_the_same_season(now):
    first, again, other = portrait(5050, now), portrait(5050, now), portrait(7, now)

    assert first == again
    assert first != other


@pytest.mark.django_db
def test_loading_where_a_season_stands_changes_nothing(capsys, cohort):
    call_command("load_season")

    assert capsys.readouterr().out == "A season is there already: nothing was changed.\n"
    assert list(Cohort.objects.all()) == [cohort]


@pytest.mark.django_db
def test_every_trade_has_its_words():
    families = set(Trade.objects.values_list("family", flat=True))
    told = {title.split(" / ")[0] for title in words.sections("families")}

    assert (Trade.objects.count(), len(families)) == (48, 9)
    assert set(Trade.objects.values_list("slug", flat=True)) == set(crafts.CRAFTS)
    assert told == families


@pytest.mark.parametrize(
    ("slug", "slots"),
    [
        ("montage", ("le montage", "du montage", "au montage")),
        ("realisation", ("la réalisation", "de la réalisation", "à la réalisation")),
        ("animation", ("l’animation", "de l’animation", "à l’animation")),
        ("accessoires", ("les accessoires", "des accessoires", "aux accessoires")),
    ],
)
def test_trades_are_spoken_of_in_french(slug, slots):
    assert tuple(crafts.craft_slots(slug).values()) == slots


def test_names_come_from_every_background():
    origins = {title.split(" / ")[0] for title in names.NAMES} - {"shared"}
    too_short = [
        origin
        for origin in origins
        if len(names.NAMES[f"{origin} / surnames"]) < 25
        or len(names.NAMES[f"{origin} / women"]) + len(names.NAMES[f"{origin} / men"]) < 25
    ]

    assert origins == set(names.WEIGHTS)
    assert len(origins) == 19
    assert too_short == []


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2026-12-25", (Cohort.Season.AUTUMN, 2026)),
        ("2027-01-25", (Cohort.Season.AUTUMN, 2026)),
        ("2027-01-26", (Cohort.Season.SPRING, 2027)),
        ("2027-05-10", (Cohort.Season.SPRING, 2027)),
        ("2027-10-12", (Cohort.Season.AUTUMN, 2027)),
    ],
)
def test_a_season_bears_the_name_of_the_nearest_usual_start(day, season):
    assert calendar.nearest_season(datetime.fromisoformat(day).date()) == season
