"""What each line of a list would do, as things stand: shown first, and asked again under lock before it is done."""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.regions import Region
from cohorts.models import Language, Partner, Trade
from mentors import perms
from mentors.importing.cells import Fault, Person, Reader
from mentors.importing.columns import BY_NAME, Words
from mentors.models import MentorProfile, tell_practice

State = MentorProfile.State

INVITE, FILL_IN, SAME, KNOWN, WRONG = "invite", "fill_in", "same", "known", "wrong"
"""What a line does: invite somebody, complete a profile, nothing because nothing differs, nothing because the profile
speaks for itself, nothing because it cannot be read."""


@dataclass
class Planned:
    """One line: who it is about, what it does, and what would change of a profile that stands."""

    number: int
    person: Person
    action: str
    user: User | None = None
    mentor: MentorProfile | None = None
    changes: dict = field(default_factory=dict)
    """Of her profile: field → value; `trades` are (id, seniority)."""
    told: list[str] = field(default_factory=list)
    """What is said of the line beside its action."""

    def as_json(self) -> dict:
        """What the page shows, and what is compared once more before it is done."""
        shown = self.user if self.user and self.user.first_name else self.person
        return {
            "number": self.number,
            "name": f"{shown.first_name} {shown.last_name}".strip(),
            "email": self.person.email,
            "action": self.action,
            "told": self.told,
            "faults": [fault.as_json() for fault in self.person.faults],
        }


def plan(lines: list[tuple[int, Words]], *, now, is_locked: bool = False) -> list[Planned]:
    """What each line would do now, in nine queries at most, however many there are.

    `is_locked`: the people concerned stay as they are until the end of the transaction; accounts are locked before
    profiles, ids ascending.
    """
    reader = Reader()
    people = [(number, reader.read(words)) for number, words in lines]
    world = _World({person.email for _number, person in people if person.email}, is_locked, now)
    planned, seen = [], {}
    for number, person in people:
        user = world.user(person.email)
        _require_new(person, user, seen, number)
        planned.append(_planned(number, person, user, world))
    return planned


def _require_new(person: Person, user: User | None, seen: dict, number: int) -> None:
    """Of two lines about the same person, the second one is wrong."""
    if not person.email:
        return
    key = user.pk if user else person.email
    if key in seen:
        told = _("une personne par ligne\u00a0: elle est déjà à la ligne %s") % seen[key]
        person.faults.append(Fault(str(BY_NAME["email"].title), person.email, told))
    else:
        seen[key] = number


class _World:
    """Who has these addresses, with her profile, and the names of things."""

    def __init__(self, emails: set[str], is_locked: bool, now):
        verified = EmailAddress.objects.filter(email__in=emails, verified=True).values_list("email", "user_id")
        also = dict(verified)
        users = User.objects.filter(email__in=emails) | User.objects.filter(pk__in=set(also.values()))
        users = users.order_by("pk")
        if is_locked:
            users = users.select_for_update(of=("self",), no_key=True)
        by_id = {user.pk: user for user in users}
        self.by_email = {user.email: user for user in by_id.values()}
        self.by_email |= {email: by_id[pk] for email, pk in also.items() if pk in by_id and email not in self.by_email}
        mentors = MentorProfile.objects.filter(person__in=by_id).order_by("pk")
        if is_locked:
            mentors = mentors.select_for_update(of=("self",), no_key=True)
        self.mentors = {mentor.person_id: mentor for mentor in mentors.prefetch_related("practices")}
        self.candidates = perms.candidates_among(by_id, now)
        self.trades = dict(Trade.objects.values_list("pk", "name"))
        self.partners = dict(Partner.objects.values_list("pk", "name"))

    def user(self, email: str) -> User | None:
        return self.by_email.get(email)

    def mentor(self, user: User | None) -> MentorProfile | None:
        return self.mentors.get(user.pk) if user else None

    def words(self, name: str, value) -> str:
        """A value of a profile, as people read it."""
        if value in (None, "", []):
            return "–"
        if name == "trades":
            return ", ".join(tell_practice(self.trades.get(pk, "?"), seniority) for pk, seniority in value)
        if name == "partner":
            return self.partners.get(value, "?")
        if name == "region":
            return Region(value).label
        if name == "languages":
            return ", ".join(str(Language(code).label) for code in value)
        if isinstance(value, bool):
            return _("oui") if value else _("non")
        return str(value)


def _planned(number: int, person: Person, user: User | None, world: _World) -> Planned:
    mentor = world.mentor(user)
    line = Planned(number, person, WRONG, user, mentor)
    if user is not None and not user.is_active:
        told = _("une personne dont le compte est ouvert\u00a0: celui-ci est fermé")
        person.faults.append(Fault(str(BY_NAME["email"].title), person.email, told))
    elif user is not None and mentor is None and user.pk in world.candidates:
        told = _("quelqu’un qui n’est pas candidat·e en ce moment\u00a0: on n’accompagne pas dans la même saison")
        person.faults.append(Fault(str(BY_NAME["email"].title), person.email, told))
    if person.faults:
        return line
    if mentor is None:
        line.action = INVITE
        line.changes = dict(person.facts)
        line.told = _titled(person.facts, world)
        if user is not None and _is_called_otherwise(user, person):
            line.told.insert(0, _("a déjà un compte, au nom de %s") % user.get_full_name())
        return line
    line.changes = _differing(mentor, person.facts)
    before = {name: getattr_of(mentor, name) for name in line.changes}
    line.told = [
        _("%(title)s\u00a0: %(before)s → %(after)s")
        % {"title": BY_NAME[n].title, "before": world.words(n, before[n]), "after": world.words(n, v)}
        for n, v in line.changes.items()
    ]
    if mentor.state == State.INVITED:
        line.action = FILL_IN if line.changes else SAME
    else:
        line.action = FILL_IN if line.changes else KNOWN
        line.told.insert(0, _("profil %s\u00a0: ce qu’elle ou il a dit reste") % mentor.get_state_display())
    return line


def _titled(facts: dict, world: _World) -> list[str]:
    said = {BY_NAME[name].title: world.words(name, value) for name, value in facts.items()}
    return [_("%(title)s\u00a0: %(words)s") % {"title": title, "words": words} for title, words in said.items()]


def _is_called_otherwise(user: User, person: Person) -> bool:
    named = (user.first_name, user.last_name)
    return all(named) and named != (person.first_name, person.last_name)


def _differing(mentor: MentorProfile, facts: dict) -> dict:
    """What the facts would change. What she has said of herself stands: then, only a partner where there is none."""
    if mentor.state != State.INVITED:
        may = mentor.state in (State.APPLIED, State.APPROVED, State.PAUSED) and mentor.partner_id is None
        facts = {name: value for name, value in facts.items() if name == "partner" and may}
    if "trades" in facts:  # a seniority that this list does not say erases none that is known
        known = dict(getattr_of(mentor, "trades"))
        facts = {**facts, "trades": [(pk, seniority or known.get(pk, "")) for pk, seniority in facts["trades"]]}
    return {name: value for name, value in facts.items() if getattr_of(mentor, name) != value}


FIELDS = {"capacity": "wished_capacity", "partner": "partner_id"}
"""Columns whose field of the profile has another name."""


def getattr_of(mentor: MentorProfile, name: str):
    """What a profile says, in the form of a line's facts."""
    if name == "trades":
        return sorted((one.trade_id, one.seniority) for one in mentor.practices.all())
    return getattr(mentor, FIELDS.get(name, name))
