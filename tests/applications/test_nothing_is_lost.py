"""Whatever a candidate does in two tabs, every word that she was told is saved is there when she looks again.

Hypothesis writes the story: pages opened, typed into, saved, left; a file sent, taken back, given up, sent again, while
the call closes and opens. The model beside it believes only what the person was told: « C’est enregistré »,
« Enregistré à 14 h 32 », a refusal next to a field. After every act a page asked afresh must show what it believes.
"""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from applications.models import SentCopy
from cohorts.models import Cohort, Question
from tests import factories
from tests.applications import typed
from tests.applications.reading import problems, told, url
from tests.applications.tabs import StepPage, Tab, as_lines, summary_of
from tests.season import people

TABS = st.sampled_from(["A", "B"])
WHICH = st.integers(0, 1)
EVERY_STEP = [*typed.STEPS, "questions"]


class TwoTabs(RuleBasedStateMachine):
    """Inès, her file, and two tabs. Each example is a transaction of its own, rolled back at the end."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # --- What the person knows --------------------------------------------------------------------

    @initialize(
        is_complete=st.sampled_from([True, True, False]),
        has_two_devices=st.booleans(),
        steps=st.just(["projet"]) | st.lists(st.sampled_from(EVERY_STEP), min_size=1, max_size=2, unique=True),
    )
    def begin(self, is_complete, has_two_devices, steps):
        self.cohort = factories.make_cohort("open")
        kinds = Question.Kind
        asked = [factories.make_question(self.cohort, kind=kind, is_required=False, word_limit=8) for kind in kinds]
        self.boxes = {**typed.STEPS, "questions": typed.questions(*[question.pk for question in asked])}
        candidate = factories.make_person(people.INES)
        make = factories.make_complete_draft if is_complete else factories.make_draft
        self.application = make(self.cohort, candidate)
        first = factories.sign_in(Client(), candidate)
        second = factories.sign_in(Client(), candidate) if has_two_devices else first
        self.tabs = {"A": Tab(first), "B": Tab(second)}
        self.browser = first
        self.steps = steps
        self.is_open, self.is_writing = True, True
        self.sent = None
        """What is told of the last sending: (what every step showed, what the page to check showed)."""
        self.copies = []
        self.saved = {step: self.look(step) for step in steps}

    def url_of(self, step: str) -> str:
        return url("step", self.application, step)

    def look(self, step: str):
        """What a page asked afresh shows."""
        response = self.browser.get(self.url_of(step))
        assert response.status_code == 200
        return StepPage(response.content.decode()).shown

    def check_saved(self) -> None:
        for step in self.steps:
            if self.is_writing:
                assert self.look(step) == self.saved[step]
            else:
                assert self.browser.get(self.url_of(step)).url == self.application.get_absolute_url()

    def is_sent_away(self, response) -> bool:
        return response.status_code == 302 and response.url == self.application.get_absolute_url()

    # --- Two tabs ---------------------------------------------------------------------------------

    @rule(tab=TABS, which=WHICH)
    def open(self, tab, which):
        """She opens a step, comes back to it, or chooses to leave what was saved elsewhere."""
        tab, step = self.tabs[tab], self.steps[which % len(self.steps)]
        response = tab.client.get(self.url_of(step))
        if not self.is_writing:
            assert self.is_sent_away(response)
            return
        tab.show(response, step, self.url_of(step), saved=self.saved[step])
        assert tab.boxes == self.saved[step]

    @rule(tab=TABS, which=WHICH, then=st.sampled_from(["save", "autosave", "pause"]), data=st.data())
    def write(self, tab, which, then, data):
        """She writes one or several answers of the page in front of her; she opens one when none is there."""
        page = self.tabs[tab]
        if not page.is_open:
            self.open(tab, which)
            if not page.is_open:
                return
        boxes = st.lists(st.sampled_from(self.boxes[page.step]), min_size=1, unique_by=id)
        for box in data.draw(boxes, label=f"boxes of {page.step}"):
            page.write(box.names, data.draw(box.typed, label=" ".join(box.names)))
        if then != "pause":
            getattr(self, then)(tab)

    @rule(tab=TABS)
    def go_back(self, tab):
        """The browser's « Back »: the page as it was left, with what was written in it."""
        self.tabs[tab].go_back()

    @rule(tab=TABS)
    def save(self, tab):
        """« Enregistrer », and in a tab that was told of another one, « Garder ce que j’ai écrit ici »."""
        tab = self.tabs[tab]
        if not tab.is_open:
            return
        response = tab.save()
        event(f"save: {response.status_code} {self.is_writing=}")
        if not self.is_writing:
            assert self.is_sent_away(response)
            assert told(response)[-1].startswith("Cette candidature a déjà été envoyée")
            return tab.leave()
        expected, refused = typed.kept_of(self.boxes[tab.step], tab.boxes, self.saved[tab.step])
        if response.status_code == 409:
            self.told_of_the_other_tab(tab, response)
        elif response.status_code == 422:
            assert refused
            assert {field_of(address) for address, _sentence in problems(response)} == refused
            self.is_now_saved(tab, expected)
            self.keeps_what_was_typed(tab, response)
        else:
            assert (response.status_code, refused) == (302, set())
            assert response.url == url("tasks", self.application)
            [*_others, sentence] = told(response)
            assert sentence == "C’est enregistré." if self.is_open else sentence.startswith("L’appel est clos")
            self.is_now_saved(tab, expected)
            tab.leave()  # « Back » shows what this page had seen
        self.check_saved()

    @rule(tab=TABS)
    def autosave(self, tab):
        """The page's script saves while she writes."""
        tab = self.tabs[tab]
        if not tab.is_open:
            return
        response = tab.autosave()
        answer = response.json()
        event(f"autosave: {response.status_code} {self.is_writing=}")
        if not self.is_writing:
            assert (response.status_code, "envoyée" in answer["told"]) == (409, True)
        elif response.status_code == 409:
            assert "ailleurs" in answer["told"]
            assert tab.base != self.saved[tab.step]
        else:
            assert response.status_code == 200
            expected, refused = typed.kept_of(self.boxes[tab.step], tab.boxes, self.saved[tab.step])
            assert answer["told"].startswith("Enregistré à ")
            assert ("sauf" in answer["told"], answer["left_out"]) == (bool(refused), len(refused))
            self.is_now_saved(tab, expected)
            tab.base, tab.hidden["seen"] = expected, answer["seen"]
        self.check_saved()

    def is_now_saved(self, tab, expected):
        """The page told so; a tab that had not seen what another one saved may have changed nothing."""
        before = self.saved[tab.step]
        assert tab.base == before or expected == before
        self.saved[tab.step] = expected

    def told_of_the_other_tab(self, tab, response):
        """Nothing was changed; she reads what is saved, above what she typed, and may choose."""
        assert tab.base != self.saved[tab.step]
        elsewhere = summary_of(response)
        self.keeps_what_was_typed(tab, response)
        checked = summary_of(self.browser.get(url("check", self.application)))
        assert [row for row in elsewhere if row not in checked] == []

    def keeps_what_was_typed(self, tab, response):
        before = tab.boxes
        tab.show(response, tab.step, tab.url, saved=self.saved[tab.step])
        free = {name for name in tab.boxes if name not in tab.offered}
        shown = {name: as_lines(tab.boxes[name][0]) for name in free}
        assert shown == {name: as_lines(before[name][0]) for name in free}

    # --- Sending ----------------------------------------------------------------------------------

    @rule(tab=TABS, is_double=st.booleans())
    def send(self, tab, is_double):
        """She checks her answers, and sends; twice when she doubts that the first click was felt."""
        client = self.tabs[tab].client
        page = client.get(url("check", self.application))
        if not self.is_writing:
            assert self.is_sent_away(page)
        checked, missing = summary_of(page) if self.is_writing else None, problems(page)
        response = client.post(url("submit", self.application))
        event(f"send: {response.status_code}, {self.is_writing=}, {self.is_open=}")
        if not self.is_writing:
            assert self.is_sent_away(response)
        elif not self.is_open:
            assert (response.url, told(response)[-1][:18]) == (url("tasks", self.application), "L’appel est clos d")
        elif missing:
            assert (response.status_code, problems(response)) == (422, missing)
        else:
            assert self.is_sent_away(response)
            self.sent, self.is_writing = (dict(self.saved), checked), False
            self.copies = [*self.copies, copy_of(SentCopy.objects.latest("number"))]
        if is_double:
            client.post(url("submit", self.application))
        self.check_receipt()
        self.check_saved()

    def check_receipt(self):
        response = self.browser.get(self.application.get_absolute_url())
        if self.sent is None:
            assert response.url == url("tasks", self.application)
        else:
            assert summary_of(response) == self.sent[1]

    @precondition(lambda self: self.sent is not None)
    @rule(tab=TABS)
    def take_back(self, tab):
        """« Modifier ma candidature »: it begins with what was sent, or goes on with what was being changed."""
        response = self.tabs[tab].client.post(url("take_back", self.application))
        if not self.is_open:
            assert self.is_sent_away(response)
        else:
            assert response.url == url("tasks", self.application)
            if not self.is_writing:
                self.saved, self.is_writing = dict(self.sent[0]), True
        self.check_saved()

    @precondition(lambda self: self.sent is not None)
    @rule(tab=TABS)
    def give_up_changes(self, tab):
        assert self.is_sent_away(self.tabs[tab].client.post(url("drop_revision", self.application)))
        self.is_writing = False
        self.check_saved()

    @rule(is_open=st.sampled_from([True, False]))
    def the_call_closes_or_opens(self, is_open):
        closes_at = timezone.now() + timedelta(days=10 if is_open else -1)
        Cohort.objects.filter(pk=self.cohort.pk).update(closes_at=closes_at)
        self.is_open = is_open

    # --- What was sent ----------------------------------------------------------------------------

    @invariant()
    def copies_never_change(self):
        found = SentCopy.objects.filter(application=self.application).order_by("number")
        assert [copy_of(copy) for copy in found] == self.copies


def copy_of(copy: SentCopy) -> str:
    """All of a copy, as text; its checksum holds."""
    canonical = json.dumps(copy.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert copy.checksum == hashlib.sha256(canonical.encode()).hexdigest()
    return f"{copy.number} {copy.sent_at.isoformat()} {canonical}"


def field_of(address: str) -> str:
    """`#id_languages_0` → `languages`."""
    return address.removeprefix("#id_").removesuffix("_0")


def run(examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=set(Phase) - {Phase.explain},  # minutes more, for little
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(TwoTabs, settings=chosen)


@pytest.mark.django_db
def test_nothing_is_lost():
    run(examples=12, steps=12)


@pytest.mark.long
@pytest.mark.django_db
def test_nothing_is_lost_in_long_stories():
    run(examples=300, steps=30)
