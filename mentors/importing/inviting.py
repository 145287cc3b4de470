"""The verbs of a list of mentors: check it, import it, forget it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from mentors import emails
from mentors.importing import planning
from mentors.importing.columns import Words
from mentors.importing.planning import FIELDS, FILL_IN, INVITE, Planned
from mentors.models import IMPORT_KEPT, MentorImport, MentorProfile, Practice

ATTEMPTS = 5


def check(
    lines: list[tuple[int, Words]], *, source: str, unknown_columns: list[str], actor: User, now: datetime | None = None
) -> MentorImport:
    """A coordinator gives a list: nothing is done but noting what each line would do, for her to read."""
    now = now or timezone.now()
    plan = [line.as_json() for line in planning.plan(lines, now=now)]
    return MentorImport.objects.create(
        made_by=actor,
        made_at=now,
        source=source[:120],
        unknown_columns=unknown_columns,
        lines=lines,
        plan=plan,
    )


@transaction.atomic
def import_(checked: MentorImport, *, actor: User, now: datetime | None = None) -> bool:
    """The coordinator has read what each line would do: exactly that is done, all or nothing; wrong lines stay out.

    New people get an account and the letter of invitation. When something has changed since the list was checked (she
    signed up meanwhile, a trade was renamed), nothing is done: the lines that differ are marked, and False is returned.

    Raises Refusal when it was imported already, or is more than a day old.
    """
    now = now or timezone.now()
    lock(checked)
    if checked.applied_at is not None:
        raise Refusal(_("Cette liste a déjà été importée\u00a0: rien n’est parti deux fois."))
    if checked.made_at <= now - IMPORT_KEPT:
        raise Refusal(_("Cette vérification a plus d’un jour\u00a0: donnez la liste de nouveau."))
    for _attempt in range(ATTEMPTS):
        planned = planning.plan(checked.lines, now=now, is_locked=True)
        if not _is_as_shown(checked, planned):
            return False
        try:
            with transaction.atomic():
                invited = _invite([line for line in planned if line.action == INVITE], actor=actor, now=now)
            break
        except IntegrityError:  # somebody of the list signed up, or was invited, in the same instant: look again
            continue
    else:
        raise Refusal(_("Des personnes de cette liste s’inscrivent en ce moment\u00a0: confirmez de nouveau."))
    filled_in = _fill_in([line for line in planned if line.action == FILL_IN], actor=actor, now=now)
    checked.lines = checked.plan = checked.unknown_columns = []
    checked.applied_at, checked.invited, checked.filled_in = now, invited, filled_in
    checked.save()
    journal.record("mentorimport.applied", checked, actor=actor, now=now, detail=f"{invited} + {filled_in}")
    return True


def forget(now: datetime) -> int:
    """The clock: of lists given more than a day ago nothing is left. Returns how many."""
    deleted, _rows = MentorImport.objects.filter(made_at__lte=now - IMPORT_KEPT).delete()
    return deleted


def _is_as_shown(checked: MentorImport, planned: list[Planned]) -> bool:
    """Whether each line would still do what was shown. Otherwise what it would do now is kept, with a mark."""
    now = [line.as_json() for line in planned]
    shown = [{name: value for name, value in line.items() if name != "has_changed"} for line in checked.plan]
    if now == shown:
        return True
    checked.plan = [{**line, "has_changed": line != before} for line, before in zip(now, shown, strict=True)]
    checked.save(update_fields=["plan"])
    return False


# --- Doing it -----------------------------------------------------------------------------------


def _invite(lines: list[Planned], *, actor, now) -> int:
    """Accounts, profiles, trades, journal and letters, a query or two of each however many they are."""
    _open_accounts([line for line in lines if line.user is None], now)
    _name([line for line in lines if not (line.user.first_name and line.user.last_name)])
    mentors = []
    for line in lines:
        facts = {FIELDS.get(name, name): value for name, value in line.changes.items() if name != "trades"}
        mentors.append(MentorProfile(person=line.user, created_at=now, **facts))
    MentorProfile.objects.bulk_create(mentors)
    _practise(
        {m.pk: line.changes["trades"] for m, line in zip(mentors, lines, strict=True) if "trades" in line.changes}
    )
    invited = MentorProfile.State.INVITED
    journal.record_each("mentorprofile.invited", [(mentor, invited) for mentor in mentors], actor=actor, now=now)
    emails.invite_each(mentors, now=now)
    return len(mentors)


def _open_accounts(lines: list[Planned], now) -> None:
    """As `accounts.transitions.known_or_new`, for many; by address, so that two lists never wait for each other."""
    for line in lines:
        line.user = User(email=line.person.email, date_joined=now)
        line.user.set_unusable_password()
        line.user.first_name, line.user.last_name = line.person.first_name, line.person.last_name
    people = User.objects.bulk_create(sorted((line.user for line in lines), key=lambda user: user.email))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in people
    )


def _name(lines: list[Planned]) -> None:
    """Names for whoever has an account and has not said hers."""
    for line in lines:
        line.user.first_name = line.user.first_name or line.person.first_name
        line.user.last_name = line.user.last_name or line.person.last_name
    User.objects.bulk_update([line.user for line in lines], ["first_name", "last_name"])


def _practise(trades: dict[int, list[tuple[int, str]]]) -> None:
    """Give each of these profiles these trades, and no others. By their keys."""
    Practice.objects.filter(mentor__in=trades).delete()
    Practice.objects.bulk_create(
        Practice(mentor_id=mentor, trade_id=trade, seniority=seniority)
        for mentor, practices in trades.items()
        for trade, seniority in practices
    )


def _fill_in(lines: list[Planned], *, actor, now) -> int:
    """What the coordination has learnt of people whom it has invited, and of whose they are."""
    names = sorted({FIELDS.get(name, name) for line in lines for name in line.changes} - {"trades"})
    for line in lines:
        for name, value in line.changes.items():
            if name != "trades":
                setattr(line.mentor, FIELDS.get(name, name), value)
    mentors = [line.mentor for line in lines]
    if names:
        MentorProfile.objects.bulk_update(mentors, [name.removesuffix("_id") for name in names])
    _practise({line.mentor.pk: line.changes["trades"] for line in lines if "trades" in line.changes})
    journal.record_each("mentorprofile.filled_in", [(mentor, mentor.state) for mentor in mentors], actor=actor, now=now)
    return len(mentors)
