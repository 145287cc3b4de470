from django.urls import path

from matching import views

app_name = "matching"

urlpatterns = [
    path("propositions/", views.offers, name="offers"),
    path("propositions/<int:pk>/", views.offer, name="offer"),
    path("propositions/<int:pk>/accepter/", views.accept, name="accept"),
    path("propositions/<int:pk>/decliner/", views.decline, name="decline"),
    path("propositions/<int:pk>/appel/", views.ask_call, name="ask_call"),
]
