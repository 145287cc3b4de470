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
    """A pair, from the mentor's acceptance to its end.

    Until `objection_until` the young person may say, to coordinators alone, that it must not be this mentor; contacts
    are exchanged (`contacts_at`) once that day has passed, or once she has said that it suits her.
    """

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
    objection_until = models.DateTimeField(_("objection possible jusqu’au"))
    objected_at = models.DateTimeField(_("objection le"), null=True, blank=True)
    objection_words = models.TextField(_("objection, en quelques mots"), blank=True, max_length=2000)
    contacts_at = models.DateTimeField(_("coordonnées échangées le"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(objected_at__isnull=True) | Q(state="ENDED_EARLY"), name="mentorship_objected_is_over"
            ),
        ]
        indexes = [
            models.Index(fields=["commitment", "state"]),
            models.Index(
                fields=["objection_until"],
                condition=Q(contacts_at__isnull=True, state__in=["ACTIVE", "PAUSED"]),
                name="mentorship_to_introduce",
            ),
        ]

    def __str__(self):
        return f"Mentorat {self.pk}"
