"""The reason that staff choose to share with somebody who is not accepted: kept, sent, and hidden until then."""

import pytest
from django.urls import reverse

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications.models import Letter
from reviews import releasing, transitions
from reviews.models import Decision
from tests import factories

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome
REASON = "Votre regard nous a touchés. Le métier que vous visez a reçu trop de demandes cette saison."


@pytest.fixture
def file(closed_cohort, candidate):
    """Inès's file, to decide."""
    return factories.make_sent(closed_cohort, candidate)


def reason(file) -> str:
    return file.decisions.get().shared_reason


def told_of(file) -> list[tuple[str, str]]:
    """What the journal says of the decision: action and detail."""
    lines = JournalEntry.objects.about(journal.ref(file)).filter(action__startswith="decision.").order_by("id")
    return list(lines.values_list("action", "detail"))


def letter_about(file) -> Letter:
    return Letter.objects.about(journal.ref(file)).get(kind="applications.rejected")


# --- Marking ------------------------------------------------------------------------------------


def test_a_refusal_keeps_its_reason_until_it_is_changed_or_taken_away(file, coordinator):
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    assert reason(file) == REASON
    transitions.mark(file, Outcome.REJECTED, actor=coordinator)
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    assert reason(file) == REASON
    assert told_of(file) == [("decision.marked", "")]
    transitions.mark(file, Outcome.REJECTED, shared_reason="Une autre.", actor=coordinator)
    assert reason(file) == "Une autre."
    transitions.mark(file, Outcome.REJECTED, shared_reason="", actor=coordinator)
    assert reason(file) == ""
    assert told_of(file) == [("decision.marked", ""), *[("decision.reason_changed", "")] * 2]


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.WAITLISTED])
def test_a_reason_goes_with_a_refusal_alone(file, coordinator, outcome):
    transitions.mark(file, outcome, shared_reason=REASON, actor=coordinator)
    assert reason(file) == ""
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    assert reason(file) == REASON
    transitions.mark(file, outcome, actor=coordinator)
    assert reason(file) == ""


def test_a_reason_is_tidied_and_has_a_length(file, coordinator):
    transitions.mark(file, Outcome.REJECTED, shared_reason="  Bonjour.  \r\n\r\n\r\n\r\nBravo. \n", actor=coordinator)
    assert reason(file) == "Bonjour.\n\nBravo."
    transitions.mark(file, Outcome.REJECTED, shared_reason="é" * 1000, actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        transitions.mark(file, Outcome.REJECTED, shared_reason="é" * 1001, actor=coordinator)
    assert refusal.value.sentence.replace("\u00a0", " ") == (
        "La raison partagée est trop longue : 1 000 caractères au plus."
    )
    assert reason(file) == "é" * 1000


def test_a_reason_no_longer_changes_once_it_is_being_announced(file, closed_cohort, coordinator):
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    releasing.propose(closed_cohort, actor=coordinator)
    with pytest.raises(Refusal):
        transitions.mark(file, Outcome.REJECTED, shared_reason="Trop tard.", actor=coordinator)
    assert reason(file) == REASON


# --- Announcing ---------------------------------------------------------------------------------


def test_the_answer_carries_the_reason_and_only_its_own(file, closed_cohort, coordinator):
    without, accepted = (factories.make_sent(closed_cohort) for _file in range(2))
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    transitions.mark(without, Outcome.REJECTED, actor=coordinator)
    transitions.mark(accepted, Outcome.ACCEPTED, actor=coordinator)
    releasing.work(releasing.propose(closed_cohort, actor=coordinator))
    reasons = Application.objects.in_bulk([file.pk, without.pk, accepted.pk])
    assert [reasons[each.pk].shared_reason for each in (file, without, accepted)] == [REASON, "", ""]
    assert f"Voici ce que le jury a voulu vous dire\u00a0:\n\n{REASON}\n\nPour la suite" in letter_about(file).body
    assert "Voici ce que le jury" not in letter_about(without).body


def test_before_publishing_each_kind_of_letter_and_every_reason_is_read(file, closed_cohort, coordinator, signed_in):
    files = [factories.make_sent(closed_cohort) for _file in range(3)]
    for other, words in zip(files, ("", "Une deuxième.", ""), strict=True):
        transitions.mark(other, Outcome.REJECTED, shared_reason=words, actor=coordinator)
    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    url = reverse("admin:reviews_selection_publish", args=[closed_cohort.pk])
    page = signed_in(coordinator).get(url)
    whole = page.context["whole"]
    shown = {shared.text: [decision.application_id for decision in shared.decisions] for shared in whole.shared}
    assert shown == {REASON: [file.pk], "Une deuxième.": [files[1].pk]}
    assert all(words in page.content.decode() for words in shown)
    assert "<strong>2</strong> avec une raison partagée" in page.content.decode()
    assert sorted(bool(example.decision.shared_reason) for example in whole.examples) == [False, True]
    releasing.work(releasing.propose(closed_cohort, actor=coordinator))
    for example in whole.examples:
        letter = letter_about(example.decision.application)
        assert (letter.subject, letter.body) == (example.subject, example.body)
        assert (example.decision.shared_reason in letter.body) is True


def test_the_letter_says_the_words_as_they_were_written(file, closed_cohort, coordinator):
    words = "« L’été » & <b>après</b> {{ rien }}"
    transitions.mark(file, Outcome.REJECTED, shared_reason=words, actor=coordinator)
    releasing.work(releasing.propose(closed_cohort, actor=coordinator))
    assert f"\n\n{words}\n\n" in letter_about(file).body


def test_nobody_but_coordinators_reads_it_before_the_announcement(
    file, closed_cohort, candidate, reviewer, coordinator, signed_in
):
    factories.make_reviewer(closed_cohort, reviewer)
    factories.assign(file, reviewer)
    hers = [reverse("portal:home"), reverse("applications:detail", args=[file.reference])]
    reading = reverse("admin:reviews_assignment_read", args=[file.reference])
    page = reverse("admin:applications_application_change", args=[file.pk])

    def readers():
        seen = {"candidate": [signed_in(candidate).get(url) for url in hers]}
        seen |= {"reviewer": [signed_in(reviewer).get(reading)], "coordinator": [signed_in(coordinator).get(page)]}
        assert {answer.status_code for answers in seen.values() for answer in answers} == {200}
        return {who for who, answers in seen.items() if any(REASON in each.content.decode() for each in answers)}

    transitions.mark(file, Outcome.REJECTED, shared_reason=REASON, actor=coordinator)
    assert readers() == {"coordinator"}
    release = releasing.propose(closed_cohort, actor=coordinator)
    assert readers() == {"coordinator"}
    releasing.apply(release.decisions.get(), now=release.requested_at)
    assert Application.objects.get(pk=file.pk).shared_reason == REASON
    assert readers() == {"coordinator"}
    releasing.announce(release, now=release.requested_at)
    assert readers() == {"candidate", "coordinator"}
