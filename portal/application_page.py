"""Reads for the coordinators' page of an application: everything that several apps know about it."""

from django.utils import timezone

from accounts.queries import SHOWN, told
from applications import copies, minors, papers, reading
from applications.models import Application, SentCopy
from consents.models import GuardianAuthorisation
from documents import scanner
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from portal import authorisations


def is_conditional(application) -> bool:
    """Whether a listed file is a minor's without an authorisation: « sous réserve »."""
    is_given = application.authorisation_state == GuardianAuthorisation.State.GIVEN
    return not is_given and is_known_minor(application)


def is_known_minor(application) -> bool:
    """Whether what she sent makes her a minor; of a file that is being typed, nothing is known yet."""
    return application.state != Application.State.DRAFT and minors.is_minor(application)


def copies_of(application) -> list[SentCopy]:
    """Every copy that was sent, the one that counts first."""
    return list(application.copies.all())


def parts_of(copy: SentCopy, all_copies: list[SentCopy]) -> list[reading.Part]:
    """What a copy says, with what changed since the one before it."""
    before = next((other for other in all_copies if other.number < copy.number), None)
    return reading.parts(copy, since=before)


def holds(copy: SentCopy) -> bool:
    """Whether the copy is still what was sent: its checksum, counted again."""
    return copies.checksum(copy.content) == copy.checksum


def _changed_since(application):
    """When the revision that is being written was opened; None when there is none."""
    if not application.is_being_changed:
        return None
    opened = JournalEntry.objects.about(journal.ref(application)).filter(action="application.revision_opened")
    return opened.values_list("at", flat=True).first()


def shared_reason(application) -> str:
    """What the person reads, or will read, in a refusal: the decision not applied yet says it first."""
    if application.pending_reason or application.state != Application.State.REJECTED:
        return application.pending_reason or ""
    return application.shared_reason


def authorisations_of(application) -> list[GuardianAuthorisation | None]:
    """The authorisation to take part (None: never asked for), then those of outings, with their representatives.

    Read once for a page: 2 queries.
    """
    if not hasattr(application, "_authorisations"):
        asked = authorisations.of_person(application.candidate)
        main = asked.get(minors.scope(application.cohort))
        application._authorisations = [main, *authorisations.outings(application, asked)]
    return application._authorisations


def guardians_named(application) -> int:
    """How many representatives are named for the authorisation to take part."""
    main = authorisations_of(application)[0]
    return len(main.guardians.all()) if main else 0


def about(application) -> dict:
    """What the page of a file shows beside the file itself."""
    sent = copies_of(application)
    asked = [one for one in authorisations_of(application) if one]
    guardians = [guardian for one in asked for guardian in one.guardians.all()]
    proposals = list(
        application.proposals.select_related("commitment__mentor__person", "run").order_by("-offered_at", "-id")
    )
    mentorships = list(application.mentorships.select_related("commitment__mentor__person"))
    given = papers.sent_papers(sent[0] if sent else None)
    documents = [paper.document for paper in given]
    things = [application, *documents, *asked, *guardians, *proposals, *mentorships]
    refs = [journal.ref(thing) for thing in things]
    birth_date = application.candidate.birth_date
    return {
        "age": application.cohort.age_at_start(birth_date) if birth_date else None,
        "parts": parts_of(sent[0], sent) if sent else [],
        "copies": sent,
        "papers": given,
        "is_scanned_here": scanner.is_configured(),
        "holds": holds(sent[0]) if sent else None,
        "changed_since": _changed_since(application),
        "is_open": application.is_open(timezone.now()),
        "is_minor": is_known_minor(application),
        "readings": _readings(application),
        "notes": application.notes.select_related("author"),
        "proposals": proposals,
        "mentorships": mentorships,
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
