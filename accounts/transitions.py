"""The verbs of staff accounts and of a person's address. Whatever opens a door here is journaled and written about."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import emails
from accounts.models import Grant, User
from accounts.roles import EVERYWHERE, Role
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from notifications import outbox


@transaction.atomic
def grant_role(person: User | str, role: str, scope: str = EVERYWHERE, *, actor, now=None) -> Grant:
    """A coordinator, or the console, gives a role to a person, by her account or by an address that may be unknown yet.

    She is written to: what the role is, where to sign in, and that a second factor will be asked.
    Raises Refusal when she holds this role already, or when her account is closed.
    """
    now = now or timezone.now()
    user = person if isinstance(person, User) else known_or_new(person, now)
    lock(user)
    if not user.is_active:
        raise Refusal(_("Le compte de cette personne est fermé."))
    grant, is_new = Grant.objects.get_or_create(user=user, role=role, scope=scope, defaults={"granted_at": now})
    if not is_new:
        raise Refusal(_("Cette personne a déjà ce rôle."))
    journal.record("role.granted", user, actor=actor, now=now, target_state=role, detail=scope)
    emails.welcome_to_role(grant, now=now)
    return grant


def known(email: str) -> User | None:
    """Whoever has this address, as hers or as another one that she has verified."""
    email = email.strip().lower()
    verified = EmailAddress.objects.filter(email=email, verified=True)
    return User.objects.filter(Q(email=email) | Q(pk__in=verified.values("user"))).first()


def known_or_new(email: str, now) -> User:
    """Whoever has this address; somebody new, who has never signed in, when nobody has. A step of inviting verbs."""
    email = email.strip().lower()
    if person := known(email):
        return person
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, date_joined=now)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:  # she signed up, or was invited twice, in the same instant
        return User.objects.get(email=email)
    return user


@transaction.atomic
def revoke_role(grant: Grant, *, actor, now=None) -> None:
    """A coordinator takes a role back: the person is out of the admin at once, her sessions end, she is written to.

    Raises Refusal when it was taken back already, or when nobody would be left to coordinate.
    """
    now = now or timezone.now()
    if grant.role == Role.COORDINATOR:
        _require_another_coordinator(grant)
    lock(grant.user)
    deleted, _rows = Grant.objects.filter(pk=grant.pk).delete()
    if not deleted:
        raise Refusal(_("Ce rôle a déjà été retiré."))
    journal.record("role.revoked", grant.user, actor=actor, now=now, source_state=grant.role, detail=grant.scope)
    end_sessions(grant.user)
    emails.announce_revoked_role(grant, now=now)


def _require_another_coordinator(grant: Grant) -> None:
    # Every coordinator's row is locked, in one order: of two who remove each other at the same moment, the second
    # one waits here, and then reads that she is the last.
    coordinators = Grant.objects.filter(role=Role.COORDINATOR, user__is_active=True).order_by("id")
    rows = coordinators.select_for_update(of=("self",))
    remaining = [row.pk for row in rows if row.pk != grant.pk]
    if not remaining:
        raise Refusal(_("C’est la dernière personne de la coordination : donnez d’abord ce rôle à quelqu’un d’autre."))


@transaction.atomic
def reset_second_factor(user: User, *, actor, now=None) -> None:
    """A coordinator resets the second factor of somebody who lost hers; her sessions end, and she is written to.

    Raises Refusal when she has none.
    """
    now = now or timezone.now()
    lock(user)
    deleted, _rows = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        raise Refusal(_("Cette personne n’a pas de seconde vérification."))
    entry = journal.record("user.second_factor_reset", user, actor=actor, now=now)
    end_sessions(user)
    emails.announce_reset(user, fact=f"second_factor_reset:{entry.pk}", now=now)


@transaction.atomic
def correct_address(user: User, email: str, *, actor, now=None) -> None:
    """A coordinator corrects a mistyped address. The new one is verified by the first code; open sessions end.

    Nothing is written to the old address, which may be a stranger's; what waits in the outbox follows to the new one.
    Raises Refusal when the address is the same, or has an account already.
    """
    email = email.strip().lower()
    lock(user)
    old = user.email
    if email == old:
        raise Refusal(_("C’est déjà l’adresse de cette personne."))
    taken = EmailAddress.objects.filter(email=email, verified=True).exclude(user=user)
    if taken.exists() or User.objects.filter(email=email).exists():
        raise Refusal(_("Cette adresse a déjà un compte."))
    user.email = email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        user.email = old
        raise Refusal(_("Cette adresse a déjà un compte."))
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    outbox.readdress(old, email)
    end_sessions(user)
    journal.record("user.address_corrected", user, actor=actor, now=now or timezone.now())


def end_sessions(user: User) -> None:
    """Sign the person out everywhere, within the transaction of the verb that calls it.

    Every session carries a fingerprint of the password field. People sign in by code and have no password, so a new
    unusable one ends all of them; whoever did set a password signs in by code, and may set another.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])


@transaction.atomic
def follow_by_hand(user: User, is_followed: bool, *, actor, now=None) -> None:
    """A coordinator takes a person out of the automatic path, or puts her back. No reason is kept.

    While it lasts nothing that concerns her leaves or lapses by itself: reminders, links to her representatives, her
    place's term, proposals of a matching run. Staff do it by hand. Raises Refusal when it is so already.
    """
    lock(user)
    if user.is_followed_by_hand == is_followed:
        raise Refusal(_("C’est déjà le cas."))
    user.is_followed_by_hand = is_followed
    user.save(update_fields=["is_followed_by_hand"])
    action = "user.followed_by_hand" if is_followed else "user.followed_as_others"
    journal.record(action, user, actor=actor, now=now or timezone.now())
