"""The portal's addresses, and the mailbox where the letters of the demo can be read."""

from django.urls import path

from devtools import mailbox
from mentorat.urls import *  # noqa: F403
from mentorat.urls import urlpatterns as portal_urlpatterns

urlpatterns = [
    path("courriels/", mailbox.inbox, name="mailbox"),
    path("courriels/<slug:name>/", mailbox.letter, name="mailbox_letter"),
    path("courriels/<slug:name>/mise-en-page/", mailbox.letter_html, name="mailbox_letter_html"),
    path("courriels/<slug:name>/fichier/", mailbox.letter_file, name="mailbox_letter_file"),
    *portal_urlpatterns,
]
