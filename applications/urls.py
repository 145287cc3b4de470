"""A candidate's own pages."""

from django.urls import path

from applications import views

app_name = "applications"

urlpatterns = [
    path("commencer/<slug:slug>/", views.start, name="start"),
    path("<slug:reference>/", views.detail, name="detail"),
    path("<slug:reference>/dossier/", views.tasks, name="tasks"),
    path("<slug:reference>/etape/<slug:step>/", views.step, name="step"),
    path("<slug:reference>/verifier/", views.check, name="check"),
    path("<slug:reference>/envoyer/", views.submit, name="submit"),
    path("<slug:reference>/confirmer/", views.confirm, name="confirm"),
]
