from django.urls import path

from consents import views

app_name = "consents"

urlpatterns = [
    path("<slug:key>/", views.text, name="text"),
    path("<slug:key>/<int:number>/", views.text, name="version"),
]
