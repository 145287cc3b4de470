"""The pages of a jury member: her list, one page a file, what is saved and what is given."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import drafting
from applications import transitions as applications
from cohorts.models import Criterion
from lifecycle.models import JournalEntry
from reviews import readings
from reviews.models import Assignment, Recusal, Review
from tests import factories

pytestmark = pytest.mark.django_db

TO_READ = "admin:reviews_assignment_changelist"
SCRIPT = {"headers": {"X-Enregistrement": "1"}}


def url(name, file):
    return reverse(f"admin:reviews_assignment_{name}", args=[file.reference])


def text(answer) -> str:
    """What a person reads in the page's content, on one line."""
    content = answer.content.decode().partition('<div id="content-main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content))


def told(answer) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


@pytest.fixture
def cohort(cohort):
    """The cohort of the cast, which judges by two criteria."""
    Criterion.objects.filter(cohort=cohort).delete()
    Criterion.objects.create(cohort=cohort, order=1, name="Le désir", low="On le cherche.", high="Il brûle.", weight=3)
    Criterion.objects.create(cohort=cohort, order=2, name="Le projet", weight=1)
    return cohort


@pytest.fixture
def file(cohort, reviewer, candidate):
    """Inès's file, assigned to Nadia."""
    file = factories.make_sent(cohort, candidate)
    factories.assign(file, reviewer)
    return file


@pytest.fixture
def other(cohort, file, reviewer):
    """One more file for Nadia."""
    other = factories.make_sent(cohort)
    factories.assign(other, reviewer)
    return other


@pytest.fixture
def nadia(reviewer, signed_in):
    return signed_in(reviewer)


def opinion(cohort, *scores, comment="Convaincant.") -> dict:
    """What the form sends: a score for each criterion in order, '' for none."""
    names = (f"score_{criterion.pk}" for criterion in cohort.criteria.all())
    return {**{name: str(score) for name, score in zip(names, scores, strict=True) if score}, "comment": comment}


def given() -> list[tuple]:
    return [(r.application_id, float(r.score), r.comment) for r in Review.objects.order_by("id")]


def being_written(file) -> tuple:
    draft = Assignment.objects.get(application=file).draft
    return list(draft.get("scores", {}).values()), draft.get("comment")


# --- Her list -----------------------------------------------------------------------------------


def test_her_list_tells_where_she_is_and_names_nobody(cohort, file, other, reviewer, nadia):
    begun = factories.make_sent(cohort)
    factories.assign(begun, reviewer)
    readings.save_draft(begun, reviewer, scores={}, comment="Je relirai.")
    factories.make_reading(other, reviewer, score=4)
    decided = factories.make_sent(cohort)
    factories.assign(decided, reviewer)
    factories.decide(decided, outcome="REJECTED")
    page = nadia.get(reverse(TO_READ))
    states = {row.reference: (row.is_open, row.is_begun, row.is_read, row.score) for row in page.context["rows"]}
    assert states == {
        file.reference: (True, False, False, None),
        begun.reference: (True, True, False, None),
        other.reference: (True, True, True, 4),
        decided.reference: (False, False, False, None),
    }
    assert [row.is_read for row in page.context["rows"]] == [False, False, False, True]
    words = text(page)
    for shown in ("1 sur 3 dossiers lus", "à lire", "commencé", "donné : 4 sur 5", "lecture close", "21 ans"):
        assert shown in words
    assert "Inès" not in page.content.decode()


def test_her_list_asks_as_much_for_one_file_as_for_many(cohort, file, reviewer, nadia):
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert nadia.get(reverse(TO_READ)).status_code == 200
        counts.append(len(asked))
        for _file in range(3):
            factories.assign(factories.make_sent(cohort), reviewer)
    assert counts[0] == counts[1] <= 12


# --- Giving an opinion --------------------------------------------------------------------------


def test_giving_leads_to_the_next_unread_file_then_to_the_list(cohort, file, other, nadia):
    answer = nadia.post(url("read", file), opinion(cohort, 5, 2))
    assert answer.headers["Location"] == url("read", other)
    assert given() == [(file.pk, 4.25, "Convaincant.")]
    last = nadia.post(url("read", other), opinion(cohort, 1, 1, comment=""), follow=True)
    assert last.redirect_chain == [(reverse(TO_READ), 302)]
    assert told(last)[-1] == f"Votre avis sur {other.reference} est donné."


def test_the_same_post_twice_is_one_opinion(cohort, file, nadia):
    for _click in range(2):
        assert nadia.post(url("read", file), opinion(cohort, 4, 4)).status_code == 302
    assert given() == [(file.pk, 4.0, "Convaincant.")]
    assert JournalEntry.objects.filter(action="application.reviewed").count() == 1


@pytest.mark.parametrize("wrong", ["", "0", "6", "beaucoup", "4.5", "\x00"])
def test_what_is_missing_is_told_beside_it_and_what_was_typed_is_kept(cohort, file, nadia, wrong):
    page = nadia.post(url("read", file), opinion(cohort, 4, wrong, comment="Mes notes de lecture."))
    second = cohort.criteria.last()
    assert page.status_code == 422
    assert page.context["form"].errors == {f"score_{second.pk}": ["Choisissez une note de 1 à 5."]}
    words = text(page)
    assert words.count("Choisissez une note de 1 à 5.") == 2  # beside the criterion, and in the summary
    assert "Le projet : Choisissez une note de 1 à 5." in words
    assert "Mes notes de lecture." in words
    assert re.findall(r'value="(\d)"[^>]*checked', page.content.decode()) == ["4"]
    assert given() == []
    assert being_written(file) == ([4], "Mes notes de lecture.")


def test_a_comment_that_is_too_long_is_kept_and_not_given(cohort, file, nadia):
    page = nadia.post(url("read", file), opinion(cohort, 4, 4, comment="a" * 4001))
    assert "Votre commentaire dépasse 4 000 caractères" in text(page).replace("\u00a0", " ")
    assert given() == []
    assert being_written(file) == ([4, 4], "a" * 4001)


def test_others_show_after_ones_own_and_never_before(cohort, file, nadia):
    colleague = factories.make_reviewer(cohort, factories.make_user("Olivier", "Bertrand", age=50))
    factories.make_reading(file, colleague, comment="Un vrai regard.")
    assert "Un vrai regard." not in nadia.get(url("read", file)).content.decode()
    nadia.post(url("save", file), opinion(cohort, 3, 3))
    assert "Un vrai regard." not in nadia.get(url("read", file)).content.decode()
    nadia.post(url("read", file), opinion(cohort, 3, 3))
    words = text(nadia.get(url("read", file)))
    assert "4 sur 5 Olivier Bertrand" in words
    assert "Un vrai regard." in words


def test_a_decided_file_is_read_only(cohort, file, reviewer, nadia):
    factories.make_reading(file, reviewer, score=3)
    factories.decide(file, outcome="REJECTED")
    page = nadia.get(url("read", file))
    assert page.context["form"] is None
    assert "votre avis ne peut plus changer" in text(page)
    closed = "Ce dossier a déjà reçu une décision : votre avis ne peut plus changer."
    for scores in ((5, 5), (5, "")):
        assert told(nadia.post(url("read", file), opinion(cohort, *scores), follow=True)) == [closed]
    saved = nadia.post(url("save", file), opinion(cohort, 5, 5), **SCRIPT)
    assert (saved.status_code, saved.json()) == (409, {"told": closed})
    assert told(nadia.post(url("save", file), opinion(cohort, 5, 5), follow=True)) == [closed]
    assert [score for _file, score, _comment in given()] == [3]


def test_a_new_version_of_the_file_is_told_to_who_gave_her_opinion(cohort, file, candidate, reviewer, nadia):
    factories.make_reading(file, reviewer)
    assert "nouvelle version" not in text(nadia.get(url("read", file)))
    drafting.take_back(file, actor=candidate)
    factories.fill(file, {"project": "Tout autre chose."})
    applications.submit(file, actor=candidate)
    words = text(nadia.get(url("read", file)))
    assert "nouvelle version de son dossier depuis votre avis" in words
    assert "Tout autre chose." in words


# --- Saved as one goes --------------------------------------------------------------------------


def test_what_she_writes_is_kept_and_not_given(cohort, file, nadia):
    saved = nadia.post(url("save", file), opinion(cohort, 4, "", comment="À relire."), **SCRIPT)
    assert saved.status_code == 200
    assert re.fullmatch(r"Enregistré à\u00a0\d{1,2}\u00a0h\u00a0\d\d", saved.json()["told"])
    assert being_written(file) == ([4], "À relire.")
    page = nadia.get(url("read", file))
    assert re.findall(r'value="(\d)"[^>]*checked', page.content.decode()) == ["4"]
    assert "À relire." in text(page)
    assert "pas encore donné." in text(page)
    assert given() == []


def test_without_a_script_a_button_keeps_it(cohort, file, nadia):
    answer = nadia.post(url("save", file), opinion(cohort, "", 2, comment="a\x00b"), follow=True)
    assert answer.redirect_chain == [(url("read", file) + "#avis", 302)]
    assert told(answer)[0].endswith("Votre avis n’est pas encore donné.")
    assert being_written(file) == ([2], "ab")


def test_an_opinion_being_changed_counts_as_it_was_given(cohort, file, nadia):
    nadia.post(url("read", file), opinion(cohort, 4, 4))
    nadia.post(url("save", file), opinion(cohort, 4, 4), **SCRIPT)
    assert "commencé à changer" not in text(nadia.get(url("read", file)))
    nadia.post(url("save", file), opinion(cohort, 1, 4), **SCRIPT)
    page = nadia.get(url("read", file))
    assert "Vous avez commencé à changer votre avis" in text(page)
    assert re.findall(r'value="(\d)"[^>]*checked', page.content.decode()) == ["1", "4"]
    assert [score for _file, score, _comment in given()] == [4.0]
    nadia.post(url("read", file), opinion(cohort, 1, 4))
    assert [score for _file, score, _comment in given()] == [1.75]


def test_an_opinion_given_again_as_it_was_takes_what_was_begun_with_it(cohort, file, nadia):
    nadia.post(url("read", file), opinion(cohort, 4, 4))
    nadia.post(url("save", file), opinion(cohort, 1, 4))
    nadia.post(url("read", file), opinion(cohort, 4, 4))
    page = nadia.get(url("read", file))
    assert "commencé à changer" not in text(page)
    assert re.findall(r'value="(\d)"[^>]*checked', page.content.decode()) == ["4", "4"]


# --- Whose file ---------------------------------------------------------------------------------


def test_a_file_that_is_not_hers_does_not_exist(cohort, file, nadia):
    not_hers = factories.make_sent(cohort)
    assert nadia.get(url("read", file)).status_code == 200
    for reference in (not_hers.reference, "P27-XXXX"):
        for name in ("read", "save", "recuse", "note"):
            path = reverse(f"admin:reviews_assignment_{name}", args=[reference])
            assert nadia.post(path, {**opinion(cohort, 5, 5), "kind": "FLAG", "text": "Bonjour"}).status_code == 404
        assert nadia.get(reverse("admin:reviews_assignment_read", args=[reference])).status_code == 404
    assert given() == []


def test_only_the_jury_reads(file, reviewer, coordinator, candidate, stranger, signed_in):
    def statuses(person):
        browser = signed_in(person)
        return [browser.get(path).status_code for path in (reverse(TO_READ), url("read", file))]

    assert statuses(reviewer) == [200, 200]
    assert statuses(coordinator) == [403, 403]
    assert statuses(candidate) == statuses(stranger) == [302, 302]
    assert signed_in(coordinator).post(url("recuse", file)).status_code == 403


def test_who_knows_the_person_stands_aside_and_goes_on(cohort, file, other, reviewer, nadia):
    nadia.post(url("read", file), opinion(cohort, 5, 5))
    for _click in range(2):
        answer = nadia.post(url("recuse", file), follow=True)
        assert answer.redirect_chain == [(url("read", other), 302)]
    assert told(answer)[-1].startswith(f"{file.reference} n’est plus à lire pour vous.")
    assert list(Recusal.objects.values_list("application", "reviewer", "reason")) == [
        (file.pk, reviewer.pk, "DECLARED")
    ]
    assert given() == []
    assert [nadia.get(url("read", file)).status_code, nadia.post(url("read", file)).status_code] == [404, 404]
    assert file.reference not in text(nadia.get(reverse(TO_READ)))


def test_who_gave_an_opinion_that_counted_cannot_stand_aside_any_more(cohort, file, reviewer, nadia):
    factories.make_reading(file, reviewer)
    factories.decide(file, outcome="REJECTED")
    assert "Je connais cette personne" not in text(nadia.get(url("read", file)))
    answer = nadia.post(url("recuse", file), follow=True)
    assert told(answer) == [
        "Ce dossier a déjà reçu une décision, et votre avis y a compté : parlez-en à la coordination."
    ]
    assert len(given()) == 1
