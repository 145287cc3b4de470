"""The verbs of an application. Each one is a transaction, the same for every door."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import completeness, copies, emails, minors, sending, waiting_list
from applications.drafting import open_draft, require_open
from applications.files import File
from applications.models import Application, Draft, SentCopy
from applications.states import ALLOWED, confirmation_term
from cohorts.moments import moment
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal

State = Application.State


class Incomplete(Refusal):
    """The file cannot be sent yet; `missing` says what to complete."""

    def __init__(self, missing):
        super().__init__(_("Il manque encore quelque chose avant de pouvoir envoyer votre candidature."))
        self.missing = missing


class Changed(Refusal):
    """The answers are no longer those that the page to check showed: somebody wrote in another tab."""

    def __init__(self):
        super().__init__(_("Vos réponses ont changé depuis l’affichage de cette page. Relisez-les, puis envoyez."))


class BirthDateStands(Refusal):
    """A file sent with that birth date relies on it: age, and who must sign for a minor."""


def require_birth_date_kept(candidate, birth_date, *, sending: Application) -> None:
    """Raises BirthDateStands when a sent file, other than the one being sent, relies on another birth date, or when the
    representative of a minor has answered and she would be of age.

    Else a minor could come of age in the draft of another cohort, and confirm without her representative.
    Whatever was decided: asking the decision would tell one that is not announced.
    """
    if candidate.birth_date is None or birth_date == candidate.birth_date:
        return
    relying = (
        Application.objects.filter(candidate=candidate).sent().exclude(state=State.WITHDRAWN).exclude(pk=sending.pk)
    )
    if reference := relying.values_list("reference", flat=True).first():
        raise BirthDateStands(
            _("La candidature %s a été envoyée avec une autre date de naissance\u00a0: pour la corriger, écrivez-nous.")
            % reference
        )
    is_of_age = birth_date is not None and sending.cohort.age_at_start(birth_date) >= minors.MAJORITY
    if is_of_age and minors.is_answered(sending):
        raise BirthDateStands(
            _("Votre représentant·e légal·e a répondu pour vous\u00a0: pour corriger cette date, écrivez-nous.")
        )


@transaction.atomic
def submit(application: Application, *, seen: str | None = None, actor, now=None) -> SentCopy:
    """The candidate, or a coordinator who typed the file for her, sends what is written: for the first time or again.

    It is frozen as a copy, becomes the file's answers, and a receipt leaves. `seen` is what the page to check showed
    (`File.fingerprint`; None: whatever stands). Raises CallClosed outside the call and the time that staff gave,
    Changed when something else is written by now, Incomplete with what is missing, BirthDateStands when another file
    relies on another birth date, IllegalTransition when nothing is there to send or its decision was announced.
    """
    now = now or timezone.now()
    lock(application)
    file = File(application, open_draft(application))
    require_open(application.cohort, now, application=application)
    if seen is not None and seen != file.fingerprint:
        raise Changed
    if missing := completeness.missing(file):
        raise Incomplete(missing)
    require_birth_date_kept(application.candidate, file.birth_date, sending=application)
    if application.state == State.DRAFT:
        move(application, State.SUBMITTED, allowed=ALLOWED, actor=actor, now=now, sent_at=now)
    elif application.shown_state is State.SUBMITTED:  # a refusal would tell a decision that is not announced
        journal.record("application.sent_again", application, actor=actor, now=now)
    else:
        raise IllegalTransition(journal.ref(application), application.state, State.SUBMITTED)
    before = application.copies.first()
    copy = copies.freeze(file, now=now)
    sending.write_answers(file, now=now)
    sending.give_consents(file, actor=actor, now=now)
    file.draft.delete()
    sending.ask_guardians(file, before=before, actor=actor, now=now)
    emails.drop_reminders(application)
    emails.acknowledge(application, copy.number, awaited=minors.awaited_of(application), now=now)
    emails.tell_referent(application, now=now)
    return copy


@transaction.atomic
def decide(
    application: Application, outcome: str, *, rank=None, shared_reason: str = "", actor, hold: str, now=None
) -> None:
    """Apply one published decision: the state changes, and stays hidden with its letter until `announce`.

    With a refusal goes the reason that staff chose to share, if any. Called by `reviews.transitions` alone. Raises
    IllegalTransition when the file is past deciding.
    """
    now = now or timezone.now()
    lock(application)
    changes = {"masked_state": application.shown_state, "waitlist_rank": rank if outcome == State.WAITLISTED else None}
    changes["shared_reason"] = shared_reason if outcome == State.REJECTED else ""
    if outcome == State.ACCEPTED:
        changes["confirm_by"] = confirmation_term(application.cohort, now)
    move(application, outcome, allowed=ALLOWED, actor=actor, now=now, **changes)
    emails.announce_decision(
        application, awaits_authorisation=not minors.is_authorised(application), now=now, hold=hold
    )


@transaction.atomic
def confirm(application: Application, *, actor, now=None) -> None:
    """The accepted candidate takes her place.

    Raises Refusal for a minor without authorisation or after the term, IllegalTransition when nothing is to confirm.
    """
    now = now or timezone.now()
    lock(application)
    if application.shown_state is not State.ACCEPTED:
        # Asked of the shown state: an acceptance not announced is not learnt here, and the table also lets a
        # matched file go back to CONFIRMED, which is never the candidate's to do.
        raise IllegalTransition(journal.ref(application), application.shown_state, State.CONFIRMED)
    minors.require_authorised(application)
    if now > application.confirm_by:
        raise Refusal(_("Le délai pour confirmer est passé depuis le %s.") % moment(application.confirm_by))
    move(application, State.CONFIRMED, allowed=ALLOWED, actor=actor, now=now, confirmed_at=now)
    emails.drop_reminders(application)
    emails.acknowledge_confirmation(application, now=now)


@transaction.atomic
def withdraw(application: Application, *, actor, now=None) -> None:
    """Take the file back for good. A step of `matching.falls.withdraw_application`, which frees pairs and offers.

    Raises IllegalTransition when it is a draft, or already over.
    """
    now = now or timezone.now()
    lock(application.cohort)
    lock(application)
    frees_a_place = application.state in Application.PLACE_STATES
    # A refusal here would tell a decision that nobody was told yet: what looks like a file being read can be withdrawn.
    allowed = {application.state: {State.WITHDRAWN}} if application.masked_state else ALLOWED
    move(application, State.WITHDRAWN, allowed=allowed, actor=actor, now=now, masked_state="")
    Draft.objects.filter(application=application).delete()
    emails.drop_all(application)
    emails.acknowledge_withdrawal(application, now=now)
    if frees_a_place:  # else the waiting list would take places that an announcement under way has promised
        waiting_list.promote_next(application.cohort, freed_by=application, now=now)


@transaction.atomic
def lapse(application: Application, *, now) -> None:
    """The clock: the place was not confirmed in time; it goes to the waiting list.

    Raises IllegalTransition when it was confirmed in the meantime.
    """
    lock(application.cohort)
    lock(application)
    if application.confirm_by is None or application.confirm_by >= now:
        raise IllegalTransition(journal.ref(application), application.state, State.LAPSED)
    move(application, State.LAPSED, allowed=ALLOWED, actor=journal.CLOCK, now=now)
    emails.drop_reminders(application)
    emails.announce_lapse(application, now=now)
    waiting_list.promote_next(application.cohort, freed_by=application, now=now)


def mark_matched(application: Application, *, actor, now) -> None:
    """A pair opened. A step of `matching.transitions.accept`. Raises Refusal for a minor without authorisation."""
    minors.require_authorised(application)
    move(application, State.MATCHED, allowed=ALLOWED, actor=actor, now=now)


def mark_unmatched(application: Application, *, actor, now) -> None:
    """Her pair is over before its time, by no doing of hers: somebody else may be proposed. A step of `matching.falls`
    and `matching.introductions`, which end the pair. Raises IllegalTransition unless she is matched.
    """
    move(application, State.CONFIRMED, allowed={State.MATCHED: ALLOWED[State.MATCHED]}, actor=actor, now=now)


def complete(application: Application, *, actor, now) -> None:
    """Her cohort has come to its end. A step of `matching.falls.close_cohort`, which completes the pair; whoever has no
    mentor on that day gets a letter that says so.

    Raises IllegalTransition unless she is matched, or has confirmed her place.
    """
    lock(application)
    has_no_mentor = application.state == State.CONFIRMED
    move(application, State.COMPLETED, allowed=ALLOWED, actor=actor, now=now)
    if has_no_mentor:
        emails.regret_no_mentor(application, now=now)
