"""Staff screens of the jury: its reading, and the coordinators' selection."""

from django.contrib import admin

from reviews.list_admin import SelectionAdmin
from reviews.minutes_admin import MinutesAdmin
from reviews.models import Assignment, Minutes, ReaderProfile, Release, Selection
from reviews.profile_admin import ReaderProfileAdmin
from reviews.reading_admin import AssignmentAdmin
from reviews.selection_admin import ReleaseAdmin

admin.site.register(Assignment, AssignmentAdmin)
admin.site.register(ReaderProfile, ReaderProfileAdmin)
admin.site.register(Minutes, MinutesAdmin)
admin.site.register(Release, ReleaseAdmin)
admin.site.register(Selection, SelectionAdmin)
