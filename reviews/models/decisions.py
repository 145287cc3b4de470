"""What is decided for each file, the announcement that shows it to everybody at once, and its minutes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort


class Release(models.Model):
    """One announcement of decisions: a batch that the worker applies file by file, then shows all at once.

    A coordinator proposes it, another one confirms it (where the cohort wants two people). It can be stopped half way
    and taken up again, or given up, which the worker undoes file by file: until it is announced nobody has seen it.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("à confirmer")
        RUNNING = "RUNNING", _("en cours")
        STOPPED = "STOPPED", _("arrêtée")
        UNDOING = "UNDOING", _("en train d’être défaite")
        DONE = "DONE", _("annoncées")
        ABANDONED = "ABANDONED", _("abandonnée")

    OPEN_STATES = (State.PROPOSED, State.RUNNING, State.STOPPED, State.UNDOING)
    """Those that hold their decisions: one at a time for a cohort."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="releases", verbose_name=_("promotion"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.PROPOSED)
    requested_at = models.DateTimeField(_("demandée le"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("proposée par")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmée par"),
    )
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    done_at = models.DateTimeField(_("annoncée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("annonce de décisions")
        verbose_name_plural = _("annonces de décisions")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"],
                condition=Q(state__in=["PROPOSED", "RUNNING", "STOPPED", "UNDOING"]),
                name="release_one_at_a_time",
            ),
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

    def held(self):
        """Taken up by an open announcement, and not applied yet."""
        return self.filter(state=Decision.State.PENDING, release__isnull=False)

    def promised(self):
        """Acceptances held so: the places that they will take, files withdrawn since left out."""
        living = self.filter(application__state__in=Decision.DECIDABLE_STATES)
        return living.held().filter(outcome=Decision.Outcome.ACCEPTED)


class Decision(models.Model):
    """What the coordinators decide for a file. Pending until it is published with all the others.

    `selection` is the list that it follows, if any; `replaced` what it wrote over in the file, to put it back while
    nothing is announced; `trouble` why the worker could not apply it.
    """

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
    selection = models.ForeignKey(
        "reviews.Selection", models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("liste")
    )
    replaced = models.JSONField(default=dict, blank=True, editable=False)
    trouble = models.CharField(_("ce qui l’empêche"), max_length=300, blank=True)
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


class Minutes(models.Model):
    """The minutes of one announcement: how everybody was read, chosen and decided. Frozen: a trigger keeps it so."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="minutes", verbose_name=_("annonce"))
    content = models.JSONField(_("contenu"))
    checksum = models.CharField(_("empreinte SHA-256"), max_length=64)
    frozen_at = models.DateTimeField(_("arrêté le"), default=timezone.now)

    class Meta:
        verbose_name = _("procès-verbal")
        verbose_name_plural = _("procès-verbaux")
        ordering = ["-frozen_at"]

    def __str__(self):
        return f"Procès-verbal {self.pk}"
