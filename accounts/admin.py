"""Staff's page of a person. Secrets of the sign-in (addresses' confirmations, second factors) have no page at all."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts import transitions
from accounts.addresses import LONGEST, require_deliverable
from accounts.models import User
from accounts.queries import letters_of
from accounts.search import among
from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from lifecycle.wording import name_of

# Rights are code (accounts/roles.py), and what signs a person in is nobody's to read or to edit.
for secret in (EmailAddress, Authenticator, Group):
    admin.site.unregister(secret)


class AddressForm(forms.Form):
    """The address as it should have been typed."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=LONGEST,
        validators=[require_deliverable],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@admin.register(User)
class UserAdmin(ReadablePageMixin, CoordinatorAdmin):
    """People: who they are, what they may do, what was written to them, what happened to their account."""

    list_display = ["full_name", "email", "region", "date_joined"]
    list_filter = ["is_active", ("region", admin.ChoicesFieldListFilter), "date_joined"]
    search_fields = ["search_text"]  # see `get_search_results`
    search_help_text = _("Par nom, prénom ou adresse, avec ou sans accents.")
    ordering = ["-date_joined", "-id"]
    change_form_template = "admin/accounts/user/page.html"
    verbs = ["correct_address"]

    def get_search_results(self, request, queryset, search_term):
        return (among(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description=_("personne"), ordering="sort_name")
    def full_name(self, user):
        return user.get_full_name()

    def page_title(self, request, user):
        return user.get_full_name()

    def page_context(self, request, user):
        grants = [
            {"label": grant.get_role_display(), "scope": name_of(grant.scope) if grant.scope else "", "grant": grant}
            for grant in user.grants.order_by("role", "id")
        ]
        return {
            "letters": letters_of(user),
            "grants": grants,
            "is_verified": EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists(),
            "has_second_factor": Authenticator.objects.filter(user=user).exists(),
        }

    def verb_initial(self, request, user, name):
        return {"email": user.email}

    @verb(
        _("Corriger l’adresse"),
        path="corriger-adresse",
        form_class=AddressForm,
        confirm=_(
            "Pour une adresse mal saisie. Rien n’est écrit à l’ancienne adresse, les sessions ouvertes se ferment, "
            "et la personne entre avec un code envoyé à la nouvelle."
        ),
    )
    def correct_address(self, request, user, data):
        transitions.correct_address(user, data["email"], actor=request.user)
        return _("L’adresse est corrigée.")
