"""The minutes of an announcement: how everybody was read, chosen and decided, frozen the moment it is shown.

They hold no name: files by reference, readers by a number that a draw gives them, the two coordinators by the number of
their account, as the journal does. What is kept stands by itself: rules and prices are sentences, numbers are whole or
text, so that the same content always has the same checksum and is understood years later without this code.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.queries import actor_names
from applications.choices import COUNTING
from applications.copies import checksum
from applications.models import Application
from cohorts.models import Cohort
from cohorts.queries import criteria_of
from reviews import selection_queries
from reviews.adjusting import adjust
from reviews.choosing import lottery
from reviews.models import Decision, Line, Minutes, Release, Review, Selection
from reviews.scores import mean_of
from reviews.selection_words import TIE_RULE

Outcome = Decision.Outcome

VERSION = 1
THRESHOLD = 10
"""Fewer people of one kind are never counted apart."""

MODEL = {
    Selection.Basis.ADJUSTED: gettext_lazy(
        "Notes ajustées\u00a0: chaque note est corrigée de la sévérité de qui l’a donnée, estimée sur les dossiers que "
        "plusieurs personnes ont lus (moindres carrés, équations du modèle mixte\u00a0: C. R. Henderson, Biometrics "
        "31, 1975, p. 423-447), puis ramenée vers la note générale d’autant plus qu’elle est incertaine."
    ),
    Selection.Basis.MEAN: gettext_lazy("Moyennes simples des avis, sans correction de la sévérité."),
}
"""What the points of a list are, in one sentence."""


def freeze(release: Release, *, now) -> Minutes:
    """Write the minutes of an announcement that has just been applied and shown.

    Called by `reviews.applying.announce`, in its transaction: there is no announcement without minutes. They never
    change afterwards; the database refuses it.
    """
    content = contents(release, now=now)
    return Minutes.objects.create(release=release, content=content, checksum=checksum(content), frozen_at=now)


def holds(minutes: Minutes) -> bool:
    """Whether they are still what was frozen: the checksum, counted again."""
    return checksum(minutes.content) == minutes.checksum


def contents(release: Release, *, now) -> dict:
    """All that the minutes say (a constant number of queries)."""
    cohort = release.cohort
    decisions = _decisions(release)
    lists = list(Selection.objects.filter(decisions__release=release).distinct().order_by("number"))
    lines = _lines(release)
    return {
        "version": VERSION,
        "cohort": _cohort(cohort),
        "announcement": _announcement(release, now),
        "reading": _reading(cohort),
        "jury": _jury(cohort),
        "counts": _counts(cohort, decisions, lists),
        "lists": [_list(one) for one in lists],
        "moved": sorted(_moved(decisions, lines) + _dropped(lists, decisions, lines), key=lambda one: one["reference"]),
        "outside": sorted(d["reference"] for d in decisions if d["selection_id"] is None and not d["is_closed"]),
        "decisions": _entries(decisions, lines),
    }


def _decisions(release: Release) -> list[dict]:
    """The decisions announced, by reference; closed are those whose file had gone, and nobody was told."""
    rows = release.decisions.order_by("application__reference").values(
        "application_id",
        "outcome",
        "rank",
        "replaced",
        "selection_id",
        reference=F("application__reference"),
        audience=F("application__audience"),
        gender=F("application__gender"),
    )
    return [{**row, "is_closed": not row["replaced"]} for row in rows]


def _lines(release: Release) -> dict[int, Line]:
    """The line of each file in the list that its decision follows."""
    followed = Line.objects.filter(
        selection__decisions__release=release, application=F("selection__decisions__application")
    )
    return {line.application_id: line for line in followed}


def _cohort(cohort: Cohort) -> dict:
    return {
        "name": cohort.name,
        "places": cohort.places,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
    }


def _announcement(release: Release, now) -> dict:
    earlier = Release.objects.filter(cohort=release.cohort, state=Release.State.DONE).exclude(pk=release.pk)
    return {
        "number": earlier.filter(done_at__lte=now).count() + 1,
        "proposed_at": _moment(release.requested_at),
        "proposed_by": release.proposed_by_id,
        "confirmed_at": _moment(release.confirmed_at),
        "confirmed_by": release.confirmed_by_id,
        "announced_at": _moment(now),
        "needs_two_people": release.cohort.needs_two_people,
    }


def _moment(value) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


def _reading(cohort: Cohort) -> dict:
    return {
        "per_file": cohort.reviews_per_file,
        "is_blind": cohort.is_blind,
        "criteria": [
            {"name": one.name, "low": one.low, "high": one.high, "weight": one.weight} for one in criteria_of(cohort)
        ],
    }


def _jury(cohort: Cohort) -> dict:
    """Each reader by number: how much she read, the mean she gave, how far below the others she scores. In an order
    that a draw decides, so that a number says nothing of who joined first."""
    given = list(
        Review.objects.filter(application__cohort=cohort)
        .order_by()
        .values_list("application_id", "reviewer_id", "score")
    )
    adjusted = adjust(given)
    scores = defaultdict(list)
    for _file, reader, score in given:
        scores[reader].append(score)
    return {
        "opinions": len(given),
        "level": str(adjusted.level or ""),
        "is_connected": adjusted.is_connected,
        "groups": adjusted.groups,
        "readers": [
            {
                "number": number,
                "read": len(scores[reader]),
                "mean": str(mean_of(scores[reader])),
                "severity": str(adjusted.readers[reader].severity),
            }
            for number, reader in enumerate(sorted(scores, key=lambda pk: lottery(cohort.slug, str(pk))), start=1)
        ],
    }


def _counts(cohort: Cohort, decisions: list[dict], lists: list[Selection]) -> dict:
    """How many were received and read, and what was announced, by audience; by declared gender only where it counted
    in a list, and never for fewer than `THRESHOLD` people."""
    files = Application.objects.filter(cohort=cohort).sent()
    received = list(
        files.exclude(state=Application.State.WITHDRAWN)
        .order_by()
        .values_list("audience", "gender")
        .annotate(Count("pk"))
    )
    told = [decision for decision in decisions if not decision["is_closed"]]
    by_audience = {audience: {"received": 0, **dict.fromkeys(Outcome.values, 0)} for audience, _g, _n in received}
    for audience, _gender, count in received:
        by_audience[audience]["received"] += count
    for decision in told:
        empty = {"received": 0, **dict.fromkeys(Outcome.values, 0)}
        by_audience.setdefault(decision["audience"], empty)[decision["outcome"]] += 1
    counts = {
        "received": sum(count for _audience, _gender, count in received),
        "withdrawn": files.filter(state=Application.State.WITHDRAWN).count(),
        "read": Review.objects.filter(application__cohort=cohort).values("application_id").distinct().count(),
        "closed": len(decisions) - len(told),
        **{outcome: sum(decision["outcome"] == outcome for decision in told) for outcome in Outcome.values},
        "by_audience": by_audience,
    }
    if any(one.parity_percent for one in lists):
        counts["parity"] = {
            "threshold": THRESHOLD,
            "received": _counting((gender, count) for _audience, gender, count in received),
            "accepted": _counting((d["gender"], 1) for d in told if d["outcome"] == Outcome.ACCEPTED),
        }
    return counts


def _counting(genders: Iterable[tuple[str, int]]) -> int | None:
    """How many count for parity; None when so few do, or do not, that it would point at somebody."""
    sides = [0, 0]
    for gender, count in genders:
        sides[gender in COUNTING] += count
    return sides[True] if min(sides) >= THRESHOLD else None


def _list(one: Selection) -> dict:
    """One list that decisions follow: what it asked, what that cost, how ties were decided."""
    return {
        "number": one.number,
        "basis": one.basis,
        "model": str(MODEL[one.basis]),
        "places": one.places,
        "waiting": one.waiting,
        "composed_at": _moment(one.composed_at),
        "files": one.figures.get("files", 0),
        "without_opinion": one.figures.get("unread", 0),
        "points": one.figures.get("points", 0),
        "bounds": selection_queries.bounds(one),
        "prices": selection_queries.prices(one),
        "parity_reason": one.parity_reason,
        "tie_rule": str(TIE_RULE) % {"seed": one.cohort.slug},
        "ties": selection_queries.ties(one),
    }


def _moved(decisions: list[dict], lines: dict[int, Line]) -> list[dict]:
    """What people changed: lines moved in a list, each with its reason, and decisions that left their list."""
    moved = []
    for decision in decisions:
        line = lines.get(decision["application_id"])
        if line is None or decision["is_closed"]:
            continue
        if line.moved_at or decision["outcome"] != line.outcome:
            moved.append(
                {
                    "reference": decision["reference"],
                    "computed": line.computed_outcome,
                    "computed_rank": line.computed_rank,
                    "decided": decision["outcome"],
                    "rank": line.rank,
                    "reason": line.moved_reason,
                    "is_in_list": decision["outcome"] == line.outcome,
                }
            )
    return moved


def _dropped(lists: list[Selection], decisions: list[dict], lines: dict[int, Line]) -> list[dict]:
    """Files whose decision was taken back after their list was adopted: decided otherwise by hand, or left without."""
    outside = {d["application_id"]: d["outcome"] for d in decisions if d["selection_id"] is None and not d["is_closed"]}
    left = Q(application__in=outside) | Q(application__state=Application.State.SUBMITTED)
    told = Line.objects.filter(left, selection__in=lists).exclude(application__in=lines)
    latest = {line.application_id: line for line in told.select_related("application").order_by("selection__number")}
    return [
        {
            "reference": line.application.reference,
            "computed": line.computed_outcome,
            "computed_rank": line.computed_rank,
            "decided": outside.get(pk, ""),
            "rank": line.rank,
            "reason": line.moved_reason,
            "is_in_list": False,
        }
        for pk, line in latest.items()
        if line.moved_at or outside.get(pk) != line.outcome
    ]


def _entries(decisions: list[dict], lines: dict[int, Line]) -> list[dict]:
    """Every file decided: first the accepted, then the waiting list in its order, the others, and those closed."""
    entries = []
    for decision in decisions:
        line = lines.get(decision["application_id"])
        entries.append(
            {
                "reference": decision["reference"],
                "outcome": "CLOSED" if decision["is_closed"] else decision["outcome"],
                "rank": line and line.rank,
                "waiting_rank": decision["rank"] if decision["outcome"] == Outcome.WAITLISTED else None,
                "points": line and line.points,
            }
        )
    order = [*Outcome.values, "CLOSED"]
    key = ("waiting_rank", "rank")
    return sorted(
        entries,
        key=lambda entry: (
            order.index(entry["outcome"]),
            *(entry[name] if entry[name] is not None else 10**9 for name in key),
            entry["reference"],
        ),
    )


def accounts(minutes: Minutes) -> dict[str, str]:
    """Who holds today the accounts that proposed and confirmed, for the page; the number stays when she is gone."""
    said = minutes.content["announcement"]
    refs = {role: f"accounts.user:{said[role]}" for role in ("proposed_by", "confirmed_by") if said[role]}
    names = actor_names(refs.values())
    return {role: "" if names[ref] == ref else names[ref] for role, ref in refs.items()}
