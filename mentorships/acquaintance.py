"""What each side of a pair knows of the other: until contacts are exchanged, no address is in what a page is given."""

from dataclasses import dataclass

from mentorships.models import Mentorship


@dataclass(frozen=True)
class MentorKnown:
    """A mentor as her mentee may know her, and until when it is hers to say no."""

    pair: Mentorship
    name: str
    first_name: str
    position: str
    employer: str
    presentation: str
    email: str
    """Empty before contacts are exchanged, and while the pair is paused."""

    @property
    def is_met(self) -> bool:
        return self.pair.contacts_at is not None


@dataclass(frozen=True)
class MenteeKnown:
    """A young person as her mentor may know her."""

    pair: Mentorship
    first_name: str
    cohort: str
    email: str
    """Empty before contacts are exchanged, and while the pair is paused."""

    @property
    def is_met(self) -> bool:
        return self.pair.contacts_at is not None


def mentor_of(pair: Mentorship) -> MentorKnown:
    """Name, trade and employer at once; words and address once they have met."""
    profile, is_open = pair.commitment.mentor, _is_open(pair)
    return MentorKnown(
        pair=_bare(pair),
        name=profile.person.get_full_name(),
        first_name=profile.person.first_name,
        position=profile.position,
        employer=profile.employer,
        presentation=profile.presentation if is_open else "",
        email=profile.person.email if is_open else "",
    )


def mentee_of(pair: Mentorship) -> MenteeKnown:
    """Her first name at once; her address once they have met."""
    person = pair.application.candidate
    return MenteeKnown(
        pair=_bare(pair),
        first_name=person.first_name,
        cohort=pair.application.cohort.name,
        email=person.email if _is_open(pair) else "",
    )


def _is_open(pair: Mentorship) -> bool:
    return pair.contacts_at is not None and pair.state == Mentorship.State.ACTIVE


def _bare(pair: Mentorship) -> Mentorship:
    """The pair's own row, without the people it was read with."""
    return Mentorship(**{field.attname: getattr(pair, field.attname) for field in Mentorship._meta.concrete_fields})
