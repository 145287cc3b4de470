"""The task list of a draft: what is done, begun, still to do, or free to be left."""

from dataclasses import dataclass
from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import completeness
from applications.files import File
from applications.models import Application
from applications.outline import Step


class Progress(Enum):
    """How far a step is, as (class of its tag, words)."""

    TODO = ("todo", _("à faire"))
    DOING = ("doing", _("en cours"))
    DONE = ("done", _("fait"))
    OPTIONAL = ("free", _("facultatif"))

    @property
    def tag(self):
        return self.value[0]

    @property
    def words(self):
        return self.value[1]


@dataclass(frozen=True)
class Task:
    """One step of the form, as the task list shows it."""

    step: Step
    progress: Progress
    url: str
    is_optional: bool


@dataclass(frozen=True)
class TaskList:
    """All the steps, by group, and how many of those asked are done."""

    groups: list[tuple[str, list[Task]]]

    @property
    def asked(self) -> list[Task]:
        """The steps without which nothing is sent."""
        tasks = [task for _title, tasks in self.groups for task in tasks]
        return [task for task in tasks if not task.is_optional or task.progress is Progress.DOING]

    @property
    def done(self) -> int:
        return sum(task.progress is Progress.DONE for task in self.asked)

    @property
    def next(self) -> Task | None:
        """The first step that keeps the file from being sent."""
        return next((task for task in self.asked if task.progress is not Progress.DONE), None)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.asked)


def tasks(file: File) -> TaskList:
    """The steps to fill, in order."""
    unfinished = {m.step for m in completeness.missing(file)}
    return TaskList(
        [
            (
                group.title,
                [
                    Task(
                        step,
                        _progress(file, step, step in unfinished),
                        step_url(file.application, step),
                        file.may_skip(step),
                    )
                    for step in group.steps
                ],
            )
            for group in file.groups
        ]
    )


def _progress(file: File, step: Step, is_unfinished: bool) -> Progress:
    if is_unfinished:
        return Progress.DOING if file.has_begun(step) else Progress.TODO
    return Progress.DONE if file.has_begun(step) or not file.may_skip(step) else Progress.OPTIONAL


def step_url(application: Application, step: Step) -> str:
    return reverse("applications:step", args=[application.reference, step.slug])


def next_url(file: File, step: Step) -> str:
    """Where « Enregistrer et continuer » leads: the step after this one, then the page to check answers."""
    steps = file.steps
    later = steps[steps.index(step) + 1 :]
    if later:
        return step_url(file.application, later[0])
    return reverse("applications:check", args=[file.application.reference])
