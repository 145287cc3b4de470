"""Every letter the portal can send: it renders, it is read by somebody before it is changed, it says who writes."""

import copy
import re
from collections import Counter
from pathlib import Path

import pytest

from cohorts.moments import NBSP
from notifications import delivery, kinds, links, rendering
from notifications.models import Letter

TESTS = Path(__file__).resolve().parent.parent
TEMPLATES = TESTS.parent / "templates"
KINDS = kinds.every()

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def written(kind) -> tuple[str, str]:
    return rendering.render(kind, dict(kind.sample))


def test_no_letter_is_left_out():
    """As many templates as kinds: one that nobody sends is a mistake, and the other way round."""
    templates = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/email/*.txt")}
    at_once = {name for name in templates if name.startswith(("account/", "mfa/"))}  # allauth's, never stored
    shared = {"notifications/email/footer.txt"}

    assert templates - at_once - shared == {kind.template for kind in KINDS}
    assert len(KINDS) >= 20


@each_kind
def test_has_a_golden_letter(kind):
    app, letter = kind.name.split(".")
    subject, body = written(kind)

    assert (TESTS / app / "letters" / f"{letter}.txt").read_text(encoding="utf-8") == f"{subject}\n\n{body}"


@each_kind
def test_uses_nothing_its_context_does_not_hold(kind, settings):
    strict = copy.deepcopy(settings.TEMPLATES)
    strict[1]["OPTIONS"]["string_if_invalid"] = "⟦%s⟧"
    settings.TEMPLATES = strict

    assert re.findall("⟦.*?⟧", "".join(written(kind))) == []


@each_kind
def test_has_a_subject_a_greeting_and_the_footer(kind):
    subject, body = written(kind)
    text, mark, footer = body.partition("\n-- \n")

    assert 10 <= len(subject) <= 90
    assert "\n" not in subject
    assert text.startswith("Bonjour")
    assert mark == "\n-- \n"
    assert footer.startswith("Mentorat 50/50, un programme du Collectif 50/50\n")
    assert "mentorat@collectif5050.example" in footer


@each_kind
def test_only_reminders_carry_the_mark_where_the_link_to_stop_them_goes(kind):
    _subject, body = written(kind)

    assert body.count(links.STOP_REMINDERS) == (0 if kind.essential else 1)


@each_kind
def test_writes_each_of_its_personal_links(kind):
    """A link declared and never written is a page nobody can reach."""
    _subject, body = written(kind)

    assert [name for name in kind.links if links.mark(name) not in body] == []


@each_kind
def test_leaves_without_a_mark_or_a_trace_of_its_template(kind):
    subject, body = written(kind)
    known = {"key": "fact:1", "kind": kind.name, "to": "ines@example.org", "about": "house.thing:1"}
    mail = delivery.message(Letter(**known, subject=subject, body=body))
    html = mail.alternatives[0].content

    assert re.findall(r"\[\[|\]\]|\{\{|\{%|#\}|None|⟦", mail.subject + mail.body) == []
    assert re.findall(r"\[\[|\]\]|\{\{|\{%|#\}|None|⟦|&amp;amp;|&amp;#", html) == []


@each_kind
def test_is_set_as_french_is(kind):
    """No-break spaces where they belong, typographic apostrophes."""
    subject, body = written(kind)
    text = re.sub(r"https?://\S+", "", f"{subject}\n{body}")

    assert re.findall(rf".{{0,20}}[^{NBSP}\n\d][;:!?»](?=\s|$)", text) == []
    assert re.findall(r".{0,20} [;:!?»]", text) == []
    assert re.findall(r".{0,20}\w'\w.{0,20}", text) == []
    assert re.findall(rf"«[^{NBSP}].{{0,20}}", text) == []


@each_kind
def test_links_lead_to_the_portal_and_a_button_stands_alone_on_its_line(kind):
    _subject, body = written(kind)
    lines = [line for line in body.partition("\n-- \n")[0].splitlines() if "://" in line]
    pages = [line for line in lines if re.search(r"mentorat\.example/\S", line)]

    assert [line for line in lines if not re.search(r"https://mentorat\.example(?=[/.\s]|$)", line)] == []
    assert [line for line in pages if not re.fullmatch(r"https://mentorat\.example/\S+", line)] == []


def test_subjects_tell_letters_apart():
    subjects = Counter(written(kind)[0] for kind in KINDS)

    assert [subject for subject, times in subjects.items() if times > 1] == []
