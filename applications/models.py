"""A candidate's file: her answers, the copies she sent, and where it stands."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.choices import Gender, Mobility, SocialCriterion
from cohorts.models import Audience, Cohort, DocumentAsked, Language, Slot, Trade
from documents.reasons import Reason

MAX_WISHES = 3
"""How many trades a candidate ranks."""


LISTED = ["cohort", "candidate", "state", "masked_state", "audience", "gender", "is_typed_by_staff"]
"""What the indexes of staff's list carry beside its order."""
MOMENTS = ["sent_at", "confirm_by", "confirmed_at"]
IS_LISTED = Q(is_typed_by_staff=True) | ~Q(state="DRAFT")
"""What staff may list: every file but the drafts that candidates write themselves."""


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Her own for a candidate; for a coordinator all that were sent, and the drafts that staff type from paper.

        A jury member reaches files through `reviews.queries.readable_by`, never from here.
        """
        if user.is_authenticated and user.is_coordinator:
            return self.exclude(~Q(candidate=user), state=Application.State.DRAFT, is_typed_by_staff=False)
        if user.is_authenticated:
            return self.filter(candidate=user)
        return self.none()

    def drafts(self):
        return self.filter(state=Application.State.DRAFT)

    def sent(self):
        """Every file sent at least once, whatever became of it."""
        return self.filter(sent_at__isnull=False)

    def announced(self):
        """Those whose candidate knows where they stand."""
        return self.filter(masked_state="")

    def holding_a_place(self):
        """Those that count against the cohort's places: offered, confirmed, matched or completed."""
        return self.filter(state__in=Application.PLACE_STATES)

    def taking_part(self):
        """Those who confirmed their place in a cohort that goes on: with a mentor, or waiting for one."""
        return self.filter(state__in=Application.TAKING_PART)

    def waitlisted(self):
        """The waiting list, in the order in which it is called."""
        return self.filter(state=Application.State.WAITLISTED).order_by("waitlist_rank", "sent_at", "id")


class Application(models.Model):
    """The application of one person to one cohort. One per person and cohort.

    Its answers are those that were last sent: what is being written stands in its `Draft` until it is sent, so that
    whoever reads, selects or matches only ever sees what the candidate stands by.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("brouillon")
        SUBMITTED = "SUBMITTED", _("envoyée")
        ACCEPTED = "ACCEPTED", _("acceptée")
        WAITLISTED = "WAITLISTED", _("sur liste d’attente")
        REJECTED = "REJECTED", _("non retenue")
        CONFIRMED = "CONFIRMED", _("place confirmée")
        LAPSED = "LAPSED", _("place non confirmée")
        MATCHED = "MATCHED", _("en binôme")
        COMPLETED = "COMPLETED", _("parcours achevé")
        WITHDRAWN = "WITHDRAWN", _("retirée")

    DECIDED_STATES = (State.ACCEPTED, State.WAITLISTED, State.REJECTED)
    PLACE_STATES = (State.ACCEPTED, State.CONFIRMED, State.MATCHED, State.COMPLETED)
    TAKING_PART = (State.CONFIRMED, State.MATCHED)

    reference = models.CharField(_("référence"), max_length=12, unique=True)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="applications", verbose_name=_("promotion"))
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("candidat·e"),
        db_index=False,  # `application_of_person` is one
    )
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT)

    audience = models.CharField(_("votre situation"), max_length=20, choices=Audience, blank=True)
    background = models.TextField(_("votre parcours"), blank=True, max_length=4000)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, blank=True, verbose_name=_("langues parlées")
    )
    trades = models.ManyToManyField(Trade, through="Wish", related_name="+", verbose_name=_("métiers"))
    project = models.TextField(_("votre projet"), blank=True, max_length=4000)
    hopes = models.TextField(_("ce que vous attendez d’un·e mentor·e"), blank=True, max_length=4000)
    accepts_remote = models.BooleanField(_("rendez-vous à distance possibles"), default=True)
    slots = ArrayField(
        models.CharField(max_length=7, choices=Slot), default=list, blank=True, verbose_name=_("disponibilités")
    )
    mobility = models.CharField(_("déplacements possibles"), max_length=10, choices=Mobility, blank=True)
    structure = models.CharField(_("établissement ou structure"), max_length=160, blank=True)
    referent_name = models.CharField(_("nom du ou de la référent·e"), max_length=80, blank=True)
    referent_email = models.EmailField(_("adresse du ou de la référent·e"), max_length=254, blank=True)
    gender = models.CharField(_("genre déclaré"), max_length=10, choices=Gender, blank=True)
    social_criteria = ArrayField(
        models.CharField(max_length=20, choices=SocialCriterion),
        default=list,
        blank=True,
        verbose_name=_("critères sociaux déclarés"),
    )

    is_typed_by_staff = models.BooleanField(_("saisie par la coordination"), default=False)
    open_until = models.DateTimeField(_("délai accordé jusqu’au"), null=True, blank=True)
    shared_reason = models.TextField(_("raison donnée à la personne"), blank=True, max_length=1000)
    created_at = models.DateTimeField(_("commencée le"), default=timezone.now)
    updated_at = models.DateTimeField(_("modifiée le"), default=timezone.now)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    masked_state = models.CharField(_("état montré jusqu’à l’annonce"), max_length=10, choices=State, blank=True)
    announced_at = models.DateTimeField(_("réponse annoncée le"), null=True, blank=True)
    confirm_by = models.DateTimeField(_("à confirmer avant le"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    waitlist_rank = models.PositiveIntegerField(_("rang d’attente"), null=True, blank=True)
    # The mean of the jury's opinions, and how far apart they are. A trigger on their table keeps both: a list of
    # any length sorts by the one, the first page counts by the other.
    mean_score = models.DecimalField(
        _("note moyenne"), max_digits=3, decimal_places=2, null=True, blank=True, editable=False
    )
    score_spread = models.DecimalField(
        _("écart des avis"), max_digits=3, decimal_places=2, null=True, blank=True, editable=False
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidature")
        verbose_name_plural = _("candidatures")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "candidate"], name="application_one_per_cohort"),
            models.CheckConstraint(
                condition=Q(state="DRAFT", sent_at__isnull=True) | (~Q(state="DRAFT") & Q(sent_at__isnull=False)),
                name="application_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(masked_state="") | Q(state__in=["ACCEPTED", "WAITLISTED", "REJECTED"]),
                name="application_only_decisions_are_masked",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACCEPTED") | Q(confirm_by__isnull=False), name="application_accepted_has_a_term"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "MATCHED", "COMPLETED"]) | Q(confirmed_at__isnull=False),
                name="application_confirmed_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "state", "-sent_at"], name="application_list"),
            # What staff's list walks, in its two orders, with all that its filters ask of a file: a page, and how many
            # there are, come from the index alone.
            models.Index(fields=["-sent_at", "-id"], include=LISTED, condition=IS_LISTED, name="application_recent"),
            models.Index(
                F("mean_score").desc(nulls_last=True),
                F("id").desc(),
                include=LISTED,
                condition=IS_LISTED,
                name="application_by_score",
            ),
            models.Index(
                fields=["reference"], include=["id", *LISTED], condition=IS_LISTED, name="application_by_reference"
            ),
            # The counts of the first page and of « Les chiffres ».
            models.Index(
                fields=["cohort", "state"],
                include=[
                    "id",
                    "candidate",
                    "audience",
                    "gender",
                    "masked_state",
                    "announced_at",
                    *MOMENTS,
                    "mean_score",
                ],
                name="application_counts",
            ),
            # From people to their files: by name, by region, by the authorisations of minors.
            models.Index(
                fields=["candidate"],
                include=["id", *[name for name in LISTED if name != "candidate"], "sent_at", "mean_score"],
                name="application_of_person",
            ),
            # Few files: those on which the jury disagrees (`reviews.scores.FAR_APART`), as long as nothing is decided.
            models.Index(
                fields=["cohort"],
                include=["id"],
                condition=Q(state="SUBMITTED", score_spread__gte=2),
                name="application_apart",
            ),
            models.Index(fields=["confirm_by"], condition=Q(state="ACCEPTED"), name="application_to_confirm"),
            GinIndex(fields=["reference"], opclasses=["gin_trgm_ops"], name="application_search", fastupdate=False),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("applications:detail", args=[self.reference])

    @property
    def is_taking_part(self) -> bool:
        return self.state in self.TAKING_PART

    @property
    def shown_state(self) -> "Application.State":
        """The state the candidate may know: a decision stays hidden until all are announced together."""
        return self.State(self.masked_state or self.state)

    @property
    def waited_in_vain(self) -> bool:
        """Whether her answer is no because the waiting list ended, and not because the jury chose so."""
        return self.shown_state == self.State.REJECTED and self.waitlist_rank is not None

    @property
    def term(self) -> datetime:
        """Until when the file can be sent: the closing of its call, or the later moment that staff gave it."""
        return max(filter(None, (self.cohort.closes_at, self.open_until)))

    def is_open(self, now) -> bool:
        """Whether the file can be sent at `now`: within its call, or within the time that staff gave it."""
        return self.cohort.opens_at <= now < self.cohort.closes_at or bool(self.open_until and now < self.open_until)

    @property
    def ranked_trades(self) -> list[Trade]:
        """Trades wanted, the first one first (prefetch `wishes__trade`)."""
        return [wish.trade for wish in self.wishes.all()]


class Draft(models.Model):
    """What is being written and is not sent: the first version of a file, or a revision of the one that was sent.

    `answers` maps the name of each field of the form to its value as JSON; a field nobody filled in is absent. The same
    names stand in a `SentCopy`. There is a draft as long as something is open to be written, and none otherwise.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="draft")
    answers = models.JSONField(_("réponses"), default=dict)
    copied_from = models.ForeignKey(
        "SentCopy", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("repris de")
    )
    saved_at = models.DateTimeField(_("enregistré le"), default=timezone.now)

    class Meta:
        verbose_name = _("brouillon")
        verbose_name_plural = _("brouillons")

    def __str__(self):
        return f"Brouillon {self.application_id}"


class Wish(models.Model):
    """A trade the candidate wants, and its rank, 1 to 3."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="wishes")
    trade = models.ForeignKey(Trade, models.PROTECT, related_name="+", verbose_name=_("métier"))
    rank = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1), MaxValueValidator(MAX_WISHES)])

    class Meta:
        verbose_name = _("métier souhaité")
        verbose_name_plural = _("métiers souhaités")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="wish_one_per_rank"),
            models.UniqueConstraint(fields=["application", "trade"], name="wish_one_per_trade"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MAX_WISHES), name="wish_rank_in_bounds"),
        ]

    def __str__(self):
        return f"{self.application_id}:{self.rank}"


class SentCopy(models.Model):
    """What was sent, frozen at that moment. What was sent stands, whatever is edited later."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="copies")
    number = models.PositiveSmallIntegerField(_("numéro"))
    sent_at = models.DateTimeField(_("envoyée le"))
    content = models.JSONField(_("contenu"))
    checksum = models.CharField(_("empreinte SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("copie envoyée")
        verbose_name_plural = _("copies envoyées")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="copy_numbered_once")]

    def __str__(self):
        return f"{self.application_id}/{self.number}"


def new_token() -> str:
    """What stands for a document in an address: 128 bits that nobody guesses."""
    return secrets.token_urlsafe(16)


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Her own for a candidate; for a coordinator those of the files she may read.

        A jury member reaches them through `reviews.queries`, never from here.
        """
        return self.filter(application__in=Application.objects.visible_to(user))

    def to_clean(self):
        """Received, and neither made harmless nor refused yet, the oldest first."""
        return self.filter(state=Document.State.RECEIVED).order_by("received_at", "id")

    def clean(self):
        """Those that somebody may open."""
        return self.filter(state=Document.State.CLEAN)


class Document(models.Model):
    """One file that a candidate added to her application; or the copy of one that staff redacted for a blind reading.

    It is nobody's to open until the worker has rebuilt it (`documents.cleaning`): `stored_name` then names what was
    rebuilt, and the file as it came is gone. Which documents the application holds is written in its draft, and in its
    sent copies, as the list of their ids: a document in none of them is deleted with its file.
    """

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("en vérification")
        CLEAN = "CLEAN", _("vérifié")
        UNUSABLE = "UNUSABLE", _("inutilisable")

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("candidature")
    )
    asked = models.ForeignKey(
        DocumentAsked, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document demandé")
    )
    redacts = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="redacted", verbose_name=_("version caviardée de")
    )
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    name = models.CharField(_("nom"), max_length=120)
    content_type = models.CharField(_("format"), max_length=40)
    size = models.PositiveIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256 du fichier reçu"), max_length=64)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.RECEIVED)
    reason = models.CharField(_("pourquoi il ne peut pas servir"), max_length=30, blank=True)
    stored_name = models.CharField(max_length=200, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    received_at = models.DateTimeField(_("reçu le"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    checked_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)
    is_scanned = models.BooleanField(_("passé à l’antivirus"), default=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="RECEIVED", checked_at__isnull=True)
                | (~Q(state="RECEIVED") & Q(checked_at__isnull=False)),
                name="document_checked_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="UNUSABLE", stored_name="")
                | (~Q(state="UNUSABLE") & Q(reason="") & ~Q(stored_name="")),
                name="document_unusable_keeps_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="RECEIVED"), name="document_to_clean"),
        ]

    def __str__(self):
        return f"Document {self.pk}"

    @property
    def why(self) -> str:
        """Why it cannot be used and what to do, for its owner; empty for the others."""
        return str(Reason(self.reason).label) if self.reason in Reason.values else ""
