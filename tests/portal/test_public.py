"""What a visitor reads before she has an account."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from applications import drafting
from cohorts import moments, queries
from cohorts.models import Audience, Cohort, Criterion, Partner, Trade
from lifecycle import journal
from portal.calls import Call, calls_for
from tests import factories, papers

PAGES = ("welcome", "become_mentor", "faq", "contact", "legal", "privacy", "accessibility")


class Words(HTMLParser):
    """The text of a page, its spaces made plain, and its links."""

    def __init__(self, response):
        super().__init__()
        self.parts, self.links, self.inside = [], [], None
        self.feed(response.content.decode())
        self.text = " ".join("".join(self.parts).split())

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data):
        if self.inside not in ("style", "script"):
            self.parts.append(data)


def read(client, url) -> Words:
    response = client.get(url)
    assert response.status_code == 200
    return Words(response)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.django_db
class TestAnyone:
    @pytest.mark.parametrize("name", PAGES)
    def test_reads_the_page_without_an_account(self, client, name):
        response = client.get(reverse(f"portal:{name}"))
        assert (response.status_code, response.content.count(b"<h1")) == (200, 1)

    @pytest.mark.parametrize("name", PAGES)
    def test_nothing_is_asked_of_another_site(self, client, name):
        page = client.get(reverse(f"portal:{name}")).content.decode()
        assert not [piece for piece in page.split("src=")[1:] if piece.startswith(('"http', '"//'))]
        assert " style=" not in page
        assert "<style" not in page

    def test_posting_to_a_page_of_words_is_refused(self, client):
        assert client.get("/questions/").status_code == 200
        assert client.post("/questions/").status_code == 405

    def test_every_page_says_whom_to_turn_to(self, client, settings):
        assert f"mailto:{settings.CONTACT_EMAIL}" in read(client, "/questions/").links
        assert reverse("portal:contact") in read(client, "/questions/").links

    def test_the_numbers_that_answer(self, client):
        numbers = [link for link in read(client, "/contact/").links if link.startswith(("tel:", "sms:"))]
        assert numbers == [
            "tel:17", "tel:112", "sms:114", "tel:+33187203090", "tel:119", "tel:3919", "tel:116006", "tel:3114",
        ]  # fmt: skip


@pytest.mark.django_db
class TestHomePage:
    def test_without_any_cohort_it_still_says_what_the_programme_is(self, client):
        words = read(client, "/")
        assert "Aucun appel n’est ouvert en ce moment." in words.text
        assert "Les dates des prochaines promotions seront annoncées ici" in words.text

    def test_an_open_call_says_until_when_and_leads_to_the_form(self, client, cohort):
        words = read(client, "/")
        assert f"{cohort.name} : appel ouvert jusqu’au {plain(moments.moment(cohort.closes_at))}." in words.text
        assert words.links.count(reverse("applications:eligibility", args=[cohort.slug])) == 2

    def test_a_call_to_come_says_from_when_and_offers_no_form(self, client, now):
        cohort = factories.make_cohort("open", now=now)
        Cohort.objects.update(opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=9))
        cohort.refresh_from_db()
        words = read(client, "/")
        opening = plain(moments.moment(cohort.opens_at))
        assert f"Prochain appel, {cohort.name.lower()} : ouverture le {opening}." in words.text
        assert reverse("applications:eligibility", args=[cohort.slug]) not in words.links

    def test_a_closed_call_offers_no_form(self, client, closed_cohort):
        words = read(client, "/")
        assert "L’appel s’est clos" in words.text
        assert reverse("applications:eligibility", args=[closed_cohort.slug]) not in words.links

    def test_open_calls_come_first(self, client, closed_cohort, cohort, now):
        visitor = factories.make_user()
        assert [call.cohort for call in calls_for(visitor, now)] == [cohort, closed_cohort]

    def test_partners_and_trades_are_the_programmes_own(self, client):
        Partner.objects.create(name="École Kourtrajmé", presentation="Ateliers d’écriture de séries.")
        assert "Perche" in read(client, "/").text
        Trade.objects.filter(slug="perche").update(is_offered=False)
        words = read(client, "/")
        assert "École Kourtrajmé" in words.text
        assert "Direction de la photographie" in words.text
        assert "Perche" not in words.text

    def test_it_costs_the_same_with_more_cohorts(self, client, cohort, django_assert_num_queries):
        client.get("/")
        with django_assert_num_queries(3):
            client.get("/")
        factories.make_cohort("closed")
        with django_assert_num_queries(3):
            client.get("/")


@pytest.mark.django_db
class TestCohortPage:
    def url(self, cohort):
        return reverse("portal:cohort", args=[cohort.slug])

    def test_it_tells_for_whom_and_every_date(self, client, cohort):
        Cohort.objects.update(audiences=[Audience.PUPIL, Audience.REINSERTION], min_age=15, max_age=25, places=80)
        cohort.refresh_from_db()
        words = read(client, self.url(cohort))
        first_day = plain(moments.day(cohort.starts_on))
        assert (
            "Pour les lycéen·nes et les jeunes en réinsertion sociale, de 15 à 25 ans"
            f" au premier jour, le {first_day}. 80 places." in words.text
        )
        for date in (cohort.decisions_on, cohort.ends_on):
            assert plain(moments.day(date)) in words.text
        for moment in (cohort.opens_at, cohort.closes_at):
            assert plain(moments.moment(moment)) in words.text
        assert "il vous faudra le nom et l’adresse e-mail d’un·e représentant·e légal·e" in words.text

    def test_it_tells_how_files_are_read(self, client, cohort):
        blind, two = "sans savoir qui vous êtes", "et deux qui relisent l’ensemble"
        Cohort.objects.update(reviews_per_file=3, is_blind=True, needs_two_people=True)
        Criterion.objects.create(cohort=cohort, name="Le projet", low="Flou.", high="Précis, personnel.", order=2)
        words = read(client, self.url(cohort)).text
        assert "Trois membres du jury au moins lisent chaque dossier, chacun de son côté, sans savoir" in words
        assert "Ce que le jury regarde : Ensemble Le projet Précis, personnel. Un calcul" in words
        assert ("Flou." in words, two in words) == (False, True)
        Cohort.objects.update(reviews_per_file=1, is_blind=False, needs_two_people=False)
        words = read(client, self.url(cohort)).text
        assert "Au moins un membre du jury lit chaque dossier. Ce que" in words
        assert (blind in words, two in words) == (False, False)
        cohort.criteria.all().delete()
        assert "Comment vous êtes lu·e" not in read(client, self.url(cohort)).text

    def test_it_tells_which_files_are_asked(self, client, cohort):
        assert "Aucun document à joindre." in read(client, self.url(cohort)).text
        papers.ask(cohort)
        words = read(client, self.url(cohort)).text
        assert "Des fichiers à joindre : CV, si vous le voulez" in words
        assert "Aucun document à joindre." not in words

    @pytest.mark.parametrize("slug", ["printemps-1999", "hiver-2027", "printemps", "printemps-20²7", "automne-02027"])
    def test_no_such_cohort(self, client, cohort, slug):
        assert client.get(self.url(cohort)).status_code == 200
        assert client.get(f"/promotions/{slug}/").status_code == 404

    def test_whoever_was_given_time_takes_her_draft_up_after_the_closing(
        self, closed_cohort, candidate, signed_in, now
    ):
        draft = factories.make_draft(closed_cohort, candidate)
        hers = signed_in(candidate)
        assert "Reprendre mon brouillon" not in read(hers, self.url(closed_cohort)).text
        drafting.give_time(draft, until=now + timedelta(days=2), actor=journal.CONSOLE, now=now)
        assert "Reprendre mon brouillon" in read(hers, self.url(closed_cohort)).text

    def test_whoever_has_a_draft_takes_it_up_again(self, cohort, candidate, signed_in):
        draft = factories.make_draft(cohort, candidate)
        words = read(signed_in(candidate), self.url(cohort))
        assert "Reprendre mon brouillon" in words.text
        assert reverse("applications:tasks", args=[draft.reference]) in words.links
        assert reverse("applications:eligibility", args=[cohort.slug]) not in words.links

    def test_somebody_elses_draft_changes_nothing(self, cohort, candidate, stranger, signed_in):
        factories.make_draft(cohort, candidate)
        words = read(signed_in(stranger), self.url(cohort))
        assert reverse("applications:eligibility", args=[cohort.slug]) in words.links

    def test_whoever_has_sent_a_file_sees_it(self, cohort, candidate, signed_in):
        sent = factories.make_sent(cohort, candidate)
        words = read(signed_in(candidate), self.url(cohort))
        assert "Voir ma candidature" in words.text
        assert sent.get_absolute_url() in words.links

    def test_the_form_shuts_on_the_second(self, cohort):
        just_before = cohort.closes_at - timedelta(seconds=1)
        assert Call(cohort, just_before).action == (
            reverse("applications:eligibility", args=[cohort.slug]),
            "Candidater",
        )
        assert Call(cohort, cohort.closes_at).action is None
        assert Call(cohort, cohort.opens_at - timedelta(seconds=1)).action is None
        assert Call(cohort, cohort.opens_at).is_open


@pytest.mark.django_db
def test_a_slug_leads_back_to_its_cohort(cohort):
    assert queries.by_slug(cohort.slug) == cohort
