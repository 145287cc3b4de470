"""The jury: who reads which file, what they think of it, what is decided, and when it is announced."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort


class Assignment(models.Model):
    """A file that a jury member has to read."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    assigned_at = models.DateTimeField(_("confiée le"), default=timezone.now)

    class Meta:
        verbose_name = _("lecture confiée")
        verbose_name_plural = _("lectures confiées")
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="assignment_once")]

    def __str__(self):
        return f"{self.application_id}:{self.reviewer_id}"


class Review(models.Model):
    """What one jury member thinks of one file: a score from 1 to 5 and a comment.

    The comment is part of what a candidate may ask to read: it is written as if she did.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews", verbose_name=_("candidature"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("membre du jury")
    )
    score = models.PositiveSmallIntegerField(_("note"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(_("commentaire"), blank=True, max_length=4000)
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)

    class Meta:
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_one_per_reader"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="review_score_in_bounds"),
        ]

    def __str__(self):
        return f"Avis {self.pk}"


class Release(models.Model):
    """One announcement of decisions: a batch that the worker applies file by file, then shows all at once."""

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("en cours")
        DONE = "DONE", _("annoncées")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="releases", verbose_name=_("promotion"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    done_at = models.DateTimeField(_("annoncée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("annonce de décisions")
        verbose_name_plural = _("annonces de décisions")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(state="REQUESTED"), name="release_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="DONE", done_at__isnull=False) | (~Q(state="DONE") & Q(done_at__isnull=True)),
                name="release_done_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"Annonce {self.pk}"


class DecisionQuerySet(models.QuerySet):
    def pending(self):
        """Marked and not yet part of an announcement: still free to change.

        A mark on a file that was withdrawn since is moot, and counts nowhere.
        """
        return self.filter(state=Decision.State.PENDING, release=None, application__state__in=Decision.DECIDABLE_STATES)


class Decision(models.Model):
    """What the coordinators decide for a file. Pending until it is published with all the others."""

    class State(models.TextChoices):
        PENDING = "PENDING", _("en attente")
        PUBLISHED = "PUBLISHED", _("publiée")

    class Outcome(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("accepter")
        WAITLISTED = "WAITLISTED", _("liste d’attente")
        REJECTED = "REJECTED", _("ne pas retenir")

    DECIDABLE_STATES = (Application.State.SUBMITTED, Application.State.WAITLISTED)

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="decisions", verbose_name=_("candidature")
    )
    outcome = models.CharField(_("décision"), max_length=10, choices=Outcome)
    rank = models.PositiveIntegerField(_("rang d’attente"), null=True, blank=True)
    shared_reason = models.TextField(_("raison donnée à la personne"), blank=True, max_length=1000)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.PENDING)
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="decisions")
    marked_at = models.DateTimeField(_("prise le"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        ordering = ["-marked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(state="PENDING"), name="decision_one_pending"),
            models.CheckConstraint(
                condition=~Q(state="PUBLISHED") | Q(release__isnull=False), name="decision_published_in_a_release"
            ),
        ]

    def __str__(self):
        return f"Décision {self.pk}"
