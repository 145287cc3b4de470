"""The verbs of announcing: a coordinator proposes, another one confirms, and either stops it or gives it up.

Until the worker has announced everything (`reviews.applying`) nobody outside has seen anything, and all can be undone.
"""

import hashlib
import json
from collections import Counter

from django.db import transaction
from django.db.models import Avg, F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import Refusal
from reviews import emails, waiting
from reviews.applying import ALLOWED, announce, apply, put_back, set_free, work
from reviews.models import Decision, Release

__all__ = ["abandon", "announce", "apply", "confirm", "propose", "resume", "retry", "stop", "take_out", "work"]

State, Outcome = Release.State, Decision.Outcome


@transaction.atomic
def propose(cohort: Cohort, *, actor, seen: str | None = None, now=None) -> Release:
    """A coordinator proposes the announcement of every pending decision of the cohort.

    It waits for `confirm` by another one, and is frozen meanwhile; it starts at once where the cohort does not want two
    people. `seen` is the fingerprint of what she was shown (None: whatever stands). Raises Refusal when that changed
    meanwhile, there is nothing to announce, an announcement is open, places would lack, or somebody would be put on a
    waiting list that is closed.
    """
    now = now or timezone.now()
    lock(cohort)
    if standing := Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).first():
        raise Refusal(
            _("Une annonce attend déjà d’être confirmée pour cette promotion.")
            if standing.state == State.PROPOSED
            else _("Une annonce est déjà en cours pour cette promotion.")
        )
    pending = pending_of(cohort)
    if not pending.exists():
        raise Refusal(_("Il n’y a aucune décision à publier."))
    if seen is not None and seen != fingerprint(pending):
        raise Refusal(_("Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."))
    _require_places(cohort, pending)
    waiting.require_open_for(cohort, pending)
    ranked = waiting_order(pending)
    release = Release.objects.create(cohort=cohort, requested_at=now, proposed_by=_person(actor))
    Decision.objects.bulk_update(ranked, ["rank"])
    outcomes = Counter(pending.values_list("outcome", flat=True))
    pending.update(release=release, trouble="")
    many = ngettext("%d décision", "%d décisions", outcomes.total()) % outcomes.total()
    journal.record("release.proposed", release, actor=actor, now=now, detail=many)
    if cohort.needs_two_people:
        emails.ask_to_confirm(release, outcomes, now=now)
    else:
        move(release, State.RUNNING, allowed=ALLOWED, actor=actor, now=now)
    return release


def pending_of(cohort: Cohort) -> QuerySet[Decision]:
    """What an announcement proposed now would take up."""
    return Decision.objects.pending().filter(application__cohort=cohort)


def decisions_of(release: Release) -> QuerySet[Decision]:
    """What an announcement holds and would still announce: files withdrawn or settled meanwhile do not count."""
    return release.decisions.filter(state=Decision.State.PENDING, application__state__in=Decision.DECIDABLE_STATES)


def waiting_order(decisions: QuerySet[Decision]) -> list[Decision]:
    """The new waiting list in its order, each with its `rank`, after the list that stands. Nothing is written.

    First the ranks that a list gave, then the best mean score; of two alike chance decides, by the reference.
    """
    listed = list(
        decisions.filter(outcome=Outcome.WAITLISTED)
        .annotate(mean=Avg("application__reviews__score"))
        .select_related("application__candidate")
        .order_by(F("rank").asc(nulls_last=True), F("mean").desc(nulls_last=True), "application__reference")
    )
    if listed:
        files = Application.objects.filter(cohort=listed[0].application.cohort_id).waitlisted()
        last = files.aggregate(last=Max("waitlist_rank"))["last"] or 0
        for rank, decision in enumerate(listed, start=last + 1):
            decision.rank = rank
    return listed


def fingerprint(decisions: QuerySet[Decision]) -> str:
    """What stands for all that a page showed of these decisions: one that changes, comes or goes changes it."""
    rows = decisions.order_by("application_id").values_list("application_id", "outcome", "shared_reason")
    order = [decision.application_id for decision in waiting_order(decisions)]
    return hashlib.sha256(json.dumps([list(rows), order]).encode()).hexdigest()


def _require_places(cohort: Cohort, decisions: QuerySet[Decision]) -> None:
    held = Application.objects.filter(cohort=cohort).holding_a_place().count()
    excess = held + decisions.filter(outcome=Outcome.ACCEPTED).count() - cohort.places
    if excess > 0:
        raise Refusal(
            ngettext(
                "Il y a %s acceptation de trop pour les places de la promotion.",
                "Il y a %s acceptations de trop pour les places de la promotion.",
                excess,
            )
            % excess
        )


def _person(actor) -> User | None:
    return actor if isinstance(actor, User) else None


@transaction.atomic
def confirm(release: Release, *, actor, seen: str | None = None, now=None) -> None:
    """Another coordinator, who has seen the whole, lets the announcement start. The worker does the rest.

    Raises Refusal when she is the one who proposed it, something changed since she read it, places lack by now, or it
    does not wait any more.
    """
    now = now or timezone.now()
    _lock(release)
    if release.state != State.PROPOSED:
        raise Refusal(_too_late(release))
    if release.cohort.needs_two_people and release.proposed_by_id and release.proposed_by_id == _pk(actor):
        raise Refusal(_("Vous avez proposé cette annonce\u00a0: une autre personne de la coordination la confirme."))
    held = decisions_of(release)
    if seen is not None and seen != fingerprint(held):
        raise Refusal(_("Quelque chose a changé pendant que vous lisiez cette page. Relisez, puis confirmez."))
    _require_places(release.cohort, held)
    move(
        release,
        State.RUNNING,
        allowed=ALLOWED,
        actor=actor,
        now=now,
        confirmed_at=now,
        confirmed_by=_person(actor),
    )
    emails.drop_requests(release)


def _pk(actor) -> int | None:
    return getattr(actor, "pk", None)


def _lock(release: Release) -> None:
    """The cohort, then the announcement: nothing of it moves any more, and the worker waits."""
    lock(release.cohort)
    lock(release)


def _too_late(release: Release) -> str:
    """Why an announcement that somebody else has moved cannot be touched so any more."""
    return {
        State.PROPOSED: _("Cette annonce attend d’être confirmée\u00a0: elle n’a pas commencé."),
        State.RUNNING: _("Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."),
        State.STOPPED: _("Cette annonce est arrêtée. Vous pouvez la reprendre, ou y renoncer."),
        State.DONE: _("Trop tard\u00a0: les décisions viennent d’être annoncées."),
        State.UNDOING: _("Quelqu’un vient de renoncer à cette annonce\u00a0: ce qui était préparé se défait."),
        State.ABANDONED: _("Quelqu’un vient de renoncer à cette annonce\u00a0: ses décisions sont de nouveau libres."),
    }[release.state]


@transaction.atomic
def stop(release: Release, *, actor, now=None) -> None:
    """A coordinator stops the worker after the file in hand. Nobody outside sees anything of it.

    Raises Refusal when it does not run: all is announced by now, or somebody stopped it before.
    """
    _lock(release)
    if release.state != State.RUNNING:
        raise Refusal(_too_late(release))
    move(release, State.STOPPED, allowed=ALLOWED, actor=actor, now=now)


@transaction.atomic
def resume(release: Release, *, actor, now=None) -> None:
    """A coordinator lets a stopped announcement go on where it was.

    Raises Refusal when it is not stopped, or places lack by now.
    """
    _lock(release)
    if release.state != State.STOPPED:
        raise Refusal(_too_late(release))
    _require_places(release.cohort, decisions_of(release))
    move(release, State.RUNNING, allowed=ALLOWED, actor=actor, now=now, action="release.resumed")


@transaction.atomic
def abandon(release: Release, *, actor, now=None) -> None:
    """A coordinator gives up an announcement that waits or was stopped: its decisions become pending and free again.

    Where some are applied already, the worker undoes them first (`applying.undo`): each file goes back to what its
    candidate still sees, and the letters, which never left, are gone. Raises Refusal while it runs, and once over.
    """
    now = now or timezone.now()
    _lock(release)
    if release.state not in (State.PROPOSED, State.STOPPED):
        raise Refusal(_too_late(release))
    emails.drop_requests(release)
    if release.decisions.filter(state=Decision.State.PUBLISHED).exists():
        move(release, State.UNDOING, allowed=ALLOWED, actor=actor, now=now)
    else:
        set_free(release, actor=actor, now=now)


@transaction.atomic
def retry(release: Release, *, actor, now=None) -> None:
    """A coordinator lets the worker try again what it could not apply. Raises Refusal when nothing was put aside."""
    _lock(release)
    if not release.decisions.exclude(trouble="").update(trouble=""):
        raise Refusal(_("Aucune décision n’est mise de côté."))
    journal.record("release.retried", release, actor=actor, now=now)


@transaction.atomic
def take_out(decision: Decision, *, actor, now=None) -> None:
    """A coordinator takes a decision that could not be applied out of its announcement, which goes on without it.

    It is pending and free again. Raises Refusal when it is not one of those any more.
    """
    now = now or timezone.now()
    application = decision.application
    lock(application.cohort)
    lock(application)
    lock(decision)
    if not (decision.trouble and decision.release_id):
        raise Refusal(_("Cette décision n’est plus mise de côté."))
    if decision.state == Decision.State.PUBLISHED:
        put_back(decision, application, actor=actor, now=now)
    decision.release, decision.trouble = None, ""
    decision.save(update_fields=["release", "trouble"])
    journal.record("decision.taken_out", application, actor=actor, now=now)
