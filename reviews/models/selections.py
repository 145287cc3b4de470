"""Lists drawn from the scores: drafts that can be compared, changed by hand with a reason, and adopted."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort
from reviews.models.decisions import Decision


class Selection(models.Model):
    """One list of a cohort: the best total of points under its bounds, then what people moved by hand.

    `figures` keeps what was counted when it was composed (totals, price of each bound, where a tie decided). Nothing is
    decided before it is adopted, and nothing is told before the decisions are published.
    """

    class Basis(models.TextChoices):
        ADJUSTED = "ADJUSTED", _("notes ajustées")
        MEAN = "MEAN", _("moyennes simples")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("brouillon")
        ADOPTED = "ADOPTED", _("retenue")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="selections", verbose_name=_("promotion"))
    number = models.PositiveSmallIntegerField(_("numéro"))
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT)
    basis = models.CharField(_("calculée sur"), max_length=10, choices=Basis, default=Basis.ADJUSTED)
    places = models.PositiveIntegerField(_("places"), validators=[MinValueValidator(1)])
    waiting = models.PositiveIntegerField(_("places sur la liste d’attente"), default=0)
    audience_minimums = models.JSONField(_("places au moins, par public"), default=dict, blank=True)
    parity_percent = models.PositiveSmallIntegerField(
        _("part de femmes et de personnes non binaires, au moins (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    parity_reason = models.TextField(_("pourquoi cette part"), blank=True, max_length=1000)
    figures = models.JSONField(_("chiffres"), default=dict, blank=True)
    composed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("composée par")
    )
    composed_at = models.DateTimeField(_("composée le"), default=timezone.now)
    adopted_at = models.DateTimeField(_("retenue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("liste")
        verbose_name_plural = _("listes")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="selection_numbered_once"),
            models.CheckConstraint(
                condition=Q(parity_percent=None) | ~Q(parity_reason=""), name="selection_parity_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="ADOPTED", adopted_at__isnull=False) | (Q(state="DRAFT", adopted_at=None)),
                name="selection_adopted_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"Liste {self.number}"


class Line(models.Model):
    """One file of a list: its points (hundredths of a score), its rank, what would be decided, and why it was moved.

    `rank` counts from 1 over the whole list: the accepted, then the waiting list, then the others. `because` names the
    bounds that brought it in, or pushed it out.
    """

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name=_("candidature"))
    points = models.PositiveSmallIntegerField(_("points"))
    mean = models.DecimalField(_("moyenne"), max_digits=3, decimal_places=2)
    uncertainty = models.DecimalField(_("incertitude"), max_digits=3, decimal_places=2, null=True, blank=True)
    readings = models.PositiveSmallIntegerField(_("avis"))
    rank = models.PositiveIntegerField(_("rang"))
    outcome = models.CharField(_("décision"), max_length=10, choices=Decision.Outcome)
    computed_rank = models.PositiveIntegerField(_("rang calculé"))
    computed_outcome = models.CharField(_("décision calculée"), max_length=10, choices=Decision.Outcome)
    because = models.JSONField(_("du fait de"), default=list, blank=True)
    moved_reason = models.TextField(_("pourquoi ce changement"), blank=True, max_length=500)
    moved_at = models.DateTimeField(_("changé le"), null=True, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("par")
    )

    class Meta:
        verbose_name = _("ligne de liste")
        verbose_name_plural = _("lignes de liste")
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "application"], name="line_one_per_file"),
            models.CheckConstraint(
                condition=Q(moved_at=None, moved_reason="") | (Q(moved_at__isnull=False) & ~Q(moved_reason="")),
                name="line_moved_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["selection", "rank"], name="line_in_order")]

    def __str__(self):
        return f"{self.selection_id}:{self.rank}"
