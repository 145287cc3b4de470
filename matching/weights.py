"""What a cohort counts in the score of a pair: its own weights, or those that hold until a coordinator sets them."""

from django.db import transaction

from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from matching.models import Weights
from matching.scoring import CHOSEN


def of(cohort: Cohort) -> Weights:
    """The cohort's weights; those of the same season of an earlier year, or the first ones, until it has its own."""
    earlier = Weights.objects.filter(cohort__season=cohort.season, cohort__year__lte=cohort.year)
    found = earlier.order_by("-cohort__year").first()
    if found is None:
        return Weights(cohort=cohort)
    if found.cohort_id == cohort.pk:
        return found
    # A cohort prepared from last year's counts as that one did, whichever way it was prepared.
    return Weights(cohort=cohort, **{name: getattr(found, name) for name in CHOSEN})


@transaction.atomic
def save(cohort: Cohort, *, chosen: dict, actor, now=None) -> Weights:
    """A coordinator sets what the next runs count. Those worked already keep theirs.

    Raises IntegrityError when the weights are out of order, or could add up to more than 1,000 points: the form says so
    before.
    """
    lock(cohort)
    weights = of(cohort)
    changed = [name for name in CHOSEN if name in chosen and chosen[name] != getattr(weights, name)]
    for name in changed:
        setattr(weights, name, chosen[name])
    weights.save()
    if changed:
        journal.record("cohort.weights_changed", cohort, actor=actor, now=now, detail=", ".join(changed)[:300])
    return weights
