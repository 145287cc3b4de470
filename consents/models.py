"""Texts in their versions, who agreed to which, and the authorisation of a minor's legal representative."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TextVersionQuerySet(models.QuerySet):
    def current(self):
        """The version that stands today of each text: the last one published."""
        published = self.filter(published_at__isnull=False)
        return published.order_by("key", "-number").distinct("key")


class TextVersion(models.Model):
    """One version of a text that people agree to. Once published it never changes: a new version follows it."""

    class Key(models.TextChoices):
        RULES = "regles", _("règles du programme")
        PRIVACY = "vie-privee", _("notice sur la vie privée")
        IMAGE = "image", _("droit à l’image")
        NEXT_CALL = "prochain-appel", _("garder le contact pour le prochain appel")
        GUARDIAN = "autorisation", _("autorisation parentale")
        CHARTER = "charte-mentor", _("charte des mentor·es")

    SIGNED_APART = (Key.GUARDIAN, Key.CHARTER)
    """Texts that not everybody is asked about: representatives sign one, mentors the other."""

    key = models.CharField(_("texte"), max_length=20, choices=Key)
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte entier"), help_text=_("Une ligne vide sépare deux paragraphes."))
    asks_again = models.BooleanField(
        _("redemander l’accord"), default=False, help_text=_("À qui avait accepté la version d’avant.")
    )
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version d’un texte")
        verbose_name_plural = _("textes")
        ordering = ["key", "-number"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="text_numbered_once")]

    def __str__(self):
        return f"{self.get_key_display()}, version {self.number}"


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """A person agreed to a version of a text. Withdrawn is kept as such: it says when one could rely on it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents", verbose_name=_("personne")
    )
    version = models.ForeignKey(TextVersion, models.PROTECT, related_name="consents", verbose_name=_("texte"))
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accord")
        verbose_name_plural = _("accords")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version"], condition=Q(withdrawn_at__isnull=True), name="consent_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_given_before_withdrawn",
            ),
        ]

    def __str__(self):
        return f"Accord {self.pk}"


class GuardianAuthorisationQuerySet(models.QuerySet):
    def given_for(self, scope: str):
        """Those that stand for that scope (`cohorts.cohort:3`)."""
        return self.filter(scope=scope, state=GuardianAuthorisation.State.GIVEN)


class GuardianAuthorisation(models.Model):
    """The authorisation of her legal representatives, for one person and one scope written as text.

    Without GIVEN nobody who is under 18 at the cohort's start is confirmed, matched, or takes part. One signature
    gives it (Code civil, article 372-2: towards others each parent is presumed to act with the other's agreement); a
    refusal by either stands until staff and both sides settle it. `title` and `details` say in words what it is for.
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
    title = models.CharField(_("ce qui est autorisé"), max_length=160, blank=True)
    details = models.TextField(_("en détail"), max_length=2000, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.REQUESTED)
    guardian_name = models.CharField(_("nom du ou de la représentant·e"), max_length=160, blank=True)
    relation = models.CharField(_("lien de parenté ou qualité"), max_length=80, blank=True)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    text_version = models.ForeignKey(
        TextVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("texte signé")
    )

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

    @property
    def is_outing(self) -> bool:
        """Whether it is for something beside the whole, `cohorts.cohort:3:sortie-1`: a no to it stops nothing else."""
        return self.scope.count(":") > 1


class Guardian(models.Model):
    """A legal representative whose authorisation is asked: an address that the candidate gave, and what she answered.

    She has no account. The links written to her name her row and `link_number`: those of an older number no longer
    work, because an answer was given with them or because the address was corrected.
    """

    State = GuardianAuthorisation.State

    authorisation = models.ForeignKey(
        GuardianAuthorisation, models.CASCADE, related_name="guardians", verbose_name=_("autorisation")
    )
    order = models.PositiveSmallIntegerField(_("ordre"), default=1)
    email = models.EmailField(_("adresse e-mail"), max_length=254)
    name = models.CharField(_("prénom et nom"), max_length=160, blank=True)
    relation = models.CharField(_("lien de parenté ou qualité"), max_length=80, blank=True)
    state = models.CharField(_("réponse"), max_length=10, choices=State, default=State.REQUESTED)
    text_version = models.ForeignKey(
        TextVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("texte signé")
    )
    asked_at = models.DateTimeField(_("demandée le"))
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    call_asked_at = models.DateTimeField(_("appel demandé le"), null=True, blank=True)
    phone = models.CharField(_("numéro à rappeler"), max_length=40, blank=True)
    link_number = models.PositiveSmallIntegerField(_("numéro du lien"), default=1)
    links_sent = models.PositiveSmallIntegerField(_("liens envoyés"), default=0)
    reminded_after = models.PositiveSmallIntegerField(_("relance faite après (jours)"), default=0)

    class Meta:
        verbose_name = _("représentant·e légal·e")
        verbose_name_plural = _("représentant·es légales et légaux")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "order"], name="guardian_one_per_rank"),
            models.UniqueConstraint(
                fields=["authorisation", "email"],
                name="guardian_one_per_address",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="guardian_email_in_lower_case"),
            models.CheckConstraint(condition=Q(order__in=[1, 2]), name="guardian_two_at_most"),
            models.CheckConstraint(
                condition=Q(state="REQUESTED") | Q(answered_at__isnull=False), name="guardian_answer_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="GIVEN") | (Q(text_version__isnull=False) & ~Q(name="") & ~Q(relation="")),
                name="guardian_given_is_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="REQUESTED"), name="guardian_awaited"),
            models.Index(fields=["call_asked_at"], condition=Q(call_asked_at__isnull=False), name="guardian_to_call"),
            models.Index(fields=["email"], name="guardian_address"),
        ]

    def __str__(self):
        return f"Représentant·e {self.pk}"
