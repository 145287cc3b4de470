"""The tests: the real services, fast hashes, letters in memory unless a test starts an SMTP server."""

from mentorat.settings.base import *  # noqa: F403
from mentorat.settings.base import DOCUMENTS_ROOT, INSTALLED_APPS, private_files

DEBUG = False
SECRET_KEY = "test-only-not-a-secret-test-only-not-a-secret-test"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "https://mentorat.example"
INSTALLED_APPS = [*INSTALLED_APPS, "devtools"]
ROOT_URLCONF = "devtools.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": private_files(DOCUMENTS_ROOT),  # a temporary folder: see `pytest_configure`
}
CLAMD_URL = DOCUMENTS_ACCEL = ""
# Served as they stand, nothing collected: a clone's first test has no folder of collected files.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Passkeys on http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
