"""What is sent is what the page to check showed."""

import pytest

from applications.models import Application, SentCopy
from tests import factories
from tests.applications.reading import save, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cohort, candidate):
    return factories.make_complete_draft(cohort, candidate)


def seen_by(hers, application) -> str:
    html = hers.get(url("check", application)).content.decode()
    return html.partition('name="seen" value="')[2].partition('"')[0]


def test_what_another_tab_changed_is_read_before_it_is_sent(file, hers):
    shown = seen_by(hers, file)
    save(hers, file, "besoins", {"needs": "Un fauteuil roulant entre par le quai B."})

    refused = hers.post(url("submit", file), {"seen": shown}, follow=True)
    assert refused.redirect_chain == [(url("check", file), 302)]
    assert "Vos réponses ont changé" in text_of(refused)
    assert "le quai B" in text_of(refused)
    assert not SentCopy.objects.exists()

    hers.post(url("submit", file), {"seen": seen_by(hers, file)})
    assert SentCopy.objects.get().content["needs"] == "Un fauteuil roulant entre par le quai B."


def test_saving_the_same_again_changes_nothing(file, hers):
    save(hers, file, "besoins", {"needs": ""})
    shown = seen_by(hers, file)
    save(hers, file, "besoins", {"needs": ""})
    save(hers, file, "liens", {})
    hers.post(url("submit", file), {"seen": shown})
    file.refresh_from_db()
    assert file.state == Application.State.SUBMITTED
