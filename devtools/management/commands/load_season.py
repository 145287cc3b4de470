"""`manage.py load_season`: a realistic season for the demo, relative to today. Only where the demo's settings hold."""

import gc
import time
from contextlib import contextmanager
from unittest import mock

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from mentors.models import MentorProfile
from tests import scenarios


@contextmanager
def all_or_nothing():
    """One transaction without savepoints, which would be half of all the statements: any error undoes everything."""
    gc.disable()
    try:
        with transaction.atomic(), mock.patch.object(connection.features, "uses_savepoints", False):
            yield
    finally:
        gc.enable()


class Command(BaseCommand):
    """Loads the season in one transaction, or says that one is there."""

    help = "Load the demo's season: two cohorts, their files, jury and mentors. Does nothing when a cohort exists."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=5050, help="the same number makes the same season")

    def handle(self, *, seed, **options):
        if Cohort.objects.exists():
            self.stdout.write("A season is there already: nothing was changed.")
            return
        began = time.monotonic()
        with all_or_nothing():
            scenarios.load(seed=seed)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{Cohort.objects.count()} cohorts, {Application.objects.count()} files, "
            f"{MentorProfile.objects.count()} mentors, {User.objects.count()} people in {seconds:.1f} s"
        )
