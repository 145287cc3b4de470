"""The verbs of an authorisation once somebody answers: a representative by her link, or staff for her, by hand.

What stops a pair (`refuse`, `withdraw`) is a step of `matching.falls`, which holds the locks in order: the file
and its pairs first, then the authorisation, then the guardian.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consents import emails
from consents.guardians import NO, LinkUsed, State, hand_link, lock_hers, locked
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from consents.queries import current_texts, must_sign_anew
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal

ALLOWED = {
    State.REQUESTED: {State.GIVEN, State.REFUSED},
    State.GIVEN: {State.WITHDRAWN, State.REFUSED},
    State.REFUSED: {State.REQUESTED},
    State.WITHDRAWN: {State.REQUESTED},
}
"""Of the authorisation as a whole: once given it may be withdrawn, or refused by the other representative; refused or
withdrawn, it is asked again by staff alone, once both sides have settled it."""

ANSWERS = {
    State.REQUESTED: {State.GIVEN, State.REFUSED},
    State.GIVEN: {State.GIVEN, State.WITHDRAWN, State.REQUESTED},
    State.REFUSED: {State.REQUESTED},
    State.WITHDRAWN: {State.REQUESTED},
}
"""Of one representative: she signs anew when the text has changed and asks again, and is asked again when a coordinator
had recorded the no by hand (`settle`)."""


class TextChanged(Refusal):
    """A newer version of the text stands since the page was shown: it is read before it is signed."""

    def __init__(self):
        super().__init__(_("Ce texte vient de changer. Relisez-le avant de signer."))


# --- Her answer ---------------------------------------------------------------------------------


@transaction.atomic
def sign(
    guardian: Guardian,
    *,
    link_number: int,
    name: str,
    relation: str,
    version: TextVersion,
    actor="guardian",
    now=None,
) -> None:
    """She authorises: what she typed and the text she read are kept, and a copy is sent to her.

    The authorisation is given unless the other representative said no. The link no longer works afterwards. Raises
    LinkUsed, TextChanged, IllegalTransition when she has answered already and the text asks for nothing new.
    """
    now = now or timezone.now()
    authorisation = locked(guardian)
    _require_link(guardian, link_number)
    if version != current_texts().get(TextVersion.Key.GUARDIAN):
        raise TextChanged
    if guardian.state == State.GIVEN and not must_sign_anew(guardian):
        raise IllegalTransition(journal.ref(guardian), guardian.state, State.GIVEN)
    signature = {"name": name, "relation": relation, "text_version": version}
    _answer(guardian, State.GIVEN, actor=actor, now=now, **signature)
    _sign_whole(authorisation, guardian, actor=actor, now=now)
    emails.copy_of_signature(guardian, now=now)


def _sign_whole(authorisation, guardian, *, actor, now) -> None:
    signature = {
        "guardian_name": guardian.name,
        "relation": guardian.relation,
        "signed_on": timezone.localdate(now),
        "text_version": guardian.text_version,
    }
    if authorisation.state == State.REQUESTED:
        move(authorisation, State.GIVEN, allowed=ALLOWED, actor=actor, now=now, **signature)
        emails.drop_reminders(authorisation)
        emails.tell_given(authorisation, now=now)
    elif authorisation.state == State.GIVEN and authorisation.text_version != guardian.text_version:
        for field, value in signature.items():
            setattr(authorisation, field, value)
        authorisation.save(update_fields=list(signature))


def refuse(authorisation: GuardianAuthorisation, *, guardian: Guardian | None, link_number=None, actor, now) -> None:
    """One representative says no: it stands for both. A step of `matching.falls.refuse_authorisation`.

    Without a `guardian` a coordinator records it. Staff are alerted, the young person is told.
    Raises LinkUsed, IllegalTransition when she has answered already.
    """
    lock(authorisation)
    if guardian is not None:
        lock_hers(guardian, authorisation)
        _require_link(guardian, link_number)
        _answer(guardian, State.REFUSED, actor=actor, now=now)
        emails.acknowledge_refusal(guardian, now=now)
    if guardian is None or authorisation.state in (State.REQUESTED, State.GIVEN):
        move(authorisation, State.REFUSED, allowed=ALLOWED, actor=actor, now=now)
        emails.tell_stopped(authorisation, now=now)
    emails.drop_reminders(authorisation)
    emails.alert_staff(authorisation, now=now)


def withdraw(authorisation: GuardianAuthorisation, *, guardian: Guardian | None, link_number=None, actor, now) -> None:
    """One representative takes her authorisation back. A step of `matching.falls.withdraw_authorisation`.

    Without a `guardian` a coordinator records it. Staff are alerted, the young person is told. While the other one is
    asked again, it counts as a refusal: what she signs later does not pass over it.
    Raises LinkUsed, IllegalTransition when it was not given.
    """
    lock(authorisation)
    if guardian is not None:
        lock_hers(guardian, authorisation)
        _require_link(guardian, link_number)
        _answer(guardian, State.WITHDRAWN, actor=actor, now=now)
        emails.acknowledge_withdrawal(guardian, now=now)
    if guardian is None or authorisation.state in (State.REQUESTED, State.GIVEN):
        is_awaited = guardian is not None and authorisation.state == State.REQUESTED
        move(authorisation, State.REFUSED if is_awaited else State.WITHDRAWN, allowed=ALLOWED, actor=actor, now=now)
        emails.tell_stopped(authorisation, now=now)
    emails.drop_reminders(authorisation)
    emails.alert_staff(authorisation, now=now)


def _answer(guardian: Guardian, to: str, *, actor, now, **changes) -> None:
    authorisation = guardian.authorisation
    used = {"answered_at": now, "link_number": guardian.link_number + 1}
    if to == State.GIVEN:  # who says no after asking for a call is still to be called
        used |= {"call_asked_at": None, "phone": ""}
    move(guardian, to, allowed=ANSWERS, actor=actor, now=now, **used, **changes)
    guardian.authorisation = authorisation
    emails.drop(guardian)


def _require_link(guardian: Guardian, link_number: int | None) -> None:
    if link_number != guardian.link_number:
        raise LinkUsed


@transaction.atomic
def ask_for_call(guardian: Guardian, *, link_number: int, phone: str, actor="guardian", now=None) -> None:
    """She would rather talk first: staff are told, once. The link goes on working. Raises LinkUsed."""
    now = now or timezone.now()
    locked(guardian)
    _require_link(guardian, link_number)
    is_new = guardian.call_asked_at is None
    guardian.call_asked_at, guardian.phone = guardian.call_asked_at or now, phone
    guardian.save(update_fields=["call_asked_at", "phone"])
    if is_new:
        journal.record("guardian.call_asked", guardian, actor=actor, now=now)
        emails.tell_staff_to_call(guardian, now=now)


def tell_of_pair(authorisation: GuardianAuthorisation, *, fact: str, now) -> None:
    """Whoever signed learns that the young person has a mentor. A step of `matching.introductions`."""
    for guardian in authorisation.guardians.filter(state=State.GIVEN).select_related("authorisation__person"):
        emails.announce_pair(guardian, fact=fact, now=now)


# --- Staff --------------------------------------------------------------------------------------


@transaction.atomic
def note_called(guardian: Guardian, *, actor, now=None) -> None:
    """A coordinator called her back; the number is forgotten. Raises Refusal when no call is awaited."""
    locked(guardian)
    if guardian.call_asked_at is None:
        raise Refusal(_("Aucun appel n’est attendu, ou un·e collègue l’a déjà passé."))
    guardian.call_asked_at, guardian.phone = None, ""
    guardian.save(update_fields=["call_asked_at", "phone"])
    journal.record("guardian.called", guardian, actor=actor, now=now)


@transaction.atomic
def record_given(authorisation, *, guardian_name: str, relation: str, signed_on, actor, now=None) -> None:
    """A coordinator has the signed authorisation before her eyes and writes down who signed, as what, and when.

    Raises IllegalTransition when it was given, refused or withdrawn already.
    """
    signature = {"guardian_name": guardian_name, "relation": relation, "signed_on": signed_on}
    move(authorisation, State.GIVEN, allowed=ALLOWED, actor=actor, now=now, **signature)
    emails.drop_reminders(authorisation)
    emails.tell_given(authorisation, now=now or timezone.now())


@transaction.atomic
def settle(authorisation: GuardianAuthorisation, *, actor, now=None) -> None:
    """A coordinator, who has talked with both sides, asks again after a refusal or a withdrawal.

    Whoever had said no gets a new link; so does everybody when no one had, by her link, and a coordinator recorded it.
    Nothing leaves by itself for somebody who is followed by hand. Raises IllegalTransition when nothing was refused or
    withdrawn.
    """
    now = now or timezone.now()
    signature = {"guardian_name": "", "relation": "", "signed_on": None, "text_version": None}
    move(authorisation, State.REQUESTED, allowed=ALLOWED, actor=actor, now=now, **signature)
    guardians = list(authorisation.guardians.select_for_update())
    said_no = any(guardian.state in NO for guardian in guardians)
    for guardian in guardians:
        if said_no and guardian.state == State.GIVEN:
            continue  # hers stands
        guardian.authorisation = authorisation
        if guardian.state != State.REQUESTED:
            _answer_again(guardian, actor=actor, now=now)
        if not authorisation.person.is_followed_by_hand:
            hand_link(guardian, emails.request, actor=actor, now=now)


def _answer_again(guardian: Guardian, *, actor, now) -> None:
    authorisation = guardian.authorisation
    anew = {"asked_at": now, "reminded_after": 0, "link_number": guardian.link_number + 1}
    move(guardian, State.REQUESTED, allowed=ANSWERS, actor=actor, now=now, **anew)
    guardian.authorisation = authorisation
