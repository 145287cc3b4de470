"""The verbs of the jury: assigning, reading, deciding, announcing."""

import re
from collections import Counter

from django.db import transaction
from django.db.models import Avg, F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from applications import drafting
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal
from notifications import outbox
from reviews.models import Assignment, Decision, Release, Review

READERS_PER_FILE = 2
LONGEST_REASON = Decision._meta.get_field("shared_reason").max_length

DECISION_ALLOWED = {Decision.State.PENDING: {Decision.State.PUBLISHED}}
RELEASE_ALLOWED = {Release.State.REQUESTED: {Release.State.DONE}}


@transaction.atomic
def distribute(cohort: Cohort, *, actor, now=None) -> int:
    """Give every sent file its readers, the least loaded first; what is assigned already stays.

    A reader who left the jury without a word no longer counts: her files get somebody else. Nobody reads
    her own file. Returns how many readings were assigned. Raises Refusal when the cohort has no jury.
    """
    now = now or timezone.now()
    lock(cohort)
    jury = list(jury_of(cohort).order_by("id"))
    if not jury:
        raise Refusal(_("Cette promotion n’a pas encore de jury : invitez d’abord ses membres."))
    load, readers = _standing_readings(cohort, {person.pk for person in jury})
    new = []
    files = Application.objects.filter(cohort=cohort, state=Application.State.SUBMITTED).order_by("id")
    for application in files.only("id", "candidate_id"):
        taken = readers.get(application.pk, set())
        free = [p for p in jury if p.pk not in taken and p.pk != application.candidate_id]
        free.sort(key=lambda person: (load[person.pk], person.pk))
        for person in free[: max(0, READERS_PER_FILE - len(taken))]:
            load[person.pk] += 1
            new.append(Assignment(application=application, reviewer=person, assigned_at=now))
    Assignment.objects.bulk_create(new)
    journal.record("cohort.files_distributed", cohort, actor=actor, now=now, detail=str(len(new)))
    return len(new)


def _standing_readings(cohort: Cohort, jury: set[int]) -> tuple[Counter, dict[int, set[int]]]:
    """How many files each reader has, and the readers of each file who gave a score or still can."""
    given = set(Review.objects.filter(application__cohort=cohort).values_list("application_id", "reviewer_id"))
    load, readers = Counter(), {}
    for assigned in Assignment.objects.filter(application__cohort=cohort).values_list("application_id", "reviewer_id"):
        application_id, reviewer_id = assigned
        load[reviewer_id] += 1
        if reviewer_id in jury or assigned in given:
            readers.setdefault(application_id, set()).add(reviewer_id)
    return load, readers


def jury_of(cohort: Cohort):
    """The people who hold the jury role for this cohort."""
    return User.objects.filter(is_active=True, grants__role=Role.JURY, grants__scope=journal.ref(cohort))


@transaction.atomic
def review(application: Application, reviewer: User, *, score: int, comment: str, now=None) -> Review:
    """A jury member gives, or changes, a score and a comment on a file assigned to her.

    Giving the same again changes nothing. Raises Refusal when the file is not hers to read or is decided already.
    """
    now = now or timezone.now()
    lock(application)
    if not reviewer.holds(Role.JURY, journal.ref(application.cohort)):
        raise Refusal(_("Vous ne faites plus partie du jury de cette promotion."))
    if not Assignment.objects.filter(application=application, reviewer=reviewer).exists():
        raise Refusal(_("Ce dossier ne vous a pas été confié."))
    if application.state != Application.State.SUBMITTED:
        raise Refusal(_("Ce dossier a déjà reçu une décision : votre avis ne peut plus changer."))
    given = Review.objects.filter(application=application, reviewer=reviewer).first()
    if given and (given.score, given.comment) == (score, comment):
        return given  # the same click twice
    given = given or Review(application=application, reviewer=reviewer)
    given.score, given.comment, given.given_at = score, comment, now
    given.save()
    journal.record("application.reviewed", application, actor=reviewer, now=now)
    return given


@transaction.atomic
def mark(application: Application, outcome: str, *, shared_reason: str | None = None, actor, now=None) -> Decision:
    """A coordinator marks a decision; it stays pending, and free to change, until `publish`.

    A refusal may carry the reason that she chose to share: the person reads it in the answer. None keeps the one that
    stands, "" takes it away, and it goes with the refusal when another decision takes its place. Marking the same again
    changes nothing else. Raises Refusal when the file cannot be decided, its decision is being announced, or the reason
    is too long.
    """
    now = now or timezone.now()
    if shared_reason is not None:
        shared_reason = tidy_reason(shared_reason)
    lock(application.cohort)  # so that no announcement takes the decision up meanwhile
    lock(application)
    if application.state not in Decision.DECIDABLE_STATES or application.state == outcome:
        raise Refusal(_("Une décision ne peut plus être prise sur ce dossier."))
    decision = Decision.objects.filter(application=application, state=Decision.State.PENDING).first()
    if decision and decision.release_id:
        raise Refusal(_("La décision de ce dossier est en cours d’annonce."))
    decision = decision or Decision(application=application)
    before = (decision.outcome, decision.shared_reason)
    decision.outcome = outcome
    if outcome != Decision.Outcome.REJECTED:
        decision.shared_reason = ""
    elif shared_reason is not None:
        decision.shared_reason = shared_reason
    if (decision.outcome, decision.shared_reason) == before:
        return decision
    decision.marked_at = now
    decision.save()
    if before[0] != outcome:
        journal.record("decision.marked", application, actor=actor, now=now, target_state=outcome)
    else:
        journal.record("decision.reason_changed", application, actor=actor, now=now)
    return decision


@transaction.atomic
def change_reason(application: Application, shared_reason: str, *, actor, now=None) -> Decision:
    """A coordinator changes, or takes away, the reason that goes with a pending refusal.

    Raises Refusal when the file is not to be refused any more, its decision is being announced, or the reason is too
    long.
    """
    lock(application.cohort)
    lock(application)
    if not Decision.objects.pending().filter(application=application, outcome=Decision.Outcome.REJECTED).exists():
        raise Refusal(_("Ce dossier n’est plus marqué « ne pas retenir »."))
    return mark(application, Decision.Outcome.REJECTED, shared_reason=shared_reason, actor=actor, now=now)


def tidy_reason(text: str) -> str:
    """The reason as it will be read: no blank ends, at most one empty line in a row. Raises Refusal when too long."""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()
    if len(text) > LONGEST_REASON:
        raise Refusal(_("La raison partagée est trop longue : 1 000 caractères au plus."))
    return text


@transaction.atomic
def unmark(application: Application, *, actor, now=None) -> None:
    """A coordinator takes a pending decision back. Raises Refusal when there is none to take back."""
    lock(application.cohort)
    lock(application)
    deleted, _rows = Decision.objects.pending().filter(application=application).delete()
    if not deleted:
        raise Refusal(_("Il n’y a pas de décision à effacer."))
    journal.record("decision.unmarked", application, actor=actor, now=now)


@transaction.atomic
def publish(cohort: Cohort, *, actor, expected: dict[str, int] | None = None, now=None) -> Release:
    """A coordinator asks for the announcement of every pending decision of the cohort. The worker does the rest.

    `expected` is what she was shown and confirmed, by outcome. Raises Refusal when that changed meanwhile, there
    is nothing to announce, an announcement is under way, or places would lack.
    """
    now = now or timezone.now()
    lock(cohort)
    if Release.objects.filter(cohort=cohort, state=Release.State.REQUESTED).exists():
        raise Refusal(_("Une annonce est déjà en cours pour cette promotion."))
    pending = Decision.objects.pending().filter(application__cohort=cohort)
    outcomes = Counter(pending.values_list("outcome", flat=True))
    if not outcomes:
        raise Refusal(_("Il n’y a aucune décision à publier."))
    if expected is not None and outcomes != Counter(expected):
        raise Refusal(_("Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."))
    held = Application.objects.filter(cohort=cohort).holding_a_place().count()
    excess = held + outcomes[Decision.Outcome.ACCEPTED] - cohort.places
    if excess > 0:
        raise Refusal(
            _("La promotion a %(places)s places : il y a %(excess)s acceptation(s) de trop.")
            % {"places": cohort.places, "excess": excess}
        )
    release = Release.objects.create(cohort=cohort, requested_at=now)
    _rank_waiting_list(cohort, pending)
    pending.update(release=release)
    journal.record("release.requested", release, actor=actor, now=now, detail=str(sum(outcomes.values())))
    return release


def _rank_waiting_list(cohort: Cohort, pending) -> None:
    """Number the new waiting list after the one that stands: best mean score first, then the first sent."""
    last = Application.objects.filter(cohort=cohort).waitlisted().aggregate(last=Max("waitlist_rank"))["last"] or 0
    listed = list(
        pending.filter(outcome=Decision.Outcome.WAITLISTED)
        .annotate(mean=Avg("application__reviews__score"))
        .order_by(F("mean").desc(nulls_last=True), "application__sent_at", "application_id")
    )
    for rank, decision in enumerate(listed, start=last + 1):
        decision.rank = rank
    Decision.objects.bulk_update(listed, ["rank"])


def work(release: Release, *, now=None) -> None:
    """The worker: apply each decision in its own transaction, then announce all. Safe to resume or to run twice."""
    todo = release.decisions.filter(state=Decision.State.PENDING).order_by("id")
    for decision in todo.select_related("application__cohort", "application__candidate"):
        apply(decision, now=now or timezone.now())
    announce(release, now=now or timezone.now())


@transaction.atomic
def apply(decision: Decision, *, now) -> None:
    """Apply one decision of a release, hidden until `announce`. One that was withdrawn in the meantime only closes."""
    application = decision.application
    lock(application)
    try:
        move(decision, Decision.State.PUBLISHED, allowed=DECISION_ALLOWED, actor=journal.CLOCK, now=now)
    except IllegalTransition:
        return  # another worker was faster
    if application.state in Decision.DECIDABLE_STATES:
        applications.decide(
            application,
            decision.outcome,
            rank=decision.rank,
            shared_reason=decision.shared_reason,
            actor=journal.CLOCK,
            hold=journal.ref(decision.release),
            now=now,
        )


@transaction.atomic
def announce(release: Release, *, now) -> None:
    """Show all the decisions of a release to their candidates, and let their letters go, in one instant.

    Does nothing while a decision is still to be applied, or when it was announced already.
    """
    lock(release)
    if release.state != Release.State.REQUESTED or release.decisions.filter(state=Decision.State.PENDING).exists():
        return
    move(release, Release.State.DONE, allowed=RELEASE_ALLOWED, actor=journal.CLOCK, now=now, done_at=now)
    decided = Application.objects.filter(decisions__release=release).exclude(masked_state="")
    told = list(decided.values_list("pk", flat=True))
    Application.objects.filter(pk__in=told).update(masked_state="", announced_at=now)
    drafting.close_revisions(told)
    outbox.release(journal.ref(release))
