"""The verbs of reading: sharing out the files, giving an opinion, standing aside."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from applications.models import Application
from cohorts.models import Cohort, Criterion
from cohorts.queries import criteria_of
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from reviews.models import Assignment, Recusal, Review, Score
from reviews.models.readings import HIGHEST, LOWEST


@transaction.atomic
def distribute(cohort: Cohort, *, actor, now=None) -> int:
    """Give every sent file its readers, the least loaded first; what is assigned already stays.

    A reader who left the jury without a word no longer counts: her files get somebody else. Nobody reads
    her own file. Returns how many readings were assigned. Raises Refusal when the cohort has no jury or no criteria.
    """
    now = now or timezone.now()
    lock(cohort)
    jury = list(jury_of(cohort).order_by("id"))
    if not jury:
        raise Refusal(_("Cette promotion n’a pas encore de jury : invitez d’abord ses membres."))
    require_criteria(cohort)
    load, readers = _standing_readings(cohort, {person.pk for person in jury})
    new = []
    files = Application.objects.filter(cohort=cohort, state=Application.State.SUBMITTED).order_by("id")
    for application in files.only("id", "candidate_id"):
        taken = readers.get(application.pk, set())
        free = [p for p in jury if p.pk not in taken and p.pk != application.candidate_id]
        free.sort(key=lambda person: (load[person.pk], person.pk))
        for person in free[: max(0, cohort.reviews_per_file - len(taken))]:
            load[person.pk] += 1
            new.append(Assignment(application=application, reviewer=person, assigned_at=now))
    Assignment.objects.bulk_create(new)
    journal.record("cohort.files_distributed", cohort, actor=actor, now=now, detail=str(len(new)))
    return len(new)


def require_criteria(cohort: Cohort) -> list[Criterion]:
    """What the jury judges by. Raises Refusal when the cohort has nothing of the kind yet."""
    criteria = criteria_of(cohort)
    if not criteria:
        raise Refusal(_("Cette promotion n’a pas encore de critères : écrivez-les d’abord dans ses réglages."))
    return criteria


def _standing_readings(cohort: Cohort, jury: set[int]) -> tuple[Counter, dict[int, set[int]]]:
    """How many files each reader has, and the readers of each file who gave an opinion or still can."""
    given = set(Review.objects.filter(application__cohort=cohort).values_list("application_id", "reviewer_id"))
    load, readers = Counter(), {}
    for assigned in Assignment.objects.filter(application__cohort=cohort).values_list("application_id", "reviewer_id"):
        application_id, reviewer_id = assigned
        load[reviewer_id] += 1
        if reviewer_id in jury or assigned in given:
            readers.setdefault(application_id, set()).add(reviewer_id)
    return load, readers


def jury_of(cohort: Cohort):
    """The people who hold the jury role for this cohort."""
    return User.objects.filter(is_active=True, grants__role=Role.JURY, grants__scope=journal.ref(cohort))


@transaction.atomic
def save_draft(application: Application, reviewer: User, *, scores: dict[int, int], comment: str, now=None) -> None:
    """Keep what a jury member is writing about a file assigned to her: some scores, a comment. Nobody else sees it.

    Scores of criteria that the cohort has not, or that are out of bounds, are left out. Raises Refusal as `review`.
    """
    assignment = _locked(application, reviewer)
    known = {criterion.pk for criterion in criteria_of(application.cohort)}
    kept = {str(pk): value for pk, value in scores.items() if pk in known and LOWEST <= value <= HIGHEST}
    assignment.draft = {"scores": kept, "comment": comment}
    assignment.saved_at = now or timezone.now()
    assignment.save(update_fields=["draft", "saved_at"])


@transaction.atomic
def review(application: Application, reviewer: User, *, scores: dict[int, int], comment: str, now=None) -> Review:
    """A jury member gives, or changes, her scores (by criterion, 1 to 5) and a comment on a file assigned to her.

    Giving the same again changes nothing. The first opinion of a cohort settles its criteria. Raises Refusal when the
    file is not hers to read or is decided already, or when a criterion has no score.
    """
    now = now or timezone.now()
    assignment = _locked(application, reviewer)
    criteria = require_criteria(application.cohort)
    if {criterion.pk for criterion in criteria} != scores.keys() or not all(
        LOWEST <= value <= HIGHEST for value in scores.values()
    ):
        raise Refusal(_("Donnez une note de 1 à 5 à chaque critère."))
    given = Review.objects.filter(application=application, reviewer=reviewer).first()
    if given and given.comment == comment and _scores_of(given) == scores:
        return given  # the same click twice
    given = given or Review(application=application, reviewer=reviewer)
    given.score, given.comment, given.given_at = weighted_mean(criteria, scores), comment, now
    given.save()
    given.scores.all().delete()
    Score.objects.bulk_create(Score(review=given, criterion=c, value=scores[c.pk]) for c in criteria)
    Cohort.objects.filter(pk=application.cohort_id, criteria_settled_at=None).update(criteria_settled_at=now)
    assignment.draft, assignment.saved_at = {}, now
    assignment.save(update_fields=["draft", "saved_at"])
    journal.record("application.reviewed", application, actor=reviewer, now=now)
    return given


def _locked(application: Application, reviewer: User) -> Assignment:
    """Her assignment, the file locked. Raises Refusal when the file is not hers to read, or decided already."""
    lock(application)
    if not reviewer.holds(Role.JURY, journal.ref(application.cohort)):
        raise Refusal(_("Vous ne faites plus partie du jury de cette promotion."))
    assignment = Assignment.objects.select_for_update().filter(application=application, reviewer=reviewer).first()
    if assignment is None or Recusal.objects.filter(application=application, reviewer=reviewer).exists():
        raise Refusal(_("Ce dossier ne vous est pas confié."))
    if application.state != Application.State.SUBMITTED:
        raise Refusal(_("Ce dossier a déjà reçu une décision : votre avis ne peut plus changer."))
    return assignment


def _scores_of(given: Review) -> dict[int, int]:
    return dict(given.scores.values_list("criterion_id", "value"))


def weighted_mean(criteria: list[Criterion], scores: dict[int, int]) -> Decimal:
    """The mean of the scores by the weights of their criteria, 1 to 5, to the hundredth, halves rounded up."""
    total = sum(criterion.weight * scores[criterion.pk] for criterion in criteria)
    mean = Decimal(total) / sum(criterion.weight for criterion in criteria)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


@transaction.atomic
def recuse(application: Application, reviewer: User, *, reason: str = Recusal.Reason.DECLARED, actor, now=None) -> None:
    """A jury member stands aside from a file: it closes to her, and what she wrote or gave about it goes.

    Doing it again changes nothing. Raises Refusal once the file is decided with her opinion.
    """
    now = now or timezone.now()
    lock(application)
    given = Review.objects.filter(application=application, reviewer=reviewer)
    if application.state != Application.State.SUBMITTED and given.exists():
        raise Refusal(_("Ce dossier a déjà reçu une décision, et votre avis y a compté : parlez-en à la coordination."))
    _recusal, is_new = Recusal.objects.get_or_create(
        application=application, reviewer=reviewer, defaults={"reason": reason, "at": now}
    )
    given.delete()
    Assignment.objects.filter(application=application, reviewer=reviewer).delete()
    if is_new:
        journal.record("application.recused", application, actor=actor, now=now)
