"""The admin of the portal: same accounts, same sign-in, its own first page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

SECTIONS = [
    ("applications.application", _("Candidatures")),
    ("reviews.assignment", _("Dossiers à lire")),
    ("reviews.release", _("Sélection")),
    ("mentors.mentorprofile", _("Mentor·es")),
    ("matching.run", _("Appariement")),
    ("mentorships.mentorship", _("Binômes")),
    ("cohorts.cohort", _("Promotions")),
    ("notifications.letter", _("Courriels")),
]
"""The bar on top of every page, in the order of a season; whoever may not see a list does not see its name."""

OF_THE_SELECTION = ("reviews_selection", "reviews_jury", "reviews_minutes", "cohorts_cohort_waiting_list")
"""How the names of the pages begin that stand under « Sélection », whatever their address."""

APP_ORDER = [
    "applications", "reviews", "mentors", "matching", "mentorships", "cohorts", "consents",
    "accounts", "notifications", "lifecycle",
]  # fmt: skip
"""The order of the first page: what moves every day first."""


class PortalAdminSite(admin.AdminSite):
    """The one admin site; Django registers every app on it (`mentorat.admin_config`)."""

    site_header = _("Mentorat 50/50")
    site_title = _("Mentorat 50/50")
    index_title = _("Aujourd’hui")
    enable_nav_sidebar = False
    empty_value_display = "–"
    index_template = "admin/desk.html"

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        """Staff sign in where everybody does (`secure_admin_login`), and are led back."""
        return super().login(request, extra_context)

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff

    def get_urls(self):
        # Imported late: the views need models, and this class is read before they are.
        from portal import staff
        from portal.admin import exports

        own = [
            path("chiffres/<int:cohort_id>/", self.admin_view(staff.figures), name="figures"),
            path("exports/", self.admin_view(exports.listed), name="exports"),
            path("exports/demander/", self.admin_view(exports.ask), name="exports_ask"),
            path("exports/<int:pk>/telecharger/", self.admin_view(exports.download), name="exports_download"),
            path("equipe/", self.admin_view(staff.team), name="team"),
            path("equipe/<int:pk>/retirer/", self.admin_view(staff.revoke), name="team_revoke"),
            path("equipe/<int:pk>/seconde-verification/", self.admin_view(staff.reset), name="team_reset"),
        ]
        # Nobody has a password here (accounts/urls.py): no page to change one.
        return own + [url for url in super().get_urls() if not str(getattr(url, "name", "")).startswith("password_")]

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: APP_ORDER.index(app["app_label"]) if app["app_label"] in APP_ORDER else 99)

    def each_context(self, request):
        context = super().each_context(request)
        return {**context, "sections": self.sections(request, context["available_apps"])}

    def sections(self, request, available_apps) -> list[dict]:
        """The bar on top of every page, for this person."""
        lists = {
            f"{app['app_label']}.{model['object_name'].lower()}": model["admin_url"]
            for app in available_apps
            for model in app["models"]
        }
        found = [(label, lists[name]) for name, label in SECTIONS if lists.get(name)]
        if request.user.is_authenticated and request.user.is_coordinator:
            found.append((_("Équipe"), reverse("admin:team")))
        page = request.resolver_match.url_name if request.resolver_match else ""
        path = lists.get("reviews.release", "") if (page or "").startswith(OF_THE_SELECTION) else request.path
        return [{"label": label, "url": url, "is_current": path.startswith(url)} for label, url in found]

    def index(self, request, extra_context=None):
        """The first page: signs of life and the season for coordinators, what is left to read for the jury."""
        from portal import staff

        return super().index(request, {**staff.desk(request.user, timezone.now()), **(extra_context or {})})
