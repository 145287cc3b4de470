"""« Prévenez-moi » at the same instant: two clocks tell each address once, two visitors leave one address once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from cohorts import alerts
from cohorts.models import CallAlert
from notifications.models import Letter
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_sweeps_at_once_tell_each_address_once(cohort, now, monkeypatch):
    monkeypatch.setattr(alerts, "BATCH", 10)
    before = cohort.opens_at - timedelta(days=1)
    everybody = [f"personne{number}@example.org" for number in range(120)]
    CallAlert.objects.bulk_create(CallAlert(email=email, confirmed_at=before) for email in everybody)

    counts = together(*[partial(alerts.tell, now)] * 4)

    assert sum(counts) == 120
    assert max(counts) < 120, "one sweep did all the work: nothing was shown"
    assert Counter(Letter.objects.values_list("to", flat=True)) == Counter(everybody)
    assert CallAlert.objects.count() == 0


def test_an_address_left_twice_at_once_is_one_row_and_one_letter(now):
    outcomes = together(*[partial(alerts.ask, "Ines@example.org", now=now)] * 4)

    assert outcomes == [None] * 4
    assert list(CallAlert.objects.values_list("email", flat=True)) == ["ines@example.org"]
    assert Letter.objects.count() == 1


def test_told_and_forgotten_at_once_leaves_no_letter_to_send(cohort, now):
    """Whoever is first, she asked not to be written to."""
    for number in range(10):
        alert = CallAlert.objects.create(
            email=f"p{number}@example.org", confirmed_at=cohort.opens_at - timedelta(days=1)
        )
        outcomes = together(partial(alerts.tell, now), partial(alerts.forget, alert))
        assert outcomes[1] is None

    assert CallAlert.objects.count() == 0
    assert Letter.objects.filter(status="QUEUED").count() == 0
    assert set(Letter.objects.values_list("to", "body")) <= {("", "")}
