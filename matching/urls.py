from django.urls import path

from matching import mentor_views, views

app_name = "matching"

urlpatterns = [
    path("engagement/lien/<str:token>/", mentor_views.season, name="season"),
    path("engagement/<slug:slug>/", mentor_views.commit, name="commit"),
    path("pause/", mentor_views.pause, name="pause"),
    path("reprendre/", mentor_views.resume, name="resume"),
    path("partir/", mentor_views.leave, name="leave"),
    path("propositions/", views.offers, name="offers"),
    path("propositions/<int:pk>/", views.offer, name="offer"),
    path("propositions/<int:pk>/accepter/", views.accept, name="accept"),
    path("propositions/<int:pk>/decliner/", views.decline, name="decline"),
    path("propositions/<int:pk>/appel/", views.ask_call, name="ask_call"),
]
