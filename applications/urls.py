"""A candidate's own pages."""

from django.urls import path

from applications import document_views, eligibility_views, form_views, referent, views

app_name = "applications"

urlpatterns = [
    path("commencer/<slug:slug>/", form_views.start, name="start"),
    path("<slug:slug>/conditions/", eligibility_views.check, name="eligibility"),
    path("suivi/<str:token>/", referent.follow, name="follow"),
    path("documents/<slug:token>/", document_views.document, name="document"),
    path("<slug:reference>/etape/documents/", document_views.step, name="documents"),
    path("<slug:reference>/documents/<slug:token>/retirer/", document_views.remove_document, name="remove_document"),
    path("<slug:reference>/", views.detail, name="detail"),
    path("<slug:reference>/dossier/", form_views.tasks, name="tasks"),
    path("<slug:reference>/etape/<slug:step>/", form_views.step, name="step"),
    path("<slug:reference>/verifier/", form_views.check, name="check"),
    path("<slug:reference>/envoyer/", views.submit, name="submit"),
    path("<slug:reference>/reprendre/", views.take_back, name="take_back"),
    path("<slug:reference>/abandonner-mes-changements/", views.drop_revision, name="drop_revision"),
    path("<slug:reference>/confirmer/", views.confirm, name="confirm"),
]
