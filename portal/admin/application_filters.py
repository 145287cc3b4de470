"""The filters of the coordinators' list of applications."""

from django.contrib import admin
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.regions import Region
from applications.choices import Gender
from applications.models import Application
from cohorts.models import Audience, Cohort, Trade
from consents.models import GuardianAuthorisation
from portal import authorisations
from reviews.models import Decision


class ListedFilter(admin.SimpleListFilter):
    """A filter whose value is one of its lookups; an address made by hand with another value finds nothing."""

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {str(key) for key, _label in self.lookup_choices}:
            return queryset.none()
        return self.narrow(queryset, self.value())

    def narrow(self, queryset, value):
        raise NotImplementedError


class CohortFilter(ListedFilter):
    title, parameter_name = _("promotion"), "cohort"

    def lookups(self, request, model_admin):
        return [(cohort.pk, cohort.name) for cohort in Cohort.objects.only("season", "year")]

    def narrow(self, queryset, value):
        return queryset.filter(cohort=value)


class StateFilter(ListedFilter):
    title, parameter_name = _("état"), "state"

    def lookups(self, request, model_admin):
        return [(value, label) for value, label in Application.State.choices if value != Application.State.DRAFT]

    def narrow(self, queryset, value):
        return queryset.filter(state=value)


class DecisionFilter(ListedFilter):
    """What is marked and waits for the announcement."""

    title, parameter_name = _("décision à publier"), "decision"
    NONE = "none"

    def lookups(self, request, model_admin):
        return [(self.NONE, _("sans décision")), *Decision.Outcome.choices]

    def narrow(self, queryset, value):
        if value == self.NONE:
            return queryset.filter(state=Application.State.SUBMITTED, pending_outcome=None, is_in_release=False)
        return queryset.filter(pending_outcome=value)


class ChoiceFilter(ListedFilter):
    choices_of: type[TextChoices]
    field: str

    def lookups(self, request, model_admin):
        return self.choices_of.choices

    def narrow(self, queryset, value):
        return queryset.filter(**{self.field: value})


class AudienceFilter(ChoiceFilter):
    title, parameter_name = _("public"), "audience"
    choices_of, field = Audience, "audience"


class RegionFilter(ChoiceFilter):
    title, parameter_name = _("région"), "region"
    choices_of, field = Region, "candidate__region"


class AuthorisationFilter(ListedFilter):
    """Minors, by where the authorisation of their legal representative stands, and by what is to be done about it."""

    title, parameter_name = _("autorisation parentale"), "authorisation"

    def lookups(self, request, model_admin):
        return [*GuardianAuthorisation.State.choices, *authorisations.Follow.choices]

    def narrow(self, queryset, value):
        return authorisations.narrowed(queryset, value, timezone.now())


class ByHandFilter(ListedFilter):
    """Whom staff follow by hand: nothing happens by itself for them."""

    title, parameter_name = _("suivi manuel"), "by_hand"
    YES, TO_MATCH = "oui", "binome"

    def lookups(self, request, model_admin):
        return [(self.YES, _("en suivi manuel")), (self.TO_MATCH, _("attend un·e mentor·e"))]

    def narrow(self, queryset, value):
        if value == self.TO_MATCH:
            return queryset.filter(authorisations.to_match_by_hand())
        return queryset.filter(candidate__is_followed_by_hand=True)


class GenderFilter(ListedFilter):
    """Declared, for the counts of parity (« Afficher les nombres »)."""

    title, parameter_name = _("genre déclaré"), "gender"
    UNSAID = "none"

    def lookups(self, request, model_admin):
        return [*Gender.choices, (self.UNSAID, _("non déclaré"))]

    def narrow(self, queryset, value):
        return queryset.filter(gender="" if value == self.UNSAID else value)


class WritingFilter(ListedFilter):
    """What is open to be written: nothing of it is shown."""

    title, parameter_name = _("travail en cours"), "writing"
    CHANGED, TYPED = "changed", "typed"

    def lookups(self, request, model_admin):
        return [(self.CHANGED, _("en modification")), (self.TYPED, _("en saisie"))]

    def narrow(self, queryset, value):
        if value == self.TYPED:
            return queryset.filter(state=Application.State.DRAFT)
        return queryset.filter(is_being_changed=True)


class TradeFilter(ListedFilter):
    """Whoever wants that trade, at whichever rank."""

    title, parameter_name = _("métier"), "trade"

    def lookups(self, request, model_admin):
        return Trade.objects.values_list("slug", "name")

    def narrow(self, queryset, value):
        return queryset.filter(wishes__trade__slug=value)
