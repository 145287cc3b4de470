"""Reads for the coordinators' list of applications, for 2,000 files and for 100,000 alike.

A page is found first, by the ids of its rows, through indexes that hold all that the order and the filters ask of a
file; then those rows alone are read with what their lines show. Files are counted up to MOST and no further. The
figures stand in bench/README.md (`bench.admin_list`).
"""

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import User
from accounts.search import SHORT, among, words_of
from applications.models import IS_LISTED, Application, Draft, Wish
from cohorts.models import Cohort
from portal import authorisations
from reviews.models import Decision, Review

MOST = 2_500
"""Files are counted up to so many, and none beyond is paged to or acted on at once: whoever has more narrows first."""
BROAD = 2_000
"""A search that finds more people than that is told to say more: all of 2,000 files may share an address's end."""


def files(user) -> QuerySet[Application]:
    """The files a coordinator sees in her list. The drafts that staff type are there; a coordinator's own, if she
    applies herself, is not staff's to read.
    """
    return Application.objects.visible_to(user).filter(IS_LISTED)


def detailed(found: QuerySet[Application]) -> QuerySet[Application]:
    """These files, each with what its line and its page show, in one query.

    `mean` and `given` (scores), `first_trade`, `pending_outcome`, `pending_reason` (of a decision not applied yet),
    `is_in_release`, `authorisation_state` (None: never asked for), `is_being_changed` (a revision is open).
    """
    this = {"application": OuterRef("pk")}
    scores = Review.objects.filter(**this).order_by().values("application")
    waiting = Decision.objects.filter(**this, state=Decision.State.PENDING)
    return authorisations.with_state(
        found.select_related("candidate", "cohort").annotate(
            is_being_changed=being_changed(),
            mean=Subquery(scores.annotate(mean=Avg("score")).values("mean")),
            given=Subquery(scores.annotate(given=Count("pk")).values("given")),
            first_trade=Subquery(Wish.objects.filter(**this, rank=1).values("trade__name")[:1]),
            pending_outcome=Subquery(Decision.objects.pending().filter(**this).values("outcome")[:1]),
            pending_reason=Subquery(waiting.values("shared_reason")[:1]),
            is_in_release=Exists(waiting.filter(release__isnull=False)),
        )
    )


def listed(user) -> QuerySet[Application]:
    """The files a coordinator sees, each with all that its line and its page show."""
    return detailed(files(user))


def rows(found: QuerySet[Application]) -> list[Application]:
    """One page of files, in its order, each with what its line shows (2 queries)."""
    ids = list(found.values_list("pk", flat=True))
    by_id = detailed(Application.objects.filter(pk__in=ids)).in_bulk()
    return [by_id[pk] for pk in ids if pk in by_id]


def count(found: QuerySet[Application]) -> int:
    """How many files, counted up to one more than MOST."""
    return found.order_by().values("pk")[: MOST + 1].count()


class TooBroad(Exception):
    """A search that finds more than BROAD people or files: it names nobody yet."""


def search(found: QuerySet[Application], typed: str) -> QuerySet[Application]:
    """The files whose candidate's name or address holds every word typed, or whose reference does (1 query).

    Each side is found by its own index: never one OR across the two tables, which would read both whole. Raises
    TooBroad.
    """
    people, codes = _found_first(among(User.objects.order_by(), typed), _of_reference(typed))
    if max(len(people), len(codes)) > BROAD:
        raise TooBroad
    return found.filter(Q(candidate__in=people) | Q(pk__in=codes))


def _of_reference(typed: str) -> QuerySet[Application]:
    """Files whose reference holds what was typed: one code, with its hyphen or without.

    Three signs at least: fewer have no trigram, and every reference would be read.
    """
    word = "-".join(words_of(typed)).upper()
    if not SHORT <= len(word) <= Application._meta.get_field("reference").max_length:
        return Application.objects.none()
    return Application.objects.order_by().filter(reference__contains=word)


def _found_first(*sides: QuerySet) -> list[list[int]]:
    """The ids that each side finds, up to one more than BROAD (1 query)."""
    numbered = [side.annotate(side=Value(n)).values_list("side", "pk")[: BROAD + 1] for n, side in enumerate(sides)]
    ids = [[] for _side in sides]
    for n, pk in numbered[0].union(*numbered[1:], all=True):
        ids[n].append(pk)
    return ids


# --- The conditions of the filters ----------------------------------------------------------------


def being_changed() -> Exists:
    """The condition that a revision of a file that was sent is open."""
    return Exists(Draft.objects.filter(application=OuterRef("pk"), application__state=Application.State.SUBMITTED))


def decided(outcome: str) -> Q:
    """The condition that this decision is marked and waits for the announcement (as `Decision.objects.pending`)."""
    marked = Decision.objects.filter(
        application=OuterRef("pk"), state=Decision.State.PENDING, release=None, outcome=outcome
    )
    return Q(Exists(marked), state__in=Decision.DECIDABLE_STATES)


def undecided() -> Q:
    """The condition that a file still waits for a decision."""
    marked = Decision.objects.filter(application=OuterRef("pk"), state=Decision.State.PENDING)
    return Q(~Exists(marked), state=Application.State.SUBMITTED)


def cohort_names() -> list[tuple[int, str]]:
    """Every cohort, by its name."""
    return [(cohort.pk, cohort.name) for cohort in Cohort.objects.only("season", "year")]
