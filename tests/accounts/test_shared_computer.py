"""Somebody else sits down at the same computer."""

from django.urls import reverse

from tests import factories


def test_signing_out_asks_the_browser_to_forget(cohort, candidate, signed_in):
    draft = factories.make_complete_draft(cohort, candidate)
    hers = signed_in(candidate)
    page = hers.get(reverse("applications:check", args=[draft.reference]))
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "Clear-Site-Data" not in page.headers
    goodbye = hers.post(reverse("account_logout"))
    assert goodbye.headers["Clear-Site-Data"] == '"cache"'


def test_public_pages_say_nothing_about_caches(client, cohort):
    assert not {"Cache-Control", "Clear-Site-Data"} & set(client.get(reverse("portal:welcome")).headers)
