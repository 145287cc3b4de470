"""The settings of a cohort in the admin."""

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from cohorts.cohort_form import FIELD_OF_CONSTRAINT
from cohorts.models import Cohort, Partner, Trade
from lifecycle.models import JournalEntry
from tests import factories

pytestmark = pytest.mark.django_db

CHANGE, LIST = "admin:cohorts_cohort_change", "admin:cohorts_cohort_changelist"


def posted(cohort, **changes):
    """What the browser sends when the form is saved as it stands, with these changes."""
    days = {name: f"{getattr(cohort, name):%Y-%m-%d}" for name in ("decisions_on", "starts_on", "ends_on")}
    moments = {name: f"{localtime(getattr(cohort, name)):%Y-%m-%dT%H:%M}" for name in ("opens_at", "closes_at")}
    numbers = ("year", "min_age", "max_age", "places", "confirm_days", "offer_days", "reviews_per_file")
    numbers += ("offer_remind_days", "objection_days", "max_tries")
    boxes = [name for name in ("is_blind", "needs_two_people", "promotes_same_audience") if getattr(cohort, name)]
    return {
        "season": cohort.season,
        "presentation": cohort.presentation,
        "audiences": list(cohort.audiences),
        **{name: getattr(cohort, name) for name in numbers},
        **days,
        **moments,
        **dict.fromkeys(boxes, "on"),
        "criteria-TOTAL_FORMS": 0,
        "criteria-INITIAL_FORMS": 0,
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        "documents_asked-TOTAL_FORMS": 0,
        "documents_asked-INITIAL_FORMS": 0,
        **changes,
    }


def test_a_coordinator_changes_the_places_and_the_journal_says_so(cohort, coordinator, signed_in):
    answer = signed_in(coordinator).post(reverse(CHANGE, args=[cohort.pk]), posted(cohort, places=33))
    assert answer.status_code == 302
    cohort.refresh_from_db()
    assert cohort.places == 33
    entry = JournalEntry.objects.get(action="cohort.changed")
    assert (entry.actor, entry.target, entry.detail) == (
        f"accounts.user:{coordinator.pk}",
        f"cohorts.cohort:{cohort.pk}",
        "places",
    )


def test_a_coordinator_settles_how_offers_go(cohort, coordinator, signed_in):
    changes = {"offer_days": 6, "offer_remind_days": 3, "objection_days": 4, "max_tries": 2}
    posting = posted(cohort, **changes, offers_again_by_itself="on")
    assert signed_in(coordinator).post(reverse(CHANGE, args=[cohort.pk]), posting).status_code == 302
    cohort.refresh_from_db()
    assert [getattr(cohort, name) for name in changes] == [6, 3, 4, 2]
    assert cohort.offers_again_by_itself is True


def test_a_reminder_leaves_before_the_term(cohort, coordinator, signed_in):
    late = posted(cohort, offer_days=4, offer_remind_days=4)
    answer = signed_in(coordinator).post(reverse(CHANGE, args=[cohort.pk]), late)
    assert "Le rappel doit partir avant la fin du délai, de 4 jours." in answer.content.decode()
    cohort.refresh_from_db()
    assert (cohort.offer_days, cohort.offer_remind_days) == (8, 4)


def test_a_closing_is_read_and_kept_in_paris_time(cohort, coordinator, signed_in):
    browser, url = signed_in(coordinator), reverse(CHANGE, args=[cohort.pk])
    day = cohort.closes_at.date()
    browser.post(url, posted(cohort, closes_at=f"{day}T21:30"))
    cohort.refresh_from_db()
    assert cohort.closes_at == factories.paris(day, 21, 30)
    assert f'value="{day}T21:30"' in browser.get(url).content.decode()
    assert JournalEntry.objects.get(action="cohort.changed").detail == "closes_at"


def test_a_coordinator_opens_a_new_cohort(cohort, coordinator, signed_in):
    answer = signed_in(coordinator).post(reverse("admin:cohorts_cohort_add"), posted(cohort, year=cohort.year + 5))
    assert answer.status_code == 302
    assert JournalEntry.objects.filter(action="cohort.created").count() == 1


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("closes_at", {"closes_at": "2020-01-01T18:00"}, "L’appel doit ouvrir avant de se clore."),
        ("ends_on", {"ends_on": "2020-01-01"}, "La promotion doit commencer avant de finir."),
        ("decisions_on", {"decisions_on": "2090-01-01"}, "Les réponses doivent précéder le début de la promotion."),
        ("min_age", {"max_age": 15, "min_age": 16}, "L’âge minimum est d’au moins 15 ans et ne dépasse pas l’âge"),
        ("audiences", {"audiences": []}, "Cochez au moins un public."),
        ("opens_at", {"opens_at": "0001-01-01T00:00"}, "Vérifiez l’année"),
        ("starts_on", {"starts_on": "9999-12-31", "ends_on": "2099-12-31"}, "Vérifiez l’année"),
        ("year", {"year": "27"}, "Vérifiez l’année"),
    ],
)
def test_what_breaks_a_rule_is_told_next_to_the_field(cohort, coordinator, signed_in, field, changes, sentence):
    answer = signed_in(coordinator).post(reverse(CHANGE, args=[cohort.pk]), posted(cohort, **changes))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(sentence)
    assert not JournalEntry.objects.filter(action="cohort.changed").exists()


def test_a_season_that_exists_is_told_next_to_the_year(cohort, closed_cohort, coordinator, signed_in):
    twin = posted(closed_cohort, season=cohort.season, year=cohort.year)
    answer = signed_in(coordinator).post(reverse(CHANGE, args=[closed_cohort.pk]), twin)
    assert answer.context["adminform"].form.errors == {"year": ["Cette promotion existe déjà."]}


def test_every_constraint_has_its_field():
    assert set(FIELD_OF_CONSTRAINT) == {constraint.name for constraint in Cohort._meta.constraints}


def test_copying_is_one_post(cohort, coordinator, signed_in):
    url = reverse("admin:cohorts_cohort_copy", args=[cohort.pk])
    browser = signed_in(coordinator)
    assert browser.get(url).status_code == 405
    answer = browser.post(url, follow=True)
    following = Cohort.objects.get(season=cohort.season, year=cohort.year + 1)
    assert answer.redirect_chain[-1][0] == reverse(CHANGE, args=[following.pk])
    again = browser.post(url, follow=True)
    assert [str(message) for message in again.context["messages"]] == [f"La promotion {following.name} existe déjà."]
    assert Cohort.objects.count() == 2


def test_only_coordinators_enter(cohort, coordinator, reviewer, stranger, signed_in):
    for name in ("cohorts_cohort", "cohorts_trade", "cohorts_partner"):
        url = reverse(f"admin:{name}_changelist")
        assert signed_in(coordinator).get(url).status_code == 200
        assert signed_in(reviewer).get(url).status_code == 403
        assert signed_in(stranger).get(url).status_code == 302
    url = reverse("admin:cohorts_cohort_copy", args=[cohort.pk])
    assert signed_in(reviewer).post(url).status_code == 403
    assert Cohort.objects.count() == 1


def test_the_list_counts_files_and_places(closed_cohort, coordinator, signed_in, django_assert_max_num_queries):
    factories.make_draft(closed_cohort, factories.make_user(), now=closed_cohort.opens_at)
    factories.make_sent(closed_cohort)
    factories.make_accepted(closed_cohort)
    browser = signed_in(coordinator)
    with django_assert_max_num_queries(10):
        page = browser.get(reverse(LIST))
    row = page.context["cl"].result_list[0]
    assert (row.received, row.held) == (2, 1)
    assert f"1 / {closed_cohort.places}" in page.content.decode()


def test_trades_and_partners_are_kept_by_coordinators(coordinator, signed_in):
    browser = signed_in(coordinator)
    browser.post(
        reverse("admin:cohorts_trade_add"),
        {"name": "Cascade", "slug": "cascade-essai", "family": "Son", "rome_code": "L1508", "order": 1},
    )
    browser.post(reverse("admin:cohorts_partner_add"), {"name": "Ciné Partage", "order": 0})
    assert Trade.objects.get(slug="cascade-essai").family == "Son"
    assert Partner.objects.get().name == "Ciné Partage"
    assert "Ciné Partage" in browser.get(reverse("admin:cohorts_partner_changelist")).content.decode()
