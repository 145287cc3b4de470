"""Mentors: professionals who take young people under their wing, and how many of them each season."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.regions import Region
from cohorts.models import Cohort, Language, Slot, Trade

MAX_CAPACITY = 5


class MentorProfileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for a coordinator, her own for a mentor, none for anybody else."""
        if user.is_authenticated and user.is_coordinator:
            return self.all()
        return self.filter(person=user) if user.is_authenticated else self.none()


class MentorProfile(models.Model):
    """A professional who is, or wants to be, a mentor."""

    class State(models.TextChoices):
        INVITED = "INVITED", _("invité·e")
        APPLIED = "APPLIED", _("à valider")
        APPROVED = "APPROVED", _("validé·e")
        DECLINED = "DECLINED", _("non retenu·e")
        PAUSED = "PAUSED", _("en pause")
        LEFT = "LEFT", _("parti·e")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentor_profile", verbose_name=_("personne")
    )
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.INVITED)
    position = models.CharField(_("fonction"), max_length=120, blank=True)
    employer = models.CharField(_("employeur ou structure"), max_length=120, blank=True)
    trades = models.ManyToManyField(Trade, related_name="+", blank=True, verbose_name=_("métiers"))
    region = models.CharField(_("région"), max_length=3, choices=Region, blank=True)
    accepts_remote = models.BooleanField(_("rendez-vous à distance possibles"), default=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, blank=True, verbose_name=_("langues parlées")
    )
    slots = ArrayField(
        models.CharField(max_length=7, choices=Slot), default=list, blank=True, verbose_name=_("disponibilités")
    )
    presentation = models.TextField(_("ce que vous pouvez transmettre"), blank=True, max_length=2000)
    accompanies_minors = models.BooleanField(_("accompagne des mineur·es"), default=False)
    honorability_seen_on = models.DateField(_("extrait B3 vu le"), null=True, blank=True)
    honorability_seen_by = models.CharField(_("extrait B3 vu par"), max_length=100, blank=True)
    honorability_valid_until = models.DateField(_("honorabilité valable jusqu’au"), null=True, blank=True)
    created_at = models.DateTimeField(_("invité·e le"), default=timezone.now)

    objects = MentorProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor·e")
        verbose_name_plural = _("mentor·es")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(honorability_seen_on__isnull=True, honorability_valid_until__isnull=True)
                | (
                    Q(honorability_seen_on__isnull=False, honorability_valid_until__isnull=False)
                    & ~Q(honorability_seen_by="")
                ),
                name="mentor_honorability_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "-created_at"])]

    def __str__(self):
        return f"Mentor·e {self.pk}"

    def is_cleared_for_minors(self, on) -> bool:
        """Whether she accepts minors and her honorability, seen by a coordinator, is valid on that day."""
        valid_until = self.honorability_valid_until
        return self.accompanies_minors and valid_until is not None and valid_until >= on


class Commitment(models.Model):
    """How many young people a mentor takes in one cohort, and what she would rather pass on to them."""

    mentor = models.ForeignKey(MentorProfile, models.PROTECT, related_name="commitments", verbose_name=_("mentor·e"))
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="commitments", verbose_name=_("promotion"))
    capacity = models.PositiveSmallIntegerField(
        _("nombre de mentoré·es"), validators=[MinValueValidator(1), MaxValueValidator(MAX_CAPACITY)]
    )
    preferred_trades = models.ManyToManyField(
        Trade, related_name="+", blank=True, verbose_name=_("métiers à accompagner en priorité")
    )
    made_at = models.DateTimeField(_("pris le"), default=timezone.now)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "cohort"], name="commitment_one_per_cohort"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MAX_CAPACITY), name="commitment_capacity_in_bounds"
            ),
        ]

    def __str__(self):
        return f"Engagement {self.pk}"
