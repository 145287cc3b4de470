"""Matching: runs of the engine, and what they propose to mentors."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort
from mentors.models import Commitment


class RunQuerySet(models.QuerySet):
    def publishable(self):
        """Finished, not published, and not replaced by a newer one: some proposal is still a draft."""
        drafts = Proposal.objects.filter(run=models.OuterRef("pk"), state=Proposal.State.DRAFT)
        return self.filter(models.Exists(drafts), state=Run.State.DONE, published_at=None)


class Run(models.Model):
    """One calculation over a cohort: asked for by a coordinator, worked by the worker, published by a coordinator."""

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("demandé")
        RUNNING = "RUNNING", _("en cours")
        DONE = "DONE", _("terminé")
        FAILED = "FAILED", _("en échec")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="runs", verbose_name=_("promotion"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    lease_until = models.DateTimeField(_("bail jusqu’à"), null=True, blank=True)
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    figures = models.JSONField(_("chiffres"), default=dict, blank=True)
    error = models.CharField(_("erreur"), max_length=300, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("calcul d’appariement")
        verbose_name_plural = _("calculs d’appariement")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state__in=["REQUESTED", "RUNNING"]), name="run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(state="DONE"), name="run_published_is_done"
            ),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | Q(lease_until__isnull=False), name="run_running_has_a_lease"
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"])]

    def __str__(self):
        return f"Calcul {self.pk}"


class ProposalQuerySet(models.QuerySet):
    def live(self):
        """Out with a mentor, or accepted: a young person has at most one of these."""
        return self.filter(state__in=Proposal.LIVE_STATES)

    def offered_to(self, user):
        """What waits for this mentor's answer."""
        return self.filter(state=Proposal.State.OFFERED, commitment__mentor__person=user)

    def visible_to(self, user):
        """All for a coordinator; for a mentor those that were offered to her; none for anybody else."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.all()
        return self.filter(commitment__mentor__person=user, offered_at__isnull=False)


class Proposal(models.Model):
    """A pair that a run proposes, and the mentor's answer."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("à publier")
        OFFERED = "OFFERED", _("proposée")
        ACCEPTED = "ACCEPTED", _("acceptée")
        DECLINED = "DECLINED", _("déclinée")
        EXPIRED = "EXPIRED", _("sans réponse")
        CANCELLED = "CANCELLED", _("annulée")

    class Reason(models.TextChoices):
        TIME = "TIME", _("Je n’ai plus assez de temps")
        TRADE = "TRADE", _("Ce n’est pas mon métier")
        KNOWN = "KNOWN", _("Je connais déjà cette personne")
        OTHER = "OTHER", _("Autre raison")

    LIVE_STATES = (State.OFFERED, State.ACCEPTED)

    run = models.ForeignKey(Run, models.PROTECT, related_name="proposals", verbose_name=_("calcul"))
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="proposals", verbose_name=_("candidature")
    )
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="proposals", verbose_name=_("engagement"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT)
    score = models.PositiveSmallIntegerField(_("points"))
    parts = models.JSONField(_("détail des points"), default=list)
    offered_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("réponse attendue avant le"), null=True, blank=True)
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    decline_reason = models.CharField(_("raison"), max_length=10, choices=Reason, blank=True)
    decline_words = models.TextField(_("en quelques mots"), blank=True, max_length=1000)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=["OFFERED", "ACCEPTED"]), name="proposal_one_live"
            ),
            models.UniqueConstraint(fields=["run", "application"], name="proposal_one_per_run"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=1000), name="proposal_score_in_bounds"),
            models.CheckConstraint(
                condition=~Q(state__in=["OFFERED", "ACCEPTED", "DECLINED", "EXPIRED"])
                | Q(offered_at__isnull=False, expires_at__isnull=False),
                name="proposal_offered_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(state="DECLINED") | Q(decline_reason=""), name="proposal_reason_only_when_declined"
            ),
        ]
        indexes = [
            models.Index(fields=["commitment", "state"]),
            models.Index(fields=["offered_at"], condition=Q(state="OFFERED"), name="proposal_waiting"),
        ]

    def __str__(self):
        return f"Proposition {self.pk}"
