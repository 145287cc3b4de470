"""Nothing that a jury member can reach tells whose file she reads, nor what others think before she said it herself.

Every page is fetched that she may come to: by following links from wherever she lands, and by trying every address of
the portal with everything that belongs to the file, reading and sending. Each answer, its headers and the files that
come with it are searched, folded, for every value that says who the candidate is. The same sweep of a cohort that does
not read blind finds them all: it does look where they would be.
"""

import html
import re
import unicodedata
from datetime import date
from itertools import product
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from accounts.regions import Region
from applications import attachments
from applications import transitions as applications
from applications.choices import Gender, SocialCriterion
from cohorts.models import Cohort, Criterion
from consents.models import Guardian
from notifications.models import Letter
from reviews import notes, readings, sharing
from reviews.models import Assignment
from tests import brimful, factories, papers
from tests.house.pages import crawl
from tests.house.test_visitors import patterns

pytestmark = pytest.mark.django_db

TEXTS = {
    "background": "Je m’appelle Zélie Kervadec-Ould, ZÉLIE pour tout le monde, z.kervadec pour le lycée "
    "Roland-Garros du Tampon (LRGT). Ma mère, Solenn Kervadec, et Mme Haddad-Boyer me suivent.",
    "attraction": "Écrivez-moi\u00a0: zelie.kv@example.org, solenn.k@example.net ou haddad.cpe@example.org. Au "
    "06\u00a092\u00a012\u00a034\u00a056, au +262 692-12-34-56.",
    "project": "À voir sur https://vimeo.com/987654 et http://exemple.org/bande-demo, ou chez @lune_rousse97. "
    "J’habite 12 rue des Lilas-Rouges, 97427 L’Étang-Salé.",
    "hopes": "Née le 9 mars 2010 (09/03/2010), kervadec-ould zelie, j’aime le son. ZELIE K.",
}
ASKED, ANSWER = "Quel film Zélie Kervadec aurait-elle fait\u00a0?", "Un film d’Anne-Zélie au Tampon."

IDENTITY = {
    "first name": "zelie",
    "last name": "kervadec",
    "other last name": "kervadec-ould",
    "initial": "z.kervadec",
    "school": "roland-garros",
    "school's town": "tampon",
    "school's initials": "(lrgt)",
    "referent": "haddad",
    "referent's other name": "boyer",
    "mother": "solenn",
    "address": "zelie.kv@example.org",
    "mother's address": "solenn.k@example.net",
    "referent's address": "haddad.cpe@example.org",
    "phone": "0692123456",
    "phone abroad": "+262692123456",
    "link": "vimeo.com/987654",
    "other link": "exemple.org/bande-demo",
    "handle": "lune_rousse97",
    "street": "lilas-rouges",
    "postcode": "97427",
    "birth date": "9 mars 2010",
    "birth date in figures": "09/03/2010",
}
"""What says who she is, folded: all of it stands in her texts."""
NEVER = {
    "gender": "non binaire",
    "gender as kept": "non_binary",
    "needs": "dossier qui se baisse",
    "avoid": "quatre vents",
    "birth date as kept": "2010-03-09",
    "name of the document": "cv de z",
    "social criterion as kept": "first_generation",
}
"""What no reader reads, blind or not."""
OTHERS = {"comment": "souffle de baleine", "mean": "3,67", "mean as kept": "3.67"}
"""What a colleague thinks of the file."""
HELD = {"colleague's note": "doute sur la date", "who asked": "la meme question"}
"""What a colleague told the coordination: nobody else's to read, ever."""


@pytest.fixture
def story(cohort, reviewer, coordinator):
    """Zélie's file, brimful, read by Nadia; a colleague gave an opinion and wrote to the coordination."""
    Criterion.objects.filter(cohort=cohort).delete()
    desire, project = (
        Criterion.objects.create(cohort=cohort, order=order, name=name, weight=weight)
        for order, name, weight in ((1, "Le désir", 2), (2, "Le projet", 1))
    )
    person = factories.make_user(
        "Zélie", "Kervadec-Ould", email="zelie.kv@example.org", birth_date=date(2010, 3, 9), region=Region.LA_REUNION
    )
    asked = factories.make_question(cohort, ASKED)
    file = factories.make_complete_draft(
        cohort,
        person,
        **brimful.ANSWERS
        | TEXTS
        | {
            "questions": {str(asked.pk): ANSWER},
            "guardian_name": "Solenn Kervadec",
            "guardian_email": "solenn.k@example.net",
            "gender": Gender.NON_BINARY,
            "social_criteria": list(SocialCriterion),
            "needs": "Un dossier qui se baisse.",
            "links": ["https://vimeo.com/987654", "http://exemple.org/bande-demo"],
        },
    )
    document = papers.give(file, papers.ask(cohort, "CV"), papers.upload("CV de Z. Kervadec.pdf"))
    papers.clean_all()
    applications.submit(file, actor=person)
    redacted = attachments.redact(document, papers.upload("noir Zélie.pdf"), actor=coordinator)
    papers.clean_all()
    sharing.distribute(cohort, actor=coordinator)
    colleague = factories.make_reviewer(cohort, factories.make_user("Théophane", "Quérouil", age=50))
    factories.assign(file, colleague)
    scores = {desire.pk: 4, project.pk: 3}
    opinion = readings.review(file, colleague, scores=scores, comment="Un souffle de baleine.")
    note = notes.write(file, colleague, kind="FLAG", text="J’ai un doute sur la date.")
    notes.write(file, colleague, kind="QUESTION", text="Toujours la même question.")
    return SimpleNamespace(
        cohort=cohort,
        file=file,
        person=person,
        reviewer=reviewer,
        criteria=[desire, project],
        things=[cohort, file, person, document, redacted, opinion, note, file.copies.get(), Guardian.objects.get()],
        tokens=[document.token, redacted.token],
    )


# --- Searching ----------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Without case, accents, or the kind of its hyphens and spaces."""
    letters = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))
    return re.sub(r"[\u2010-\u2015]", "-", re.sub(r"\s", " ", letters)).casefold()


def said(response) -> str:
    """All that an answer tells: its page as sent and as read, its headers, the name of its file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    words = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body.decode("utf-8", "replace"))
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items() if name != "Set-Cookie")
    return plain(" ".join([words, html.unescape(words), unquote(html.unescape(words)), headers, unquote(headers)]))


class Sweep:
    """What was fetched, and what of each value was found where."""

    def __init__(self, **values: str):
        self.values, self.pages, self.opened, self.found = values, 0, 0, {}

    def search(self, where: str, told: str, is_open: bool = True):
        self.pages += 1
        self.opened += is_open
        told += re.sub(r"(?<=\d)[ .\-()]+(?=\d)", "", told)
        for name, value in self.values.items():
            if value in told:
                self.found.setdefault(name, where)

    def read(self, where: str, response):
        self.search(where, said(response), is_open=response.status_code in (200, 422))


# --- Going everywhere ---------------------------------------------------------------------------

STARTS = ("/", "/mon-espace/", "/admin/", "/admin/reviews/assignment/", "/mon-espace/courriels/", "/compte/")
SEARCHED = ("?q=Zélie", "?q=kervadec", "?q=zelie.kv@example.org", "?all=", "?o=2", "?e=1")


def go_everywhere(browser, story, sweep: Sweep, *, by_hand: bool = True) -> Sweep:
    """Every page that the links lead to, every address of the portal tried `by_hand`, her letters."""
    seen = set()
    for start in STARTS:
        for address, response in crawl(browser, start).items():
            if address not in seen:
                seen.add(address)
                sweep.read(address, response)
    for address in tried(story) if by_hand else ():
        for method in ("get", "post") if "?" not in address else ("get",):
            sweep.search(f"{method} {address}", *answered(browser, method, address, story))
    for letter in Letter.objects.filter(to=story.reviewer.email):
        sweep.search(f"letter {letter.kind}", plain(f"{letter.subject} {letter.body}"))
    return sweep


def tried(story) -> list[str]:
    """Each named address with what belongs to the file in its holes; each screen of the admin by hand; searches."""
    ids = sorted({thing.pk for thing in story.things})
    known = {
        "reference": [story.file.reference],
        "slug": [story.cohort.slug],
        "token": story.tokens,
        "step": ["projet"],
        "app_label": ["reviews", "applications"],
        "cohort_id": [story.cohort.pk],
        "number": [1],
    }
    found = []
    for name, holes in patterns():
        # The first hole that is a number may be any of these; those after it are numbers of what is within.
        numbers = [hole for hole in holes if hole not in known]
        values = [known.get(hole) or (ids if hole == numbers[0] else ids[:1]) for hole in holes]
        for filled in product(*values):
            try:
                found.append(reverse(name, kwargs=dict(zip(holes, filled, strict=True))))
            except NoReverseMatch:
                continue
    for model in admin.site._registry:
        screen = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [screen + search for search in SEARCHED]
        found += [f"{screen}{pk}/{page}" for pk in ids for page in ("change/", "history/")]
    ask = "/admin/autocomplete/?app_label={}&model_name={}&field_name={}&term=zelie"
    fields = (
        ("reviews", "assignment", "application"),
        ("reviews", "review", "application"),
        ("reviews", "note", "application"),
    )
    found += [ask.format(*field) for field in (*fields, ("applications", "application", "candidate"))]
    return sorted(set(found))


class Undo(Exception):
    """Ends what an address wrote."""


def answered(browser, method: str, address: str, story) -> tuple[str, bool]:
    """What the portal answers there, and whether the page opens; all that was written is undone."""
    cookies, told, is_open = browser.cookies.output(), "", False
    body = {"kind": "FLAG", "flag-text": "Bonjour", "comment": "Bonjour", "action": "x", "q": "zelie"}
    try:
        with transaction.atomic():
            response = browser.get(address) if method == "get" else browser.post(address, body)
            told, is_open = said(response), response.status_code in (200, 422)
            raise Undo
    except Undo:
        browser.cookies.clear()
        browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return told, is_open


# --- What is found ------------------------------------------------------------------------------


def test_a_blind_reading_tells_nothing_of_whose_file_it_is(story, signed_in):
    sweep = go_everywhere(signed_in(story.reviewer), story, Sweep(**IDENTITY, **NEVER, **OTHERS, **HELD))
    assert sweep.found == {}
    assert sweep.opened > 40
    assert sweep.pages > 1200
    assert len(sweep.values) == 34


def test_the_same_sweep_finds_everything_where_the_reading_is_not_blind(story, signed_in):
    Cohort.objects.filter(pk=story.cohort.pk).update(is_blind=False)
    values = Sweep(**IDENTITY, **NEVER, **OTHERS, **HELD)
    sweep = go_everywhere(signed_in(story.reviewer), story, values, by_hand=False)
    assert set(sweep.found) == set(IDENTITY)


def test_what_others_think_is_told_once_ones_own_opinion_is_given_and_who_it_is_still_not(story, signed_in):
    browser = signed_in(story.reviewer)
    given = {f"score_{criterion.pk}": "2" for criterion in story.criteria} | {"comment": "À voir."}
    address = reverse("admin:reviews_assignment_read", args=[story.file.reference])
    before = Sweep(**OTHERS, **HELD)
    before.read("saved", browser.post(reverse("admin:reviews_assignment_save", args=[story.file.reference]), given))
    before.read("not given", browser.post(address, given | {f"score_{story.criteria[0].pk}": ""}))
    before.read("read", browser.get(address))
    before.read("list", browser.get(reverse("admin:reviews_assignment_changelist")))
    assert (before.found, before.opened) == ({}, 3)
    assert browser.post(address, given).status_code == 302
    sweep = go_everywhere(browser, story, Sweep(**IDENTITY, **NEVER, **OTHERS, **HELD), by_hand=False)
    assert set(sweep.found) == {"comment", "mean"}


def test_who_stood_aside_finds_no_door_of_the_file(story, signed_in):
    browser = signed_in(story.reviewer)
    values = Sweep(**IDENTITY, reference=plain(story.file.reference))
    assert set(go_everywhere(browser, story, values, by_hand=False).found) == {"reference"}
    sharing.recuse(story.file, story.reviewer, actor=story.reviewer)
    assert not Assignment.objects.filter(application=story.file, reviewer=story.reviewer).exists()
    doors = [
        address
        for address in tried(story)
        if "/admin/reviews/assignment/" in address and story.file.reference in address
    ]
    assert len(doors) == 6
    assert [browser.get(address).status_code for address in doors if "documents" in address] == [404, 404]
