"""The waiting list of a cohort in the admin: its order, who was called, and what stops, moves or ends it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Avg
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from applications import emails, waiting_list
from applications.models import Application
from cohorts.models import Cohort, WaitingList
from lifecycle import journal
from lifecycle.doors import refusals_told
from lifecycle.models import JournalEntry
from notifications import pulse
from reviews import waiting
from reviews.models import Line, Review, Selection

ROWS = 100


class RankForm(forms.Form):
    """Where on the list, and why."""

    rank = forms.IntegerField(
        label=gettext_lazy("Nouvelle place sur la liste"),
        min_value=1,
        max_value=99_999,
        error_messages={
            "required": gettext_lazy("Écrivez la place, en chiffres."),
            "invalid": gettext_lazy("Écrivez la place en chiffres, par exemple 3."),
            "min_value": gettext_lazy("La liste commence à la place 1."),
            "max_value": gettext_lazy("La liste n’est pas si longue."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=waiting_list.LONGEST_REASON,
        help_text=gettext_lazy("Le journal le garde. Ni nom, ni détail privé."),
        error_messages={
            "required": gettext_lazy("Écrivez pourquoi."),
            "max_length": gettext_lazy("%(limit_value)d caractères au plus."),
        },
    )


@dataclass(frozen=True)
class Asked:
    """One button of the page that asks first: what it is called, and the verb it calls."""

    label: str
    verb: Callable
    is_danger: bool = False


ASKED = {
    "reprendre": Asked(gettext_lazy("Reprendre la liste"), waiting.resume),
    "appeler": Asked(gettext_lazy("Proposer les places libres"), waiting.call),
    "clore": Asked(gettext_lazy("Clore la liste d’attente"), waiting.close, is_danger=True),
}
"""What sends letters: each has a page that says what will happen, and to how many."""


class WaitingListPages:
    """The pages of a cohort's waiting list, for the admin of cohorts."""

    def get_urls(self):
        both = require_http_methods(["GET", "HEAD", "POST"])
        one = "<int:cohort_id>/liste-attente/"
        pages = [
            ("", require_safe(self.waiting_list_view), ""),
            ("suspendre/", require_http_methods(["POST"])(self.stop_view), "_stop"),
            ("<slug:act>/", both(self.asked_view), "_act"),
            ("rang/<slug:reference>/", both(self.rank_view), "_rank"),
        ]
        name = "cohorts_cohort_waiting_list"
        return [
            *(path(one + end, self.admin_site.admin_view(view), name=name + more) for end, view, more in pages),
            *super().get_urls(),
        ]

    def waiting_list_view(self, request, cohort_id):
        """Who waits, in order; who was called; what can be done."""
        cohort = self._cohort_of(request, cohort_id)
        page = Paginator(waiting_list.of(cohort), ROWS).get_page(request.GET.get("page"))
        files = list(page.object_list)
        scores = _scores(files)
        rows = [
            {"place": place, "file": file, "score": scores.get(file.pk)}
            for place, file in enumerate(files, start=page.start_index())
        ]
        return self._waiting_page(
            request,
            "page",
            cohort,
            page=page,
            rows=rows,
            called=_called(cohort),
            figures=_figures(cohort),
            has_begun=waiting_list.is_over(cohort, timezone.now()),
            health=pulse.health(),
        )

    def stop_view(self, request, cohort_id):
        cohort = self._cohort_of(request, cohort_id)
        with refusals_told(request):
            waiting_list.stop(cohort, actor=request.user)
            messages.success(
                request, _("La liste est suspendue\u00a0: une place qui se libère reste libre jusqu’à la reprise.")
            )
        return redirect("admin:cohorts_cohort_waiting_list", cohort.pk)

    def asked_view(self, request, cohort_id, act):
        """GET says what will happen, to how many, and shows the letter; POST does it."""
        cohort = self._cohort_of(request, cohort_id)
        asked = ASKED.get(act)
        if asked is None:
            raise Http404
        if request.method == "POST":
            with refusals_told(request):
                done = asked.verb(cohort, expected=_number(request.POST.get("expected")), actor=request.user)
                messages.success(request, _told(act, done))
            return redirect("admin:cohorts_cohort_waiting_list", cohort.pk)
        is_end = act == "clore"
        waits = waiting_list.of(cohort)
        calls = [] if is_end else waiting.next_calls(cohort)
        first = waits.first() if is_end else None
        return self._waiting_page(
            request,
            "ask",
            cohort,
            act=act,
            asked=asked,
            count=waits.count() if is_end else len(calls),
            calls=calls,
            crowded=_crowded(cohort, calls),
            example=first and emails.preview_closed_list(first),
            has_begun=waiting_list.is_over(cohort, timezone.now()),
            subtitle=asked.label,
        )

    def rank_view(self, request, cohort_id, reference):
        """Move somebody up or down, with a reason."""
        cohort = self._cohort_of(request, cohort_id)
        files = Application.objects.visible_to(request.user).filter(cohort=cohort).select_related("cohort", "candidate")
        application = get_object_or_404(files, reference=reference)
        listed = list(waiting_list.of(cohort).values_list("pk", flat=True))
        if application.pk not in listed:
            messages.error(request, _("Cette personne n’est plus sur la liste d’attente."))
            return redirect("admin:cohorts_cohort_waiting_list", cohort.pk)
        form = RankForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with refusals_told(request):
                waiting_list.move_rank(application, actor=request.user, **form.cleaned_data)
                told = _("%(reference)s est maintenant à la place %(rank)s.")
                rank = form.cleaned_data["rank"]
                messages.success(request, told % {"reference": application.reference, "rank": rank})
                return redirect("admin:cohorts_cohort_waiting_list", cohort.pk)
        place = listed.index(application.pk) + 1
        context = {"form": form, "application": application, "place": place, "count": len(listed)}
        return self._waiting_page(request, "rank", cohort, subtitle=_("Changer le rang"), **context)

    def _cohort_of(self, request, cohort_id) -> Cohort:
        self.require_view(request)
        return get_object_or_404(Cohort, pk=cohort_id)

    def _waiting_page(self, request, template, cohort, **context):
        title = _("Liste d’attente · %s") % cohort.name
        context = {"opts": self.opts, "title": title, "cohort": cohort, "states": WaitingList, **context}
        context["list_url"] = reverse("admin:cohorts_cohort_waiting_list", args=[cohort.pk])
        context = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, f"admin/cohorts/waiting_list/{template}.html", context)


def _number(text) -> int:
    """What the confirmed page had shown; anything unreadable is refused as a change."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 9 else -1


def _told(act: str, done) -> str:
    if act == "clore":
        none = _("La liste d’attente est close. Personne n’attendait.")
        one = _("La liste d’attente est close. La personne qui attendait reçoit sa réponse dans quelques minutes.")
        many = _("La liste d’attente est close. Les %s personnes qui attendaient reçoivent leur réponse sous peu.")
        return many % done if done > 1 else one if done else none
    if not done:
        return _("Il n’y avait personne à appeler.") if act == "appeler" else _("La liste est reprise.")
    told = ngettext(
        "Une place est proposée à %(count)s personne.", "Une place est proposée à %(count)s personnes.", len(done)
    )
    return told % {"count": len(done)}


def _figures(cohort: Cohort) -> dict[str, int]:
    held = Application.objects.filter(cohort=cohort).holding_a_place().count()
    free, promised = max(0, cohort.places - held), waiting.promised_places(cohort)
    return {"held": held, "promised": promised, "free": max(0, free - promised)}


def _crowded(cohort: Cohort, calls: list[waiting_list.Call]) -> str:
    """What these calls would leave to acceptances that are prepared and not announced; nothing where all have room."""
    prepared = waiting.prepared_places(cohort, calls) if calls else 0
    left = _figures(cohort)["free"] - len(calls) if prepared else 0
    if prepared <= left:
        return ""
    left = (
        ngettext("plus qu’une place", "plus que %(left)s places", left) % {"left": left} if left else _("plus de place")
    )
    told = ngettext(
        "Une acceptation préparée attend d’être publiée\u00a0: il ne resterait %(left)s pour elle.",
        "%(count)s acceptations préparées attendent d’être publiées\u00a0: il ne resterait %(left)s pour elles.",
        prepared,
    )
    return told % {"count": prepared, "left": left}


def _scores(files: list[Application]) -> dict[int, Decimal]:
    """What the jury's list went by for each of these files; where no list did, the mean of its opinions (2 queries)."""
    of_files = {"application__in": [file.pk for file in files]}
    means = Review.objects.filter(**of_files).order_by().values_list("application_id").annotate(mean=Avg("score"))
    kept = Line.objects.filter(**of_files, selection__state=Selection.State.ADOPTED).order_by("selection__number")
    points = kept.values_list("application_id", "points")
    return {**dict(means), **{pk: Decimal(number) / 100 for pk, number in points}}


def _called(cohort: Cohort) -> list[dict]:
    """Who was called from the list, the latest first, with what the journal says of it (2 queries)."""
    offered = Application.objects.filter(cohort=cohort, confirm_by__isnull=False).select_related("candidate")
    files = {journal.ref(file): file for file in offered.announced()}
    entries = JournalEntry.objects.filter(action="application.promoted", target__in=files)
    return [{"entry": entry, "file": files[entry.target]} for entry in entries]
