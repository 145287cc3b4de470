"""« Prévenez-moi »: pages open to anybody."""

from django.urls import path

from cohorts import views

app_name = "cohorts"

urlpatterns = [
    path("", views.alert, name="alert"),
    path("courriel/", views.alert_asked, name="alert_asked"),
    path("confirmer/<str:token>/", views.alert_confirm, name="alert_confirm"),
    path("oublier/<str:token>/", views.alert_forget, name="alert_forget"),
]
