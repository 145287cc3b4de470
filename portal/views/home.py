"""« Mon espace »: each person's own page, with what is hers as a candidate, a mentor, a member of staff."""

from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, Max, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import perms
from applications.models import Application
from cohorts.models import Cohort
from consents.models import GuardianAuthorisation
from lifecycle.models import JournalEntry
from matching.queries import offers_waiting
from mentors import readiness
from mentors.models import Commitment, MentorProfile
from mentorships import acquaintance
from mentorships.acquaintance import MentorKnown
from mentorships.models import Mentorship
from portal import authorisations
from portal.authorisations import Standing
from portal.timeline import Expected, Facts, Step, expected, timeline
from portal.views.keep_in_touch import keep_in_touch_after

State = Application.State

TAGS = {
    State.DRAFT: "doing",
    State.SUBMITTED: "wait",
    State.ACCEPTED: "good",
    State.WAITLISTED: "wait",
    State.REJECTED: "todo",
    State.CONFIRMED: "good",
    State.LAPSED: "todo",
    State.MATCHED: "good",
    State.COMPLETED: "done",
    State.WITHDRAWN: "todo",
}
"""The look of each state. None is « bad »: a refusal is not a fault."""


HAS_SOMETHING_LEFT = (MentorProfile.State.APPROVED, MentorProfile.State.PAUSED)
"""A mentor whose profile is approved signs the charter and reads the guide."""


@dataclass(frozen=True)
class File:
    """One application, as its candidate reads it: `state` is the one she may know."""

    application: Application
    state: Application.State
    authorisation: Standing | None
    """Where her legal representative's authorisation stands; None for somebody of age."""
    outings: list[GuardianAuthorisation]
    """For which an authorisation of its own is awaited."""
    mentor: MentorKnown | None
    """Of her living pair, with what she may know by now."""
    facts: Facts
    can_confirm: bool
    """Whether it is time to; a minor who `awaits_authorisation` cannot yet."""
    can_take_back: bool
    can_withdraw: bool

    @property
    def awaits_authorisation(self) -> bool:
        return self.authorisation is not None and self.authorisation.is_awaited

    @property
    def asks_about_mentor(self) -> bool:
        """Whether it is hers to say if this mentor suits her."""
        return self.mentor is not None and not self.mentor.is_met and not self.facts.is_paused

    @property
    def tag(self) -> str:
        return TAGS[self.state]

    @property
    def template(self) -> str:
        return f"portal/_state_{self.state.value.lower()}.html"

    @property
    def timeline(self) -> list[Step]:
        return timeline(self.facts)

    @property
    def expected(self) -> Expected | None:
        return expected(self.facts)


@require_safe
def home(request):
    """What is hers, and what she can do next."""
    now = timezone.now()
    files = _files(request.user, now)
    profile = (
        MentorProfile.objects.visible_to(request.user).filter(person=request.user).select_related("charter").first()
    )
    context = {
        "files": files,
        "profile": profile,
        "calls": _calls(files, now),
        "keep_in_touch": keep_in_touch_after(_last_refused(files)),
        "is_new": not (files or profile or request.user.is_staff),
    }
    if profile:
        context |= _mentoring(request.user, profile, now)
    return render(request, "portal/home.html", context)


# --- As a candidate -----------------------------------------------------------------------------


def _files(user, now) -> list[File]:
    living = Mentorship.objects.living().select_related("commitment__mentor__person")
    mine = (
        Application.objects.visible_to(user)
        .filter(candidate=user)
        .select_related("cohort", "candidate", "draft")
        .annotate(last_sent_at=Max("copies__sent_at"), withdrawn_at=_withdrawal(), had_mentor=_went_to_the_end())
        .prefetch_related(Prefetch("mentorships", living, to_attr="living_pairs"))
        .order_by("-created_at", "-id")
    )
    asked = authorisations.of_person(user)
    return [_file(user, application, asked, now) for application in mine]


def _withdrawal() -> Subquery:
    """When the file was taken back: the journal alone knows."""
    ref = Concat(Value(f"{Application._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    taken_back = JournalEntry.objects.filter(target=ref, target_state=State.WITHDRAWN)
    return Subquery(taken_back.order_by("-id").values("at")[:1])


def _went_to_the_end() -> Exists:
    return Exists(Mentorship.objects.filter(application=OuterRef("pk"), state=Mentorship.State.COMPLETED))


def _file(user, application, asked, now) -> File:
    mentorship = next(iter(application.living_pairs), None)
    standing = authorisations.standing(application, asked)
    outings = authorisations.outings(application, asked) if standing else []
    return File(
        application=application,
        state=application.shown_state,
        authorisation=standing,
        outings=[one for one in outings if one.state == GuardianAuthorisation.State.REQUESTED],
        mentor=acquaintance.mentor_of(mentorship) if mentorship else None,
        facts=_facts(application, mentorship, standing, now),
        can_confirm=perms.can_confirm(user, application, now),
        can_take_back=perms.can_take_back(user, application, now),
        can_withdraw=perms.can_withdraw(user, application),
    )


def _facts(application, mentorship, standing, now) -> Facts:
    sent_at, last_sent_at = application.sent_at, application.last_sent_at
    return Facts.of(
        application,
        now=now,
        mentorship=mentorship,
        authorisation=standing,
        sent_again_at=last_sent_at if sent_at and last_sent_at and last_sent_at > sent_at else None,
        withdrawn_at=application.withdrawn_at,
        had_mentor=application.had_mentor,
    )


def _last_refused(files: list[File]) -> Application | None:
    """Under one answer alone she is asked whether to keep in touch: the latest."""
    return next((file.application for file in files if file.state == State.REJECTED), None)


def _calls(files, now) -> list[Cohort]:
    """Open calls she has not answered yet, the one that closes first on top; none while she holds a place."""
    if any(file.state in Application.PLACE_STATES[:-1] for file in files):
        return []
    taken = [file.application.cohort_id for file in files]
    return list(Cohort.objects.open(now).exclude(pk__in=taken).order_by("closes_at"))


# --- As a mentor --------------------------------------------------------------------------------


def _mentoring(user, profile, now) -> dict:
    pairs = Mentorship.objects.visible_to(user).filter(commitment__mentor=profile).living()
    every, today = _commitments(profile), timezone.localdate(now)
    commitments = [commitment for commitment in every if commitment.cohort.ends_on >= today]
    committed = [commitment.cohort_id for commitment in commitments]
    is_active = profile.state == MentorProfile.State.APPROVED
    return {
        "waiting": offers_waiting(user).count(),
        "pairs": [acquaintance.mentee_of(pair) for pair in _with_mentee(pairs)],
        "left": readiness.what_is_left(profile, now) if profile.state in HAS_SOMETHING_LEFT else [],
        "past": [one for one in reversed(every) if one.capacity and one not in commitments],
        "commitments": commitments,
        "to_join": list(Cohort.objects.current(now).exclude(pk__in=committed)) if is_active else [],
    }


def _with_mentee(pairs):
    return pairs.select_related("application__candidate", "application__cohort").order_by("opened_at", "id")


def _commitments(profile) -> list[Commitment]:
    """Hers, each with how many young people she accompanies in it (`taken`) and ever has (`ever`)."""
    living = Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVING_STATES))
    counted = profile.commitments.annotate(taken=living, ever=Count("mentorships"))
    return list(counted.select_related("cohort").order_by("cohort__starts_on"))
