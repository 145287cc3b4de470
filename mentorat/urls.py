"""Every address of the portal. Paths are in French, as people read them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.urls")),
    path("prevenez-moi/", include("cohorts.urls")),
    path("candidature/", include("applications.urls")),
    path("mentor/", include("mentors.urls")),
    path("mentor/", include("matching.urls")),
    path("textes/", include("consents.urls")),
    path("courriel/", include("notifications.urls")),
    path("compte/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.page_not_found"
handler429 = "portal.views.errors.too_many_requests"
handler500 = "portal.views.errors.server_error"
