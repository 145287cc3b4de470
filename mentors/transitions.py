"""The verbs of a mentor's profile and of her commitments.

What can touch an offer or a pair goes through `matching.falls`: pausing, leaving, and taking fewer young people.
A profile is locked before its commitments.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.transitions import known_or_new
from cohorts.models import Cohort, Trade
from consents.models import TextVersion
from consents.queries import current_texts
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal
from mentors import emails, perms
from mentors.models import MAX_CAPACITY, Commitment, MentorProfile, Practice

State = MentorProfile.State

ALLOWED = {
    State.INVITED: {State.APPLIED},
    State.APPLIED: {State.APPROVED, State.DECLINED},
    State.APPROVED: {State.PAUSED, State.LEFT},
    State.PAUSED: {State.APPROVED, State.LEFT},
}

ASKED = ("position", "region", "languages", "presentation")
"""What a profile must hold, with one trade at least and her seniority in each, before it can be looked at."""

Practices = dict[Trade, str]
"""The trades that a mentor exercises, and her `Seniority` in each."""


@transaction.atomic
def invite(
    email: str, *, first_name: str, last_name: str, position="", employer="", partner=None, actor, now=None
) -> MentorProfile:
    """A coordinator invites somebody to become a mentor; she gets a letter. The account is made if there is none.

    Raises Refusal when she was invited already, is a candidate of a season under way, or has a closed account.
    """
    now = now or timezone.now()
    person = known_or_new(email, now)
    lock(person)
    if not person.is_active:
        raise Refusal(_("Le compte de cette personne est fermé."))
    if known := MentorProfile.objects.filter(person=person).first():
        raise Refusal(
            _("Cette personne est déjà parmi les mentor·es (%s)\u00a0: aucune nouvelle invitation n’est partie.")
            % known.get_state_display()
        )
    if perms.is_candidate(person, now):
        raise Refusal(
            _("Cette personne est candidate en ce moment\u00a0: on ne peut pas accompagner dans la même saison.")
        )
    # What a person has said of herself counts more than what is said of her.
    person.first_name = person.first_name or first_name
    person.last_name = person.last_name or last_name
    person.save(update_fields=["first_name", "last_name"])
    mentor = MentorProfile.objects.create(
        person=person, position=position, employer=employer, partner=partner, created_at=now
    )
    journal.record("mentorprofile.invited", mentor, actor=actor, now=now, target_state=State.INVITED)
    emails.invite(mentor, now=now)
    return mentor


@transaction.atomic
def apply(
    person, *, first_name: str, last_name: str, answers: dict, practices: Practices, actor, now=None
) -> MentorProfile:
    """Somebody whom nobody invited asks to become a mentor.

    Raises Refusal when she has a profile already, and as `save_profile` does.
    """
    now = now or timezone.now()
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if MentorProfile.objects.filter(person=person).exists():
        raise Refusal(_("Votre profil existe déjà\u00a0: ouvrez-le depuis votre espace."))
    person.first_name, person.last_name = person.first_name or first_name, person.last_name or last_name
    person.save(update_fields=["first_name", "last_name"])
    mentor = MentorProfile.objects.create(person=person, created_at=now)
    save_profile(mentor, answers=answers, practices=practices, actor=actor, now=now)
    return mentor


@transaction.atomic
def save_profile(mentor: MentorProfile, *, answers: dict, practices: Practices, actor, now=None) -> None:
    """The mentor says, or corrects, who she is. An invited one thereby applies.

    Raises Refusal when something asked is missing, or when she applies while she is a candidate herself;
    IllegalTransition when she was declined or has left.
    """
    now = now or timezone.now()
    lock(mentor)
    if mentor.state in (State.DECLINED, State.LEFT):
        raise IllegalTransition(journal.ref(mentor), mentor.state, State.APPLIED)
    if mentor.state == State.INVITED and perms.is_candidate(mentor.person, now):
        raise Refusal(_("Vous avez une candidature en cours\u00a0: on ne peut pas accompagner dans la même saison."))
    if not practices or not all(practices.values()) or not all(answers.get(name) for name in ASKED):
        raise Refusal(_("Il manque encore quelque chose dans votre profil."))
    for name, value in answers.items():
        setattr(mentor, name, value)
    mentor.save(update_fields=list(answers))
    _practise(mentor, practices)
    if mentor.state == State.INVITED:
        move(mentor, State.APPLIED, allowed=ALLOWED, actor=actor, now=now)
        emails.acknowledge_application(mentor, now=now)
    else:
        journal.record("mentorprofile.changed", mentor, actor=actor, now=now)


def _practise(mentor: MentorProfile, practices: Practices) -> None:
    """She exercises these trades, and no others."""
    mentor.practices.exclude(trade__in=practices).delete()
    Practice.objects.bulk_create(
        [Practice(mentor=mentor, trade=trade, seniority=seniority) for trade, seniority in practices.items()],
        update_conflicts=True,
        unique_fields=["mentor", "trade"],
        update_fields=["seniority"],
    )


@transaction.atomic
def note_call(mentor: MentorProfile, *, called_on: date, notes: str = "", actor, now=None) -> None:
    """A coordinator has spoken with her: the day, by whom, and notes that she may ask to read.

    Raises Refusal for a day to come.
    """
    now = now or timezone.now()
    if called_on > timezone.localdate(now):
        raise Refusal(_("Cette date est à venir\u00a0: indiquez le jour de l’appel."))
    lock(mentor)
    mentor.called_on, mentor.called_by, mentor.call_notes = called_on, journal.ref(actor), notes
    mentor.save(update_fields=["called_on", "called_by", "call_notes"])
    journal.record("mentorprofile.called", mentor, actor=actor, now=now)


@transaction.atomic
def approve(mentor: MentorProfile, *, actor, now=None) -> None:
    """A coordinator takes her in, once they have spoken; she gets a letter.

    Raises Refusal while no call is noted, IllegalTransition unless she has applied.
    """
    now = now or timezone.now()
    lock(mentor)
    if mentor.state == State.APPLIED and mentor.called_on is None:
        raise Refusal(_("Notez d’abord l’appel\u00a0: un profil se valide après s’être parlé."))
    move(mentor, State.APPROVED, allowed={State.APPLIED: ALLOWED[State.APPLIED]}, actor=actor, now=now)
    emails.announce_approval(mentor, now=now)


@transaction.atomic
def decline(mentor: MentorProfile, *, actor, now=None) -> None:
    """A coordinator does not take her in, and says so kindly. Raises IllegalTransition unless she has applied."""
    now = now or timezone.now()
    move(mentor, State.DECLINED, allowed=ALLOWED, actor=actor, now=now)
    emails.announce_refusal(mentor, now=now)


@transaction.atomic
def sign_charter(mentor: MentorProfile, *, version: TextVersion, name: str, actor, now=None) -> None:
    """She signs the charter by typing her name, in the version that she read; again when a newer one asks for it.

    Raises Refusal without a name, or when a newer version was published while she read; IllegalTransition unless she
    is approved, or paused.
    """
    now = now or timezone.now()
    lock(mentor)
    if mentor.state not in (State.APPROVED, State.PAUSED):
        raise IllegalTransition(journal.ref(mentor), mentor.state, State.APPROVED)
    if not (name := " ".join(name.split())):
        raise Refusal(_("Écrivez votre prénom et votre nom pour signer."))
    if version != current_texts().get(TextVersion.Key.CHARTER):
        raise Refusal(_("La charte vient de changer\u00a0: relisez-la avant de signer."))
    mentor.charter, mentor.charter_name, mentor.charter_signed_at = version, name, now
    mentor.save(update_fields=["charter", "charter_name", "charter_signed_at"])
    journal.record("mentorprofile.charter_signed", mentor, actor=actor, now=now, detail=str(version.number))


@transaction.atomic
def read_guide(mentor: MentorProfile, *, actor, now=None) -> None:
    """She says that she has read the guide. Does nothing the second time."""
    now = now or timezone.now()
    lock(mentor)
    if mentor.guide_read_at is None:
        mentor.guide_read_at = now
        mentor.save(update_fields=["guide_read_at"])
        journal.record("mentorprofile.guide_read", mentor, actor=actor, now=now)


def pause(mentor: MentorProfile, *, actor, now) -> None:
    """A step of `matching.falls.pause_mentor`. Raises IllegalTransition unless she is approved."""
    move(mentor, State.PAUSED, allowed=ALLOWED, actor=actor, now=now)


def leave(mentor: MentorProfile, *, actor, now) -> None:
    """A step of `matching.falls.leave_mentor`; she is thanked. Raises IllegalTransition unless approved or pausing."""
    move(mentor, State.LEFT, allowed=ALLOWED, actor=actor, now=now)
    emails.say_goodbye(mentor, now=now)


@transaction.atomic
def resume(mentor: MentorProfile, *, actor, now=None) -> None:
    """She is back: the next run may propose her young people again. Raises IllegalTransition unless she is paused."""
    move(
        mentor,
        State.APPROVED,
        allowed={State.PAUSED: ALLOWED[State.PAUSED]},
        actor=actor,
        now=now or timezone.now(),
    )


def honorability_end(seen_on: date) -> date:
    """The last day on which an extract seen on that day counts."""
    return seen_on + timedelta(days=settings.HONORABILITY_DAYS)


@transaction.atomic
def record_honorability(mentor: MentorProfile, *, seen_on: date, actor, now=None) -> None:
    """A coordinator has seen her criminal record extract (B3): who, which day, valid until. Never the document.

    Raises Refusal for a day to come, or so long ago that it counts no more.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    if seen_on > today:
        raise Refusal(_("Cette date est à venir\u00a0: indiquez le jour où vous avez vu l’extrait."))
    valid_until = honorability_end(seen_on)
    if valid_until < today:
        raise Refusal(
            _("Un extrait compte %s\u00a0jours, et celui-ci a été vu avant\u00a0: il faut en voir un nouveau.")
            % settings.HONORABILITY_DAYS
        )
    lock(mentor)
    mentor.honorability_seen_on = seen_on
    mentor.honorability_seen_by = journal.ref(actor)
    mentor.honorability_valid_until = valid_until
    mentor.save(update_fields=["honorability_seen_on", "honorability_seen_by", "honorability_valid_until"])
    journal.record("mentorprofile.honorability_seen", mentor, actor=actor, now=now)
    emails.drop_honorability_reminders(mentor)


@transaction.atomic
def commit(
    mentor: MentorProfile,
    cohort: Cohort,
    *,
    capacity: int,
    preferred_trades: list[Trade] | None = None,
    actor,
    now=None,
) -> Commitment:
    """The mentor, or a coordinator for her, says how many young people she takes in a cohort, none at all for
    « not this time »; later, more of them. A step of `matching.falls.settle_commitment`, which knows how to take fewer.

    `preferred_trades` are those she would rather accompany; None leaves them as they are.
    Raises Refusal unless she is approved, for a cohort that is over, out of bounds, or for fewer than before.
    """
    now = now or timezone.now()
    lock(mentor)
    if mentor.state != State.APPROVED:
        raise Refusal(_("Un engagement se prend une fois le profil validé, et hors pause."))
    if cohort.ends_on < timezone.localdate(now):
        raise Refusal(_("Cette promotion est terminée."))
    if not 0 <= capacity <= MAX_CAPACITY:
        raise Refusal(_("Un engagement va de 0 à %s personnes.") % MAX_CAPACITY)
    commitment = Commitment.objects.filter(mentor=mentor, cohort=cohort).first()
    if commitment is None:
        commitment = Commitment.objects.create(mentor=mentor, cohort=cohort, capacity=capacity, made_at=now)
        journal.record("commitment.made", commitment, actor=actor, now=now, detail=str(capacity))
        commitment.preferred_trades.set(preferred_trades or [])
        return commitment
    lock(commitment)
    if capacity < commitment.capacity:
        raise Refusal(
            _("Vous aviez prévu %s personnes, et cela vient de changer\u00a0: relisez avant de répondre.")
            % commitment.capacity
        )
    set_capacity(commitment, capacity, actor=actor, now=now)
    if preferred_trades is not None:
        _prefer(commitment, preferred_trades, actor=actor, now=now)
    return commitment


def _prefer(commitment: Commitment, trades: list[Trade], *, actor, now) -> None:
    if {trade.pk for trade in trades} != {trade.pk for trade in commitment.preferred_trades.all()}:
        commitment.preferred_trades.set(trades)
        journal.record("commitment.preferences_changed", commitment, actor=actor, now=now)


def set_capacity(commitment: Commitment, capacity: int, *, actor, now) -> None:
    """A step of `commit` and of `matching.falls.reduce_capacity`, which hold the lock on the commitment."""
    if capacity != commitment.capacity:
        detail = f"{commitment.capacity} → {capacity}"
        commitment.capacity = capacity
        commitment.save(update_fields=["capacity"])
        journal.record("commitment.changed", commitment, actor=actor, now=now, detail=detail)
