"""The minutes of an announcement in the admin: one page to read, and to print."""

from datetime import date, datetime
from decimal import Decimal

from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.staff_admin import CoordinatorAdmin
from cohorts.models import Audience
from reviews import minutes as keeping
from reviews.models import Decision, Minutes
from reviews.selection_words import audience_words

Outcome = Decision.Outcome

GROUPS = {
    Outcome.ACCEPTED: gettext_lazy("Acceptées"),
    Outcome.WAITLISTED: gettext_lazy("Liste d’attente, dans l’ordre"),
    Outcome.REJECTED: gettext_lazy("Non retenues"),
    "CLOSED": gettext_lazy("Closes sans réponse\u00a0: retirées, ou décidées autrement, avant l’annonce"),
}


class MinutesAdmin(CoordinatorAdmin):
    """Minutes are read, and nothing else: announcements lead to them."""

    can_change = False

    def get_urls(self):
        return [
            path("", self.admin_site.admin_view(require_safe(self.changelist_view)), name="reviews_minutes_changelist"),
            path(
                "<int:object_id>/",
                self.admin_site.admin_view(require_safe(self.read_view)),
                name="reviews_minutes_read",
            ),
        ]

    def changelist_view(self, request, extra_context=None):
        self.require_view(request)
        return redirect("admin:reviews_release_changelist")

    def read_view(self, request, object_id):
        """The minutes as they were frozen, after their checksum was counted again."""
        self.require_view(request)
        minutes = get_object_or_404(Minutes.objects.select_related("release__cohort"), pk=object_id)
        said = _dated(minutes.content)
        context = {
            "opts": self.opts,
            "title": _("Procès-verbal · %s") % said["cohort"]["name"],
            "minutes": minutes,
            "said": said,
            "holds": keeping.holds(minutes),
            "people": keeping.accounts(minutes),
            "readers": [{**reader, "gap": _gap(reader["severity"])} for reader in said["jury"]["readers"]],
            "audiences": _audiences(said["counts"]["by_audience"]),
            "undecided": said["counts"]["received"] - sum(said["counts"][outcome] for outcome in Outcome.values),
            "groups": _groups(said["decisions"]),
        }
        context = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, "admin/reviews/minutes/page.html", context)


def _dated(value):
    """The same content with moments and days in the place of their text."""
    if isinstance(value, list):
        return [_dated(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _moment(key, item) if isinstance(item, str) else _dated(item) for key, item in value.items()}


def _moment(key: str, text: str):
    if key.endswith("_at"):
        return datetime.fromisoformat(text) if text else None
    return date.fromisoformat(text) if key.endswith("_on") else text


def _gap(severity: str) -> str:
    """What she gives beside the others: « −0,21 » for a severe reader."""
    gap = -Decimal(severity)
    sign = "−" if gap < 0 else "+" if gap > 0 else ""
    return f"{sign}{abs(gap):.2f}".replace(".", ",")


def _audiences(counts: dict) -> list[dict]:
    order = [*Audience.values, ""]
    return [
        {"label": audience_words(code) if code else _("situation non dite"), **counts[code]}
        for code in order
        if code in counts
    ]


def _groups(decisions: list[dict]) -> list[dict]:
    groups = [
        {"label": label, "rows": [d for d in decisions if d["outcome"] == code]} for code, label in GROUPS.items()
    ]
    return [group for group in groups if group["rows"]]
