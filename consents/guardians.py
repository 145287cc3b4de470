"""The verbs of an authorisation, as long as it is awaited: who is asked, at which address, by which link.

Her answer, and what staff record by hand, are in `answers.py`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import mailbox
from accounts.queries import addresses_of
from consents import emails
from consents.models import Guardian, GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

State = GuardianAuthorisation.State
NO = (State.REFUSED, State.WITHDRAWN)

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


class NotAwaited(Refusal):
    """An answer stands, be it since a moment: nobody is named, corrected or pressed until staff ask again."""

    SENTENCES = {
        State.REQUESTED: gettext_lazy("Cette personne a déjà répondu."),
        State.GIVEN: gettext_lazy("L’autorisation est déjà donnée\u00a0: il n’y a plus rien à demander."),
        State.REFUSED: gettext_lazy(
            "L’autorisation a été refusée\u00a0: elle ne se redemande qu’après en avoir parlé avec la coordination."
        ),
        State.WITHDRAWN: gettext_lazy(
            "L’autorisation a été retirée\u00a0: elle ne se redemande qu’après en avoir parlé avec la coordination."
        ),
    }
    """By the state of the whole; as long as that one is awaited, it is she who has answered."""

    def __init__(self, state: str):
        super().__init__(str(self.SENTENCES[state]))


def require_awaited(authorisation: GuardianAuthorisation, guardian: Guardian | None = None) -> None:
    """Raises NotAwaited once the authorisation is given, refused or withdrawn, or this representative has answered.

    The verbs ask it under lock; a door may, before it shows a form for nothing.
    """
    if authorisation.state != State.REQUESTED or (guardian and guardian.state != State.REQUESTED):
        raise NotAwaited(authorisation.state)


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
        hand_link(guardian, emails.request, actor=actor, now=now)


@transaction.atomic
def correct_address(guardian: Guardian, email: str, *, actor, now=None) -> None:
    """The candidate, or a coordinator, corrects the address of a representative who has not answered: the links sent to
    the old one die, and one leaves for the new one.

    Raises NotAwaited, and Refusal as `require_address` does or when many left today.
    """
    now = now or timezone.now()
    authorisation = locked(guardian)
    require_awaited(authorisation, guardian)
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
    hand_link(guardian, emails.request, actor=actor, now=now)


@transaction.atomic
def add_second(authorisation: GuardianAuthorisation, *, name: str, email: str, actor, now=None) -> Guardian:
    """The candidate, or a coordinator, names another representative: the first one, or a second.

    Raises NotAwaited, and Refusal as `require_address` does, when many left today, or when there are two already.
    """
    now = now or timezone.now()
    lock(authorisation)
    require_awaited(authorisation)
    named = dict(authorisation.guardians.values_list("order", "email"))
    free = [order for order in ORDERS if order not in named]
    if not free:
        raise Refusal(_("Deux représentant·es sont déjà indiqué·es."))
    require_address(authorisation.person, email, others=named.values())
    _require_day(authorisation, now)
    guardian = Guardian(authorisation=authorisation, order=free[0], name=name, email=email.lower(), asked_at=now)
    guardian.save()
    hand_link(guardian, emails.request, actor=actor, now=now)
    return guardian


@transaction.atomic
def ask_again(guardian: Guardian, *, actor, now=None) -> None:
    """The candidate has a fresh link sent to a representative who has not answered.

    Raises NotAwaited, and Refusal as `send_link` does.
    """
    require_awaited(locked(guardian), guardian)
    send_link(guardian, actor=actor, now=now)


@transaction.atomic
def send_link(guardian: Guardian, *, actor, now=None) -> None:
    """A fresh link for a representative, at the address that we have: asked by staff or by herself, answered or not.

    Raises Refusal when one has just left, or several did (`PAUSE`, `LINKS_A_DAY`).
    """
    now = now or timezone.now()
    authorisation = locked(guardian)
    if emails.has_link_since(guardian, now - PAUSE):
        sentence = _("Un courriel vient de partir\u00a0: laissez-lui deux minutes, et regardez dans les indésirables.")
        raise Refusal(sentence)
    _require_day(authorisation, now)
    is_asked = guardian.state == State.REQUESTED and authorisation.state not in NO
    letter = emails.request if is_asked else emails.fresh_link
    hand_link(guardian, letter, actor=actor, now=now)


def hand_link(guardian: Guardian, letter, *, actor, now) -> None:
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


def locked(guardian: Guardian) -> GuardianAuthorisation:
    authorisation = guardian.authorisation
    lock(authorisation)
    lock_hers(guardian, authorisation)
    return authorisation


def lock_hers(guardian: Guardian, authorisation: GuardianAuthorisation) -> None:
    try:
        lock(guardian)
    except Guardian.DoesNotExist as gone:  # the file was sent again a moment ago, and names her no longer
        raise LinkUsed from gone
    guardian.authorisation = authorisation
