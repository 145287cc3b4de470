"""The portal's addresses, and the mailbox where the demo's letters can be read."""

from django.urls import path

from devtools import mailbox
from mentorat.urls import *  # noqa: F403
from mentorat.urls import urlpatterns as portal_urlpatterns

urlpatterns = [path("courriels/", mailbox.inbox, name="mailbox"), *portal_urlpatterns]
