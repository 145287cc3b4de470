"""The verbs of an authorisation: asking a legal representative, her answer, and what staff record by hand.

What stops a pair (`refuse`, `withdraw`) is a step of `matching.transitions`, which holds the locks in order: the file
and its pairs first, then the authorisation, then the guardian.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import mailbox
from accounts.queries import addresses_of
from consents import emails
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from consents.queries import current_texts, must_sign_anew
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal

State = GuardianAuthorisation.State
NO = (State.REFUSED, State.WITHDRAWN)

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

ORDERS = (1, 2)
"""One representative is enough, and two at most are asked."""
LINKS_A_DAY = 5
"""How many links one authorisation may send in 24 hours, whoever asks for them."""
PAUSE = timedelta(minutes=2)
"""Before the same link is sent again."""


class LinkUsed(Refusal):
    """The link no longer counts: an answer was given with it, the address was corrected, or she is asked no more."""

    def __init__(self):
        super().__init__(_("Ce lien a déjà servi. Demandez-en un nouveau\u00a0: il arrivera à la même adresse."))


class TextChanged(Refusal):
    """A newer version of the text stands since the page was shown: it is read before it is signed."""

    def __init__(self):
        super().__init__(_("Ce texte vient de changer. Relisez-le avant de signer."))


# --- Asking -------------------------------------------------------------------------------------


def expect(person, scope: str, *, title: str, details: str = "") -> GuardianAuthorisation:
    """The authorisation of this person's representatives for this scope: the one there already, or a new one."""
    words = {"title": title, "details": details}
    authorisation, _is_new = GuardianAuthorisation.objects.get_or_create(person=person, scope=scope, defaults=words)
    return authorisation


@transaction.atomic
def ask(authorisation: GuardianAuthorisation, named: list[tuple[str, str]], *, actor, now=None) -> None:
    """Ask one or two representatives, `named` as (name, address): each new address is sent a link.

    Who has answered keeps her address, her place and her answer, named or not; who has not, and is named no longer, is
    no longer asked. Nothing leaves by itself for somebody followed by hand, nor after a no, until it is settled. Raises
    Refusal as `require_address` does.
    """
    now = now or timezone.now()
    lock(authorisation)
    guardians = {guardian.order: guardian for guardian in authorisation.guardians.select_for_update()}
    answered = {mailbox(who.email): order for order, who in guardians.items() if who.state != State.REQUESTED}
    to_ask = [(name, email) for name, email in named if mailbox(email) not in answered]
    free = [order for order in ORDERS if order not in answered.values()]
    for order in free[len(to_ask) :]:
        if order in guardians:
            emails.drop(guardians[order])
            guardians[order].delete()
    before = []
    for order, (name, email) in zip(free, to_ask, strict=False):
        require_address(authorisation.person, email, others=before)
        before.append(email)
        guardian = guardians.get(order) or Guardian(authorisation=authorisation, order=order)
        _name_guardian(guardian, name, email, actor=actor, now=now)


def require_address(person, email: str, *, others=()) -> None:
    """Raises Refusal when this address is the young person's own, or one of the `others`, named already."""
    if mailbox(email) in map(mailbox, addresses_of(person)):
        raise Refusal(_("C’est votre propre adresse\u00a0: donnez celle de votre représentant·e légal·e, qui signera."))
    if mailbox(email) in map(mailbox, others):
        raise Refusal(_("Donnez une adresse différente pour chaque représentant·e."))


def _name_guardian(guardian: Guardian, name: str, email: str, *, actor, now) -> None:
    is_same = guardian.email == email.lower()
    guardian.name, guardian.email = name, email.lower()
    if is_same:
        guardian.save(update_fields=["name"])
        return
    if guardian.pk:
        emails.drop(guardian)
        guardian.link_number += 1
    guardian.asked_at, guardian.reminded_after, guardian.links_sent = now, 0, 0
    guardian.save()
    authorisation = guardian.authorisation
    is_held = authorisation.person.is_followed_by_hand or authorisation.state in NO
    # Sending a file is never refused for it: a day's links spent, she asks for another tomorrow, from her own page.
    if not is_held and _sent(authorisation, timedelta(days=1), now) < LINKS_A_DAY:
        _send_link(guardian, emails.request, actor=actor, now=now)


@transaction.atomic
def correct_address(guardian: Guardian, email: str, *, actor, now=None) -> None:
    """The candidate, or a coordinator, corrects the address of a representative who has not answered: the links sent to
    the old one die, and one leaves for the new one.

    Raises Refusal as `require_address` does and when many left today, IllegalTransition once she has answered.
    """
    now = now or timezone.now()
    authorisation = _locked(guardian)
    if guardian.state != State.REQUESTED:
        raise IllegalTransition(journal.ref(guardian), guardian.state, State.REQUESTED)
    if guardian.email == email.lower():
        raise Refusal(_("C’est déjà l’adresse que nous avons. Pour y recevoir un nouveau lien, renvoyez-le."))
    others = authorisation.guardians.exclude(pk=guardian.pk).values_list("email", flat=True)
    require_address(authorisation.person, email, others=others)
    _require_day(authorisation, now)
    emails.drop(guardian)
    guardian.email, guardian.link_number = email.lower(), guardian.link_number + 1
    guardian.asked_at, guardian.reminded_after = now, 0
    guardian.save()
    journal.record("guardian.address_corrected", guardian, actor=actor, now=now)
    _send_link(guardian, emails.request, actor=actor, now=now)


@transaction.atomic
def add_second(authorisation: GuardianAuthorisation, *, name: str, email: str, actor, now=None) -> Guardian:
    """The candidate, or a coordinator, names another representative: the first one, or a second.

    Raises Refusal as `require_address` does, when many left today, or when there are two already.
    """
    now = now or timezone.now()
    lock(authorisation)
    named = dict(authorisation.guardians.values_list("order", "email"))
    free = [order for order in ORDERS if order not in named]
    if not free:
        raise Refusal(_("Deux représentant·es sont déjà indiqué·es."))
    require_address(authorisation.person, email, others=named.values())
    _require_day(authorisation, now)
    guardian = Guardian(authorisation=authorisation, order=free[0], name=name, email=email.lower(), asked_at=now)
    guardian.save()
    _send_link(guardian, emails.request, actor=actor, now=now)
    return guardian


@transaction.atomic
def send_link(guardian: Guardian, *, actor, now=None) -> None:
    """A fresh link for a representative, at the address that we have: asked by the candidate, by staff or by herself.

    Raises Refusal when one has just left, or several did (`PAUSE`, `LINKS_A_DAY`).
    """
    now = now or timezone.now()
    authorisation = _locked(guardian)
    if emails.has_link_since(guardian, now - PAUSE):
        sentence = _("Un courriel vient de partir\u00a0: laissez-lui deux minutes, et regardez dans les indésirables.")
        raise Refusal(sentence)
    _require_day(authorisation, now)
    is_asked = guardian.state == State.REQUESTED and authorisation.state not in NO
    letter = emails.request if is_asked else emails.fresh_link
    _send_link(guardian, letter, actor=actor, now=now)


def _send_link(guardian: Guardian, letter, *, actor, now) -> None:
    guardian.links_sent += 1
    guardian.save(update_fields=["links_sent"])
    journal.record("guardianauthorisation.link_sent", guardian.authorisation, actor=actor, now=now)
    letter(guardian, now=now)


def _require_day(authorisation, now) -> None:
    """An address mistyped a moment ago is corrected at once, so that it does not wait for `PAUSE`."""
    if _sent(authorisation, timedelta(days=1), now) >= LINKS_A_DAY:
        raise Refusal(_("Plusieurs courriels sont déjà partis aujourd’hui. Réessayez demain, ou écrivez-nous."))


def _sent(authorisation, within: timedelta, now) -> int:
    """How many links left for its representatives in that time, whatever their addresses."""
    lines = JournalEntry.objects.about(journal.ref(authorisation)).filter(action="guardianauthorisation.link_sent")
    return lines.filter(at__gt=now - within).count()


def _locked(guardian: Guardian) -> GuardianAuthorisation:
    authorisation = guardian.authorisation
    lock(authorisation)
    _lock_hers(guardian, authorisation)
    return authorisation


def _lock_hers(guardian: Guardian, authorisation: GuardianAuthorisation) -> None:
    try:
        lock(guardian)
    except Guardian.DoesNotExist as gone:  # the file was sent again a moment ago, and names her no longer
        raise LinkUsed from gone
    guardian.authorisation = authorisation


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
    authorisation = _locked(guardian)
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
    """One representative says no: it stands for both. A step of `matching.transitions.refuse_authorisation`.

    Without a `guardian` a coordinator records it. Staff are alerted, the young person is told.
    Raises LinkUsed, IllegalTransition when she has answered already.
    """
    lock(authorisation)
    if guardian is not None:
        _lock_hers(guardian, authorisation)
        _require_link(guardian, link_number)
        _answer(guardian, State.REFUSED, actor=actor, now=now)
        emails.acknowledge_refusal(guardian, now=now)
    if guardian is None or authorisation.state in (State.REQUESTED, State.GIVEN):
        move(authorisation, State.REFUSED, allowed=ALLOWED, actor=actor, now=now)
        emails.tell_stopped(authorisation, now=now)
    emails.drop_reminders(authorisation)
    emails.alert_staff(authorisation, now=now)


def withdraw(authorisation: GuardianAuthorisation, *, guardian: Guardian | None, link_number=None, actor, now) -> None:
    """One representative takes her authorisation back. A step of `matching.transitions.withdraw_authorisation`.

    Without a `guardian` a coordinator records it. Staff are alerted, the young person is told. While the other one is
    asked again, it counts as a refusal: what she signs later does not pass over it.
    Raises LinkUsed, IllegalTransition when it was not given.
    """
    lock(authorisation)
    if guardian is not None:
        _lock_hers(guardian, authorisation)
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
    _locked(guardian)
    _require_link(guardian, link_number)
    is_new = guardian.call_asked_at is None
    guardian.call_asked_at, guardian.phone = guardian.call_asked_at or now, phone
    guardian.save(update_fields=["call_asked_at", "phone"])
    if is_new:
        journal.record("guardian.call_asked", guardian, actor=actor, now=now)
        emails.tell_staff_to_call(guardian, now=now)


def tell_of_pair(authorisation: GuardianAuthorisation, *, fact: str, now) -> None:
    """Whoever signed learns that the young person has a mentor. A step of `matching.transitions.accept`."""
    for guardian in authorisation.guardians.filter(state=State.GIVEN).select_related("authorisation__person"):
        emails.announce_pair(guardian, fact=fact, now=now)


# --- Staff --------------------------------------------------------------------------------------


@transaction.atomic
def note_called(guardian: Guardian, *, actor, now=None) -> None:
    """A coordinator called her back; the number is forgotten. Raises Refusal when no call is awaited."""
    _locked(guardian)
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
            _send_link(guardian, emails.request, actor=actor, now=now)


def _answer_again(guardian: Guardian, *, actor, now) -> None:
    authorisation = guardian.authorisation
    anew = {"asked_at": now, "reminded_after": 0, "link_number": guardian.link_number + 1}
    move(guardian, State.REQUESTED, allowed=ANSWERS, actor=actor, now=now, **anew)
    guardian.authorisation = authorisation
