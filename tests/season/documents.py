"""The documents of the demo: what the cohorts ask, and what some people give."""

import random
from datetime import timedelta
from itertools import cycle

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import attachments, document_checks
from applications.models import Application, Document
from cohorts.models import Cohort, DocumentAsked
from cohorts.queries import documents_asked_of
from tests import papers
from tests.season.motivations import typeset

ASKED = {
    Cohort.Season.SPRING: (
        {"label": "CV", "hint": "Une page suffit. Sans photo, sans date de naissance."},
        {
            "label": "Portfolio",
            "hint": "Des images, un scénario, un plan de travail, une partition : ce qui montre où vous en êtes.",
            "max_files": 3,
        },
    ),
    Cohort.Season.AUTUMN: (
        {
            "label": "CV",
            "hint": "Une page suffit, même toute simple : ce que vous avez étudié, fait, aimé faire. Pas de photo.",
        },
        {
            "label": "Ce que vous avez fabriqué",
            "hint": "Des dessins, des photos, une page de scénario, un plan de tournage : ce que vous avez envie de "
            "montrer.",
            "max_files": 3,
        },
    ),
}
"""Optional, both: many have neither."""

LIVES = (
    ("Bac professionnel Photographie", "Stage de deux semaines au cinéma municipal", "Club vidéo du lycée"),
    ("Classe de seconde, option théâtre", "Régie du spectacle de fin d’année", "Montage sur téléphone"),
    ("Mission locale, parcours Jeunes", "Service civique à la médiathèque", "Un court métrage avec des ami·es"),
)
WORKS = (("story-board.jpg", "#d9a441"), ("reperage.jpg", "#4d7a8c"))


def asked_by(cohort: Cohort) -> list[DocumentAsked]:
    """The documents that this cohort's staff ask, typeset, not kept yet."""
    return [
        DocumentAsked(**{**fields, "order": None, "hint": typeset(fields["hint"])})
        for fields in ASKED.get(cohort.season, ())
    ]


class Papers:
    """Gives documents to one file in four of the cohorts that ask some, as long as there are any left."""

    def __init__(self, count: int, seed: int):
        self.left, self.turn, self.rng = count, cycle((True, False, False, False)), random.Random(seed)
        lives = [papers.pdf(["Curriculum vitae", "", *lines]) for lines in LIVES]
        self.lives, self.works = cycle(lives), cycle([(name, papers.jpeg(colour)) for name, colour in WORKS])
        self.asked: dict[int, list[DocumentAsked]] = {}

    def give(self, application: Application, *, now) -> None:
        """Maybe a CV, maybe something made."""
        cohort = application.cohort
        if cohort.pk not in self.asked:
            self.asked[cohort.pk] = documents_asked_of(cohort)
        if not self.asked[cohort.pk] or self.left <= 0 or not next(self.turn):
            return
        life, work = self.asked[cohort.pk]
        self._attach(application, life, "mon-cv.pdf", next(self.lives), now)
        if self.rng.random() < 0.5:
            self._attach(application, work, *next(self.works), now)

    def _attach(self, application, asked, name, content, now) -> None:
        self.left -= 1
        file = SimpleUploadedFile(name, content)
        attachments.attach(application, asked, file, actor=application.candidate, now=now)


def clean() -> None:
    """The worker has verified them all, within the minute."""
    with papers.each_kind_cleaned_once():
        while document := Document.objects.to_clean().first():
            document_checks.clean_next(now=document.received_at + timedelta(seconds=40))


REDACTED = 6


def redact(cohort: Cohort, *, actor, now) -> None:
    """The coordination gave the jury a few of them without a name; the others stay closed to it."""
    sent = Document.objects.clean().filter(application__cohort=cohort, application__sent_at__isnull=False)
    with papers.each_kind_cleaned_once():
        for document in sent.exclude(application__state=Application.State.DRAFT).order_by("-id")[:REDACTED]:
            file = SimpleUploadedFile("sans-nom.pdf", papers.pdf([document.asked.label, "", *LIVES[0]]))
            attachments.redact(document, file, actor=actor, now=now)
            document_checks.clean_next(now=now)
