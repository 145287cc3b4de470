"""Reads for the coordinators' list and page of an application: everything that several apps know about it."""

from django.db.models import Avg, CharField, Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from accounts.queries import SHOWN, told
from applications import minors
from applications.models import Application, Wish
from cohorts.models import Audience, Cohort, Language
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from reviews.models import Decision, Review


def listed(user):
    """The applications a coordinator sees, each with what its line and its page show, in one query.

    `mean` and `given` (scores), `first_trade`, `pending_outcome`, `pending_reason` (of a decision not applied yet),
    `is_in_release`, `authorisation_state` (None: never asked for).
    """
    scores = Review.objects.filter(application=OuterRef("pk")).order_by().values("application")
    this = {"application": OuterRef("pk")}
    scope = Concat(Value(f"{Cohort._meta.label_lower}:"), Cast(OuterRef("cohort_id"), CharField()))
    authorisation = GuardianAuthorisation.objects.filter(person=OuterRef("candidate"), scope=scope)
    waiting = Decision.objects.filter(**this, state=Decision.State.PENDING)
    under_way = waiting.filter(release__isnull=False)
    return (
        Application.objects.visible_to(user)
        .select_related("candidate", "cohort")
        .annotate(
            mean=Subquery(scores.annotate(mean=Avg("score")).values("mean")),
            given=Subquery(scores.annotate(given=Count("pk")).values("given")),
            first_trade=Subquery(Wish.objects.filter(**this, rank=1).values("trade__name")[:1]),
            pending_outcome=Subquery(Decision.objects.pending().filter(**this).values("outcome")[:1]),
            pending_reason=Subquery(waiting.values("shared_reason")[:1]),
            is_in_release=Exists(under_way),
            authorisation_state=Subquery(authorisation.values("state")[:1]),
        )
    )


def is_conditional(application) -> bool:
    """Whether a listed file is a minor's without an authorisation: « sous réserve »."""
    is_given = application.authorisation_state == GuardianAuthorisation.State.GIVEN
    return not is_given and minors.is_minor(application)


def shared_reason(application) -> str:
    """What the person reads, or will read, in a refusal: the decision not applied yet says it first."""
    if application.pending_reason or application.state != Application.State.REJECTED:
        return application.pending_reason or ""
    return application.shared_reason


def authorisation_of(application) -> GuardianAuthorisation | None:
    """The authorisation that was asked for this person and this cohort."""
    scope = journal.ref(application.cohort)
    return GuardianAuthorisation.objects.filter(person_id=application.candidate_id, scope=scope).first()


def about(application) -> dict:
    """What the page of a file shows beside the file itself."""
    authorisation = authorisation_of(application)
    proposals = list(
        application.proposals.select_related("commitment__mentor__person", "run").order_by("-offered_at", "-id")
    )
    mentorships = list(application.mentorships.select_related("commitment__mentor__person"))
    things = [application, authorisation, *proposals, *mentorships]
    refs = [journal.ref(thing) for thing in things if thing is not None]
    birth_date = application.candidate.birth_date
    return {
        "age": application.cohort.age_at_start(birth_date) if birth_date else None,
        "audience": Audience(application.audience).label if application.audience else "",
        "languages": [Language(code).label for code in application.languages],
        "wishes": application.wishes.select_related("trade"),
        "is_minor": minors.is_minor(application),
        "authorisation": authorisation,
        "readings": _readings(application),
        "proposals": proposals,
        "mentorships": mentorships,
        "copies": application.copies.only("number", "sent_at"),
        "letters": Letter.objects.filter(about__in=refs).defer("body")[:SHOWN],
        "story": told(JournalEntry.objects.filter(target__in=refs)[:SHOWN]),
    }


def _readings(application) -> list[dict]:
    """Everybody who was given the file to read or gave a score, with the review if there is one."""
    reviews = {review.reviewer_id: review for review in application.reviews.select_related("reviewer")}
    waiting = application.assignments.exclude(reviewer__in=reviews).select_related("reviewer")
    return [
        *({"reader": review.reviewer, "review": review} for review in reviews.values()),
        *({"reader": assignment.reviewer, "review": None} for assignment in waiting),
    ]
