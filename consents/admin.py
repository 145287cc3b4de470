"""The texts that people agree to: read each version, prepare the next one, publish it."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from consents import queries, transitions
from consents.forms import TextForm
from consents.models import TextVersion


def is_draft(request, version) -> bool:
    return version.published_at is None


def may_be_followed(request, version) -> bool:
    """Whether it stands today, and nobody is writing the next one."""
    return bool(version.published_at) and not version.is_replaced and not version.has_draft


@admin.register(TextVersion)
class TextVersionAdmin(ReadablePageMixin, CoordinatorAdmin):
    """Every version of every text. A published one is only read; its next version is prepared, then published."""

    list_display = ["name", "number", "standing_now", "published_at", "agreed", "standing"]
    sortable_by = []
    ordering = ["key", "-number"]
    change_form_template = "admin/consents/textversion/page.html"
    verbs = ["prepare", "write", "publish"]

    def get_queryset(self, request):
        return queries.counted(super().get_queryset(request))

    # --- The list -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("texte"))
    def name(self, version):
        return version.title

    @admin.display(description=gettext_lazy("état"))
    def standing_now(self, version):
        look, words = situation(version)
        return format_html('<span class="tag tag--{}">{}</span>', look, words)

    @admin.display(description=gettext_lazy("personnes qui l’ont acceptée"))
    def agreed(self, version):
        return version.agreed

    @admin.display(description=gettext_lazy("accords en cours"))
    def standing(self, version):
        return version.standing

    # --- One version ----------------------------------------------------------------------------

    def page_title(self, request, version):
        return capfirst(str(version))

    def page_context(self, request, version):
        look, words = situation(version)
        others = TextVersion.objects.filter(key=version.key).exclude(pk=version.pk)
        return {"look": look, "situation": words, "others": others.order_by("-number")}

    def verb_initial(self, request, version, name):
        return {"title": version.title, "body": version.body, "asks_again": version.asks_again}

    def confirm_sentence(self, request, version, name):
        """Publishing says first whom it concerns."""
        return consequence(version) if name == "publish" else super().confirm_sentence(request, version, name)

    @verb(gettext_lazy("Préparer une nouvelle version"), path="preparer", offered=may_be_followed)
    def prepare(self, request, version):
        draft = transitions.new_version(version.key, actor=request.user)
        messages.success(
            request, _("La version %s est prête à être écrite. Personne d’autre ne la lit.") % draft.number
        )
        return HttpResponseRedirect(self.verb_url("write", draft))

    @verb(gettext_lazy("Modifier le texte"), path="modifier", form_class=TextForm, offered=is_draft)
    def write(self, request, version, data):
        transitions.write_text(version, **data, actor=request.user)
        return _("Le texte est enregistré. Relisez-le ici comme on le lira.")

    @verb(
        gettext_lazy("Publier cette version"),
        path="publier",
        confirm=gettext_lazy("Une fois publiée, cette version ne change plus."),
        offered=is_draft,
    )
    def publish(self, request, version):
        transitions.publish_text(version, actor=request.user)
        return _("La version %s est en vigueur.") % version.number


def situation(version) -> tuple[str, str]:
    """The look and the word of where a version stands."""
    if version.published_at is None:
        return "wait", _("brouillon")
    return ("todo", _("remplacée")) if version.is_replaced else ("good", _("en vigueur"))


def consequence(version) -> str:
    """What publishing this version does to those who agreed to an older one, in one paragraph."""
    count = queries.agreed_before(version)
    if count == 0:
        concerned = _("Personne n’a encore accepté une version d’avant.")
    elif version.asks_again:
        concerned = ngettext(
            "%(count)s personne a accepté une version d’avant : son accord lui sera redemandé.",
            "%(count)s personnes ont accepté une version d’avant : leur accord leur sera redemandé.",
            count,
        )
    else:
        concerned = ngettext(
            "%(count)s personne a accepté une version d’avant : son accord reste valable.",
            "%(count)s personnes ont accepté une version d’avant : leur accord reste valable.",
            count,
        )
    return " ".join([concerned % {"count": count}, _("Une fois publiée, cette version ne change plus.")])
