"""Before each season: one letter asks every approved mentor how many young people she takes.

Asking is a row; the clock writes the letters one by one, so that a killed worker goes on where it stopped, and the
letters' keys see to it that nobody is asked twice for the same cohort.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import emails, season_links
from mentors.models import MentorProfile, SeasonCall
from notifications.models import Letter


def to_ask(cohort: Cohort) -> list[MentorProfile]:
    """Approved mentors who have neither answered for this cohort nor been written to about it (2 queries)."""
    silent = MentorProfile.objects.filter(state=MentorProfile.State.APPROVED).exclude(commitments__cohort=cohort)
    by_key = {season_links.key(one.pk, cohort.pk): one for one in silent.select_related("person").order_by("pk")}
    written = set(Letter.objects.filter(key__in=by_key).values_list("key", flat=True))
    return [mentor for key, mentor in by_key.items() if key not in written]


def under_way(cohort: Cohort) -> SeasonCall | None:
    """The call whose letters are being written; none most of the time."""
    return SeasonCall.objects.filter(cohort=cohort, done_at=None).first()


@transaction.atomic
def ask_for_commitments(cohort: Cohort, *, actor, now=None) -> SeasonCall:
    """A coordinator asks all approved mentors to commit for this cohort.

    Raises Refusal for a cohort that is over, when letters are being written already, or when there is nobody to ask.
    """
    now = now or timezone.now()
    lock(cohort)
    if cohort.ends_on < timezone.localdate(now):
        raise Refusal(_("Cette promotion est terminée."))
    if under_way(cohort):
        raise Refusal(_("Les courriels sont déjà en train de partir."))
    if not to_ask(cohort):
        raise Refusal(_("Tout le monde a déjà répondu, ou a déjà reçu ce courriel."))
    call = SeasonCall.objects.create(cohort=cohort, asked_by=journal.ref(actor), asked_at=now)
    journal.record("cohort.commitments_asked", cohort, actor=actor, now=now)
    return call


def work_calls(*, now) -> int:
    """The clock: write the letters that were asked for. Returns how many were written."""
    return sum(_work(call, now) for call in SeasonCall.objects.filter(done_at=None).select_related("cohort"))


def _work(call: SeasonCall, now) -> int:
    written = sum(emails.ask_for_season(mentor, call.cohort, now=now) for mentor in to_ask(call.cohort))
    SeasonCall.objects.filter(pk=call.pk).update(done_at=now)
    return written
