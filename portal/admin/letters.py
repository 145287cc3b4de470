"""The outbox as staff see it: every letter, as it was sent, and the two things a person may do about one that is stuck.

A body holds marks in the place of personal links (see notifications.links): nobody signs for somebody else here.
"""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from lifecycle.wording import name_of
from notifications import addresses, kinds, links, outbox, rendering
from notifications.models import Letter
from portal.desk import object_url

Status = Letter.Status

RESEND_WARNING = _("Un courriel incertain est peut-être déjà parti : la personne pourrait le recevoir deux fois.")
MARK_WARNING = _(
    "Le courriel vous est revenu, ou vous savez que personne ne lit cette adresse. Elle sera signalée avant l’annonce "
    "des décisions, pour que quelqu’un joigne la personne autrement. Les courriels continueront d’être essayés."
)
SETTLE_WARNING = _("À ne faire que si vous savez que le courriel est arrivé : il ne sera pas renvoyé.")


class StatusFilter(admin.SimpleListFilter):
    """Where the letter is, with the two cases that no single column says: uncertain, and held back."""

    title = _("état")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*Status.choices, ("uncertain", _("envoi incertain")), ("held", _("retenu"))]

    def queryset(self, request, queryset):
        if self.value() == "uncertain":
            return queryset.filter(pk__in=Letter.objects.uncertain(timezone.now()).values("pk"))
        if self.value() == "held":
            return queryset.filter(status=Status.QUEUED).exclude(hold="")
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


class KindFilter(admin.SimpleListFilter):
    """The kind of letter, by its title."""

    title = _("modèle")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.name, kind.title) for kind in kinds.every()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


def is_uncertain(letter: Letter, now) -> bool:
    """Whether a worker took it and never came back (`Letter.objects.uncertain`, for one row)."""
    return letter.status == Status.SENDING and letter.claimed_at < now - Letter.SENDING_GRACE


def _offer_resend(request, letter) -> bool:
    return letter.status == Status.FAILED or is_uncertain(letter, timezone.now())


def _offer_settle(request, letter) -> bool:
    return is_uncertain(letter, timezone.now())


def _offer_mark(request, letter) -> bool:
    has_left = letter.status in (Status.SENT, Status.FAILED, Status.SENDING)
    known = addresses.refusing([letter.to]).get(letter.to.lower())
    return bool(letter.to) and has_left and (known is None or not known.is_marked_by_staff)


def _offer_unmark(request, letter) -> bool:
    return bool(addresses.refusing([letter.to]))


@admin.register(Letter)
class LetterAdmin(ReadablePageMixin, CoordinatorAdmin):
    """Every letter of the portal."""

    list_display = ["subject", "to", "kind_title", "status_tag", "created_at"]
    list_filter = [StatusFilter, KindFilter, "created_at"]
    search_fields = ["to", "subject__unaccent__icontains", "key"]
    search_help_text = _("Par adresse, objet ou clé.")
    change_form_template = "admin/notifications/letter/page.html"
    actions = ["resend_selected", "settle_selected"]
    verbs = ["resend", "settle", "mark_address", "clear_address"]

    @admin.display(description=_("modèle"), ordering="kind")
    def kind_title(self, letter):
        return title_of(letter.kind)

    @admin.display(description=_("état"), ordering="status")
    def status_tag(self, letter):
        return format_html('<span class="tag tag--{}">{}</span>', *shown_status(letter, timezone.now()))

    def row_label(self, letter):
        return f"{letter.subject} → {letter.to or _('adresse effacée')}"

    def page_title(self, request, letter):
        return letter.subject

    def page_context(self, request, letter):
        tag, status = shown_status(letter, timezone.now())
        return {
            "kind": title_of(letter.kind),
            "tag": tag,
            "status": status,
            "body": links.hidden(letter.body, str(_("[lien personnel, ajouté au moment de l’envoi]"))),
            "refusing": addresses.refusing([letter.to]).get(letter.to.lower()),
            "about": {"name": name_of(letter.about), "url": object_url(letter.about)} if letter.about else None,
        }

    @verb(_("Relancer"), path="relancer", confirm=RESEND_WARNING, offered=_offer_resend)
    def resend(self, request, letter):
        outbox.resend(letter, actor=request.user)
        return _("Le courriel est de nouveau dans la file d’envoi.")

    @verb(_("Marquer comme arrivé"), path="arrive", confirm=SETTLE_WARNING, offered=_offer_settle)
    def settle(self, request, letter):
        outbox.settle(letter, actor=request.user)
        return _("Le courriel est noté comme arrivé.")

    @verb(_("L’adresse refuse le courrier"), path="adresse-refuse", confirm=MARK_WARNING, offered=_offer_mark)
    def mark_address(self, request, letter):
        addresses.mark(letter, actor=request.user)
        return _("C’est noté : cette adresse refuse le courrier.")

    @verb(_("L’adresse fonctionne"), path="adresse-fonctionne", offered=_offer_unmark)
    def clear_address(self, request, letter):
        addresses.unmark(letter.to, about=letter, actor=request.user)
        return _("C’est noté : cette adresse fonctionne.")

    @admin.action(description=_("Relancer les courriels incertains ou en échec"))
    def resend_selected(self, request, queryset):
        if page := self.ask_first(
            request, queryset, title=_("Relancer"), sentence=RESEND_WARNING, button=_("Relancer")
        ):
            return page
        self.each_told(
            request, queryset, lambda row: outbox.resend(row, actor=request.user), _("Courriels relancés : %(count)s.")
        )
        return None

    @admin.action(description=_("Marquer comme arrivés"))
    def settle_selected(self, request, queryset):
        title = _("Marquer comme arrivés")
        if page := self.ask_first(request, queryset, title=title, sentence=SETTLE_WARNING, button=title):
            return page
        self.each_told(
            request,
            queryset,
            lambda row: outbox.settle(row, actor=request.user),
            _("Courriels notés comme arrivés : %(count)s."),
        )
        return None

    def get_urls(self):
        kinds_url = path("modeles/", self.admin_site.admin_view(self.kinds_view), name="notifications_letter_kinds")
        return [kinds_url, *super().get_urls()]

    def kinds_view(self, request):
        """Every kind of letter the portal can send, with a sample: to read, not to edit."""
        self.require_view(request)
        shown = [
            {"kind": kind, "subject": subject, "body": links.hidden(body, "…")}
            for kind in kinds.every()
            for subject, body in [rendering.render(kind, kind.sample)]
        ]
        context = {"title": _("Modèles de courriel"), "opts": self.opts, "shown": shown}
        context = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, "admin/notifications/letter/kinds.html", context)


def title_of(name: str) -> str:
    """The title of a kind; its name when no app registers it any more."""
    try:
        return kinds.get(name).title
    except KeyError:
        return name


def shown_status(letter: Letter, now) -> tuple[str, str]:
    """The tag and the words for where a letter is."""
    if is_uncertain(letter, now):
        return "bad", _("envoi incertain")
    if letter.status == Status.QUEUED and letter.hold:
        return "wait", _("retenu")
    tags = {Status.SENT: "good", Status.FAILED: "bad", Status.QUEUED: "wait", Status.SENDING: "doing"}
    return tags.get(letter.status, "todo"), letter.get_status_display()
