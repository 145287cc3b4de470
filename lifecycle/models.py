"""The journal: what happened to what, by whom, when. Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalQuerySet(models.QuerySet):
    def about(self, target: str):
        return self.filter(target=target)


class JournalEntry(models.Model):
    """One fact of the journal.

    Actor and target are text (`accounts.user:7`, `clock`), not foreign keys: the journal outlives
    what it speaks of, and holds no personal data. A database trigger refuses updates and deletions.
    """

    at = models.DateTimeField(_("date"), db_index=True)
    actor = models.CharField(_("par"), max_length=100)
    action = models.CharField(_("action"), max_length=100)
    target = models.CharField(_("objet"), max_length=100, db_index=True)
    source_state = models.CharField(_("avant"), max_length=30, blank=True)
    target_state = models.CharField(_("après"), max_length=30, blank=True)
    detail = models.CharField(_("détail"), max_length=300, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["action", "at"])]

    def __str__(self):
        return f"{self.action} {self.target}"
