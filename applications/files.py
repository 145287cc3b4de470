"""A file as the form works with it: what was written, for which cohort, with which questions and texts."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from applications import outline, papers
from applications.drafting import fingerprint, is_given
from applications.minors import MAJORITY
from applications.models import Application, Document, Draft
from cohorts import queries as cohorts
from cohorts.models import Cohort, DocumentAsked, Question, Trade
from consents import queries as consents


@dataclass
class File:
    """The draft of an application, with what its cohort asks. Each of its facts is read at most once."""

    application: Application
    draft: Draft

    @property
    def answers(self) -> dict:
        return self.draft.answers

    @property
    def cohort(self) -> Cohort:
        return self.application.cohort

    @property
    def fingerprint(self) -> str:
        """What a page that shows every answer saw of them."""
        return fingerprint(self.answers, [name for name, answer in self.answers.items() if is_given(answer)])

    @cached_property
    def questions(self) -> list[Question]:
        return cohorts.questions_of(self.cohort)

    @cached_property
    def texts(self) -> dict:
        """The current version of each text that one agrees to."""
        return consents.current_texts()

    @cached_property
    def trades(self) -> list[Trade]:
        """The trades wanted, the first one first; one that was taken away since is left out."""
        wanted = self.answers.get("trades", [])
        found = {trade.slug: trade for trade in Trade.objects.filter(slug__in=wanted)} if wanted else {}
        return [found[slug] for slug in wanted if slug in found]

    @property
    def birth_date(self) -> date | None:
        return as_date(self.answers.get("birth_date"))

    @cached_property
    def documents_asked(self) -> list[DocumentAsked]:
        return cohorts.documents_asked_of(self.cohort)

    @cached_property
    def documents(self) -> list[Document]:
        """The files that the draft holds for what the cohort asks, those that cannot be used included."""
        asked = {one.pk for one in self.documents_asked}
        return [document for document in papers.held(self.answers) if document.asked_id in asked]

    @property
    def usable_documents(self) -> list[Document]:
        """Those that would be sent now: verified, or still being verified."""
        return [document for document in self.documents if document.state != Document.State.UNUSABLE]

    def may_skip(self, step: outline.Step) -> bool:
        """Whether the file can be sent without a word of that step."""
        if step is outline.DOCUMENTS:
            return not any(asked.is_required for asked in self.documents_asked)
        return step.is_optional

    def has_begun(self, step: outline.Step) -> bool:
        """Whether something of that step is answered."""
        if step is outline.DOCUMENTS:
            return bool(self.usable_documents)
        return any(self.answers.get(name) not in (None, "", [], {}) for name in step.answers)

    @property
    def is_minor(self) -> bool:
        """Whether the birth date written makes her a minor on the cohort's first day; unknown, nothing is asked yet."""
        return self.birth_date is not None and self.cohort.age_at_start(self.birth_date) < MAJORITY

    def asks(self, step: outline.Step) -> bool:
        """Whether this form has that step: some are there for a cohort that asks more, or for a minor alone."""
        if step is outline.QUESTIONS:
            return bool(self.questions)
        if step is outline.DOCUMENTS:
            return bool(self.documents_asked)
        return step is not outline.GUARDIAN or self.is_minor

    @property
    def groups(self) -> list[outline.Group]:
        return outline.groups(self.asks)

    @property
    def steps(self) -> list[outline.Step]:
        return outline.steps(self.asks)


def as_date(value: str | None) -> date | None:
    """A day kept as `2007-03-09`."""
    return date.fromisoformat(value) if value else None
