"""The filters of the coordinators' list of applications."""

from django.contrib import admin
from django.db.models import Count, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.regions import Region
from applications.choices import Gender
from applications.models import Application
from cohorts.models import Audience, Trade
from consents.models import GuardianAuthorisation
from portal import application_list as reads
from portal import authorisations
from reviews.models import Decision


class ListedFilter(admin.SimpleListFilter):
    """A filter whose value is one of its lookups; an address made by hand with another value finds nothing.

    Subclasses say what a value keeps (`narrow`), and may count all their values at once (`counted`).
    """

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {str(key) for key, _label in self.lookup_choices}:
            return queryset.none()
        return self.narrow(queryset, self.value())

    def get_facet_queryset(self, changelist):
        """How many files each value keeps, under the names that Django's own filter gives them.

        In its place: Django's asks one subquery a value, all in one statement, which takes minutes for 100,000 files.
        """
        found = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters()).order_by()
        numbers = self.counted(found)
        return {f"{n}__c": numbers.get(str(value), 0) for n, (value, _label) in enumerate(self.lookup_choices)}

    def counted(self, found) -> dict[str, int]:
        """How many of the files found each value keeps; here by one count a value."""
        return {str(value): self.narrow(found, str(value)).count() for value, _label in self.lookup_choices}


class FieldFilter(ListedFilter):
    """A filter on what one field holds, counted in one go."""

    field: str

    def narrow(self, queryset, value):
        return queryset.filter(**{self.field: value})

    def counted(self, found) -> dict[str, int]:
        return {str(value): n for value, n in found.values_list(self.field).annotate(Count("pk"))}


class CohortFilter(FieldFilter):
    title, parameter_name, field = _("promotion"), "cohort", "cohort"

    def lookups(self, request, model_admin):
        return reads.cohort_names()


class StateFilter(FieldFilter):
    title, parameter_name, field = _("état"), "state", "state"

    def lookups(self, request, model_admin):
        return [(value, label) for value, label in Application.State.choices if value != Application.State.DRAFT]


class DecisionFilter(ListedFilter):
    """What is marked and waits for the announcement."""

    title, parameter_name = _("décision à publier"), "decision"
    NONE = "none"

    def lookups(self, request, model_admin):
        return [(self.NONE, _("sans décision")), *Decision.Outcome.choices]

    def narrow(self, queryset, value):
        return queryset.filter(reads.undecided() if value == self.NONE else reads.decided(value))


class ChoiceFilter(FieldFilter):
    choices_of: type[TextChoices]

    def lookups(self, request, model_admin):
        return self.choices_of.choices


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

    def counted(self, found) -> dict[str, int]:
        return {value or self.UNSAID: n for value, n in found.values_list("gender").annotate(Count("pk"))}


class WritingFilter(ListedFilter):
    """What is open to be written: nothing of it is shown."""

    title, parameter_name = _("travail en cours"), "writing"
    CHANGED, TYPED = "changed", "typed"

    def lookups(self, request, model_admin):
        return [(self.CHANGED, _("en modification")), (self.TYPED, _("en saisie"))]

    def narrow(self, queryset, value):
        if value == self.TYPED:
            return queryset.filter(state=Application.State.DRAFT)
        return queryset.filter(reads.being_changed())


class TradeFilter(ListedFilter):
    """Whoever wants that trade, at whichever rank."""

    title, parameter_name = _("métier"), "trade"

    def lookups(self, request, model_admin):
        trades = list(Trade.objects.only("slug", "name"))
        self.ids = {trade.slug: trade.pk for trade in trades}
        return [(trade.slug, trade.name) for trade in trades]

    def narrow(self, queryset, value):
        # One wish a trade: no file comes twice. By its id, so that PostgreSQL knows how many want it.
        return queryset.filter(wishes__trade=self.ids[value])

    def counted(self, found) -> dict[str, int]:
        return dict(found.values_list("wishes__trade__slug").annotate(Count("pk")))


FILTERS = [
    CohortFilter,
    StateFilter,
    DecisionFilter,
    AudienceFilter,
    RegionFilter,
    TradeFilter,
    AuthorisationFilter,
    ByHandFilter,
    GenderFilter,
    WritingFilter,
]
"""Those of the list, in its order. None of them looks at the request: an export narrows by the same."""
