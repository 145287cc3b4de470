from django.urls import path

from mentors import views

app_name = "mentors"

urlpatterns = [
    path("charte/", views.charter, name="charter"),
    path("guide/", views.guide, name="guide"),
    path("profil/", views.profile, name="profile"),
]
