"""The admin's first page: the season in figures, what waits for somebody, the signs of life."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import Run
from notifications.models import Letter, Pulse
from portal import desk
from reviews import notes, readings, releasing, sharing
from reviews import transitions as reviews
from tests import factories

pytestmark = pytest.mark.django_db


def figures(cohort_desk) -> list[tuple[str, int]]:
    return [(stage.name, stage.count) for stage in cohort_desk.stages]


def waiting(cohort_desk) -> list[str]:
    return [item.sentence for item in cohort_desk.waiting]


def test_the_funnel_of_a_cohort(closed_cohort, coordinator, now):
    factories.make_draft(closed_cohort)
    read = factories.make_sent(closed_cohort)
    reader = factories.make_reviewer(closed_cohort)
    factories.make_reading(read, reader)
    factories.make_reading(read, factories.make_reviewer(closed_cohort))
    factories.make_rejected(closed_cohort)
    factories.make_accepted(closed_cohort)
    factories.make_confirmed(closed_cohort)
    factories.make_pair(factories.make_confirmed(closed_cohort))

    (shown,) = desk.cohort_desks(now)

    assert figures(shown) == [
        ("commencées", 6),
        ("envoyées", 5),
        ("lues par le jury", 1),
        ("réponses annoncées", 4),
        ("acceptées", 3),
        ("places confirmées", 2),
        ("en binôme", 1),
    ]
    assert [stage.percent for stage in shown.stages] == [100, 83, 17, 67, 50, 33, 17]
    assert [stage.of_sent for stage in shown.stages] == [None, None, 20, 80, 60, 40, 20]


def test_a_decision_not_announced_does_not_count(closed_cohort, coordinator, now):
    application = factories.make_sent(closed_cohort)
    reviews.mark(application, "ACCEPTED", actor=coordinator, now=now)

    (shown,) = desk.cohort_desks(now)

    assert figures(shown)[3:5] == [("réponses annoncées", 0), ("acceptées", 0)]
    assert waiting(shown) == ["1 dossier sans lecteur·rice", "1 décision à publier"]

    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.apply(release.decisions.get(), now=now)

    (shown,) = desk.cohort_desks(now)
    assert figures(shown)[3:5] == [("réponses annoncées", 0), ("acceptées", 0)]


def test_what_waits_for_somebody(closed_cohort, coordinator, now):
    lina = factories.make_user("Lina", age=16, now=now)
    minor = factories.make_sent(closed_cohort, lina)
    factories.assign(minor, factories.make_reviewer(closed_cohort))
    factories.make_offer(factories.make_confirmed(closed_cohort))
    late = factories.make_offer(factories.make_confirmed(closed_cohort))
    type(late).objects.filter(pk=late.pk).update(expires_at=now - timedelta(days=1))
    factories.make_run((factories.make_confirmed(closed_cohort), factories.make_commitment(closed_cohort)))

    shown = next(d for d in desk.cohort_desks(now) if d.cohort == closed_cohort)

    assert waiting(shown) == [
        "1 autorisation sans réponse depuis 14 jours",
        "1 autorisation parentale attendue",
        "1 calcul d’appariement à publier",
        "2 propositions sans réponse, dont 1 hors délai",
    ]


def test_what_waits_of_the_jury_leads_where_it_is_done(closed_cohort, coordinator, signed_in, now):
    readers = [factories.make_reviewer(closed_cohort) for _ in range(3)]
    apart, asked, given, close, _unread = (factories.make_sent(closed_cohort) for _ in range(5))
    for file in (apart, asked, given):
        factories.make_reading(file, readers[0], score=5)
        factories.make_reading(file, readers[1], score=3)
    for reader in readers[:2]:
        factories.make_reading(close, reader, score=4)
    sharing.ask_third_reading([asked, given], actor=coordinator, now=now)
    factories.make_reading(given, readers[2])
    readings.save_draft(asked, readers[2], scores={}, comment="Je commence.")
    for file, kind in ((asked, "FLAG"), (given, "QUESTION"), (close, "QUESTION")):
        notes.write(file, readers[0], kind=kind, text="À voir.")
    (shown,) = desk.cohort_desks(now)

    browser, jury = signed_in(coordinator), f"/admin/reviews/readerprofile/jury/{closed_cohort.pk}/"
    assert [(item.sentence, item.url) for item in shown.waiting if item.url == jury] == [
        ("1 dossier sans lecteur·rice", jury),
        ("1 dossier où le jury est partagé", jury),
        ("1 lecture de plus à faire", jury),
    ]
    page = browser.get(jury).content.decode()
    assert f'value="{apart.pk}" checked> {apart.reference}' in page
    assert f"{asked.reference}</a></span> <span>{readers[2].get_full_name()}</span>" in page
    flags, questions = (item.url for item in shown.waiting if "/note/" in item.url)
    assert [browser.get(url).context["cl"].result_count for url in (flags, questions)] == [1, 2]
    other = factories.make_cohort("closed")
    assert browser.get(flags.replace(f"={closed_cohort.pk}&", f"={other.pk}&")).context["cl"].result_count == 0


def test_readers_are_missed_once_the_call_is_closed(cohort, now):
    factories.make_sent(cohort, now=now)

    assert waiting(desk.cohort_desks(now)[0]) == []
    assert waiting(desk.cohort_desks(cohort.closes_at)[0]) == ["1 dossier sans lecteur·rice"]


def test_another_cohort_keeps_its_own_figures(cohort, closed_cohort, now):
    factories.make_sent(cohort, now=now)
    factories.make_draft(closed_cohort)
    over = factories.make_cohort("over")
    factories.make_draft(over)

    shown = {d.cohort: [count for _name, count in figures(d)][:2] for d in desk.cohort_desks(now)}

    assert shown == {cohort: [1, 1], closed_cohort: [1, 0]}


def test_a_calculation_that_failed_waits_for_a_person_until_another_is_asked_for(closed_cohort, now):
    """After a failure the clock asks for none."""
    Run.objects.create(cohort=closed_cohort, state=Run.State.FAILED, requested_at=now - timedelta(hours=2))
    assert "1 calcul d’appariement à relancer" in waiting(desk.cohort_desks(now)[0])
    Run.objects.create(cohort=closed_cohort, requested_at=now)
    assert "1 calcul d’appariement à relancer" not in waiting(desk.cohort_desks(now)[0])


def test_mentors_to_approve(now):
    factories.make_mentor(state="APPLIED")
    assert [item.sentence for item in desk.mentors_waiting()] == ["1 mentor·e à valider"]


def test_the_page_says_what_is_broken(coordinator, signed_in, now):
    browser = signed_in(coordinator)
    page = browser.get("/admin/").content.decode()
    assert page.count("à l’arrêt") == 2

    Pulse.objects.create(name=Pulse.WORKER, at=now)
    Pulse.objects.create(name=Pulse.CLOCK, at=now)
    page = browser.get("/admin/").content.decode()
    assert page.count("à l’arrêt") == 0
    assert page.count("en marche") == 2
    assert "?status=FAILED" not in page

    Letter.objects.create(key="1", kind="x", to="a@b.fr", subject="…", body="…", status="FAILED", claimed_at=now)
    assert "/admin/notifications/letter/?status=FAILED" in browser.get("/admin/").content.decode()


def queries_of(browser, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_as_many_queries_for_one_cohort_and_for_three(coordinator, cohort, signed_in):
    browser = signed_in(coordinator)
    factories.make_confirmed(factories.make_cohort("closed"))
    one = queries_of(browser, "/admin/")
    for _ in range(2):
        factories.make_pair(factories.make_confirmed(factories.make_cohort("closed")))
    three = queries_of(browser, "/admin/")

    assert one == three
    assert three <= 24


def test_a_member_of_the_jury_sees_her_reading_and_nothing_else(cohort, reviewer, signed_in, now):
    browser = signed_in(reviewer)
    assert "Aucun dossier ne vous est confié" in browser.get("/admin/").content.decode()
    first, second = factories.make_sent(cohort, now=now), factories.make_sent(cohort, now=now)
    factories.assign(first, reviewer)
    factories.make_reading(second, reviewer)

    answer = browser.get("/admin/")

    page = answer.content.decode()
    assert (answer.context["reading"].read, answer.context["reading"].total) == (1, 2)
    assert "1 dossier lu sur 2. Il en reste un." in page
    assert [s["label"] for s in answer.context["sections"]] == ["Dossiers à lire"]
    for absent in ("Signes de vie", "Toutes les listes", cohort.name, "Équipe", "Courriels"):
        assert absent not in page


def test_what_was_decided_before_she_read_it_is_not_hers_to_read(cohort, reviewer, signed_in):
    unread, decided = factories.make_sent(cohort), factories.make_rejected(cohort)
    for file in (unread, decided):
        factories.assign(file, reviewer)
    assert "0 dossier lu sur 1. Il en reste un." in signed_in(reviewer).get("/admin/").content.decode()


def test_each_cohort_leads_to_its_pages(cohort, coordinator, signed_in):
    claire = signed_in(coordinator)
    one = f"/admin/cohorts/cohort/{cohort.pk}"
    ways = [
        f"/admin/applications/application/?cohort={cohort.pk}",
        f"/admin/reviews/readerprofile/jury/{cohort.pk}/",
        f"/admin/reviews/release/selection/{cohort.pk}/",
        f"{one}/liste-attente/",
        f"{one}/change/",
    ]
    for page in ("/admin/", f"/admin/chiffres/{cohort.pk}/"):
        shown = claire.get(page).content.decode()
        assert [way for way in ways if f'href="{way}"' not in shown] == []
        assert [claire.get(way).status_code for way in ways] == [200] * 5
    settings = claire.get(f"{one}/change/").content.decode()
    assert [way for way in ways[1:4] if f'href="{way}"' not in settings] == []


def test_the_bar_on_top_says_where_one_is(cohort, coordinator, signed_in):
    claire, one = signed_in(coordinator), f"/admin/cohorts/cohort/{cohort.pk}"
    pages = {
        f"/admin/reviews/release/selection/{cohort.pk}/": ["Sélection"],
        f"/admin/reviews/readerprofile/jury/{cohort.pk}/": ["Sélection"],
        f"/admin/reviews/selection/promotion/{cohort.pk}/composer/": ["Sélection"],
        f"{one}/liste-attente/": ["Sélection"],
        f"{one}/liste-attente/clore/": ["Sélection"],
        f"{one}/change/": ["Promotions"],
        "/admin/applications/application/": ["Candidatures"],
        "/admin/": [],
    }
    shown = {page: claire.get(page).context["sections"] for page in pages}
    assert {page: [one["label"] for one in some if one["is_current"]] for page, some in shown.items()} == pages


def test_nought_sent_has_no_share(cohort, coordinator, signed_in):
    shown = signed_in(coordinator).get("/admin/").content.decode()
    assert "Lues par le jury" in shown
    assert "0 %" not in shown


def test_who_coordinates_and_reads_sees_both(cohort, coordinator, signed_in):
    factories.make_reviewer(cohort, coordinator)
    answer = signed_in(coordinator).get("/admin/")
    assert answer.context["reading"].total == 0
    assert len(answer.context["cohorts"]) == 1
