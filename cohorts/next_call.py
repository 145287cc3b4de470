"""Keeping in touch: whoever agreed to be told of the next call is told when one opens."""

from django.db import transaction

from cohorts import emails
from cohorts.models import Cohort
from consents.models import Consent, TextVersion

BATCH = 200
"""So many people are written to in one transaction."""


def tell(now) -> int:
    """Write once to each person about each call that is open, if she agreed before it opened. Returns how many.

    A sweep that was missed catches up as long as the call is open; two at once write one letter, whose key is the fact.
    """
    return sum(_tell(cohort, now) for cohort in Cohort.objects.open(now).order_by("closes_at"))


def _tell(cohort: Cohort, now) -> int:
    told = 0
    agreed = Consent.objects.standing().filter(version__key=TextVersion.Key.NEXT_CALL, given_at__lt=cohort.opens_at)
    waiting = emails.not_told(agreed, cohort).select_related("person").order_by("pk")
    while people := list(waiting[:BATCH]):
        with transaction.atomic():
            told += sum(emails.announce_next_call(consent.person, cohort, now=now) for consent in people)
    return told
