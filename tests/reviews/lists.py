"""What the tests of the pages of lists say and read."""

import re

from django.urls import reverse

BOUNDED = {"audience_minimums": {"PUPIL": 1}, "parity_percent": 50, "parity_reason": "Un plateau à parité."}
FORM = {"basis": "MEAN", "places": "2", "waiting": "1"}


def text(answer) -> str:
    """What a person reads in the page's content, on one line."""
    content = answer.content.decode().partition('<div id="content-main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;|\u00a0", " ", content))


def told(answer) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


def compose_url(cohort):
    return reverse("admin:reviews_selection_compose", args=[cohort.pk])


def list_url(selection, act="list"):
    return reverse(f"admin:reviews_selection_{act}", args=[selection.pk])


def line_url(selection, file, act="move"):
    return reverse(f"admin:reviews_selection_{act}", args=[selection.pk, file.reference])
