from django.http import HttpResponse
from django.urls import path

app_name = "mentors"


def placeholder(request, **kwargs):
    return HttpResponse("…")


urlpatterns = [
    path("profil/", placeholder, name="profile"),
    path("engagement/<slug:slug>/", placeholder, name="commit"),
]
