"""Pairs made by hand: what may be fixed, what it costs at least, and what the next calculation does with it."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Trade
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import pinning, publishing, runs, transitions
from matching.models import Pinned, Proposal, Run
from matching.pinning import Cost
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def calculated(cohort) -> Run:
    run = transitions.request_run(cohort, actor="a")
    runs.work(runs.claim(timezone.now()))
    run.refresh_from_db()
    assert run.state == Run.State.DONE, run.error
    return run


def pairs(run) -> set[tuple[int, int]]:
    return set(run.proposals.values_list("application_id", "commitment_id"))


def two_and_two(cohort):
    """Each has her own best mentor: montage and réalisation."""
    montage, filming = (Trade.objects.get(slug=slug) for slug in ("montage", "assistanat-montage"))
    files = [factories.make_confirmed(cohort, trades=[trade]) for trade in (montage, filming)]
    mentors = [
        factories.make_commitment(cohort, factories.make_mentor(trades=[trade]), capacity=1)
        for trade in (montage, filming)
    ]
    return files, mentors


def test_a_pair_fixed_by_hand_is_kept_and_its_price_is_told(spring, coordinator):
    (ines, awa), (karim, morgane) = two_and_two(spring)
    first = calculated(spring)
    assert pairs(first) == {(ines.pk, karim.pk), (awa.pk, morgane.pk)}
    [chosen] = [one for one in pinning.choices(ines, timezone.now()) if one.commitment.pk == morgane.pk]
    assert chosen.rule is None
    pinning.pin_pair(ines, morgane, actor=coordinator)
    second = calculated(spring)
    assert pairs(second) == {(ines.pk, morgane.pk), (awa.pk, karim.pk)}
    lost = first.figures["points"] - second.figures["points"]
    assert second.figures["pins"] == {"held": 1, "pairs": 0, "points": lost, "broken": 0, "vain": []}
    assert 0 < chosen.cost.points <= lost, "what is told beforehand is the least that it costs"
    assert actions(ines)[-1] == "application.pair_pinned"
    pinning.unpin_pair(ines, actor=coordinator)
    assert pairs(calculated(spring)) == pairs(first)


def actions(application) -> list[str]:
    lines = JournalEntry.objects.about(journal.ref(application)).order_by("id")
    return list(lines.values_list("action", flat=True))


def test_without_a_calculation_no_price_is_told(spring):
    (ines, _awa), _mentors = two_and_two(spring)
    assert [one.cost for one in pinning.choices(ines, timezone.now())] == [None, None]
    calculated(spring)
    assert pinning.choices(ines, timezone.now())[0].cost == Cost(offers=0, points=0)


def test_moving_what_is_announced_is_counted_in_offers(spring):
    (ines, _awa), (karim, morgane) = two_and_two(spring)
    published(calculated(spring))
    calculated(spring)
    costs = {one.commitment.pk: one.cost for one in pinning.choices(ines, timezone.now())}
    assert costs[karim.pk] == Cost(offers=0, points=0)
    assert costs[morgane.pk].offers >= 1


def published(run) -> None:

    publishing.publish(run, actor="a")


def test_preferences_may_be_set_aside_and_the_law_may_not(spring, minor):
    lina = factories.make_confirmed(spring, minor)
    far = factories.make_commitment(
        spring, factories.make_mentor(languages=["en"], trades=[Trade.objects.get(slug="costumes")])
    )
    assert not far.mentor.accompanies_minors
    with pytest.raises(Refusal, match="mineur"):
        pinning.pin_pair(lina, far, actor="a")
    factories.clear_for_minors(far.mentor)
    pinning.pin_pair(lina, far, actor="a")
    assert pairs(calculated(spring)) == {(lina.pk, far.pk)}
    [choice] = pinning.choices(lina, timezone.now())
    assert (choice.rule, choice.set_aside.value) == (None, "language")


def test_whom_no_calculation_would_pair_is_a_pair_more(spring):
    """Followed by hand: it is for a person to choose, and no preference forbids anything."""
    (ines, _awa), (karim, _morgane) = two_and_two(spring)
    ines.candidate.is_followed_by_hand = True
    ines.candidate.save()
    pinning.pin_pair(ines, karim, actor="a")
    run = calculated(spring)
    assert [run.figures["pins"][name] for name in ("held", "pairs")] == [1, -1]


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ({"pairs": 2}, "coûte 2 binômes"),
        ({"pairs": -1}, "ajoute 1 binôme qu’aucun calcul n’aurait proposé"),
        ({"broken": 1}, "déplace 1 proposition de plus"),
        ({"points": 40}, "coûte 40 points sur l’ensemble, et aucun binôme"),
        ({"held": 2}, "ne coûtent rien"),
    ],
)
def test_the_price_of_pins_in_words(price, told):
    pins = {"held": 1, "pairs": 0, "broken": 0, "points": 0, **price}
    said = render_to_string("admin/matching/run/pins_price.html", {"pins": pins})
    assert said.strip().replace("\u00a0", " ") == told


def test_no_place_is_promised_twice(spring):
    (ines, awa), (karim, _morgane) = two_and_two(spring)
    pinning.pin_pair(ines, karim, actor="a")
    with pytest.raises(Refusal, match="plus de place"):
        pinning.pin_pair(awa, karim, actor="a")
    pinning.pin_pair(ines, karim, actor="a")
    assert Pinned.objects.count() == 1


def test_a_later_choice_replaces_the_first(spring):
    (ines, _awa), (karim, morgane) = two_and_two(spring)
    pinning.pin_pair(ines, karim, actor="a")
    pinning.pin_pair(ines, morgane, actor="a")
    assert Pinned.objects.get().commitment == morgane


@pytest.mark.parametrize("why", ["declined", "forbidden", "paused", "another cohort", "paired"])
def test_what_cannot_be_is_refused_with_a_sentence(spring, cohort, why):
    (ines, _awa), (karim, _morgane) = two_and_two(spring)
    pinning.pin_pair(ines, karim, actor="a")
    pinning.unpin_pair(ines, actor="a")
    if why == "declined":
        offer = factories.make_offer(ines, karim)
        transitions.decline(offer, reason="TIME", actor="a")
    elif why == "forbidden":
        transitions.forbid_pair(ines, karim.mentor, actor="a")
    elif why == "paused":
        karim.mentor.state = "PAUSED"
        karim.mentor.save()
    elif why == "another cohort":
        karim = factories.make_commitment(cohort)
    else:
        factories.make_pair(ines, karim)
        ines.refresh_from_db()
    with pytest.raises(Refusal):
        pinning.pin_pair(ines, karim, actor="a")
    assert not Pinned.objects.exists()


def test_nothing_to_let_go(spring):
    (ines, _awa), _mentors = two_and_two(spring)
    with pytest.raises(Refusal, match="Aucun binôme"):
        pinning.unpin_pair(ines, actor="a")


# --- Doors --------------------------------------------------------------------------------------


def page_of(application) -> str:
    return reverse("admin:matching_run_pin", args=[application.cohort_id, application.pk])


def test_a_coordinator_chooses_among_mentors(spring, claire):
    (ines, _awa), (karim, _morgane) = two_and_two(spring)
    calculated(spring)
    html = claire.get(page_of(ines)).content.decode()
    assert html.count("Fixer<span") == 2
    assert "aucun" in html
    claire.post(page_of(ines), {"commitment": str(karim.pk)})
    assert Pinned.objects.get().commitment == karim
    cohort_page = claire.get(reverse("admin:matching_run_cohort", args=[spring.pk])).content.decode()
    assert "Binômes fixés" in cohort_page
    claire.post(reverse("admin:matching_run_unpin", args=[spring.pk, ines.pk]))
    assert not Pinned.objects.exists()


def test_searching_by_trade_without_accents(spring, claire):
    (ines, _awa), _mentors = two_and_two(spring)
    found = claire.get(page_of(ines), {"q": "assistanat"}).content.decode()
    assert found.count("Fixer<span") == 1
    assert "Personne ne répond" in claire.get(page_of(ines), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("said", ["", "abc", "0", "-1", "99999999999999999999"])
def test_what_is_no_mentor_is_told(spring, claire, said):
    (ines, _awa), _mentors = two_and_two(spring)
    page = claire.post(page_of(ines), {"commitment": said}, follow=True).content.decode()
    assert ("Choisissez un·e mentor·e dans la liste." in page, Pinned.objects.exists()) == (True, False)


def test_a_proposal_is_fixed_from_its_page(spring, claire):
    two_and_two(spring)
    proposal = calculated(spring).proposals.first()
    claire.post(reverse("admin:matching_proposal_pin", args=[proposal.pk]))
    assert Pinned.objects.get().application == proposal.application
    assert proposal.state == Proposal.State.DRAFT
    page = claire.get(reverse("admin:matching_proposal_change", args=[proposal.pk])).content.decode()
    assert reverse("admin:matching_proposal_pin", args=[proposal.pk]) not in page


def test_only_coordinators_enter(spring, signed_in, candidate, reviewer):
    (ines, _awa), _mentors = two_and_two(spring)
    assert [signed_in(person).get(page_of(ines)).status_code for person in (candidate, reviewer)] == [302, 403]


def test_as_many_queries_for_three_mentors_as_for_one(spring, claire):
    (ines, _awa), _mentors = two_and_two(spring)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert claire.get(page_of(ines)).status_code == 200
        return len(seen)

    two = queries()
    for _more in range(3):
        factories.make_commitment(spring)
    assert queries() == two


def test_offers_that_are_out_are_kept_when_asked(spring, claire):
    """The box is there once something is out, and reaches the calculation."""
    two_and_two(spring)
    page = reverse("admin:matching_run_cohort", args=[spring.pk])
    assert "keeps_offers" not in claire.get(page).content.decode()
    published(calculated(spring))
    assert "keeps_offers" in claire.get(page).content.decode()
    claire.post(reverse("admin:matching_run_request", args=[spring.pk]), {"keeps_offers": "on"})
    assert Run.objects.first().parameters["keeps_offers"] is True
