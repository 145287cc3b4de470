"""Staff screens whose pages show several apps, registered here where all of them are known."""

from django.contrib import admin

from applications.models import Application
from cohorts.models import Cohort
from portal.admin_applications import ApplicationAdmin
from portal.admin_cohorts import CohortAdmin

admin.site.register(Application, ApplicationAdmin)
admin.site.register(Cohort, CohortAdmin)
