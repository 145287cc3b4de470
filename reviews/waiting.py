"""The waiting list where it meets announcements: no place is called away that an open announcement has promised."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import waiting_list
from applications.models import Application
from cohorts.models import Cohort, WaitingList
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from reviews.models import Decision, Release


def promised_places(cohort: Cohort) -> int:
    """Acceptances of an open announcement that are not applied yet: their places are not free to call."""
    return Decision.objects.promised().filter(application__cohort=cohort).count()


def prepared_places(cohort: Cohort, calls: list[waiting_list.Call]) -> int:
    """Acceptances that wait to be announced and would each take a place, beside those of who is called."""
    called = [call.file.pk for call in calls]
    prepared = Decision.objects.pending().filter(application__cohort=cohort, outcome=Decision.Outcome.ACCEPTED)
    return prepared.exclude(application__in=called).count()


def next_calls(cohort: Cohort, *, now=None) -> list[waiting_list.Call]:
    """Whom `resume` or `call` would call at once, in order."""
    return waiting_list.next_calls(cohort, kept=promised_places(cohort), now=now or timezone.now())


@transaction.atomic
def resume(cohort: Cohort, *, expected: int | None = None, actor, now=None) -> list[Application]:
    """A coordinator lets a stopped list go on: the free places are offered at once. Returns who was called.

    `expected` is how many she was shown. Raises Refusal when that changed, or the list is not stopped.
    """
    lock(cohort)
    _require_as_shown(cohort, expected, now)
    return waiting_list.resume(cohort, kept=promised_places(cohort), actor=actor, now=now)


@transaction.atomic
def call(cohort: Cohort, *, expected: int | None = None, actor, now=None) -> list[Application]:
    """A coordinator offers the free places to the first of the list. Returns who was called.

    `expected` is how many she was shown. Raises Refusal when that changed, or the list is not open.
    """
    lock(cohort)
    _require_as_shown(cohort, expected, now)
    return waiting_list.call(cohort, kept=promised_places(cohort), actor=actor, now=now)


def _require_as_shown(cohort: Cohort, expected: int | None, now) -> None:
    if expected is not None and expected != len(next_calls(cohort, now=now)):
        raise Refusal(_("Les places libres ou la liste ont changé pendant que vous lisiez. Relisez, puis recommencez."))


@transaction.atomic
def close(cohort: Cohort, *, expected: int | None = None, actor, now=None) -> int:
    """A coordinator ends the list for good: whoever waits gets an answer within minutes. Returns how many.

    `expected` is how many she was shown. Raises Refusal when that changed, when the list is closed already, while an
    announcement is open, which would add people to a list that does not exist any more, or while somebody who waits is
    marked « accepter »: the clock would tell her no.
    """
    lock(cohort)
    if Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).exists():
        raise Refusal(
            _("Une annonce est ouverte pour cette promotion\u00a0: terminez-la, ou renoncez-y, puis revenez.")
        )
    _require_nobody_marked(cohort)
    return waiting_list.close(cohort, expected=expected, actor=actor, now=now)


def _require_nobody_marked(cohort: Cohort) -> None:
    marked = Decision.objects.pending().filter(application__in=waiting_list.of(cohort).values("pk"))
    if count := marked.filter(outcome=Decision.Outcome.ACCEPTED).count():
        raise Refusal(
            ngettext(
                "Sur la liste, une personne attend l’annonce d’une décision «\u00a0accepter\u00a0»\u00a0: publiez-la "
                "d’abord, ou effacez-la.",
                "Sur la liste, %(count)s personnes attendent l’annonce d’une décision «\u00a0accepter\u00a0»\u00a0: "
                "publiez ces décisions d’abord, ou effacez-les.",
                count,
            )
            % {"count": count}
        )


def require_open_for(cohort: Cohort, decisions) -> None:
    """For whoever announces `decisions`: raises Refusal when they add somebody to a list that is closed."""
    if cohort.waiting_list != WaitingList.CLOSED:
        return
    if count := decisions.filter(outcome=Decision.Outcome.WAITLISTED).count():
        raise Refusal(
            ngettext(
                "La liste d’attente est close\u00a0: une décision y mettrait encore quelqu’un. Changez-la d’abord.",
                "La liste d’attente est close\u00a0: %(count)s décisions y mettraient encore quelqu’un. Changez-les "
                "d’abord.",
                count,
            )
            % {"count": count}
        )
