"""Lists under several hands at once: adopted, changed, thrown away, while files are marked and people leave."""

from collections import Counter
from functools import partial

import pytest

from lifecycle.refusals import IllegalTransition, Refusal
from reviews import adopting, selecting, transitions
from reviews.models import Decision, Line, Selection
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4
ACCEPTED = Decision.Outcome.ACCEPTED


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


@pytest.fixture
def drawn(coordinator):
    """`drawn()`: a cohort of three places, its six files, the best first, and a list of them."""

    def make():
        cohort = factories.make_cohort("closed", places=3)
        reader = factories.make_reviewer(cohort)
        files = [factories.make_sent(cohort) for _file in range(6)]
        for file, score in zip(files, (5, 5, 4, 3, 2, 1), strict=True):
            factories.make_reading(file, reader, score=score)
        return cohort, files, factories.make_list(cohort, coordinator, places=3)

    return make


def follow(selection) -> bool:
    """Whether each decision of the cohort is the one of its line."""
    lines = dict(selection.lines.values_list("application_id", "outcome"))
    decisions = Decision.objects.filter(application__cohort=selection.cohort)
    return lines == dict(decisions.values_list("application_id", "outcome"))


def test_of_two_lists_adopted_one_decides(drawn, coordinator):
    for _round in range(ROUNDS):
        cohort, _files, first = drawn()
        second = factories.make_list(cohort, coordinator, places=2)
        outcomes = together(*[partial(adopting.adopt, fresh(one), actor=coordinator) for one in (first, second, first)])
        assert {type(one) for one in outcomes} <= {adopting.Adoption, IllegalTransition}
        (adopted,) = Selection.objects.filter(cohort=cohort, state=Selection.State.ADOPTED)
        assert follow(adopted)


def test_a_list_changed_while_it_is_adopted_is_adopted_as_it_stands(drawn, coordinator):
    for _round in range(ROUNDS):
        _cohort, files, selection = drawn()
        line = Line.objects.get(selection=selection, application=files[5])
        first, last = (selection.lines.get(application=files[place]) for place in (0, 4))
        adopted, *changed = together(
            partial(adopting.adopt, fresh(selection), actor=coordinator),
            partial(
                selecting.move_line, fresh(line), outcome="WAITLISTED", position=1, reason="Vu.", actor=coordinator
            ),
            partial(selecting.swap_lines, fresh(first), fresh(last), reason="Vus.", actor=coordinator),
        )
        assert isinstance(adopted, adopting.Adoption)
        assert {type(one) for one in changed} <= {type(None), Refusal}
        assert follow(selection)
        assert sorted(selection.lines.values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_marks_made_while_a_list_is_adopted_never_leave_two_decisions(drawn, coordinator):
    for _round in range(ROUNDS):
        cohort, files, selection = drawn()
        marks = [partial(transitions.mark, fresh(file), ACCEPTED, actor=coordinator) for file in files[3:5]]
        outcomes = together(partial(adopting.adopt, fresh(selection), actor=coordinator), *marks)
        assert not [one for one in outcomes if isinstance(one, Exception)]
        counts = Counter(Decision.objects.filter(application__cohort=cohort).values_list("application", flat=True))
        assert counts == Counter(file.pk for file in files)


def test_a_list_thrown_away_meanwhile_is_said_to_whoever_comes_second(drawn, coordinator):
    for _round in range(ROUNDS):
        cohort, files, selection = drawn()
        read = selection.lines.select_related("selection__cohort", "application")
        line = read.get(application=files[5])
        outcomes = together(
            partial(selecting.delete_draft, fresh(selection), actor=coordinator),
            partial(selecting.delete_draft, fresh(selection), actor=coordinator),
            partial(selecting.move_line, line, outcome=ACCEPTED, reason="Vu.", actor=coordinator),
            partial(adopting.adopt, fresh(selection), actor=coordinator),
        )
        refused = [one for one in outcomes if isinstance(one, Exception)]
        assert {type(one) for one in refused} == {Refusal}
        told = {refusal.sentence.replace("\u00a0", " ") for refusal in refused}
        assert told <= {
            "Cette liste vient d’être supprimée.",
            "Cette liste est retenue : reprenez-la en brouillon pour la changer.",
            "Il y a 1 acceptation de trop pour les places libres : faites descendre un dossier.",
        }
        assert Selection.objects.filter(cohort=cohort).exists() == (fresh_state(selection) == "ADOPTED")


def fresh_state(selection) -> str | None:
    return Selection.objects.filter(pk=selection.pk).values_list("state", flat=True).first()
