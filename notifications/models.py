"""The outbox: every letter is a row, written in the transaction that caused it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterQuerySet(models.QuerySet):
    def waiting(self, now):
        """Queued, not held back, within its window and past its last pause: what a worker may claim."""
        queued = self.filter(status=Letter.Status.QUEUED, hold="", not_before__lte=now)
        return queued.exclude(next_try_at__gt=now).exclude(not_after__lt=now)

    def uncertain(self, now):
        """Handed to a worker that never came back: perhaps sent, perhaps not. Only a person may decide."""
        return self.filter(status=Letter.Status.SENDING, claimed_at__lt=now - Letter.SENDING_GRACE)

    def about(self, target: str):
        return self.filter(about=target)

    def addressed_to(self, email: str):
        """Whatever was written to this address, the latest first."""
        return self.alias(address=Lower("to")).filter(address=email.lower()).order_by("-id")

    def sent_to(self, emails):
        """Those that did leave for one of these addresses, the latest first."""
        addresses = {email.lower() for email in emails}
        sent = self.alias(address=Lower("to")).filter(status=Letter.Status.SENT, address__in=addresses)
        return sent.order_by("-sent_at", "-id")


class Letter(models.Model):
    """One e-mail to one person about one fact, named by `key`.

    `status` says where the letter is on its way. It is not a `state` of the programme: it is claimed
    by conditional updates from the worker, and only what a person does to it goes into the journal.
    """

    class Status(models.TextChoices):
        QUEUED = "QUEUED", _("en attente")
        SENDING = "SENDING", _("en cours d’envoi")
        SENT = "SENT", _("envoyé")
        FAILED = "FAILED", _("en échec")
        CANCELLED = "CANCELLED", _("annulé")
        EXPIRED = "EXPIRED", _("périmé")

    SENDING_GRACE = timezone.timedelta(minutes=5)

    key = models.CharField(_("clé"), max_length=150, unique=True)
    kind = models.CharField(_("modèle"), max_length=60)
    about = models.CharField(_("objet"), max_length=100, blank=True, db_index=True)
    to = models.EmailField(_("destinataire"), max_length=254)
    subject = models.CharField(_("objet du courriel"), max_length=200)
    body = models.TextField(_("texte"))
    status = models.CharField(_("état"), max_length=10, choices=Status, default=Status.QUEUED)
    hold = models.CharField(_("retenu par"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("écrit le"), default=timezone.now)
    not_before = models.DateTimeField(_("pas avant"), default=timezone.now)
    not_after = models.DateTimeField(_("pas après"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("pris en charge le"), null=True, blank=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    error = models.CharField(_("erreur"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(status="QUEUED"), name="letter_queue"),
            models.Index(fields=["claimed_at"], condition=Q(status="SENDING"), name="letter_sending"),
            models.Index(fields=["-created_at", "-id"], name="letter_recent"),
            models.Index(Lower("to"), F("id").desc(), name="letter_by_address"),
            models.Index(fields=["hold"], condition=~Q(hold=""), name="letter_held"),
            models.Index(
                Lower("to"), F("sent_at").desc(), F("id").desc(), condition=Q(status="SENT"), name="letter_sent_to"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="SENT", sent_at__isnull=False) | (~Q(status="SENT") & Q(sent_at__isnull=True)),
                name="letter_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["QUEUED", "CANCELLED", "EXPIRED"]) | Q(claimed_at__isnull=False),
                name="letter_sending_was_claimed",
            ),
        ]

    def __str__(self):
        return self.key


class Preference(models.Model):
    """An address that no longer wants the letters that are not essential (reminders)."""

    email = models.EmailField(_("adresse e-mail"), max_length=254)
    since = models.DateTimeField(_("depuis"), default=timezone.now)

    class Meta:
        verbose_name = _("refus des rappels")
        verbose_name_plural = _("refus des rappels")
        constraints = [models.UniqueConstraint(Lower("email"), name="preference_email_unique")]

    def __str__(self):
        return f"Préférence {self.pk}"


class RefusingAddress(models.Model):
    """An address where letters do not arrive: a server refuses it for good, or staff know it.

    Written by `notifications.addresses`. `said` holds the server's words. Letters are still tried: one that is taken
    ends what a server had said. What staff marked ends when they say so.
    """

    email = models.EmailField(_("adresse e-mail"), max_length=254, unique=True)
    since = models.DateTimeField(_("depuis"), default=timezone.now)
    said = models.CharField(_("réponse du serveur"), max_length=300, blank=True)
    is_marked_by_staff = models.BooleanField(_("notée par la coordination"), default=False)

    class Meta:
        verbose_name = _("adresse qui refuse le courrier")
        verbose_name_plural = _("adresses qui refusent le courrier")
        ordering = ["-since", "-id"]
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="refusing_address_is_lower")]

    def __str__(self):
        return f"Adresse {self.pk}"


class Pulse(models.Model):
    """The last sign of life of the worker or of the clock, for the admin's first page."""

    WORKER, CLOCK = "worker", "clock"

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
