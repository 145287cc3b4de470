"""Two clicks on one agreement, two coordinators on one text: one row, and nobody reads an error."""

import pytest

from consents import transitions
from consents.models import Consent, TextVersion
from lifecycle.journal import CONSOLE
from lifecycle.models import JournalEntry
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

Key = TextVersion.Key


def test_two_clicks_give_one_agreement():
    ines, image = factories.make_user("Inès"), factories.make_texts()[Key.IMAGE]

    first, second = together(*[lambda: transitions.agree(ines, image, actor=ines)] * 2)

    assert first == second == Consent.objects.get()
    assert JournalEntry.objects.filter(action="consent.given").count() == 1


def test_two_versions_agreed_to_at_once_leave_the_newer():
    ines, first = factories.make_user("Inès"), factories.make_texts()[Key.RULES]
    second = transitions.new_version(Key.RULES, actor=CONSOLE)
    transitions.publish_text(second, actor=CONSOLE)

    together(
        lambda: transitions.agree(ines, first, actor=ines),
        lambda: transitions.agree(ines, second, actor=ines),
    )

    assert [consent.version for consent in Consent.objects.standing()] == [second]


def test_two_coordinators_prepare_one_draft():
    factories.make_texts()

    first, second = together(*[lambda: transitions.new_version(Key.RULES, actor=CONSOLE)] * 2)

    assert first == second == TextVersion.objects.get(key=Key.RULES, published_at=None)
    assert JournalEntry.objects.filter(action="textversion.prepared").count() == 1
