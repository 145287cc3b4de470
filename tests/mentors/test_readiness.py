"""What is left before a mentor is proposed somebody, and what the charter and the guide ask of her."""

import pytest
from django.utils import timezone

from consents import transitions as texts
from consents.models import TextVersion
from consents.queries import current_texts
from lifecycle import journal
from lifecycle.refusals import IllegalTransition, Refusal
from mentors import readiness, transitions
from mentors.models import MentorProfile
from tests import factories

pytestmark = pytest.mark.django_db
CHARTER = TextVersion.Key.CHARTER


@pytest.fixture
def morgane():
    factories.make_texts()
    return factories.make_mentor(is_ready=False, accompanies_minors=True)


def publish_charter(*, asks_again: bool) -> TextVersion:
    draft = texts.new_version(CHARTER, actor=journal.CONSOLE)
    draft.asks_again = asks_again
    draft.save()
    texts.publish_text(draft, actor=journal.CONSOLE)
    return draft


def sign(mentor, name="Morgane Le Gall"):
    transitions.sign_charter(mentor, version=current_texts()[CHARTER], name=name, actor=mentor.person)


def left(mentor) -> list[str]:
    return readiness.what_is_left(mentor, timezone.now())


def test_the_charter_then_the_guide_then_her_honorability(morgane):
    assert left(morgane) == ["charter", "guide", "honorability"]
    sign(morgane, "  Morgane   Le Gall ")
    assert (morgane.charter.number, morgane.charter_name) == (1, "Morgane Le Gall")
    assert left(morgane) == ["guide", "honorability"]
    assert not readiness.is_ready(morgane)
    transitions.read_guide(morgane, actor=morgane.person)
    assert left(morgane) == ["honorability"]
    assert readiness.is_ready(morgane), "of age, anybody may be proposed to her"
    factories.clear_for_minors(morgane)
    assert left(morgane) == []


def test_a_newer_charter_is_signed_again_only_when_it_asks(morgane):
    factories.make_ready(morgane)
    publish_charter(asks_again=False)
    assert readiness.is_ready(morgane)
    publish_charter(asks_again=True)
    publish_charter(asks_again=False)
    assert readiness.least_charter() == 3
    assert not readiness.is_ready(morgane)
    sign(morgane)
    assert morgane.charter.number == 4
    assert readiness.is_ready(morgane)


def test_a_version_replaced_while_she_read_is_not_signed(morgane):
    stale = current_texts()[CHARTER]
    publish_charter(asks_again=False)
    with pytest.raises(Refusal, match="relisez-la"):
        transitions.sign_charter(morgane, version=stale, name="Morgane", actor=morgane.person)
    with pytest.raises(Refusal, match="prénom"):
        sign(morgane, "   ")
    assert left(morgane)[0] == "charter"


@pytest.mark.parametrize("state", set(MentorProfile.State) - {"APPROVED", "PAUSED"})
def test_only_those_who_were_approved_sign(morgane, state):
    MentorProfile.objects.filter(pk=morgane.pk).update(state=state)
    with pytest.raises(IllegalTransition):
        sign(morgane)


def test_a_mentor_on_pause_is_not_ready(morgane):
    factories.make_ready(morgane)
    morgane.state = MentorProfile.State.PAUSED
    assert not readiness.is_ready(morgane)
