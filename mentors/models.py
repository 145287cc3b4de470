"""Mentors: professionals who take young people under their wing, and how many of them each season."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.regions import Region
from cohorts.models import Cohort, Language, Partner, Slot, Trade
from consents.models import TextVersion

MAX_CAPACITY = 5
"""How many young people one mentor accompanies in a cohort, at most."""
MAX_LINKS = 3


class Seniority(models.TextChoices):
    """For how long a mentor has exercised a trade."""

    STARTING = "STARTING", _("moins de 3\u00a0ans")
    SETTLED = "SETTLED", _("de 3 à 10\u00a0ans")
    SENIOR = "SENIOR", _("plus de 10\u00a0ans")


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
    trades = models.ManyToManyField(Trade, through="Practice", related_name="+", blank=True, verbose_name=_("métiers"))
    region = models.CharField(_("région"), max_length=3, choices=Region, blank=True)
    accepts_remote = models.BooleanField(_("rendez-vous à distance possibles"), default=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, blank=True, verbose_name=_("langues parlées")
    )
    slots = ArrayField(
        models.CharField(max_length=7, choices=Slot), default=list, blank=True, verbose_name=_("disponibilités")
    )
    presentation = models.TextField(_("ce que vous pouvez transmettre"), blank=True, max_length=2000)
    links = ArrayField(
        models.URLField(max_length=300), default=list, blank=True, size=MAX_LINKS, verbose_name=_("liens")
    )
    wished_capacity = models.PositiveSmallIntegerField(
        _("nombre de mentoré·es envisagé"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CAPACITY)],
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partenaire")
    )
    called_on = models.DateField(_("appel passé le"), null=True, blank=True)
    called_by = models.CharField(_("appel passé par"), max_length=100, blank=True)
    call_notes = models.TextField(_("notes de l’appel"), blank=True, max_length=4000)
    charter = models.ForeignKey(
        TextVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("charte signée")
    )
    charter_name = models.CharField(_("charte signée sous le nom de"), max_length=160, blank=True)
    charter_signed_at = models.DateTimeField(_("charte signée le"), null=True, blank=True)
    guide_read_at = models.DateTimeField(_("guide lu le"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(charter__isnull=True, charter_name="", charter_signed_at__isnull=True)
                | (Q(charter__isnull=False, charter_signed_at__isnull=False) & ~Q(charter_name="")),
                name="mentor_charter_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(called_on__isnull=True, called_by="") | Q(called_on__isnull=False) & ~Q(called_by=""),
                name="mentor_call_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(wished_capacity=None) | Q(wished_capacity__gte=1, wished_capacity__lte=MAX_CAPACITY),
                name="mentor_wished_capacity_in_bounds",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-created_at"]),
            models.Index(fields=["honorability_valid_until"], condition=Q(state="APPROVED"), name="mentor_to_remind"),
        ]

    def __str__(self):
        return f"Mentor·e {self.pk}"

    def is_cleared_for_minors(self, on) -> bool:
        """Whether she accepts minors and her honorability, seen by a coordinator, is valid on that day."""
        valid_until = self.honorability_valid_until
        return self.accompanies_minors and valid_until is not None and valid_until >= on


class Practice(models.Model):
    """A trade that a mentor exercises, and for how long she has; blank where a list named the trade and not that."""

    mentor = models.ForeignKey(MentorProfile, models.CASCADE, related_name="practices", verbose_name=_("mentor·e"))
    trade = models.ForeignKey(Trade, models.PROTECT, related_name="+", verbose_name=_("métier"))
    seniority = models.CharField(_("ancienneté"), max_length=10, choices=Seniority, blank=True)

    class Meta:
        verbose_name = _("métier exercé")
        verbose_name_plural = _("métiers exercés")
        ordering = ["trade"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "trade"], name="practice_one_per_trade"),
            models.CheckConstraint(condition=Q(seniority__in=["", *Seniority.values]), name="practice_seniority_known"),
        ]

    def __str__(self):
        return f"{self.mentor_id}:{self.trade_id}"

    @property
    def told(self) -> str:
        """The trade with its seniority (prefetch `trade`)."""
        return tell_practice(self.trade.name, self.seniority)


def tell_practice(trade: str, seniority: str) -> str:
    """« Montage image (plus de 10 ans) », or the trade alone where her seniority was not said."""
    return f"{trade} ({Seniority(seniority).label})" if seniority else trade


class Commitment(models.Model):
    """How many young people a mentor takes in one cohort, and what she would rather pass on to them.

    None at all is an answer too: « not this year », or she has taken it back.
    """

    mentor = models.ForeignKey(MentorProfile, models.PROTECT, related_name="commitments", verbose_name=_("mentor·e"))
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="commitments", verbose_name=_("promotion"))
    capacity = models.PositiveSmallIntegerField(_("nombre de mentoré·es"), validators=[MaxValueValidator(MAX_CAPACITY)])
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
                condition=Q(capacity__gte=0, capacity__lte=MAX_CAPACITY), name="commitment_capacity_in_bounds"
            ),
        ]

    def __str__(self):
        return f"Engagement {self.pk}"


class SeasonCall(models.Model):
    """A coordinator asks every approved mentor how many people she takes in a cohort; the clock writes to each."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="season_calls", verbose_name=_("promotion"))
    asked_by = models.CharField(_("demandé par"), max_length=100)
    asked_at = models.DateTimeField(_("demandé le"), default=timezone.now)
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("appel aux engagements")
        verbose_name_plural = _("appels aux engagements")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(done_at__isnull=True), name="season_call_one_at_a_time"
            )
        ]

    def __str__(self):
        return f"Appel aux engagements {self.pk}"


IMPORT_KEPT = timedelta(hours=24)
"""How long a list of mentors that was checked can still be imported. Then nothing is left of it."""


class MentorImportQuerySet(models.QuerySet):
    def visible_to(self, user, now=None):
        """A coordinator's own of the last day; nobody else's."""
        if not (user.is_authenticated and user.is_coordinator):
            return self.none()
        return self.filter(made_by=user, made_at__gt=(now or timezone.now()) - IMPORT_KEPT)


class MentorImport(models.Model):
    """A list of people to invite: checked, and imported once a coordinator has read what each line would do.

    `lines` are what was typed and `plan` what was shown of it. Both go with the import, or a day later.
    """

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("vérifié par")
    )
    made_at = models.DateTimeField(_("vérifié le"), default=timezone.now, db_index=True)
    source = models.CharField(_("d’où vient la liste"), max_length=120)
    unknown_columns = models.JSONField(_("colonnes laissées de côté"), default=list, blank=True)
    lines = models.JSONField(_("lignes"), default=list, blank=True)
    plan = models.JSONField(_("ce que ferait chaque ligne"), default=list, blank=True)
    applied_at = models.DateTimeField(_("importé le"), null=True, blank=True)
    invited = models.PositiveIntegerField(_("personnes invitées"), default=0)
    filled_in = models.PositiveIntegerField(_("profils complétés"), default=0)

    objects = MentorImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import de mentor·es")
        verbose_name_plural = _("imports de mentor·es")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(lines=[], plan=[]), name="mentor_import_keeps_nothing"
            )
        ]

    def __str__(self):
        return f"Import {self.pk}"
