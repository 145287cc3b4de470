"""Reading: who reads which file, who may not, and what each one thinks of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Criterion, Trade

LOWEST, HIGHEST = 1, 5
"""The two ends of a score."""


class Assignment(models.Model):
    """A file that a jury member has to read.

    What she is writing stands in `draft` until she gives it: {"scores": {criterion id: 1–5}, "comment": text}. Once
    something is saved the reading has begun, and sharing out the files anew leaves it with her.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    assigned_at = models.DateTimeField(_("confiée le"), default=timezone.now)
    is_third = models.BooleanField(_("lecture de plus"), default=False)
    draft = models.JSONField(_("avis en cours"), default=dict, blank=True)
    saved_at = models.DateTimeField(_("enregistré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lecture confiée")
        verbose_name_plural = _("lectures confiées")
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="assignment_once")]

    def __str__(self):
        return f"{self.application_id}:{self.reviewer_id}"


class Review(models.Model):
    """What one jury member thinks of one file: a score from 1 to 5 for each criterion, and a comment.

    It exists once she gave it, by a clear act. `score` is the mean of her scores by the weights of the criteria, to the
    hundredth. The comment is part of what a candidate may ask to read: it is written as if she did.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews", verbose_name=_("candidature"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("membre du jury")
    )
    score = models.DecimalField(_("note"), max_digits=3, decimal_places=2)
    comment = models.TextField(_("commentaire"), blank=True, max_length=4000)
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)

    class Meta:
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_one_per_reader"),
            models.CheckConstraint(condition=Q(score__gte=LOWEST, score__lte=HIGHEST), name="review_score_in_bounds"),
        ]

    def __str__(self):
        return f"Avis {self.pk}"


class Score(models.Model):
    """What an opinion says of one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("critère"))
    value = models.PositiveSmallIntegerField(
        _("note"), validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["criterion__order", "criterion_id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_one_per_criterion"),
            models.CheckConstraint(condition=Q(value__gte=LOWEST, value__lte=HIGHEST), name="score_in_bounds"),
        ]

    def __str__(self):
        return f"{self.review_id}:{self.criterion_id}"


class Recusal(models.Model):
    """A jury member who does not read a file, because she knows the person or might: she can no longer open it."""

    class Reason(models.TextChoices):
        DECLARED = "DECLARED", _("connaît cette personne")
        SCHOOL = "SCHOOL", _("même établissement")
        EMPLOYER = "EMPLOYER", _("même employeur")
        ADDRESS = "ADDRESS", _("adresse connue")
        OWN = "OWN", _("sa propre candidature")

    application = models.ForeignKey(Application, models.CASCADE, related_name="recusals", verbose_name=_("candidature"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recusals", verbose_name=_("membre du jury")
    )
    reason = models.CharField(_("raison"), max_length=10, choices=Reason)
    at = models.DateTimeField(_("depuis"), default=timezone.now)

    class Meta:
        verbose_name = _("récusation")
        verbose_name_plural = _("récusations")
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="recusal_once")]

    def __str__(self):
        return f"{self.application_id}:{self.reviewer_id}"


class ReaderProfile(models.Model):
    """What a jury member says of herself, so that she reads the trades she knows and nobody she might know.

    Schools, employers and addresses are written one a line. For the coordination and herself alone.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reader_profile", verbose_name=_("personne")
    )
    trades = models.ManyToManyField(Trade, blank=True, related_name="+", verbose_name=_("métiers connus"))
    schools = models.TextField(_("établissements"), blank=True, max_length=2000)
    employers = models.TextField(_("employeurs"), blank=True, max_length=2000)
    addresses = models.TextField(_("adresses e-mail de personnes connues"), blank=True, max_length=4000)
    updated_at = models.DateTimeField(_("modifié le"), default=timezone.now)

    class Meta:
        verbose_name = _("profil de lecture")
        verbose_name_plural = _("profils de lecture")

    def __str__(self):
        return f"Profil de lecture {self.pk}"


class Note(models.Model):
    """What a jury member tells the coordination about a file: something to look at, or something to ask the candidate.

    A question reaches the candidate only when a coordinator sends it on, in her own words; who asked is never told.
    """

    class Kind(models.TextChoices):
        FLAG = "FLAG", _("à signaler")
        QUESTION = "QUESTION", _("précision à demander")

    class State(models.TextChoices):
        OPEN = "OPEN", _("à traiter")
        FORWARDED = "FORWARDED", _("transmise")
        CLOSED = "CLOSED", _("classée")

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes", verbose_name=_("candidature"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("membre du jury")
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind)
    text = models.TextField(_("message"), max_length=2000)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.OPEN)
    words = models.TextField(_("ce qui a été écrit à la personne"), blank=True, max_length=2000)
    written_at = models.DateTimeField(_("écrit le"), default=timezone.now)
    handled_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    class Meta:
        verbose_name = _("note du jury")
        verbose_name_plural = _("notes du jury")
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["application"], condition=Q(state="OPEN"), name="note_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN", handled_at=None) | (~Q(state="OPEN") & Q(handled_at__isnull=False)),
                name="note_handled_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"Note {self.pk}"
