"""The verbs of a reading: writing an opinion, giving it. Who reads what: `reviews.sharing`."""

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
from reviews.jury import require_criteria
from reviews.models import Assignment, Recusal, Review, Score
from reviews.models.readings import HIGHEST, LOWEST
from reviews.ties import tie_between, tie_words


@transaction.atomic
def save_draft(
    application: Application, reviewer: User, *, scores: dict[int, int], comment: str, shown_at=None, now=None
) -> None:
    """Keep what a jury member is writing about a file assigned to her: some scores, a comment. Nobody else sees it.

    Scores of criteria that the cohort has not, or that are out of bounds, are left out. `shown_at` names a page
    that saves by itself. Raises Refusal as `review`, and when such a page has been overtaken: what another page saved
    or gave since does not give way to what nobody asked to keep.
    """
    assignment = _locked(application, reviewer)
    page = {"page": shown_at.isoformat()} if shown_at else {}
    is_its_own = assignment.draft.get("page") == page.get("page")
    if shown_at and assignment.saved_at and shown_at < assignment.saved_at and not is_its_own:
        raise Refusal(
            _(
                "Votre avis a été enregistré ou donné dans un autre onglet\u00a0: rien ne s’enregistre plus d’ici. "
                "Rechargez cette page pour le retrouver."
            )
        )
    known = {criterion.pk for criterion in criteria_of(application.cohort)}
    kept = {str(pk): value for pk, value in scores.items() if pk in known and LOWEST <= value <= HIGHEST}
    assignment.draft = {"scores": kept, "comment": comment, **page}
    assignment.saved_at = now or timezone.now()
    assignment.save(update_fields=["draft", "saved_at"])


@transaction.atomic
def review(application: Application, reviewer: User, *, scores: dict[int, int], comment: str, now=None) -> Review:
    """A jury member gives, or changes, her scores (by criterion, 1 to 5) and a comment on a file assigned to her.

    Giving the same again changes nothing. The first opinion of a cohort settles its criteria. Raises Refusal when the
    file is not hers to read or is decided already, when a criterion has no score, or when she might know the person.
    """
    now = now or timezone.now()
    if application.cohort.criteria_settled_at is None:
        lock(application.cohort)
    assignment = _locked(application, reviewer)
    criteria = require_criteria(application.cohort)
    if {criterion.pk for criterion in criteria} != scores.keys() or not all(
        LOWEST <= value <= HIGHEST for value in scores.values()
    ):
        raise Refusal(_("Donnez une note de 1 à 5 à chaque critère."))
    given = Review.objects.filter(application=application, reviewer=reviewer).first()
    if given and given.comment == comment and _scores_of(given) == scores:  # the same click twice, or a change undone
        _forget_draft(assignment, assignment.saved_at)
        return given
    if given is None and (tie := tie_between(application, reviewer)):
        raise Refusal(tie_words(tie))
    given = given or Review(application=application, reviewer=reviewer)
    given.score, given.comment, given.given_at = weighted_mean(criteria, scores), comment, now
    given.save()
    given.scores.all().delete()
    Score.objects.bulk_create(Score(review=given, criterion=c, value=scores[c.pk]) for c in criteria)
    Cohort.objects.filter(pk=application.cohort_id, criteria_settled_at=None).update(criteria_settled_at=now)
    _forget_draft(assignment, now)
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


def _forget_draft(assignment: Assignment, saved_at) -> None:
    assignment.draft, assignment.saved_at = {}, saved_at
    assignment.save(update_fields=["draft", "saved_at"])


def _scores_of(given: Review) -> dict[int, int]:
    return dict(given.scores.values_list("criterion_id", "value"))


def weighted_mean(criteria: list[Criterion], scores: dict[int, int]) -> Decimal:
    """The mean of the scores by the weights of their criteria, 1 to 5, to the hundredth, halves rounded up."""
    total = sum(criterion.weight * scores[criterion.pk] for criterion in criteria)
    mean = Decimal(total) / sum(criterion.weight for criterion in criteria)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
