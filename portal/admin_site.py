"""The admin of the portal: same accounts, same sign-in, its own first page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    """The one admin site; Django registers every app on it (`mentorat.admin_config`)."""

    site_header = _("Mentorat 50/50")
    site_title = _("Mentorat 50/50")
    index_title = _("Aujourd’hui")
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff


PortalAdminSite.login = secure_admin_login(PortalAdminSite.login)
