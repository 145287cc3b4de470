"""Consents: for now, the authorisation of a minor's legal representative."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GuardianAuthorisationQuerySet(models.QuerySet):
    def given_for(self, scope: str):
        """Those that stand for that scope (`cohorts.cohort:3`)."""
        return self.filter(scope=scope, state=GuardianAuthorisation.State.GIVEN)


class GuardianAuthorisation(models.Model):
    """The authorisation of a legal representative, for one person and one scope written as text.

    Without GIVEN nobody who is under 18 at the cohort's start is confirmed, matched, or takes part.
    A refusal stands until staff and both sides settle it.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("attendue")
        GIVEN = "GIVEN", _("reçue")
        REFUSED = "REFUSED", _("refusée")
        WITHDRAWN = "WITHDRAWN", _("retirée")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="guardian_authorisations", verbose_name=_("personne")
    )
    scope = models.CharField(_("pour"), max_length=100)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    guardian_name = models.CharField(_("nom du ou de la représentant·e"), max_length=160, blank=True)
    relation = models.CharField(_("lien de parenté ou qualité"), max_length=80, blank=True)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)

    objects = GuardianAuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("autorisation parentale")
        verbose_name_plural = _("autorisations parentales")
        constraints = [
            models.UniqueConstraint(fields=["person", "scope"], name="authorisation_one_per_scope"),
            models.CheckConstraint(
                condition=~Q(state="GIVEN") | (Q(signed_on__isnull=False) & ~Q(guardian_name="") & ~Q(relation="")),
                name="authorisation_given_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["scope", "state"])]

    def __str__(self):
        return f"Autorisation {self.pk}"
