from django.urls import path

from mentors import views

app_name = "mentors"

urlpatterns = [
    path("profil/", views.profile, name="profile"),
    path("engagement/<slug:slug>/", views.commit, name="commit"),
]
