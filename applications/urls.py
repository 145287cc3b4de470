from django.http import HttpResponse
from django.urls import path

app_name = "applications"


def placeholder(request, **kwargs):
    return HttpResponse("…")


urlpatterns = [
    path("commencer/<slug:slug>/", placeholder, name="start"),
    path("<slug:reference>/", placeholder, name="detail"),
    path("<slug:reference>/dossier/", placeholder, name="tasks"),
    path("<slug:reference>/etape/<slug:step>/", placeholder, name="step"),
    path("<slug:reference>/verifier/", placeholder, name="check"),
    path("<slug:reference>/envoyer/", placeholder, name="submit"),
    path("<slug:reference>/confirmer/", placeholder, name="confirm"),
]
