"""Settings shared by every way of running the portal.

What differs between machines is read from the environment (`.env.example` lists it all);
`production`, `demo` and `test` only say what is particular to them.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "mentorat.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "phonenumber_field",
    "lifecycle",
    "notifications",
    "accounts",
    "consents",
    "cohorts",
    "applications",
    "reviews",
    "mentors",
    "mentorships",
    "matching",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.Utf8OnlyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SharedComputerMiddleware",
    "accounts.middleware.StaffSecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mentorat.urls"
WSGI_APPLICATION = "mentorat.wsgi.application"

_TEMPLATE_DIRS = [BASE_DIR / "templates"]

# French counts nought as one: `pluralize` is ours in every template.
_BUILTINS = ["cohorts.templatetags.french"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": _TEMPLATE_DIRS,
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": _BUILTINS,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.programme",
            ],
        },
    },
    {
        # Letters are plain text: nothing in them may be turned into HTML entities.
        "NAME": "letters",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": _TEMPLATE_DIRS,
        "OPTIONS": {"autoescape": False, "builtins": _BUILTINS},
    },
]

# --- Data -------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default="postgres:///mentorat"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Pages ask short questions: compiling them, or sharing one among processes, takes longer than answering.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off -c max_parallel_workers_per_gather=0")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and cache live in PostgreSQL, so that no request depends on Redis.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# --- People and sign-in -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:welcome"
# Where letters about a call lead: a cohort's public page, which no app below `portal` may name.
COHORT_PAGE = "portal:cohort"

# For how many days a criminal record extract that a coordinator has seen counts, and how many days before the end
# those who accompany minors are reminded. The association's choice, to be confirmed.
HONORABILITY_DAYS = env.int("HONORABILITY_DAYS", default=365)
HONORABILITY_REMINDERS = (45, 15)
# Where the personal link of a legal representative leads.
GUARDIAN_PAGE = "portal:guardian"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Eight digits, three tries and three letters a minute: easy on a phone's keypad, out of reach by guessing.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "accounts.forms.AddressCodeForm",
    "add_email": "accounts.forms.NewAddressForm",
}
# allauth's own limits stand. Ours counts addresses left for « prévenez-moi » from one connection: a whole class behind
# one router may leave theirs, and nobody can have us write to the whole world.
# The second one counts addresses typed on « J’ai perdu le lien », the page of legal representatives.
ACCOUNT_RATE_LIMITS = {"call_alert": "40/h/ip", "guardian_link": "20/h/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.RenameKeyForm",
}
MFA_TOTP_ISSUER = "Mentorat 50/50"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mentorat.formats"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- Pages and files --------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What candidates send. Never under a folder that a web server shows.
DOCUMENTS_ROOT = env("DOCUMENTS_ROOT", default=str(BASE_DIR / "var" / "documents"))


def private_files(root) -> dict:
    """A storage whose files the owner writes, its group (nginx) may read, and nobody else."""
    modes = {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(root), **modes}}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "documents": private_files(DOCUMENTS_ROOT),
}
# An `internal` location of nginx over DOCUMENTS_ROOT: nginx then sends the files. Empty: Django does.
DOCUMENTS_ACCEL = env("DOCUMENTS_ACCEL", default="")
# A clamd that reads each upload, tcp://host:3310 or unix:///path. Empty: nothing is scanned, and the admin says so.
CLAMD_URL = env("CLAMD_URL", default="")
# Any page reads a multipart body: none keeps more than one document of it.
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.BoundedUploadHandler",
    "portal.uploads.InMemoryUploadHandler",
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Safety -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

# --- Letters ----------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Mentorat 50/50 <mentorat@collectif5050.example>")
SERVER_EMAIL = env("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)
# Where links in letters lead; no trailing slash.
SITE_URL = env("SITE_URL", default="http://localhost:8000")
CONTACT_EMAIL = env("CONTACT_EMAIL", default="mentorat@collectif5050.example")
# The coordination's telephone, for legal representatives. Empty: they read the address alone.
CONTACT_PHONE = env("CONTACT_PHONE", default="")

# --- The worker and the clock -----------------------------------------------------------------

CELERY_BROKER_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# Every task is a sweep: it does what is due and not yet done, so a missed or doubled one is harmless.
CELERY_BEAT_SCHEDULE = {
    "send-letters": {"task": "notifications.tasks.send_letters", "schedule": 30, "options": {"expires": 60}},
    "publish-decisions": {"task": "reviews.tasks.publish_decisions", "schedule": 30, "options": {"expires": 60}},
    "close-tied-readings": {
        "task": "reviews.tasks.close_tied_readings",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind-readers": {
        "task": "reviews.tasks.remind_readers",
        "schedule": crontab(minute="*/15", hour="8-20"),
        "options": {"expires": 600},
    },
    "remind-honorability": {
        "task": "mentors.tasks.remind_honorability",
        "schedule": crontab(minute=20, hour="8-20"),
        "options": {"expires": 3600},
    },
    "ask-for-commitments": {
        "task": "matching.tasks.ask_for_commitments",
        "schedule": 30,
        "options": {"expires": 60},
    },
    "run-matching": {"task": "matching.tasks.work_runs", "schedule": 30, "options": {"expires": 60}},
    "publish-offers": {"task": "matching.tasks.publish_runs", "schedule": 10, "options": {"expires": 20}},
    "repair-matching": {"task": "matching.tasks.repair", "schedule": 60, "options": {"expires": 60}},
    "clean-documents": {"task": "applications.tasks.clean_documents", "schedule": 10, "options": {"expires": 20}},
    "remind-drafts": {
        "task": "applications.tasks.remind_drafts",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind-places": {
        "task": "applications.tasks.remind_places",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind-guardians": {
        "task": "applications.tasks.remind_guardians",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "lapse-places": {
        "task": "applications.tasks.lapse_places",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "close-waiting-lists": {
        "task": "applications.tasks.close_waiting_lists",
        "schedule": 30,
        "options": {"expires": 60},
    },
    "tell-alerts": {
        "task": "cohorts.tasks.tell_alerts",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "tell-who-keeps-in-touch": {
        "task": "cohorts.tasks.tell_who_keeps_in_touch",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "forget-alerts": {
        "task": "cohorts.tasks.forget_alerts",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600},
    },
    "forget-letters": {
        "task": "notifications.tasks.forget_letters",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600},
    },
    "make-exports": {"task": "portal.tasks.make_exports", "schedule": 10, "options": {"expires": 20}},
    "forget-exports": {
        "task": "portal.tasks.forget_exports",
        "schedule": crontab(minute=50),
        "options": {"expires": 3600},
    },
    "forget-mentor-imports": {
        "task": "mentors.tasks.forget_imports",
        "schedule": crontab(minute=55),
        "options": {"expires": 3600},
    },
    "forget-documents": {
        "task": "applications.tasks.forget_documents",
        "schedule": crontab(hour=4, minute=30),
        "options": {"expires": 3600},
    },
    "expire-offers": {
        "task": "matching.tasks.expire_offers",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "exchange-contacts": {
        "task": "matching.tasks.exchange_contacts",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "close-cohorts": {
        "task": "matching.tasks.close_cohorts",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind-offers": {
        "task": "matching.tasks.remind_offers",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
}

# --- Logs -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_personal_links": {"()": "mentorat.logs.WithoutPersonalLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_personal_links"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"pikepdf": {"level": "WARNING"}},  # it greets whoever imports it
}
