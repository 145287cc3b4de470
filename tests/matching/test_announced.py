"""A run over people to whom something was promised: offers that are out, pins, and tries that led nowhere."""

import pytest

from applications.models import Application
from lifecycle import journal
from matching import instances, publishing, runs, transitions
from matching.models import Pinned, Proposal, Unmatched
from mentors.models import Commitment, MentorProfile
from tests import factories

pytestmark = pytest.mark.django_db
State, Kind = Proposal.State, Unmatched.Kind


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def trades(db):
    """Directing, which everybody wants first, and editing."""
    return factories.make_trades()


def worked(cohort, now, **asked):
    transitions.request_run(cohort, actor=journal.CONSOLE, now=now, **asked)
    run = runs.claim(now)
    runs.work(run, now=now)
    run.refresh_from_db()
    assert (run.state, run.error) == (run.State.DONE, "")
    return run


def pin(application: Application, commitment: Commitment) -> Pinned:
    return Pinned.objects.create(application=application, commitment=commitment, said_by="console")


def drafts(run) -> set[tuple[int, int]]:
    return set(run.proposals.filter(state=State.DRAFT).values_list("application_id", "commitment_id"))


# --- Offers that are out ------------------------------------------------------------------------


def test_an_offer_that_stays_has_no_second_proposal(spring, now):
    commitment = factories.make_commitment(spring, capacity=2)
    offer = factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    lea = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    assert drafts(run) == {(lea.pk, commitment.pk)}
    assert [run.figures[name] for name in ("pairs", "kept", "new", "moved")] == [2, 1, 1, []]
    assert Proposal.objects.get(pk=offer.pk).state == State.OFFERED


def test_a_better_mentor_moves_nobody_who_was_announced(spring, now, trades):
    directing, editing = trades
    second = factories.make_commitment(spring, factories.make_mentor(trades=[editing]))
    factories.make_offer(factories.make_confirmed(spring, now=now), second, now=now)
    factories.make_commitment(spring, factories.make_mentor(trades=[directing]))
    run = worked(spring, now)
    assert (drafts(run), run.figures["kept"], run.figures["moved"]) == (set(), 1, [])


def rivals(spring, now, trades):
    """Morgane's one place is offered to Inès, whom Karim could take too; Léa could have Morgane alone."""
    directing, editing = trades
    morgane = factories.make_commitment(spring, factories.make_mentor(trades=[directing]), capacity=1)
    ines = factories.make_confirmed(spring, now=now, trades=[directing, editing])
    offer = factories.make_offer(ines, morgane, now=now)
    karim = factories.make_commitment(spring, factories.make_mentor(trades=[editing], region="COR"), capacity=1)
    lea = factories.make_confirmed(spring, now=now, trades=[directing], accepts_remote=False)
    return offer, morgane, karim, ines, lea


def test_an_offer_moves_so_that_one_person_more_has_a_mentor(spring, now, trades):
    offer, morgane, karim, ines, lea = rivals(spring, now, trades)
    run = worked(spring, now)
    assert drafts(run) == {(ines.pk, karim.pk), (lea.pk, morgane.pk)}
    assert [run.figures[name] for name in ("pairs", "kept", "new")] == [2, 0, 2]
    moved = {"proposal": offer.pk, "person": ines.reference, "before": morgane.pk, "after": karim.pk}
    assert run.figures["moved"] == [moved]
    assert Proposal.objects.get(pk=offer.pk).state == State.OFFERED, "nothing moves before it is published"


def test_offers_that_are_to_stay_stay_at_the_price_of_a_pair(spring, now, trades):
    _offer, _morgane, _karim, _ines, lea = rivals(spring, now, trades)
    run = worked(spring, now, keeps_offers=True)
    assert [run.figures[name] for name in ("pairs", "kept", "new", "moved")] == [1, 1, 0, []]
    assert [row.application_id for row in Unmatched.objects.filter(run=run)] == [lea.pk]
    assert run.parameters["keeps_offers"] is True


def test_an_offer_that_only_a_preference_would_forbid_by_now_stays(spring, now, trades):
    """She moved to another region since, and would not meet remotely: what was announced holds."""
    directing, _editing = trades
    commitment = factories.make_commitment(spring, factories.make_mentor(trades=[directing]))
    factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    MentorProfile.objects.update(region="COR", accepts_remote=False)
    assert worked(spring, now).figures["kept"] == 1


def test_an_offer_that_the_law_forbids_by_now_is_moved(spring, now, minor):
    commitments = [factories.make_commitment(spring) for _mentor in range(2)]
    for commitment in commitments:
        factories.clear_for_minors(commitment.mentor)
    lina = factories.make_confirmed(spring, minor)
    offer = factories.make_offer(lina, commitments[0], now=now)
    MentorProfile.objects.filter(pk=commitments[0].mentor_id).update(accompanies_minors=False)
    run = worked(spring, now)
    assert drafts(run) == {(lina.pk, commitments[1].pk)}
    assert [one["proposal"] for one in run.figures["moved"]] == [offer.pk]


def test_an_offer_to_somebody_followed_by_hand_since_is_left_alone_with_its_place(spring, now):
    commitment = factories.make_commitment(spring, capacity=1)
    offer = factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    offer.application.candidate.is_followed_by_hand = True
    offer.application.candidate.save()
    lea = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    assert (drafts(run), run.figures["pairs"], run.figures["moved"]) == (set(), 0, [])
    assert [(row.application_id, row.kind) for row in Unmatched.objects.filter(run=run)] == [(lea.pk, Kind.RULES)]


# --- Pins ---------------------------------------------------------------------------------------


def test_a_pin_holds_and_its_price_is_told(spring, now, trades):
    """Karim exercises neither trade in the region: a coordinator wants him for Inès all the same."""
    directing, editing = trades
    factories.make_commitment(spring, factories.make_mentor(trades=[directing]))
    karim = factories.make_commitment(spring, factories.make_mentor(trades=[editing]))
    ines = factories.make_confirmed(spring, now=now)
    free = worked(spring, now)
    pin(ines, karim)
    held = worked(spring, now)
    assert drafts(held) == {(ines.pk, karim.pk)}
    price = free.figures["points"] - held.figures["points"]
    assert held.figures["pins"] == {"held": 1, "pairs": 0, "points": price, "broken": 0, "vain": []}
    assert price > 0
    assert held.proposals.get().explanation == {"mentee_side": held.figures["points"], "mentor_side": 0, "pinned": True}


def test_a_pin_sets_preferences_aside(spring, now, trades):
    directing, _editing = trades
    far = factories.make_mentor(trades=[directing], region="COR", accepts_remote=False)
    commitment = factories.make_commitment(spring, far)
    ines = factories.make_confirmed(spring, now=now)
    assert worked(spring, now).figures["pairs"] == 0
    pin(ines, commitment)
    run = worked(spring, now)
    assert (drafts(run), run.figures["pins"]["pairs"]) == ({(ines.pk, commitment.pk)}, -1)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"state": MentorProfile.State.PAUSED}, "not_approved"),
        ({"guide_read_at": None}, "not_ready"),
        ({"accompanies_minors": False}, "minor"),
    ],
)
def test_a_pin_never_sets_the_law_aside(spring, now, minor, change, rule):
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    lina = factories.make_confirmed(spring, minor)
    pin(lina, commitment)
    assert drafts(worked(spring, now)) == {(lina.pk, commitment.pk)}
    MentorProfile.objects.update(**change)
    run = worked(spring, now)
    assert drafts(run) == set()
    assert run.figures["pins"]["vain"] == [{"person": lina.reference, "mentor": commitment.pk, "rule": rule}]


def test_the_second_pin_on_a_last_place_is_in_vain(spring, now):
    commitment = factories.make_commitment(spring, capacity=1)
    first, second = factories.make_confirmed(spring, now=now), factories.make_confirmed(spring, now=now)
    pin(second, commitment)
    pin(first, commitment)
    run = worked(spring, now)
    assert drafts(run) == {(second.pk, commitment.pk)}
    assert run.figures["pins"]["vain"] == [{"person": first.reference, "mentor": commitment.pk, "rule": "no_place"}]


def test_whoever_is_followed_by_hand_is_paired_by_hand(spring, now):
    commitment = factories.make_commitment(spring)
    ines = factories.make_confirmed(spring, now=now)
    ines.candidate.is_followed_by_hand = True
    ines.candidate.save()
    assert [row.kind for row in Unmatched.objects.filter(run=worked(spring, now))] == [Kind.BY_HAND]
    pin(ines, commitment)
    run = worked(spring, now)
    assert (drafts(run), run.figures["pins"]["pairs"]) == ({(ines.pk, commitment.pk)}, -1)
    publishing.publish(run, actor="a", now=now)
    assert run.proposals.get().state == State.OFFERED


def test_a_pin_beside_offers_that_are_to_stay_takes_the_place_first(spring, now):
    commitment = factories.make_commitment(spring, capacity=1)
    offer = factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    lea = factories.make_confirmed(spring, now=now)
    pin(lea, commitment)
    run = worked(spring, now, keeps_offers=True)
    assert drafts(run) == {(lea.pk, commitment.pk)}
    assert [(one["proposal"], one["after"]) for one in run.figures["moved"]] == [(offer.pk, None)]
    assert run.figures["pins"]["broken"] == 1


# --- Tries --------------------------------------------------------------------------------------


def test_after_three_tries_a_person_is_placed_by_hand(spring, now):
    ines = factories.make_confirmed(spring, now=now)
    for number in range(3):
        assert number == 0 or not Unmatched.objects.filter(run=worked(spring, now), kind=Kind.TRIES).exists()
        offer = factories.make_offer(ines, factories.make_commitment(spring), now=now)
        transitions.decline(offer, reason="TIME", actor="a", now=now)
    left = factories.make_commitment(spring)
    [row] = Unmatched.objects.filter(run=worked(spring, now))
    assert (row.application_id, row.kind, row.data) == (ines.pk, Kind.TRIES, {"tries": 3})
    pin(ines, left)
    assert drafts(worked(spring, now)) == {(ines.pk, left.pk)}


# --- Whether anything is new --------------------------------------------------------------------


def test_the_fingerprint_changes_with_the_situation_and_not_with_what_is_announced(spring, now):
    commitment = factories.make_commitment(spring, capacity=2)
    ines = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    publishing.publish(run, actor="a", now=now)
    assert instances.of(spring, now).fingerprint() == run.parameters["fingerprint"]
    pinned = pin(ines, commitment)
    assert instances.of(spring, now).fingerprint() != run.parameters["fingerprint"]
    pinned.delete()
    transitions.decline(run.proposals.get(), reason="TIME", actor="a", now=now)
    assert instances.of(spring, now).fingerprint() != run.parameters["fingerprint"]
