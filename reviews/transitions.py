"""The verbs of deciding: a mark on a file stays pending, and free to change, until an announcement takes it up."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.drafting import require_not_own
from applications.models import Application
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from reviews.models import Decision, Release

LONGEST_REASON = Decision._meta.get_field("shared_reason").max_length


@transaction.atomic
def mark(application: Application, outcome: str, *, shared_reason: str | None = None, actor, now=None) -> Decision:
    """A coordinator marks a decision; it stays pending, and free to change, until an announcement takes it up.

    A refusal may carry the reason that she chose to share: the person reads it in the answer. None keeps the one that
    stands, "" takes it away, and it goes with the refusal when another decision takes its place. Marking the same again
    changes nothing else. Raises Refusal when the file is her own or cannot be decided, its decision is being announced,
    or the reason is too long.
    """
    now = now or timezone.now()
    require_not_own(application.candidate, actor)
    if shared_reason is not None:
        shared_reason = tidy_reason(shared_reason)
    lock(application.cohort)  # so that no announcement takes the decision up meanwhile
    lock(application)
    _require_free(application)
    if application.state not in Decision.DECIDABLE_STATES or application.state == outcome:
        raise Refusal(_("Une décision ne peut plus être prise sur ce dossier."))
    standing = Decision.objects.filter(application=application, state=Decision.State.PENDING).first()
    decision = standing or Decision(application=application)
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


def _require_free(application: Application) -> None:
    """Raises Refusal, with what to do, while an announcement holds the decision of this file."""
    held = Decision.objects.filter(application=application, release__state__in=Release.OPEN_STATES)
    decision = held.select_related("release__proposed_by").first()
    if decision is None:
        return
    release = decision.release
    if release.state == Release.State.PROPOSED:
        who = release.proposed_by.get_full_name() if release.proposed_by else _("la coordination")
        raise Refusal(
            _(
                "La décision de ce dossier fait partie de l’annonce proposée par %s, qui attend d’être confirmée. Pour "
                "la changer, renoncez d’abord à cette annonce, depuis la sélection de la promotion."
            )
            % who
        )
    if release.state == Release.State.STOPPED:
        raise Refusal(
            _(
                "La décision de ce dossier fait partie d’une annonce arrêtée. Pour la changer, renoncez d’abord à "
                "cette annonce, depuis la sélection de la promotion."
            )
        )
    if release.state == Release.State.UNDOING:
        raise Refusal(
            _("La décision de ce dossier sort d’une annonce abandonnée\u00a0: elle sera libre dans un instant.")
        )
    raise Refusal(_("La décision de ce dossier est en cours d’annonce."))


@transaction.atomic
def change_reason(application: Application, shared_reason: str, *, actor, now=None) -> Decision:
    """A coordinator changes, or takes away, the reason that goes with a pending refusal.

    Raises Refusal when the file is not to be refused any more, its decision is being announced, or the reason is too
    long.
    """
    lock(application.cohort)
    lock(application)
    _require_free(application)
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
    """A coordinator takes a pending decision back.

    Raises Refusal when there is none, the file is her own, or an announcement holds it.
    """
    require_not_own(application.candidate, actor)
    lock(application.cohort)
    lock(application)
    _require_free(application)
    deleted, _rows = Decision.objects.pending().filter(application=application).delete()
    if not deleted:
        raise Refusal(_("Il n’y a pas de décision à effacer."))
    journal.record("decision.unmarked", application, actor=actor, now=now)
