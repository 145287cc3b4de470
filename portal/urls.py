from django.http import HttpResponse
from django.urls import path

app_name = "portal"


def placeholder(request, **kwargs):
    return HttpResponse("…")


urlpatterns = [
    path("", placeholder, name="welcome"),
    path("promotions/<slug:slug>/", placeholder, name="cohort"),
    path("devenir-mentor/", placeholder, name="become_mentor"),
    path("questions/", placeholder, name="faq"),
    path("contact/", placeholder, name="contact"),
    path("mentions-legales/", placeholder, name="legal"),
    path("vie-privee/", placeholder, name="privacy"),
    path("accessibilite/", placeholder, name="accessibility"),
    path("mon-espace/", placeholder, name="home"),
    path("candidature/<slug:reference>/retirer/", placeholder, name="withdraw"),
    path("healthz", placeholder, name="healthz"),
]
