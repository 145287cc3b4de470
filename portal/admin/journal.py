"""The journal as staff see it: to read, to search, never to change."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.queries import actor_names, details, people_named, states, target_names
from accounts.staff_admin import CoordinatorAdmin
from applications.models import Application
from lifecycle.journal import ref
from lifecycle.models import JournalEntry
from lifecycle.wording import action_words
from portal.desk import object_url

THEMES = {
    "candidatures": (_("candidatures"), ["application"]),
    "jury": (_("jury et décisions"), ["cohort", "decision", "release"]),
    "autorisations": (_("autorisations"), ["guardianauthorisation"]),
    "accords": (_("textes et accords"), ["consent", "textversion"]),
    "mentors": (_("mentor·es"), ["mentorprofile", "commitment"]),
    "appariement": (_("appariement et binômes"), ["run", "proposal", "mentorship"]),
    "courriels": (_("courriels"), ["letter"]),
    "equipe": (_("équipe et comptes"), ["role", "user"]),
}
"""What actions are about, by the first word of their name."""


class ThemeFilter(admin.SimpleListFilter):
    """What the action is about."""

    title = _("sujet")
    parameter_name = "sujet"

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _prefixes) in THEMES.items()]

    def queryset(self, request, queryset):
        if self.value() not in THEMES:
            return queryset
        wanted = Q()
        for prefix in THEMES[self.value()][1]:
            wanted |= Q(action__startswith=f"{prefix}.")
        return queryset.filter(wanted)


class JournalChangeList(ChangeList):
    """A page of the journal, with the names of those it speaks of, read at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        actors = actor_names(entry.actor for entry in self.result_list)
        targets = target_names(entry.target for entry in self.result_list)
        unread = _drafts(request.user, self.result_list)
        more = details(self.result_list)
        for entry in self.result_list:
            entry.more = more[entry.pk]
            entry.actor_name, entry.target_name = actors[entry.actor], targets[entry.target]
            entry.target_url = "" if entry.target in unread else object_url(entry.target)


def _drafts(user, entries) -> set[str]:
    """The files among these lines that staff may not open: nobody reads a draft but its candidate (1 query)."""
    label = f"{Application._meta.label_lower}:"
    files = {entry.target.removeprefix(label) for entry in entries if entry.target.startswith(label)}
    visible = {str(pk) for pk in Application.objects.visible_to(user).filter(pk__in=files).values_list("pk", flat=True)}
    return {label + pk for pk in files - visible}


@admin.register(JournalEntry)
class JournalEntryAdmin(CoordinatorAdmin):
    """What happened to what, by whom, when."""

    can_change = False
    list_display = ["what", "target_link", "states", "who", "at"]
    list_display_links = None
    list_filter = [ThemeFilter, "at"]
    search_fields = ["target", "actor", "action", "detail"]
    search_help_text = _("Par personne (nom ou adresse), par objet ou par action.")

    def get_changelist(self, request, **kwargs):
        return JournalChangeList

    def get_search_results(self, request, queryset, search_term):
        """Names are not in the journal: people who bear that name are looked up first."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            people = [ref(person) for person in people_named(search_term).only("pk")[:200]]
            found |= queryset.filter(Q(actor__in=people) | Q(target__in=people))
        return found, may_have_duplicates

    def get_urls(self):
        # The list alone: a line says all it has to say there.
        return [url for url in super().get_urls() if url.name == "lifecycle_journalentry_changelist"]

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry):
        return capfirst(action_words(entry.action))

    @admin.display(description=_("objet"))
    def target_link(self, entry):
        if not entry.target_url:
            return entry.target_name
        return format_html('<a href="{}">{}</a>', entry.target_url, entry.target_name)

    @admin.display(description=_("avant → après"))
    def states(self, entry):
        change = " → ".join(state for state in states(entry) if state)
        return ", ".join(words for words in (change, entry.more) if words) or "–"

    @admin.display(description=_("par"), ordering="actor")
    def who(self, entry):
        return entry.actor_name
