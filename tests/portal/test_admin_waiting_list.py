"""The waiting list of a cohort in the admin: what Claire sees, what is said before letters leave, what she moves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import tasks, transitions, waiting_list
from applications.models import Application
from cohorts.models import Cohort, WaitingList
from lifecycle.refusals import Refusal
from notifications.models import Letter
from reviews import releasing
from reviews import transitions as reviews
from tests import factories
from tests.applications.reading import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire(coordinator, signed_in):
    """Claire's browser."""
    return signed_in(coordinator)


@pytest.fixture
def season():
    """A cohort of two places, taken, and three people who wait: (cohort, accepted, waiting)."""
    cohort = factories.make_cohort("closed", places=2)
    accepted = [factories.make_accepted(cohort) for _ in range(2)]
    return cohort, accepted, [factories.make_waitlisted(cohort) for _ in range(3)]


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def states(files):
    return [fresh(file).state for file in files]


def url(cohort, act="", reference=""):
    name = "admin:cohorts_cohort_waiting_list"
    if reference:
        return reverse(f"{name}_rank", args=[cohort.pk, reference])
    if act == "suspendre":
        return reverse(f"{name}_stop", args=[cohort.pk])
    return reverse(f"{name}_act", args=[cohort.pk, act]) if act else reverse(name, args=[cohort.pk])


def text_of(page) -> str:
    return page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def leave(*files):
    for file in files:
        transitions.withdraw(fresh(file), actor=file.candidate)


def test_the_page_shows_the_order_the_scores_and_who_was_called(season, claire):
    cohort, accepted, waiting = season
    factories.make_reading(factories.make_sent(cohort), factories.make_reviewer(cohort))
    leave(accepted[0])

    page = claire.get(url(cohort))

    assert [(row["place"], row["file"].reference) for row in page.context["rows"]] == [
        (1, waiting[1].reference),
        (2, waiting[2].reference),
    ]
    assert [(row["file"], row["entry"].detail) for row in page.context["called"]] == [(waiting[0], "rang 1")]
    assert page.context["figures"] == {"held": 2, "promised": 0, "free": 0}


def test_the_page_asks_as_many_queries_for_one_and_for_three(claire):
    def counted(size):
        cohort = factories.make_cohort("closed", places=size, year=2030 + size)
        accepted = [factories.make_accepted(cohort) for _ in range(size)]
        waiting = [factories.make_waitlisted(cohort) for _ in range(2 * size)]
        leave(*accepted)
        assert states(waiting) == ["ACCEPTED"] * size + ["WAITLISTED"] * size
        with CaptureQueriesContext(connection) as queries:
            claire.get(url(cohort))
        return len(queries)

    counted(1)  # what is read once and kept
    assert counted(2) == counted(3) <= 20


def test_stopping_then_taking_up_again_calls_who_was_shown(season, claire):
    cohort, accepted, waiting = season
    claire.post(url(cohort, "suspendre"))
    assert fresh(cohort).waiting_list == WaitingList.STOPPED
    leave(*accepted)

    asked = claire.get(url(cohort, "reprendre"))
    assert [call.file for call in asked.context["calls"]] == waiting[:2]
    changed = claire.post(url(cohort, "reprendre"), {"expected": 1})
    assert told(changed) == [
        "Les places libres ou la liste ont changé pendant que vous lisiez. Relisez, puis recommencez."
    ]
    done = claire.post(url(cohort, "reprendre"), {"expected": 2})

    assert told(done)[-1] == "Une place est proposée à 2 personnes."
    assert states(waiting) == ["ACCEPTED", "ACCEPTED", "WAITLISTED"]
    assert fresh(cohort).waiting_list == WaitingList.OPEN


def test_places_that_nobody_freed_are_offered_by_hand(season, claire):
    cohort, _accepted, waiting = season
    assert "Proposer la place libre" not in text_of(claire.get(url(cohort)))
    Cohort.objects.filter(pk=cohort.pk).update(places=3)

    assert "Proposer la place libre" in text_of(claire.get(url(cohort)))
    done = claire.post(url(cohort, "appeler"), {"expected": 1})

    assert told(done) == ["Une place est proposée à 1 personne."]
    assert states(waiting) == ["ACCEPTED", "WAITLISTED", "WAITLISTED"]


def test_places_promised_by_an_open_announcement_are_not_offered(season, claire, coordinator):
    cohort, _accepted, waiting = season
    Cohort.objects.filter(pk=cohort.pk).update(places=4)
    promised = factories.make_sent(fresh(cohort))
    reviews.mark(promised, "ACCEPTED", actor=coordinator)
    releasing.propose(fresh(cohort), actor=coordinator)

    assert claire.get(url(cohort)).context["figures"] == {"held": 2, "promised": 1, "free": 1}
    claire.post(url(cohort, "appeler"), {"expected": 1})

    assert states(waiting) == ["ACCEPTED", "WAITLISTED", "WAITLISTED"]
    assert told(claire.post(url(cohort, "appeler"), {"expected": 0}))[-1] == "Il n’y avait personne à appeler."


@pytest.mark.parametrize(
    ("places", "prepared", "told_of"),
    [
        (5, 1, "Une acceptation préparée attend d’être publiée : il ne resterait plus de place pour elle."),
        (6, 2, "2 acceptations préparées attendent d’être publiées : il ne resterait plus qu’une place pour elles."),
        (6, 1, ""),
    ],
)
def test_calling_says_which_prepared_acceptances_would_lack_a_place(
    season, claire, coordinator, places, prepared, told_of
):
    cohort, _accepted, waiting = season
    Cohort.objects.filter(pk=cohort.pk).update(places=places)
    for file in [factories.make_sent(fresh(cohort)) for _ in range(prepared)]:
        reviews.mark(file, "ACCEPTED", actor=coordinator)
    reviews.mark(fresh(waiting[0]), "ACCEPTED", actor=coordinator)  # who is called takes her own place

    page = text_of(claire.get(url(cohort, "appeler")))

    assert "3 places libres" in page
    assert ("attend d’être publiée" in page or "attendent d’être publiées" in page) == bool(told_of)
    assert told_of in page


def test_closing_says_how_many_and_shows_the_letter_first(season, claire):
    cohort, _accepted, waiting = season
    page = claire.get(url(cohort, "clore"))
    subject, body = page.context["example"]
    assert (page.context["count"], subject) == (3, f"La liste d’attente est close ({waiting[0].reference})")
    assert not Letter.objects.filter(kind="applications.waiting_list_closed").exists()

    refused = claire.post(url(cohort, "clore"), {"expected": 2})
    assert told(refused) == ["La liste a changé pendant que vous lisiez cette page. Relisez, puis recommencez."]
    done = claire.post(url(cohort, "clore"), {"expected": 3})

    assert told(done)[-1] == (
        "La liste d’attente est close. Les 3 personnes qui attendaient reçoivent leur réponse sous peu."
    )
    closed = text_of(claire.get(url(cohort)))
    assert (
        "3 personnes</strong> recevront leur réponse dans les prochaines minutes, par courriel et sur leur page"
        in closed
    )
    tasks.close_waiting_lists()
    assert Letter.objects.get(to=waiting[0].candidate.email, kind="applications.waiting_list_closed").body == body
    assert "chaque personne qui attendait a eu sa réponse" in text_of(claire.get(url(cohort)))


def test_nobody_is_announced_onto_a_closed_list(season, coordinator):
    cohort, _accepted, _waiting = season
    file = factories.make_sent(cohort)
    waiting_list.close(fresh(cohort), actor=coordinator)
    reviews.mark(file, "WAITLISTED", actor=coordinator)
    with pytest.raises(Refusal, match="La liste d’attente est close"):
        releasing.propose(fresh(cohort), actor=coordinator)
    reviews.mark(file, "REJECTED", actor=coordinator)
    releasing.work(releasing.propose(fresh(cohort), actor=coordinator))
    assert fresh(file).state == "REJECTED"


@pytest.mark.parametrize("typed", ["", "x", "²", "9" * 5000, "-1"])
def test_an_unreadable_count_is_a_change(season, claire, typed):
    cohort, _accepted, _waiting = season
    answer = claire.post(url(cohort, "clore"), {"expected": typed})
    assert (answer.status_code, fresh(cohort).waiting_list) == (302, WaitingList.OPEN)


def test_no_list_closes_while_an_announcement_is_open(season, claire, coordinator):
    cohort, _accepted, _waiting = season
    reviews.mark(factories.make_sent(cohort), "WAITLISTED", actor=coordinator)
    release = releasing.propose(cohort, actor=coordinator)
    refused = claire.post(url(cohort, "clore"), {"expected": 3})
    assert told(refused) == [
        "Une annonce est ouverte pour cette promotion\u00a0: terminez-la, ou renoncez-y, puis revenez."
    ]
    releasing.stop(release, actor=coordinator)
    releasing.abandon(release, actor=coordinator)
    claire.post(url(cohort, "clore"), {"expected": 3})
    assert fresh(cohort).waiting_list == WaitingList.CLOSED


def test_no_list_closes_on_somebody_who_is_marked_to_be_accepted(season, claire, coordinator):
    cohort, accepted, waiting = season
    leave(accepted[0])
    waiting_one = waiting[1]
    reviews.mark(fresh(waiting_one), Application.State.ACCEPTED, actor=coordinator)
    refused = claire.post(url(cohort, "clore"), {"expected": "2"}, follow=True)
    (sentence,) = told(refused)
    assert sentence == (
        "Sur la liste, une personne attend l’annonce d’une décision «\u00a0accepter\u00a0»\u00a0: publiez-la "
        "d’abord, ou effacez-la."
    )
    assert fresh(cohort).waiting_list == WaitingList.OPEN
    reviews.unmark(fresh(waiting_one), actor=coordinator)
    claire.post(url(cohort, "clore"), {"expected": "2"})
    assert fresh(cohort).waiting_list == WaitingList.CLOSED


def test_a_rank_moves_with_a_reason(season, claire):
    cohort, _accepted, waiting = season
    where = url(cohort, reference=waiting[2].reference)
    without = claire.post(where, {"rank": "1", "reason": " "})
    assert without.context["form"].errors == {"reason": ["Écrivez pourquoi."]}
    beyond = claire.post(where, {"rank": "9", "reason": "Deux dossiers confondus."})
    assert (beyond.status_code, told(beyond)) == (200, ["La liste va du rang 1 au rang 3."])
    assert 'value="9"' in beyond.content.decode()
    done = claire.post(where, {"rank": "1", "reason": "Deux dossiers confondus."})
    assert told(done)[-1] == f"{waiting[2].reference} est maintenant à la place 1."
    assert [fresh(file).waitlist_rank for file in waiting] == [2, 3, 1]


def test_who_waits_no_more_cannot_be_moved(season, claire):
    cohort, accepted, _waiting = season
    answer = claire.get(url(cohort, reference=accepted[0].reference))
    assert (answer.status_code, told(answer)) == (302, ["Cette personne n’est plus sur la liste d’attente."])
    assert (
        claire.get(url(factories.make_cohort("closed", year=2033), reference=accepted[0].reference)).status_code == 404
    )


def test_nobody_else_enters(season, signed_in, stranger, reviewer, claire):
    cohort, _accepted, waiting = season
    pages = [url(cohort), url(cohort, "clore"), url(cohort, reference=waiting[0].reference)]
    assert [claire.get(page).status_code for page in pages] == [200, 200, 200]
    assert claire.get(url(cohort, "autre-chose")).status_code == 404
    for person in (stranger, reviewer):
        browser = signed_in(person)
        assert {browser.get(page).status_code for page in pages} <= {302, 403}
        assert {browser.post(page).status_code for page in [*pages[1:], url(cohort, "suspendre")]} <= {302, 403}
    assert fresh(cohort).waiting_list == WaitingList.OPEN
    assert Application.objects.filter(state="WAITLISTED").count() == 3
