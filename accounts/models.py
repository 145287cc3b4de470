"""People: whoever has an address here, candidates, mentors and staff alike."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.regions import Region
from accounts.roles import EVERYWHERE, Role
from accounts.search import Folded


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create a person. Without a password the account is reached by a code sent to the address."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person with an e-mail address. What she may do comes from her roles and from what is hers, nothing else."""

    email = models.EmailField(
        _("adresse e-mail"), unique=True, error_messages={"unique": _("Cette adresse a déjà un compte.")}
    )
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    region = models.CharField(_("région"), max_length=3, choices=Region, blank=True)
    phone = PhoneNumberField(_("téléphone"), blank=True)
    is_followed_by_hand = models.BooleanField(_("suivi manuel"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    date_joined = models.DateTimeField(_("inscription"), default=timezone.now)
    # Kept by the database: how she is found (accounts/search.py), and where she stands in a list.
    search_text = models.GeneratedField(
        expression=Folded(models.Value(""), "first_name", "last_name", "email"),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
        verbose_name=_("nom et adresse, pour la recherche"),
    )
    sort_name = models.GeneratedField(
        expression=Folded("last_name", "first_name"),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
        verbose_name=_("nom, pour le classement"),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"),
        ]
        indexes = [
            # Without a pending list: a search is as quick on the evening of a deadline as on any other.
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="user_search", fastupdate=False),
            models.Index(fields=["sort_name", "id"], name="user_by_name"),
            models.Index(fields=["region"], name="user_by_region"),
            models.Index(fields=["id"], condition=models.Q(is_followed_by_hand=True), name="user_by_hand"),
        ]

    def __str__(self):
        # A reference, never a name: the admin's own log keeps this text.
        return f"Personne {self.pk}"

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self):
        return self.first_name or self.email

    @cached_property
    def held_roles(self) -> frozenset[tuple[str, str]]:
        """(role, scope) pairs held now; one query per request."""
        return frozenset(self.grants.values_list("role", "scope"))

    def holds(self, role: Role, scope: str = EVERYWHERE) -> bool:
        return self.is_active and (role, scope) in self.held_roles

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the programme and may enter the admin."""
        return self.is_active and bool(self.held_roles)

    @property
    def is_coordinator(self) -> bool:
        return self.holds(Role.COORDINATOR)

    # The admin and Django's own views ask these; permission rows are not used (see accounts/roles.py).
    is_superuser = False

    def has_perm(self, perm, obj=None):
        return False

    def has_perms(self, perm_list, obj=None):
        return False

    def has_module_perms(self, app_label):
        return False


class Grant(models.Model):
    """A role held by a person, everywhere or for one scope written as text (`cohorts.cohort:3`)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("personne"))
    role = models.CharField(_("rôle"), max_length=20, choices=Role)
    scope = models.CharField(_("pour"), max_length=100, blank=True, default=EVERYWHERE)
    granted_at = models.DateTimeField(_("depuis"), default=timezone.now)

    class Meta:
        verbose_name = _("rôle")
        verbose_name_plural = _("rôles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "scope"], name="grant_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="grant_role_known"),
            models.CheckConstraint(
                condition=models.Q(role=Role.JURY, scope__gt="") | (~models.Q(role=Role.JURY) & models.Q(scope="")),
                name="grant_only_jury_is_scoped",
            ),
        ]
        indexes = [models.Index(fields=["role", "scope"])]

    def __str__(self):
        return f"{self.role} {self.scope}".strip()
