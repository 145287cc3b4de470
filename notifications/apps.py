from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Courriels"

    def ready(self):
        # Every app registers its kinds of letters in its `emails.py`.
        autodiscover_modules("emails")
