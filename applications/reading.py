"""A sent copy in the words of those who read it without having written it: the jury and the coordination."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications import outline, summary
from applications.models import SentCopy
from applications.outline import Step

TITLES = {
    outline.IDENTITY: _("Identité"),
    outline.GUARDIAN: _("Représentant·e légal·e"),
    outline.CONTACT: _("Coordonnées"),
    outline.SUPPORT: _("Qui l’accompagne"),
    outline.SITUATION: _("Situation"),
    outline.BACKGROUND: _("Son parcours"),
    outline.TRADES: _("Métiers souhaités"),
    outline.PROJECT: _("Son projet"),
    outline.LINKS: _("Ce qu’elle ou il montre"),
    outline.DOCUMENTS: _("Ses documents"),
    outline.AVAILABILITY: _("Disponibilités"),
    outline.NEEDS: _("Ce dont elle ou il a besoin"),
    outline.AVOID: _("Personnes à éviter"),
    outline.AGREEMENTS: _("Accords"),
}
"""Each step's title, said of somebody else; the others keep theirs."""

LABELS = {
    "guardian_name": _("Représentant·e légal·e"),
    "audience": _("Situation"),
    "background": _("Son parcours"),
    "trade_1": _("Métiers souhaités"),
    "attraction": _("Ce qui l’y attire"),
    "project": _("Son projet"),
    "hopes": _("Ce qu’elle ou il attend d’un·e mentor·e"),
    "slots": _("Moments"),
    "gender": _("Genre déclaré"),
    "social_criteria": _("Situations déclarées"),
    "needs": _("Pour participer"),
    "avoid": _("À ne pas lui faire rencontrer"),
}
"""Each question, said of somebody else, by the field that `summary` gives; the others keep their words."""


@dataclass(frozen=True)
class Passage:
    """One question and its answer. `lines` are (text, address or empty): only what is on the web is a link."""

    question: str
    answer: str
    lines: list[tuple[str, str]]
    is_changed: bool = False


@dataclass(frozen=True)
class Part:
    """The answers of one step. `is_private`: the coordination alone reads it."""

    step: Step
    passages: list[Passage]

    @property
    def title(self) -> str:
        return str(TITLES.get(self.step, self.step.title))

    @property
    def is_private(self) -> bool:
        return bool(self.step.readers)

    @property
    def is_changed(self) -> bool:
        """Whether the answer that bears the name of the step has changed: it is shown under the title alone."""
        return any(passage.is_changed for passage in self.passages if passage.question == self.title)


def parts(copy: SentCopy, steps: Iterable[Step] | None = None, *, since: SentCopy | None = None) -> list[Part]:
    """What was sent, step by step; some `steps` of it only, for who may not read all.

    With the copy `since`, what has changed between the two is marked.
    """
    before = _answers(since, steps) if since else {}
    return [
        Part(section.step, [_passage(section.step, row, before if since else None) for row in section.rows])
        for section in summary.of_copy(copy, steps)
    ]


def _answers(copy: SentCopy, steps) -> dict:
    sections = summary.of_copy(copy, steps)
    return {_name(section.step, row): row.answer for section in sections for row in section.rows}


def _name(step: Step, row: summary.Row) -> tuple[str, str]:
    return step.slug, row.field or row.question


def _passage(step: Step, row: summary.Row, before: dict | None) -> Passage:
    lines = [(line, _address(line)) for line in row.answer.splitlines()] if step is outline.LINKS else []
    is_changed = before is not None and before.get(_name(step, row), "") != row.answer
    return Passage(str(LABELS.get(row.field, row.question)), row.answer, lines, is_changed)


def _address(line: str) -> str:
    """The line itself when a browser may follow it: nothing but the web, whatever a copy holds."""
    return line if line.startswith(("https://", "http://")) else ""
