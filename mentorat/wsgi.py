"""WSGI entry point for gunicorn: `gunicorn mentorat.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorat.settings.production")

application = get_wsgi_application()
