from django.http import HttpResponse
from django.urls import path

app_name = "notifications"


def placeholder(request, **kwargs):
    return HttpResponse("…")


urlpatterns = [
    path("rappels/<str:token>/", placeholder, name="reminders"),
]
