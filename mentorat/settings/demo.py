"""The demo: a season that is always alive, on this machine only. Never a way to run the portal for real."""

import os

os.environ.setdefault("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")

from mentorat.settings.base import *  # noqa: F403
from mentorat.settings.base import BASE_DIR, INSTALLED_APPS, STORAGES, env, private_files

DEBUG = False
SECRET_KEY = "demo-only-not-a-secret-demo-only-not-a-secret-demo"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INSTALLED_APPS = [*INSTALLED_APPS, "devtools"]
ROOT_URLCONF = "devtools.urls"
# Everything the demo writes; `make reset` deletes it.
DATA = env.path("DEMO_DATA", default=str(BASE_DIR / ".data"))
EMAIL_BACKEND = "devtools.mailbox.EmailBackend"
EMAIL_FILE_PATH = DATA("courriels")
DOCUMENTS_ROOT = DATA("documents")
STATIC_ROOT = DATA("static")
if not env.bool("COLLECTED", default=False):
    # `make demo` collects: its pages weigh what they weigh for real. With `runserver` a change of a file shows at once.
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
    STORAGES = {
        **STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
STORAGES = {**STORAGES, "documents": private_files(DOCUMENTS_ROOT)}
# A number of those that the French regulator keeps for fiction.
CONTACT_PHONE = env("CONTACT_PHONE", default="01 99 00 12 34")
# Passkeys on http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
