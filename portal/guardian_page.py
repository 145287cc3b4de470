"""What a legal representative finds behind her link: where the authorisation stands, and nothing of the file."""

import re
from dataclasses import dataclass
from enum import StrEnum

from applications.guardian_reminders import with_living_file
from cohorts.models import Cohort
from consents import queries
from consents.links import Link
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from mentorships.models import Mentorship

State = GuardianAuthorisation.State
NO = (State.REFUSED, State.WITHDRAWN)

_OF_COHORT = re.compile(rf"^{re.escape(Cohort._meta.label_lower)}:(\d+)(:|$)")


class Situation(StrEnum):
    """What the page is about; each has its template."""

    TO_SIGN = "to_sign"
    SIGNED = "signed"
    STOPPED = "stopped"
    OVER = "over"


@dataclass(frozen=True)
class GuardianPage:
    """One representative's page. `cohort` is the one that the authorisation is for, whole or in part."""

    guardian: Guardian
    situation: Situation
    cohort: Cohort | None
    text: TextVersion
    """The text to sign: its current version. The first migration published one, and none is ever deleted."""
    signs_anew: bool
    """She has signed, and the text has changed since in a way that asks her again."""
    pair: Mentorship | None
    """The pair of the young person in that cohort, for whoever authorised it."""

    @property
    def authorisation(self) -> GuardianAuthorisation:
        return self.guardian.authorisation

    @property
    def first_name(self) -> str:
        return self.authorisation.person.first_name

    @property
    def is_outing(self) -> bool:
        """Whether it is for something outside the cohort's usual frame, which `details` describes."""
        return self.cohort is None or self.authorisation.scope != f"{Cohort._meta.label_lower}:{self.cohort.pk}"

    @property
    def may_sign(self) -> bool:
        return self.situation == Situation.TO_SIGN or self.signs_anew

    @property
    def may_refuse(self) -> bool:
        return self.situation == Situation.TO_SIGN

    @property
    def may_withdraw(self) -> bool:
        return self.situation == Situation.SIGNED

    @property
    def may_ask_for_call(self) -> bool:
        return self.situation != Situation.OVER

    @property
    def is_stopped_by_her(self) -> bool:
        return self.guardian.state in NO

    @property
    def template(self) -> str:
        return f"portal/guardian/{self.situation}.html"


def page_of(link: Link) -> GuardianPage:
    """The page behind a live link."""
    guardian = link.guardian
    cohort = cohort_of(guardian.authorisation.scope)
    situation = _situation(guardian)
    is_signed = situation == Situation.SIGNED
    return GuardianPage(
        guardian=guardian,
        situation=situation,
        cohort=cohort,
        text=queries.current_texts()[TextVersion.Key.GUARDIAN],
        signs_anew=is_signed and queries.must_sign_anew(guardian),
        pair=_pair(guardian, cohort) if is_signed else None,
    )


def cohort_of(scope: str) -> Cohort | None:
    """The cohort that a scope names: `cohorts.cohort:3`, or an outing of it, `cohorts.cohort:3:cannes`."""
    found = _OF_COHORT.match(scope)
    return Cohort.objects.filter(pk=found[1]).first() if found else None


def _situation(guardian: Guardian) -> Situation:
    if not with_living_file(Guardian.objects.filter(pk=guardian.pk)).exists():
        return Situation.OVER
    if guardian.state in NO or guardian.authorisation.state in NO:
        return Situation.STOPPED
    return Situation.TO_SIGN if guardian.state == State.REQUESTED else Situation.SIGNED


def _pair(guardian: Guardian, cohort: Cohort | None) -> Mentorship | None:
    """Once the young person had her days to say no, in silence: not before contacts are exchanged."""
    pairs = Mentorship.objects.living().filter(
        application__candidate=guardian.authorisation.person, application__cohort=cohort, contacts_at__isnull=False
    )
    return pairs.select_related("commitment__mentor__person").first()
