"""Staff roles, as code: who may do what is decided by functions in each app's `perms.py`, never by permission rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role held everywhere (coordinator, safeguarding) or for one cohort (jury, see `JURY_SCOPE`)."""

    COORDINATOR = "COORDINATOR", _("coordination")
    JURY = "JURY", _("jury")
    SAFEGUARDING = "SAFEGUARDING", _("cellule d’écoute")


EVERYWHERE = ""
"""The scope of a role that is not tied to one cohort."""
