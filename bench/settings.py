"""Production's own settings, but for where the static files are collected: a folder that goes with the run."""

from mentorat.settings.production import *  # noqa: F403
from mentorat.settings.production import env

STATIC_ROOT = env("STATIC_ROOT")
