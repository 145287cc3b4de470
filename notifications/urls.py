from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("rappels/<str:token>/", views.reminders, name="reminders"),
]
