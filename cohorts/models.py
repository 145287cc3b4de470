"""The programme, its partners, its trades and its cohorts. Sizes, ages, audiences and dates are data."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Whom a cohort is for. Never shown in a mentor's brief, never a criterion of theirs."""

    STUDENT = "STUDENT", _("étudiant·e")
    SELF_TAUGHT = "SELF_TAUGHT", _("autodidacte")
    PUPIL = "PUPIL", _("lycéen·ne")
    REINSERTION = "REINSERTION", _("en réinsertion sociale")


class Language(models.TextChoices):
    """Languages in which a mentee and a mentor can talk."""

    FRENCH = "fr", _("français")
    ENGLISH = "en", _("anglais")
    ARABIC = "ar", _("arabe")
    SPANISH = "es", _("espagnol")
    PORTUGUESE = "pt", _("portugais")
    LSF = "fsl", _("langue des signes française")


class Slot(models.TextChoices):
    """A part of the week in which a mentee and a mentor can meet: a day, by daylight or in the evening (from 18:00)."""

    MON_DAY = "MON_DAY", _("lundi en journée")
    MON_EVE = "MON_EVE", _("lundi soir")
    TUE_DAY = "TUE_DAY", _("mardi en journée")
    TUE_EVE = "TUE_EVE", _("mardi soir")
    WED_DAY = "WED_DAY", _("mercredi en journée")
    WED_EVE = "WED_EVE", _("mercredi soir")
    THU_DAY = "THU_DAY", _("jeudi en journée")
    THU_EVE = "THU_EVE", _("jeudi soir")
    FRI_DAY = "FRI_DAY", _("vendredi en journée")
    FRI_EVE = "FRI_EVE", _("vendredi soir")
    SAT_DAY = "SAT_DAY", _("samedi en journée")
    SAT_EVE = "SAT_EVE", _("samedi soir")
    SUN_DAY = "SUN_DAY", _("dimanche en journée")
    SUN_EVE = "SUN_EVE", _("dimanche soir")


class Trade(models.Model):
    """A trade of cinema and the audiovisual industry, grouped by family; from the public ROME list."""

    slug = models.SlugField(_("identifiant"), unique=True)
    name = models.CharField(_("métier"), max_length=120, unique=True)
    family = models.CharField(_("famille"), max_length=80, db_index=True)
    rome_code = models.CharField(_("code ROME"), max_length=5, blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    is_offered = models.BooleanField(_("proposé dans les formulaires"), default=True)

    class Meta:
        verbose_name = _("métier")
        verbose_name_plural = _("métiers")
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class Partner(models.Model):
    """An organisation behind the programme, or one that hosts part of it."""

    name = models.CharField(_("nom"), max_length=120, unique=True)
    presentation = models.TextField(_("présentation"), blank=True)
    website = models.URLField(_("site"), blank=True)
    yearly_contribution = models.PositiveIntegerField(_("contribution annuelle (€)"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class Phase(models.TextChoices):
    """Where a cohort's call stands at a given moment."""

    UPCOMING = "UPCOMING", _("appel à venir")
    OPEN = "OPEN", _("appel ouvert")
    CLOSED = "CLOSED", _("appel clos")


class WaitingList(models.TextChoices):
    """Whether a free place goes by itself to the next of a cohort's waiting list."""

    OPEN = "OPEN", _("ouverte")
    STOPPED = "STOPPED", _("suspendue")
    CLOSED = "CLOSED", _("close")


MAX_READERS = 5
"""How many members of the jury give their opinion on one file, at most."""


class CohortQuerySet(models.QuerySet):
    def open(self, now):
        """Cohorts whose call takes files at that moment: from the opening, and before the closing."""
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def current(self, now):
        """Cohorts not over yet, the next to start first."""
        return self.filter(ends_on__gte=timezone.localdate(now)).order_by("starts_on")

    def with_slug(self, slug: str):
        """The cohort of that address (`printemps-2027`); none when it cannot be one."""
        word, _dash, year = slug.partition("-")
        season = {"printemps": Cohort.Season.SPRING, "automne": Cohort.Season.AUTUMN}.get(word)
        return (
            self.filter(season=season, year=int(year))
            if season and year.isdecimal() and len(year) == 4
            else self.none()
        )


class Cohort(models.Model):
    """One season's group of young people: a call, a selection, a matching, six months of accompaniment."""

    class Season(models.TextChoices):
        SPRING = "SPRING", _("printemps")
        AUTUMN = "AUTUMN", _("automne")

    season = models.CharField(_("saison"), max_length=10, choices=Season)
    year = models.PositiveSmallIntegerField(_("année"))
    audiences = ArrayField(models.CharField(max_length=20, choices=Audience), verbose_name=_("publics"))
    presentation = models.TextField(_("présentation"), blank=True)
    places = models.PositiveIntegerField(_("places"), validators=[MinValueValidator(1)])
    min_age = models.PositiveSmallIntegerField(
        _("âge minimum au début"), default=18, validators=[MinValueValidator(15)]
    )
    max_age = models.PositiveSmallIntegerField(
        _("âge maximum au début"), default=35, validators=[MaxValueValidator(99)]
    )
    opens_at = models.DateTimeField(_("ouverture de l’appel"))
    closes_at = models.DateTimeField(_("clôture de l’appel"))
    decisions_on = models.DateField(_("réponses le"))
    confirm_days = models.PositiveSmallIntegerField(
        _("jours pour confirmer"), default=7, validators=[MinValueValidator(1)]
    )
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    offer_days = models.PositiveSmallIntegerField(
        _("jours laissés aux mentor·es pour répondre"), default=8, validators=[MinValueValidator(1)]
    )
    offer_remind_days = models.PositiveSmallIntegerField(
        _("jours avant le rappel aux mentor·es"), default=4, validators=[MinValueValidator(1)]
    )
    objection_days = models.PositiveSmallIntegerField(
        _("jours laissés aux mentoré·es avant l’échange des coordonnées"), default=2
    )
    max_tries = models.PositiveSmallIntegerField(
        _("propositions sans suite avant de placer à la main"), default=3, validators=[MinValueValidator(1)]
    )
    offers_again_by_itself = models.BooleanField(
        _("après un refus, la proposition suivante part d’elle-même"), default=False
    )

    reviews_per_file = models.PositiveSmallIntegerField(
        _("avis par dossier"), default=2, validators=[MinValueValidator(1), MaxValueValidator(MAX_READERS)]
    )
    is_blind = models.BooleanField(_("lecture à l’aveugle"), default=True)
    readings_due_on = models.DateField(_("avis attendus pour le"), null=True, blank=True)
    criteria_settled_at = models.DateTimeField(_("premier avis donné le"), null=True, blank=True, editable=False)
    audience_minimums = models.JSONField(_("places au moins, par public"), default=dict, blank=True)
    parity_percent = models.PositiveSmallIntegerField(
        _("part de femmes et de personnes non binaires, au moins (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    parity_reason = models.TextField(_("pourquoi cette part"), blank=True, max_length=1000)
    needs_two_people = models.BooleanField(_("une seconde personne confirme l’annonce"), default=True)
    promotes_same_audience = models.BooleanField(_("liste d’attente\u00a0: le même public d’abord"), default=False)
    waiting_list = models.CharField(
        _("liste d’attente"), max_length=10, choices=WaitingList, default=WaitingList.OPEN, editable=False
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-year", "season"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "year"],
                name="cohort_one_per_season",
                violation_error_message=_("Cette promotion existe déjà."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="cohort_opens_before_closing",
                violation_error_message=_("L’appel doit ouvrir avant de se clore."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")),
                name="cohort_starts_before_end",
                violation_error_message=_("La promotion doit commencer avant de finir."),
            ),
            models.CheckConstraint(
                condition=Q(decisions_on__lte=F("starts_on")),
                name="cohort_decides_before_start",
                violation_error_message=_("Les réponses doivent précéder le début de la promotion."),
            ),
            models.CheckConstraint(
                condition=Q(min_age__gte=15, min_age__lte=F("max_age")),
                name="cohort_ages_in_order",
                violation_error_message=_("L’âge minimum est d’au moins 15 ans et ne dépasse pas l’âge maximum."),
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="cohort_has_places"),
            models.CheckConstraint(
                condition=Q(reviews_per_file__gte=1, reviews_per_file__lte=MAX_READERS),
                name="cohort_reviews_per_file",
                violation_error_message=_("Choisissez de 1 à 5 avis par dossier."),
            ),
            models.CheckConstraint(
                condition=Q(parity_percent=None) | (Q(parity_percent__gte=1, parity_percent__lte=100)),
                name="cohort_parity_percent",
                violation_error_message=_("La part demandée va de 1 à 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(parity_percent=None) | ~Q(parity_reason=""),
                name="cohort_parity_has_a_reason",
                violation_error_message=_("Écrivez pourquoi cette part est demandée\u00a0: le procès-verbal le dira."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return f"{self.get_season_display().capitalize()} {self.year}"

    @property
    def slug(self) -> str:
        return f"{'printemps' if self.season == self.Season.SPRING else 'automne'}-{self.year}"

    @property
    def reference_prefix(self) -> str:
        """Start of its applications' references: P27 for spring 2027, A27 for autumn."""
        return f"{'P' if self.season == self.Season.SPRING else 'A'}{self.year % 100:02d}"

    def phase(self, now) -> Phase:
        if now < self.opens_at:
            return Phase.UPCOMING
        return Phase.OPEN if now < self.closes_at else Phase.CLOSED

    def is_at_its_end(self, now) -> bool:
        """Whether its last day has come, or is past: from then on it may be closed."""
        return timezone.localdate(now) >= self.ends_on

    def age_at_start(self, birth_date: date) -> int:
        """Age in whole years on the cohort's first day."""
        start = self.starts_on
        return start.year - birth_date.year - ((start.month, start.day) < (birth_date.month, birth_date.day))

    @property
    def audience_labels(self) -> list[str]:
        return [Audience(value).label for value in self.audiences]


class Question(models.Model):
    """A question of the cohort's own, asked of its candidates beside those that every cohort asks."""

    class Kind(models.TextChoices):
        TEXT = "TEXT", _("texte")
        CHOICE = "CHOICE", _("un choix dans une liste")
        YES_NO = "YES_NO", _("oui ou non")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="questions", verbose_name=_("promotion"))
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    text = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("précision"), max_length=300, blank=True)
    kind = models.CharField(_("réponse attendue"), max_length=10, choices=Kind, default=Kind.TEXT)
    word_limit = models.PositiveSmallIntegerField(
        _("nombre de mots au plus"), default=150, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name=_("choix"))
    is_required = models.BooleanField(_("réponse obligatoire"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="CHOICE") | Q(choices__len__gte=2),
                name="question_has_choices",
                violation_error_message=_("Écrivez au moins deux choix, un par ligne."),
            ),
            models.CheckConstraint(condition=Q(word_limit__gte=1, word_limit__lte=600), name="question_word_limit"),
        ]

    def __str__(self):
        return f"Question {self.pk}"


MAX_WEIGHT = 10
"""The weight of one criterion, at most."""

MAX_FILES = 5
"""How many files one application holds, all documents together."""


class DocumentAsked(models.Model):
    """A document that a cohort asks of its candidates: a CV, a letter, a portfolio."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="documents_asked", verbose_name=_("promotion"))
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    label = models.CharField(_("document"), max_length=80)
    hint = models.CharField(_("précision"), max_length=300, blank=True)
    is_required = models.BooleanField(_("obligatoire"), default=False)
    max_files = models.PositiveSmallIntegerField(
        _("nombre de fichiers au plus"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_FILES)],
    )

    class Meta:
        verbose_name = _("document demandé")
        verbose_name_plural = _("documents demandés")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_files__gte=1, max_files__lte=MAX_FILES), name="document_asked_files"
            ),
        ]

    def __str__(self):
        return f"Document demandé {self.pk}"


class Criterion(models.Model):
    """What a jury judges a file by: a score from 1 to 5, whose two ends are described, and its weight in the whole."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="criteria", verbose_name=_("promotion"))
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    name = models.CharField(_("critère"), max_length=80)
    low = models.CharField(_("ce que vaut 1"), max_length=200, blank=True)
    high = models.CharField(_("ce que vaut 5"), max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("poids"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_WEIGHT)]
    )

    class Meta:
        verbose_name = _("critère")
        verbose_name_plural = _("critères")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=MAX_WEIGHT), name="criterion_weight"),
        ]

    def __str__(self):
        return f"Critère {self.pk}"


class CallAlert(models.Model):
    """An address to write to when the next call opens, nothing else of the person. Until told, 12 months at most."""

    email = models.EmailField(_("adresse e-mail"), max_length=254)
    created_at = models.DateTimeField(_("laissée le"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("adresse à prévenir")
        verbose_name_plural = _("adresses à prévenir")
        constraints = [models.UniqueConstraint(Lower("email"), name="alert_one_per_address")]
        indexes = [models.Index(fields=["confirmed_at"], name="alert_confirmed")]

    def __str__(self):
        return f"Adresse {self.pk}"
