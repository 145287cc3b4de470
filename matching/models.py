"""Matching: what counts and what must not be, runs of the engine, and what they propose to mentors."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort
from matching.scoring import CHOSEN, MAX_SCORE, Scale
from mentors.models import Commitment, MentorProfile


def _weight(name: str, label: str, hint: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, default=getattr(Scale, name), help_text=hint, validators=[MaxValueValidator(MAX_SCORE)]
    )


class Weights(models.Model):
    """What a cohort counts in the score of a pair, and for how much. Without a row, `matching.weights` says what holds.

    Each weight is the most that its part brings. Of the wishes and the family only the best one counts.
    """

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="weights", verbose_name=_("promotion"))
    first_wish = _weight("first_wish", _("premier vœu"), _("La ou le mentor exerce le métier voulu en premier."))
    second_wish = _weight("second_wish", _("deuxième vœu"), _("Sinon, celui voulu en deuxième."))
    third_wish = _weight("third_wish", _("troisième vœu"), _("Sinon, celui voulu en troisième."))
    family = _weight(
        "family",
        _("métier voisin"),
        _("Sinon, un métier de la même famille\u00a0: tous les points pour le premier vœu, la moitié pour le dernier."),
    )
    other_wishes = _weight(
        "other_wishes", _("autres vœux"), _("La moitié pour chaque autre vœu que le métier remplit.")
    )
    region = _weight("region", _("même région"), _("Elles ou ils peuvent se voir sur place."))
    remote = _weight("remote", _("à distance"), _("L’une et l’autre acceptent le téléphone ou la visio."))
    languages = _weight("languages", _("langues communes"), _("Un quart par langue commune, jusqu’à quatre."))
    slots = _weight("slots", _("disponibilités communes"), _("Un quart par moment commun, jusqu’à quatre."))
    preferred = _weight(
        "preferred",
        _("préférence de la ou du mentor"),
        _("Un métier qu’elle ou il préfère accompagner\u00a0: tous les points si c’est le premier vœu."),
    )
    pairs_other_trades = models.BooleanField(
        _("proposer aussi des mentor·es d’un tout autre métier"),
        default=False,
        help_text=_("Sinon, un binôme a toujours un métier voulu, ou au moins un métier de la même famille."),
    )

    class Meta:
        verbose_name = _("pondération")
        verbose_name_plural = _("pondérations")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_wish__gte=F("second_wish"), second_wish__gte=F("third_wish"))
                & Q(third_wish__gte=F("family")),
                name="weights_in_order",
                violation_error_message=_("Un vœu compte au moins autant que le suivant, et qu’un métier voisin."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    F("first_wish") + F("other_wishes") + F("region") + F("remote") + F("languages") + F("slots")
                    + F("preferred"),
                    MAX_SCORE,
                ),
                name="weights_sum_in_bounds",
                violation_error_message=_("Un binôme ne peut pas avoir plus de 1\u00a0000 points."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"Pondération {self.pk}"

    @property
    def scale(self) -> Scale:
        """The same, for `matching.scoring`."""
        return Scale(**{name: getattr(self, name) for name in CHOSEN})


class NeverPaired(models.Model):
    """Two people whom a coordinator will not have proposed to each other. Why is not kept: she may know it in trust."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="never_paired", verbose_name=_("candidature")
    )
    mentor = models.ForeignKey(MentorProfile, models.CASCADE, related_name="never_paired", verbose_name=_("mentor·e"))
    said_by = models.CharField(_("écarté par"), max_length=100)
    said_at = models.DateTimeField(_("écarté le"), default=timezone.now)

    class Meta:
        verbose_name = _("binôme écarté")
        verbose_name_plural = _("binômes écartés")
        ordering = ["-said_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "mentor"], name="never_paired_once"),
            models.CheckConstraint(condition=~Q(said_by=""), name="never_paired_is_said_by_somebody"),
        ]

    def __str__(self):
        return f"Binôme écarté {self.pk}"


class Pinned(models.Model):
    """Two people whom a coordinator wants together: every run pairs them while the law and the places allow it."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="pinned", verbose_name=_("candidature")
    )
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="pinned", verbose_name=_("engagement"))
    said_by = models.CharField(_("fixé par"), max_length=100)
    said_at = models.DateTimeField(_("fixé le"), default=timezone.now)

    class Meta:
        verbose_name = _("binôme fixé")
        verbose_name_plural = _("binômes fixés")
        ordering = ["-said_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(said_by=""), name="pinned_is_said_by_somebody")]

    def __str__(self):
        return f"Binôme fixé {self.pk}"


class RunQuerySet(models.QuerySet):
    def to_ask_again(self):
        """Failed, and no other has been asked for since: the clock asks for none after a failure, a person has to."""
        since = Run.objects.filter(cohort=models.OuterRef("cohort"), requested_at__gt=models.OuterRef("requested_at"))
        return self.filter(~models.Exists(since), state=Run.State.FAILED)

    def publishable(self):
        """Finished, neither published nor asked to be, and not replaced by a newer one: some proposal is still a draft,
        or, of the newest one, some offer moves.
        """
        drafts = Proposal.objects.filter(run=models.OuterRef("pk"), state=Proposal.State.DRAFT)
        newer = Run.objects.filter(
            cohort=models.OuterRef("cohort"), state=Run.State.DONE, done_at__gt=models.OuterRef("done_at")
        )
        has_some = models.Exists(drafts) | Q(~models.Exists(newer), figures__moved__0__isnull=False)
        return self.filter(has_some, state=Run.State.DONE, publishing_since=None, published_at=None)

    def publishing(self):
        """Asked to be published, and not wholly published yet: what the worker has to do."""
        return self.filter(publishing_since__isnull=False, published_at=None)

    def under_way(self):
        """Asked for, and not answered yet."""
        return self.filter(state__in=(Run.State.REQUESTED, Run.State.RUNNING))


class Run(models.Model):
    """One calculation over a cohort: asked for by a coordinator, worked by the worker, published by a coordinator.

    What it was given (`parameters`, and the people as they were then: `inputs_checksum`) and the proof of what it
    answers (`certificate`) are kept, so that it can be checked again. It is done once a second program has accepted
    its answer (`verified_at`), and never without.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("demandé")
        RUNNING = "RUNNING", _("en cours")
        DONE = "DONE", _("terminé")
        FAILED = "FAILED", _("en échec")

    class Step(models.TextChoices):
        READING = "READING", _("lecture des vœux et des engagements")
        SOLVING = "SOLVING", _("recherche des meilleurs binômes")
        VERIFYING = "VERIFYING", _("vérification par un second programme")
        EXPLAINING = "EXPLAINING", _("explication de chaque binôme")
        WRITING = "WRITING", _("enregistrement")

    class Kind(models.TextChoices):
        WHOLE = "WHOLE", _("calcul")
        REPAIR = "REPAIR", _("réparation")

    PARITY = "parity"
    """The group of women and non-binary people, where a cohort asks for a share of them."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="runs", verbose_name=_("promotion"))
    kind = models.CharField(_("sorte"), max_length=10, choices=Kind, default=Kind.WHOLE)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    lease_until = models.DateTimeField(_("bail jusqu’à"), null=True, blank=True)
    step = models.CharField(_("étape"), max_length=10, choices=Step, blank=True)
    percent = models.PositiveSmallIntegerField(_("avancement (%)"), default=0, validators=[MaxValueValidator(100)])
    parameters = models.JSONField(_("paramètres"), default=dict, blank=True)
    inputs_checksum = models.CharField(_("empreinte SHA-256 des données"), max_length=64, blank=True)
    certificate = models.JSONField(_("preuve"), default=dict, blank=True)
    verified_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    publishing_since = models.DateTimeField(_("publication demandée le"), null=True, blank=True)
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
                condition=Q(published_at__isnull=True, publishing_since__isnull=True) | Q(state="DONE"),
                name="run_published_is_done",
            ),
            models.UniqueConstraint(
                fields=["cohort"],
                condition=Q(publishing_since__isnull=False, published_at__isnull=True),
                name="run_publishing_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(verified_at__isnull=False), name="run_done_is_verified"
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

    def to_call(self):
        """Out with a mentor who would like to be called before she answers."""
        return self.filter(state=Proposal.State.OFFERED, call_asked_at__isnull=False, called_at__isnull=True)

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
    # Codes and ids alone, put into words where they are shown: see `matching.explaining`.
    parts = models.JSONField(_("détail des points"), default=list)
    explanation = models.JSONField(_("explication"), default=dict, blank=True)
    offered_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("réponse attendue avant le"), null=True, blank=True)
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    decline_reason = models.CharField(_("raison"), max_length=10, choices=Reason, blank=True)
    decline_words = models.TextField(_("en quelques mots"), blank=True, max_length=1000)
    call_asked_at = models.DateTimeField(_("appel demandé le"), null=True, blank=True)
    call_words = models.TextField(_("ce dont elle ou il veut parler"), blank=True, max_length=1000)
    called_at = models.DateTimeField(_("rappelé·e le"), null=True, blank=True)

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
            models.Index(
                fields=["call_asked_at"],
                condition=Q(state="OFFERED", call_asked_at__isnull=False, called_at__isnull=True),
                name="proposal_to_call",
            ),
        ]

    def __str__(self):
        return f"Proposition {self.pk}"

    @property
    def awaits_call(self) -> bool:
        is_asked = self.call_asked_at is not None and self.called_at is None
        return is_asked and self.state == self.State.OFFERED


class Unmatched(models.Model):
    """Somebody whom a run leaves without a proposal, and why. References and ids alone: names are looked up."""

    class Kind(models.TextChoices):
        BY_HAND = "BY_HAND", _("suivi manuel")
        UNAUTHORISED = "UNAUTHORISED", _("autorisation attendue")
        NOBODY = "NOBODY", _("aucun engagement")
        RULES = "RULES", _("aucun binôme permis")
        SCARCITY = "SCARCITY", _("pas assez de places")
        TRIES = "TRIES", _("assez de propositions sans suite")

    run = models.ForeignKey(Run, models.CASCADE, related_name="unmatched")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name=_("candidature"))
    kind = models.CharField(_("raison"), max_length=12, choices=Kind)
    data = models.JSONField(_("détail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("personne sans proposition")
        verbose_name_plural = _("personnes sans proposition")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="unmatched_once_a_run")]

    def __str__(self):
        return f"Sans proposition {self.pk}"
