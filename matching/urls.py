from django.http import HttpResponse
from django.urls import path

app_name = "matching"


def placeholder(request, **kwargs):
    return HttpResponse("…")


urlpatterns = [
    path("propositions/", placeholder, name="offers"),
    path("propositions/<int:pk>/", placeholder, name="offer"),
    path("propositions/<int:pk>/accepter/", placeholder, name="accept"),
    path("propositions/<int:pk>/decliner/", placeholder, name="decline"),
]
