"""« Vos courriels »: each person reads again what was sent to her, and nothing else."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from notifications import delivery, links
from notifications.models import Letter
from tests import factories
from tests.house.pages import Page
from tests.notifications.letters import REMINDER, post
from tests.portal.reading import HOME, text_of

pytestmark = pytest.mark.django_db
LIST = "/mon-espace/courriels/"
Status = Letter.Status


def make_sent(to: str, key: str, *, ago: timedelta = timedelta(0), **fields) -> Letter:
    """A letter that left some time ago."""
    at = timezone.now() - ago
    known = {"kind": "applications.receipt", "subject": f"Sujet {key}", "body": "Bonjour,\n\nVoilà.\n\n-- \nPied\n"}
    return Letter.objects.create(
        **{**known, "key": key, "to": to, "status": Status.SENT, "claimed_at": at, "sent_at": at, **fields}
    )


def one(letter: Letter) -> str:
    return reverse("portal:letter", args=[letter.pk])


def subjects(response) -> list[str]:
    return re.findall(r'<a href="/mon-espace/courriels/\d+/">(.*?)</a>', response.content.decode())


# --- The list -----------------------------------------------------------------------------------


def test_the_latest_letter_comes_first(candidate, signed_in):
    for number, days in enumerate((3, 1, 2)):
        make_sent(candidate.email, f"key-{number}", ago=timedelta(days=days))
    page = signed_in(candidate).get(LIST)
    assert subjects(page) == ["Sujet key-1", "Sujet key-2", "Sujet key-0"]


def test_each_line_has_its_day_and_hour(candidate, signed_in):
    at = factories.paris(timezone.localdate(timezone.now()).replace(month=1, day=2), 0, 5)
    make_sent(candidate.email, "key", sent_at=at)
    assert f"2 jan. {at.year}, 0 h 05" in text_of(signed_in(candidate).get(LIST))


def test_nobody_has_letters_at_first(candidate, signed_in):
    page = signed_in(candidate).get(LIST)
    assert (subjects(page), "Nous ne vous avons encore rien envoyé" in text_of(page)) == ([], True)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.SENT])
def test_only_what_left_is_shown(status, candidate, signed_in):
    sent = make_sent(candidate.email, "sent")
    other = make_sent(candidate.email, "other", status=status, sent_at=None)
    hers = signed_in(candidate)
    assert subjects(hers.get(LIST)) == ["Sujet sent"]
    assert [hers.get(one(letter)).status_code for letter in (sent, other)] == [200, 404]


def test_a_decision_held_back_is_not_to_be_read(closed_cohort, candidate, signed_in):
    application = factories.make_sent(closed_cohort, candidate)
    Letter.objects.all().delete()
    post("held", to=candidate.email, about=application, hold="reviews.release:1")
    hers = signed_in(candidate)
    held = Letter.objects.get()
    assert (subjects(hers.get(LIST)), hers.get(one(held)).status_code) == ([], 404)
    Letter.objects.update(hold="")
    delivery.send_due()
    assert (len(subjects(hers.get(LIST))), hers.get(one(held)).status_code) == (1, 200)


def test_every_address_that_is_hers_counts_and_no_other(candidate, stranger, signed_in):
    EmailAddress.objects.create(user=candidate, email="ines.ancienne@example.org", verified=True)
    EmailAddress.objects.create(user=candidate, email="pas.prouvee@example.org", verified=False)
    addresses = [candidate.email.upper(), "Ines.Ancienne@example.org", "pas.prouvee@example.org", stranger.email]
    letters = [make_sent(address, f"key-{n}", ago=timedelta(hours=n)) for n, address in enumerate(addresses)]
    hers = signed_in(candidate)
    assert subjects(hers.get(LIST)) == ["Sujet key-0", "Sujet key-1"]
    assert [hers.get(one(letter)).status_code for letter in letters] == [200, 200, 404, 404]


def test_an_address_is_hers_however_it_is_written():
    letter = make_sent("Ines@example.org", "key")
    assert list(Letter.objects.sent_to(["INES@example.org", "ines@EXAMPLE.org"])) == [letter]


def test_twenty_a_page(candidate, signed_in):
    for number in range(41):
        make_sent(candidate.email, f"key-{number:02}", ago=timedelta(hours=number))
    hers = signed_in(candidate)
    pages = [hers.get(LIST, {"page": page}) for page in (1, 2, 3)]
    assert [len(subjects(page)) for page in pages] == [20, 20, 1]
    assert [subjects(page)[0] for page in pages] == ["Sujet key-00", "Sujet key-20", "Sujet key-40"]
    assert [set(re.findall(r"\?page=\d+", page.content.decode())) for page in pages] == [
        {"?page=2"},
        {"?page=1", "?page=3"},
        {"?page=2"},
    ]
    assert "Page 2 sur 3" in text_of(pages[1])


@pytest.mark.parametrize("page", ["0", "4", "-1", "abc", "9" * 30, "1\x00"])
def test_a_page_that_is_not_there(page, candidate, signed_in):
    make_sent(candidate.email, "key")
    hers = signed_in(candidate)
    assert [hers.get(LIST, {"page": 1}).status_code, hers.get(LIST, {"page": page}).status_code] == [200, 404]


def test_three_letters_cost_what_one_does(candidate, signed_in, django_assert_num_queries):
    hers = signed_in(candidate)
    make_sent(candidate.email, "key-0")
    with django_assert_num_queries(6):  # session, person, her roles, her addresses, how many, a page
        hers.get(LIST)
    for number in (1, 2):
        make_sent(candidate.email, f"key-{number}")
    with django_assert_num_queries(6):
        assert len(subjects(hers.get(LIST))) == 3


# --- One letter ---------------------------------------------------------------------------------


def test_a_letter_reads_as_it_was_sent(candidate, signed_in):
    body = "Bonjour <Inès>,\n\n- un ;\n- deux.\n\nhttps://mentorat.example/mon-espace/\n\nVoilà.\n\n-- \nPied de page\n"
    letter = make_sent(candidate.email, "key", subject="Votre place & la suite", body=body)
    page = signed_in(candidate).get(one(letter))
    html = page.content.decode()
    parts = [
        "<p>Bonjour &lt;Inès&gt;,</p>",
        "<ul><li>un ;</li><li>deux.</li></ul>",
        '<p><a href="https://mentorat.example/mon-espace/">https://mentorat.example/mon-espace/</a></p>',
        "<p>Pied de page</p>",
        "Votre place &amp; la suite</h1>",
    ]
    assert [part for part in parts if part not in html] == []
    assert "Ouvrir la page" not in html


def test_a_personal_link_stays_in_the_letter_received(candidate, signed_in):
    post("key", REMINDER, to=candidate.email)
    letter = Letter.objects.get()
    assert links.STOP_REMINDERS in letter.body
    delivery.send_due()
    page = signed_in(candidate).get(one(letter))
    assert "Ne plus recevoir de rappels : (lien personnel, dans le courriel reçu)" in text_of(page)
    assert ["lien:" in page.content.decode(), "/rappels/" in page.content.decode()] == [False, False]


def test_nobody_else_reads_a_letter(candidate, stranger, mentor, coordinator, signed_in, client):
    letter = make_sent(candidate.email, "key")
    assert signed_in(candidate).get(one(letter)).status_code == 200
    seen = [signed_in(person).get(one(letter)).status_code for person in (stranger, mentor, coordinator)]
    assert (seen, client.get(one(letter)).status_code) == ([404, 404, 404], 302)


def test_a_letter_that_was_never_written(candidate, signed_in):
    hers = signed_in(candidate)
    assert [hers.get(f"{LIST}{pk}/").status_code for pk in ("0", "9" * 30)] == [404, 404]


def test_mentors_and_staff_read_theirs(mentor, coordinator, signed_in):
    for person in (mentor, coordinator):
        make_sent(person.email, f"to-{person.pk}")
        assert subjects(signed_in(person).get(LIST)) == [f"Sujet to-{person.pk}"]


# --- The way there, and the markup --------------------------------------------------------------


def test_my_page_leads_to_them(closed_cohort, candidate, stranger, signed_in):
    factories.make_sent(closed_cohort, candidate)
    counts = [Page(signed_in(person).get(HOME).content.decode()).links.count(LIST) for person in (candidate, stranger)]
    assert counts == [2, 1]


def test_the_pages_are_well_made(candidate, signed_in):
    letter = make_sent(candidate.email, "key")
    pages = [Page(signed_in(candidate).get(path).content.decode()) for path in (LIST, one(letter))]
    assert [(page.headings.count("h1"), page.doubled_ids) for page in pages] == [(1, set()), (1, set())]
    assert [page.title.partition(" ·")[0] for page in pages] == ["Vos courriels", "Sujet key"]
