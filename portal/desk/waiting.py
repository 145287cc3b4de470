"""What waits for a person of the coordination, cohort by cohort, each with the list where it is done."""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import ngettext, ngettext_lazy

from applications.models import Application
from cohorts.models import Cohort
from matching import repairs
from matching.models import Proposal, Run
from mentors.models import MentorProfile
from mentorships.models import Mentorship
from portal.authorisations import Follow
from portal.desk.addresses import list_url
from reviews.models import Assignment, Decision, Note, Release, Review
from reviews.scores import files_apart


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: the sentence, how many, and the list where it is done ('' when none)."""

    sentence: str
    count: int
    url: str


def counts_by_cohort(cohorts: list[Cohort], now) -> dict[int, dict[str, int]]:
    """How much of each kind waits in each cohort (3 queries, however many cohorts)."""
    found = defaultdict(dict)
    for kinds in (_of_files(cohorts, now), _of_decisions(cohorts), _of_the_rest(cohorts, now)):
        counted = [_counted(kind, rows, cohort) for kind, (rows, cohort) in kinds.items()]
        for kind, cohort, count in counted[0].union(*counted[1:], all=True) if counted[1:] else counted[0]:
            found[cohort][kind] = count
    return found


def _of_files(cohorts: list[Cohort], now) -> dict[str, tuple[QuerySet, str]]:
    # While the call is open files still come in; the coordinators hand them out once it is closed.
    closed = [cohort for cohort in cohorts if cohort.closes_at <= now]
    asked = Assignment.objects.filter(application=OuterRef("pk"))
    unread = Application.objects.filter(~Exists(asked), cohort__in=closed, state=Application.State.SUBMITTED)
    return {"without_reader": (unread, "cohort")}


def _of_decisions(cohorts: list[Cohort]) -> dict[str, tuple[QuerySet, str]]:
    return {
        "pending": (Decision.objects.pending().filter(application__cohort__in=cohorts), "application__cohort"),
        "aside": (
            Decision.objects.exclude(trouble="").filter(application__cohort__in=cohorts, release__isnull=False),
            "application__cohort",
        ),
    }


def _of_the_rest(cohorts: list[Cohort], now) -> dict[str, tuple[QuerySet, str]]:
    """Few rows each: counted together."""
    here = Q(application__cohort__in=cohorts)
    notes = Note.objects.filter(here, state=Note.State.OPEN).exclude(application__state=Application.State.WITHDRAWN)
    hers = Review.objects.filter(application=OuterRef("application"), reviewer=OuterRef("reviewer"))
    thirds = Assignment.objects.filter(
        ~Exists(hers), here, is_third=True, application__state=Application.State.SUBMITTED
    )
    releases = Release.objects.filter(cohort__in=cohorts)
    offers = Proposal.objects.filter(run__cohort__in=cohorts, state=Proposal.State.OFFERED)
    return {
        "flags": (notes.filter(kind=Note.Kind.FLAG), "application__cohort"),
        "questions": (notes.filter(kind=Note.Kind.QUESTION), "application__cohort"),
        "apart": (files_apart(cohorts), "cohort"),
        "thirds": (thirds, "application__cohort"),
        "proposed": (releases.filter(state=Release.State.PROPOSED), "cohort"),
        "stopped": (releases.filter(state=Release.State.STOPPED), "cohort"),
        "runs": (Run.objects.publishable().filter(cohort__in=cohorts, kind=Run.Kind.WHOLE), "cohort"),
        "failed_runs": (Run.objects.to_ask_again().filter(cohort__in=cohorts), "cohort"),
        "to_send": (repairs.to_send(cohorts), "run__cohort"),
        "to_place": (repairs.to_place_by_hand(cohorts), "application__cohort"),
        "offers": (offers, "run__cohort"),
        "calls": (offers.to_call(), "run__cohort"),
        "objections": (_objections(cohorts), "application__cohort"),
        "late_offers": (offers.filter(expires_at__lt=now), "run__cohort"),
    }


def _objections(cohorts: list[Cohort]) -> QuerySet:
    """Pairs that a young person would rather not have, until she has somebody else."""
    free = Q(application__state=Application.State.CONFIRMED)
    return Mentorship.objects.filter(free, application__cohort__in=cohorts, objected_at__isnull=False)


def _counted(kind: str, rows: QuerySet, cohort: str) -> QuerySet:
    """(kind, cohort, how many) of these rows."""
    named = rows.order_by().annotate(kind_of=Value(kind)).values("kind_of", cohort)
    return named.annotate(count=Count("pk")).values_list("kind_of", cohort, "count")


def lines(cohort: Cohort, counts: dict[str, int], minors: dict[str, int]) -> list[Waiting]:
    """What waits in one cohort, in the order of a season; nothing of what is none."""
    readings = reverse("admin:reviews_jury", args=[cohort.pk])
    selection = reverse("admin:reviews_selection", args=[cohort.pk])
    announcement = reverse("admin:reviews_selection_publish", args=[cohort.pk])  # leads to the one that is open
    of_cohort = {"application__cohort__id__exact": cohort.pk, "state__exact": Note.State.OPEN}
    notes = partial(list_url, "reviews", "note", **of_cohort)
    jury = [
        (
            "without_reader",
            ngettext_lazy("%d dossier sans lecteur·rice", "%d dossiers sans lecteur·rice"),
            readings,
        ),
        (
            "flags",
            ngettext_lazy("%d point signalé par le jury", "%d points signalés par le jury"),
            notes(kind__exact=Note.Kind.FLAG),
        ),
        (
            "questions",
            ngettext_lazy("%d précision à demander", "%d précisions à demander"),
            notes(kind__exact=Note.Kind.QUESTION),
        ),
        ("apart", ngettext_lazy("%d dossier où le jury est partagé", "%d dossiers où le jury est partagé"), readings),
        ("thirds", ngettext_lazy("%d lecture de plus à faire", "%d lectures de plus à faire"), readings),
        ("pending", ngettext_lazy("%d décision à publier", "%d décisions à publier"), selection),
        ("proposed", ngettext_lazy("%d annonce à confirmer", "%d annonces à confirmer"), announcement),
        ("stopped", ngettext_lazy("%d annonce arrêtée en chemin", "%d annonces arrêtées en chemin"), announcement),
        (
            "aside",
            ngettext_lazy("%d réponse qui n’a pas pu être préparée", "%d réponses qui n’ont pas pu être préparées"),
            announcement,
        ),
    ]
    runs = ngettext_lazy("%d calcul d’appariement à publier", "%d calculs d’appariement à publier")
    failed = ngettext_lazy("%d calcul d’appariement à relancer", "%d calculs d’appariement à relancer")
    to_send = ngettext_lazy("%d proposition à envoyer", "%d propositions à envoyer")
    to_place = ngettext_lazy("%d personne à placer à la main", "%d personnes à placer à la main")
    calls = ngettext_lazy("%d mentor·e à appeler avant sa réponse", "%d mentor·es à appeler avant leur réponse")
    objections = ngettext_lazy("%d personne a préféré quelqu’un d’autre", "%d personnes ont préféré quelqu’un d’autre")
    offers = list_url("matching", "proposal", state__exact="OFFERED", cohort=cohort.pk)
    found = [
        *(_line(words, counts.get(kind, 0), url) for kind, words, url in jury),
        *_authorisations(cohort, minors),
        _line(runs, counts.get("runs", 0), reverse("admin:matching_run_cohort", args=[cohort.pk])),
        _line(failed, counts.get("failed_runs", 0), reverse("admin:matching_run_cohort", args=[cohort.pk])),
        _line(to_send, counts.get("to_send", 0), reverse("admin:matching_run_cohort", args=[cohort.pk])),
        _line(to_place, counts.get("to_place", 0), reverse("admin:matching_run_by_hand", args=[cohort.pk])),
        Waiting(_offers(counts), counts.get("offers", 0), offers),
        _line(calls, counts.get("calls", 0), f"{offers}&appel=a-passer"),
        _line(objections, counts.get("objections", 0), list_url("mentorships", "mentorship", objection="sans-binome")),
    ]
    return [item for item in found if item.count]


def _authorisations(cohort: Cohort, counts: dict[str, int]) -> list[Waiting]:
    """What is to be done about the authorisations of minors, and for those who are followed by hand."""
    files = partial(list_url, "applications", "application", cohort=cohort.pk)
    lines = [
        (Follow.TO_CALL, ngettext_lazy("%d représentant·e à rappeler", "%d représentant·es à rappeler")),
        ("REFUSED", ngettext_lazy("%d autorisation refusée", "%d autorisations refusées")),
        ("WITHDRAWN", ngettext_lazy("%d autorisation retirée", "%d autorisations retirées")),
        (
            Follow.SILENT,
            ngettext_lazy(
                "%d autorisation sans réponse depuis 14 jours", "%d autorisations sans réponse depuis 14 jours"
            ),
        ),
        (
            "REQUESTED",
            ngettext_lazy("%d autorisation parentale attendue", "%d autorisations parentales attendues"),
        ),
        (
            Follow.OUTING,
            ngettext_lazy("%d autorisation attendue pour une sortie", "%d autorisations attendues pour une sortie"),
        ),
    ]
    by_hand = counts.get("by_hand", 0)
    told = ngettext("%d suivi manuel sans mentor·e", "%d suivis manuels sans mentor·e", by_hand) % by_hand
    return [
        *(_line(words, counts.get(value, 0), files(authorisation=value)) for value, words in lines),
        Waiting(told, by_hand, files(by_hand="binome")),
    ]


def _line(words, count: int, url: str) -> Waiting:
    return Waiting(words % count, count, url)


def _offers(counts: dict[str, int]) -> str:
    count, late = counts.get("offers", 0), counts.get("late_offers", 0)
    sentence = ngettext("%d proposition sans réponse", "%d propositions sans réponse", count) % count
    return sentence + (ngettext(", dont %d hors délai", ", dont %d hors délai", late) % late if late else "")


def mentors_waiting() -> list[Waiting]:
    """Mentors who applied and whom nobody has approved or declined yet."""
    count = MentorProfile.objects.filter(state=MentorProfile.State.APPLIED).count()
    sentence = ngettext("%d mentor·e à valider", "%d mentor·es à valider", count) % count
    return [Waiting(sentence, count, list_url("mentors", "mentorprofile", state__exact="APPLIED"))] if count else []
