"""The list of cohorts with what upper apps count, and the way to each one's selection."""

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import Application
from cohorts.admin import CohortAdmin as SettingsAdmin
from cohorts.models import Cohort
from matching import falls
from portal.admin.waiting_list import WaitingListPages


@admin.register(Cohort)
class CohortAdmin(WaitingListPages, SettingsAdmin):
    """Cohorts with their applications and places, and a link to the selection."""

    list_display = ["name", "phase", "closes", "decisions_on", "starts_on", "received", "places_held", "selection"]

    def get_queryset(self, request):
        sent = Q(applications__sent_at__isnull=False) & ~Q(applications__state=Application.State.WITHDRAWN)
        holding = Q(applications__state__in=Application.PLACE_STATES)
        cohorts = super().get_queryset(request)
        return cohorts.annotate(received=Count("applications", filter=sent), held=Count("applications", filter=holding))

    def save_model(self, request, obj, form, change):
        """Moving the first day says anew who is a minor: what lacks an authorisation by now stops."""
        super().save_model(request, obj, form, change)
        has_moved = change and "starts_on" in form.changed_data
        if has_moved and (count := falls.recheck_minors(obj, actor=request.user)):
            told = ngettext(
                "%(count)s personne qui a sa place sera mineure ce jour-là, et n’a pas d’autorisation\u00a0: rien "
                "n’avance pour elle tant qu’elle manque.",
                "%(count)s personnes qui ont leur place seront mineures ce jour-là, et n’ont pas d’autorisation"
                "\u00a0: rien n’avance pour elles tant qu’elle manque.",
                count,
            )
            messages.warning(request, told % {"count": count})

    @admin.display(description=_("candidatures"), ordering="received")
    def received(self, cohort):
        url = reverse("admin:applications_application_changelist")
        return format_html('<a href="{}?cohort={}">{}</a>', url, cohort.pk, cohort.received)

    @admin.display(description=_("places prises"), ordering="held")
    def places_held(self, cohort):
        return f"{cohort.held} / {cohort.places}"

    @admin.display(description=_("sélection"))
    def selection(self, cohort):
        url = reverse("admin:reviews_selection", args=[cohort.pk])
        return format_html(
            '<a href="{}">Sélection<span class="visually-hidden">\u00a0: {}</span></a>', url, cohort.name
        )
