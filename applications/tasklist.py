"""The task list of a draft: what is done, begun, still to do."""

from dataclasses import dataclass
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import completeness
from applications.completeness import ABOUT, BACKGROUND, PROJECT
from applications.models import Application


class Progress(Enum):
    """How far a step is, as (class of its tag, words)."""

    TODO = ("todo", _("à faire"))
    DOING = ("doing", _("en cours"))
    DONE = ("done", _("fait"))

    @property
    def tag(self):
        return self.value[0]

    @property
    def words(self):
        return self.value[1]


STEP_TITLES = {
    ABOUT: _("À propos de vous"),
    BACKGROUND: _("Votre parcours"),
    PROJECT: _("Votre projet"),
}
STEP_HINTS = {
    ABOUT: _("Votre nom, votre âge, votre région."),
    BACKGROUND: _("D’où vous venez, ce que vous avez fait."),
    PROJECT: _("Les métiers qui vous attirent, et pourquoi un·e mentor·e."),
}


@dataclass(frozen=True)
class Task:
    """One step of the form, as the task list shows it."""

    step: str
    progress: Progress
    url: str

    @property
    def title(self):
        return STEP_TITLES[self.step]

    @property
    def hint(self):
        return STEP_HINTS[self.step]


def tasks(application: Application) -> list[Task]:
    """The steps to fill, in order."""
    unfinished = {m.step for m in completeness.missing(application)}
    return [
        Task(
            step,
            _progress(application, step, step in unfinished),
            step_url(application, step),
        )
        for step in completeness.STEPS
    ]


def _progress(application, step, is_unfinished) -> Progress:
    if not is_unfinished:
        return Progress.DONE
    return Progress.DOING if any(_answers(application, step)) else Progress.TODO


def _answers(application, step) -> list:
    person = application.candidate
    return {
        ABOUT: [person.first_name, person.last_name, person.birth_date, person.region],
        BACKGROUND: [application.audience, application.background, application.languages],
        PROJECT: [application.ranked_trades, application.project, application.hopes],
    }[step]


def step_url(application: Application, step: str) -> str:
    return reverse("applications:step", args=[application.reference, step])


def next_url(application: Application, step: str) -> str:
    """Where « Enregistrer et continuer » leads: the step after this one, then the page to check answers."""
    later = completeness.STEPS[completeness.STEPS.index(step) + 1 :]
    if later:
        return step_url(application, later[0])
    return reverse("applications:check", args=[application.reference])
