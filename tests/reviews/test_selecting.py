"""A list: composed under bounds, changed by hand with a reason, adopted, taken back."""

import pytest
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from reviews import adopting, readings, releasing, selecting, sharing, transitions
from reviews.models import Decision, Line, Selection
from tests import factories

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome
WOMAN, MAN, NON_BINARY = "WOMAN", "MAN", "NON_BINARY"


@pytest.fixture
def jury(closed_cohort):
    return factories.make_reviewer(closed_cohort)


@pytest.fixture
def read(closed_cohort, jury):
    """`read(4)`: a file of the closed cohort with that score."""

    def make(score: int | None, audience: str = "STUDENT", gender: str = ""):
        file = factories.make_sent(closed_cohort, audience=audience, gender=gender)
        if score:
            factories.make_reading(file, jury, score=score)
        return file

    return make


@pytest.fixture
def compose(closed_cohort, coordinator):
    """`compose(places=2)`: a list of the closed cohort, by plain means and without bounds unless told otherwise."""
    return lambda **wanted: factories.make_list(closed_cohort, coordinator, **{"places": 2, **wanted})


def shown(selection) -> list[tuple]:
    """Its lines in order: file, rank, decision."""
    return [(line.application, line.rank, line.outcome) for line in selection.lines.select_related("application")]


def decided(selection) -> dict:
    """File → its pending decision and its place in the waiting list."""
    pending = Decision.objects.pending().filter(application__cohort=selection.cohort).select_related("application")
    return {decision.application: (decision.outcome, decision.rank) for decision in pending}


def line_of(selection, file) -> Line:
    return selection.lines.get(application=file)


def told(thing, action) -> int:
    return JournalEntry.objects.about(journal.ref(thing)).filter(action=action).count()


def refusal(act) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.sentence.replace("\u00a0", " ")


# --- Composing ------------------------------------------------------------------------------------


def test_the_best_are_accepted_the_next_wait_and_nothing_is_decided(read, compose, coordinator):
    second, first, fourth, third = read(4), read(5), read(1), read(3)
    unread = read(None)
    selection = compose()
    assert shown(selection) == [
        (first, 1, "ACCEPTED"),
        (second, 2, "ACCEPTED"),
        (third, 3, "WAITLISTED"),
        (fourth, 4, "REJECTED"),
    ]
    line = line_of(selection, first)
    assert (line.points, str(line.mean), line.uncertainty, line.readings, line.because) == (500, "5.00", None, 1, [])
    assert (selection.number, selection.state, selection.composed_by) == (1, "DRAFT", coordinator)
    assert selection.figures == {
        "files": 4,
        "chosen": 2,
        "points": 900,
        "cut": 400,
        "effects": {},
        "supply": {"STUDENT": [4, 0]},
        "ties": [],
        "unread": 1,
    }
    assert not Decision.objects.exists()
    assert told(selection, "selection.composed") == 1
    assert unread not in [file for file, _rank, _outcome in shown(selection)]
    assert compose().number == 2


def test_adjusted_scores_come_with_their_uncertainty(read, compose):
    first = read(5)
    read(2)
    line = line_of(compose(basis=Selection.Basis.ADJUSTED, places=1), first)
    assert 200 < line.points < 500
    assert line.uncertainty > 0


def test_bounds_bring_in_and_push_out_and_their_price_is_kept(read, compose):
    best, next_best, woman, pupil = read(5), read(4), read(3, gender=NON_BINARY), read(2, "PUPIL")
    selection = compose(audience_minimums={"PUPIL": 1}, parity_percent=50, parity_reason="Un plateau à parité.")
    assert [file for file, _rank, outcome in shown(selection) if outcome == "ACCEPTED"] == [woman, pupil]
    assert selection.figures["effects"] == {
        "PUPIL": {"price": 300, "entered": 1, "left": 1},
        "PARITY": {"price": 200, "entered": 1, "left": 1},
        "TOGETHER": {"price": 400, "entered": 2, "left": 2},
    }
    because = {line.application: line.because for line in selection.lines.select_related("application")}
    assert because == {woman: ["PARITY"], pupil: ["PUPIL"], best: ["PUPIL", "PARITY"], next_best: ["TOGETHER"]}
    assert (selection.audience_minimums, selection.parity_reason) == ({"PUPIL": 1}, "Un plateau à parité.")


def test_where_the_tie_rule_decided_is_kept(read, compose):
    read(5), read(4), read(4), read(4)
    assert compose().figures["ties"] == [{"points": 400, "kept": 1, "left": 2, "by": "LOTTERY"}]


def test_a_share_needs_a_reason(read, compose):
    read(5, gender=WOMAN)
    assert compose(places=1, parity_percent=50, parity_reason=" Oui ").parity_reason == "Oui"
    said = refusal(lambda: compose(places=1, parity_percent=50, parity_reason="  "))
    assert said == "Écrivez pourquoi cette part est demandée : le procès-verbal le dira."


def test_bounds_that_cannot_be_kept_leave_no_draft(read, compose):
    read(5), read(4, "PUPIL"), read(3, gender=MAN)
    with pytest.raises(selecting.NoSuchList) as refused:
        compose(audience_minimums={"PUPIL": 2}, parity_percent=50, parity_reason="Pour essayer.")
    assert [sentence.replace("\u00a0", " ") for sentence in refused.value.sentences] == [
        "2 places au moins pour les lycéen·nes ; dossiers qui ont un avis : 1. Il en manque 1.",
        "50 % de femmes et de personnes non binaires, soit 1 place ; dossiers qui peuvent y compter et qui ont un "
        "avis : 0. Il en manque 1.",
        "En tout, il faut renoncer à 2 au moins des places ainsi demandées.",
    ]
    assert not Selection.objects.exists()


def test_only_free_places_are_given(read, compose, closed_cohort):
    read(5)
    closed_cohort.places = 3
    closed_cohort.save()
    factories.make_accepted(closed_cohort)
    assert compose(places=2).places == 2
    assert refusal(lambda: compose(places=3)) == "La promotion a 2 places libres."
    assert refusal(lambda: compose(places=0)) == "La promotion a 2 places libres."


def test_what_an_announcement_holds_is_neither_listed_nor_given_again(read, compose, closed_cohort, coordinator):
    closed_cohort.places, closed_cohort.needs_two_people = 3, True
    closed_cohort.save()
    promised, other = read(5), read(4)
    transitions.mark(promised, Outcome.ACCEPTED, actor=coordinator)
    releasing.propose(closed_cohort, actor=coordinator)
    assert [file for file, _rank, _outcome in shown(compose(places=2))] == [other]
    assert refusal(lambda: compose(places=3)) == "La promotion a 2 places libres."


def test_without_an_opinion_there_is_no_list(read, compose):
    read(None)
    assert refusal(compose).startswith("Aucun dossier à décider n’a encore d’avis")


# --- By hand --------------------------------------------------------------------------------------


@pytest.fixture
def files(read):
    """Five files, the best first."""
    return [read(score) for score in (5, 4, 3, 2, 1)]


def order(selection, files) -> str:
    """« 12|3|45 »: accepted, waiting, refused, each file by its number."""
    groups = dict.fromkeys(Outcome.values, "")
    for file, _rank, outcome in shown(selection):
        groups[outcome] += str(files.index(file) + 1)
    assert [rank for _file, rank, _outcome in shown(selection)] == list(range(1, len(files) + 1))
    return "|".join(groups.values())


def test_a_file_moves_up_and_down_with_a_reason(compose, files, coordinator):
    selection = compose()
    assert order(selection, files) == "12|3|45"

    def move(number, outcome, position=None):
        line = line_of(selection, files[number - 1])
        selecting.move_line(line, outcome=outcome, position=position, reason=" Vu en jury. ", actor=coordinator)
        return order(selection, files)

    assert move(4, "ACCEPTED") == "124|3|5"
    assert move(1, "WAITLISTED") == "24|13|5"
    assert move(1, "WAITLISTED", 2) == "24|31|5"
    assert move(2, "REJECTED", 99) == "4|31|52"
    assert move(5, "WAITLISTED", 0) == "4|531|2"
    line = line_of(selection, files[0])
    assert (line.moved_reason, line.moved_by, line.computed_rank, line.computed_outcome) == (
        "Vu en jury.",
        coordinator,
        1,
        "ACCEPTED",
    )
    assert told(selection, "selection.line_moved") == 5


def test_what_was_moved_goes_back(compose, files, coordinator):
    selection = compose()
    for number in (4, 5):
        line = line_of(selection, files[number - 1])
        selecting.move_line(line, outcome="ACCEPTED", position=1, reason="Vu en jury.", actor=coordinator)
    assert order(selection, files) == "5412|3|"
    selecting.return_line(line_of(selection, files[3]), actor=coordinator)
    selecting.return_line(line_of(selection, files[4]), actor=coordinator)
    assert order(selection, files) == "12|3|45"
    assert set(selection.lines.values_list("moved_reason", "moved_at", "moved_by")) == {("", None, None)}
    assert told(selection, "selection.line_returned") == 2
    said = refusal(lambda: selecting.return_line(line_of(selection, files[0]), actor=coordinator))
    assert said == "Ce dossier est à la place que le calcul lui a donnée."


def test_a_move_needs_a_reason_and_a_change(compose, files, coordinator):
    selection = compose()

    def move(**wanted):
        wanted = {"outcome": "WAITLISTED", "reason": "Vu en jury.", **wanted}
        selecting.move_line(line_of(selection, files[0]), **wanted, actor=coordinator)

    assert refusal(lambda: move(reason="  ")).startswith("Écrivez pourquoi ce dossier change de place")
    assert refusal(lambda: move(reason="x" * 501)) == "La raison est trop longue : 500 caractères au plus."
    assert refusal(lambda: move(outcome="ACCEPTED")) == "Ce dossier est déjà à cette place."
    move()
    assert order(selection, files) == "2|13|45"


def test_an_adopted_list_does_not_change(compose, files, coordinator):
    selection = compose()
    selecting.move_line(line_of(selection, files[1]), outcome="REJECTED", reason="Vu.", actor=coordinator)
    adopting.adopt(selection, actor=coordinator)
    for act in (
        lambda: selecting.move_line(
            line_of(selection, files[0]), outcome="REJECTED", reason="Vu en jury.", actor=coordinator
        ),
        lambda: selecting.return_line(line_of(selection, files[1]), actor=coordinator),
        lambda: selecting.delete_draft(selection, actor=coordinator),
    ):
        assert refusal(act) == "Cette liste est retenue : reprenez-la en brouillon pour la changer."


def test_a_draft_is_thrown_away(compose, files, coordinator):
    selection = compose()
    reference = journal.ref(selection)
    selecting.delete_draft(selection, actor=coordinator)
    assert (Selection.objects.count(), Line.objects.count(), told(reference, "selection.deleted")) == (0, 0, 1)


# --- Adopting -------------------------------------------------------------------------------------


def test_adopting_prepares_every_decision_and_tells_nobody(compose, files, coordinator):
    selection = compose()
    selecting.move_line(line_of(selection, files[4]), outcome="WAITLISTED", position=1, reason="Vu.", actor=coordinator)
    adopting.adopt(selection, actor=coordinator)
    assert decided(selection) == {
        files[0]: ("ACCEPTED", None),
        files[1]: ("ACCEPTED", None),
        files[4]: ("WAITLISTED", 1),
        files[2]: ("WAITLISTED", 2),
        files[3]: ("REJECTED", None),
    }
    assert set(selection.decisions.values_list("state", "release")) == {("PENDING", None)}
    selection.refresh_from_db()
    assert selection.state == "ADOPTED"
    assert set(Application.objects.values_list("state", flat=True)) == {"SUBMITTED"}
    assert [told(file, "decision.marked") for file in files] == [1] * 5
    with pytest.raises(IllegalTransition):
        adopting.adopt(selection, actor=coordinator)


def test_what_was_marked_by_hand_gives_way_and_a_shared_reason_stays(read, compose, files, coordinator):
    transitions.mark(files[0], Outcome.REJECTED, shared_reason="Trop tôt.", actor=coordinator)
    transitions.mark(files[4], Outcome.REJECTED, shared_reason="Revenez.", actor=coordinator)
    unread = read(None)
    transitions.mark(unread, Outcome.WAITLISTED, actor=coordinator)
    selection = compose()
    before = adopting.adoption(selection)
    assert (before.outcomes, before.replaced, before.left_alone) == (
        {"ACCEPTED": 2, "WAITLISTED": 1, "REJECTED": 2},
        1,
        {"WAITLISTED": 1},
    )
    adopting.adopt(selection, actor=coordinator)
    assert decided(selection)[files[0]] == ("ACCEPTED", None)
    assert decided(selection)[unread] == ("WAITLISTED", None)
    reasons = dict(Decision.objects.exclude(shared_reason="").values_list("application_id", "shared_reason"))
    assert reasons == {files[4].pk: "Revenez."}
    assert [told(file, "decision.marked") for file in files] == [2, 1, 1, 1, 1]


def test_more_acceptances_than_places_are_refused(read, compose, files, coordinator, closed_cohort):
    closed_cohort.places = 3
    closed_cohort.save()
    selection = compose(places=3)
    transitions.mark(read(None), Outcome.ACCEPTED, actor=coordinator)
    assert adopting.adoption(selection).excess == 1
    said = "Il y a 1 acceptation de trop pour les places libres : faites descendre un dossier."
    assert refusal(lambda: adopting.adopt(selection, actor=coordinator)) == said
    assert len(decided(selection)) == 1
    selecting.move_line(line_of(selection, files[2]), outcome="WAITLISTED", reason="Vu.", actor=coordinator)
    adopting.adopt(selection, actor=coordinator)
    assert len(decided(selection)) == 6


def test_another_list_takes_the_place_of_the_one_adopted(compose, files, coordinator):
    first = compose()
    adopting.adopt(first, actor=coordinator)
    second = compose(places=1, waiting=0)
    assert (adopting.adoption(second).other, adopting.adoption(second).replaced) == (first, 2)
    adopting.adopt(second, actor=coordinator)
    assert [decided(second)[file][0] for file in files] == ["ACCEPTED", *["REJECTED"] * 4]
    assert list(Selection.objects.order_by("number").values_list("state", flat=True)) == ["DRAFT", "ADOPTED"]
    assert [told(file, "decision.marked") for file in files] == [1, 2, 2, 1, 1]
    assert JournalEntry.objects.filter(action="decision.unmarked").count() == 0


def test_what_the_other_list_alone_had_decided_goes(compose, files, coordinator, jury):
    first = compose()
    adopting.adopt(first, actor=coordinator)
    sharing.recuse(files[4], jury, actor=jury)
    second = compose()
    assert files[4] not in [file for file, _rank, _outcome in shown(second)]
    assert adopting.adoption(second).left_alone == {}
    adopting.adopt(second, actor=coordinator)
    assert set(decided(second)) == set(files[:4])
    assert told(files[4], "decision.unmarked") == 1


def test_an_adoption_is_taken_back(compose, files, coordinator):
    selection = compose()
    adopting.adopt(selection, actor=coordinator)
    adopting.withdraw_adoption(selection, actor=coordinator)
    selection.refresh_from_db()
    assert (selection.state, selection.adopted_at, decided(selection)) == ("DRAFT", None, {})
    assert [told(file, "decision.unmarked") for file in files] == [1] * 5
    with pytest.raises(IllegalTransition):
        adopting.withdraw_adoption(selection, actor=coordinator)


def test_an_announcement_settles_the_list(compose, files, coordinator, closed_cohort):
    selection, other = compose(waiting=2), compose()
    line = line_of(selection, files[4])
    selecting.move_line(line, outcome="WAITLISTED", position=1, reason="Vu en jury.", actor=coordinator)
    adopting.adopt(selection, actor=coordinator)
    closed_cohort.needs_two_people = True
    closed_cohort.save()
    release = releasing.propose(closed_cohort, actor=coordinator)
    open_one = "Une annonce est ouverte pour cette promotion : terminez-la ou abandonnez-la d’abord."
    assert refusal(lambda: adopting.withdraw_adoption(selection, actor=coordinator)) == open_one
    assert refusal(lambda: adopting.adopt(other, actor=coordinator)) == open_one
    releasing.confirm(release, actor=factories.make_coordinator())
    releasing.work(release)
    said = "Des décisions de cette liste sont publiées : elle ne peut plus être reprise."
    assert refusal(lambda: adopting.withdraw_adoption(selection, actor=coordinator)) == said
    assert list(closed_cohort.applications.waitlisted()) == [files[4], files[2], files[3]]


# --- What changed meanwhile -----------------------------------------------------------------------


def test_what_changed_since_is_told_and_passed_over(read, compose, files, coordinator, jury, closed_cohort):
    selection = compose()
    assert not adopting.drift(selection)
    applications.withdraw(files[0], actor=files[0].candidate)
    factories.decide(files[1], outcome="REJECTED")
    factories.make_reading(files[2], factories.make_reviewer(closed_cohort), score=5)
    readings.review(files[3], jury, scores=factories.alike(closed_cohort, 3), comment="Relu.", now=timezone.now())
    sharing.recuse(files[4], jury, actor=jury)
    late = read(4)
    drift = adopting.drift(selection)
    assert drift == adopting.Drift(
        withdrawn=(files[0].reference,),
        decided=(files[1].reference,),
        reread=(files[2].reference, files[3].reference, files[4].reference),
        arrived=(late.reference,),
    )
    adopting.adopt(selection, actor=coordinator)
    assert decided(selection) == {
        files[2]: ("WAITLISTED", 1),
        files[3]: ("REJECTED", None),
        files[4]: ("REJECTED", None),
    }
