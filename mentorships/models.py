"""Pairs: a young person and the professional who accompanies her."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from mentors.models import Commitment


class MentorshipQuerySet(models.QuerySet):
    def living(self):
        """Running or paused: those that take a place of the mentor's."""
        return self.filter(state__in=Mentorship.LIVING_STATES)

    def visible_to(self, user):
        """All for a coordinator, otherwise one's own, from either side."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.all()
        return self.filter(Q(application__candidate=user) | Q(commitment__mentor__person=user))


class Mentorship(models.Model):
    """A pair, from the mentor's acceptance to its end."""

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", _("en cours")
        PAUSED = "PAUSED", _("en pause")
        COMPLETED = "COMPLETED", _("achevé")
        ENDED_EARLY = "ENDED_EARLY", _("interrompu")

    LIVING_STATES = (State.ACTIVE, State.PAUSED)

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="mentorships", verbose_name=_("candidature")
    )
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="mentorships", verbose_name=_("engagement"))
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.ACTIVE)
    opened_at = models.DateTimeField(_("ouvert le"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentorat")
        verbose_name_plural = _("mentorats")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=["ACTIVE", "PAUSED"]), name="mentorship_one_living"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ACTIVE", "PAUSED"], ended_at__isnull=True)
                | Q(state__in=["COMPLETED", "ENDED_EARLY"], ended_at__isnull=False),
                name="mentorship_over_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["commitment", "state"])]

    def __str__(self):
        return f"Mentorat {self.pk}"
