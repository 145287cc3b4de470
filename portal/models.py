"""What the portal keeps of its own: the exports that coordinators ask for."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)
"""How long an export can be downloaded, from the moment it was asked for."""


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A coordinator's own, while they last; nobody else's."""
        if not (user.is_authenticated and user.is_coordinator):
            return self.none()
        return self.filter(asked_by=user, asked_at__gt=timezone.now() - KEPT)


class Export(models.Model):
    """A spreadsheet of applications: asked for by a coordinator, made by the worker, forgotten after a day.

    `filters` are those of the list, as its address bears them; `words` says them to people. The file is kept where
    documents are, under a name nobody can guess.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("en attente")
        RUNNING = "RUNNING", _("en préparation")
        DONE = "DONE", _("prêt")
        FAILED = "FAILED", _("en échec")

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("demandé par")
    )
    asked_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    filters = models.CharField(_("filtres"), max_length=1000, blank=True)
    words = models.JSONField(_("filtres, en toutes lettres"), default=list, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    lease_until = models.DateTimeField(_("bail jusqu’à"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(_("candidatures à écrire"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("candidatures écrites"), default=0)
    stored_name = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("taille en octets"), null=True, blank=True)
    done_at = models.DateTimeField(_("prêt le"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state__in=["REQUESTED", "RUNNING"]), name="export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | Q(lease_until__isnull=False), name="export_running_has_a_lease"
            ),
            models.CheckConstraint(
                condition=(Q(state="DONE") & ~Q(stored_name="")) | (~Q(state="DONE") & Q(stored_name="")),
                name="export_done_is_stored",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="export_to_make")]

    def __str__(self):
        return f"Export {self.pk}"

    @property
    def until(self):
        """The moment after which it is gone."""
        return self.asked_at + KEPT

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.rows / self.total)) if self.total else 0

    @property
    def file_name(self) -> str:
        return f"candidatures-{timezone.localtime(self.asked_at):%Y-%m-%d-%Hh%M}.xlsx"
