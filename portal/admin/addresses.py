"""Addresses that refuse mail: whose they are, what the server said, what was written to them."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from notifications import addresses
from notifications.models import Letter, RefusingAddress
from portal.desk import object_url

SHOWN = 10


@admin.register(RefusingAddress)
class RefusingAddressAdmin(ReadablePageMixin, CoordinatorAdmin):
    """Every address where letters do not arrive."""

    list_display = ["email", "person", "since", "how"]
    search_fields = ["email"]
    search_help_text = _("Par adresse.")
    change_form_template = "admin/notifications/refusingaddress/page.html"
    verbs = ["clear"]

    def get_queryset(self, request):
        people = User.objects.filter(email=OuterRef("email"))
        names = {name: Subquery(people.values(name)[:1]) for name in ("first_name", "last_name")}
        return super().get_queryset(request).annotate(**names)

    @admin.display(description=_("personne"))
    def person(self, address):
        return f"{address.first_name or ''} {address.last_name or ''}".strip() or None

    @admin.display(description=_("d’après"), ordering="is_marked_by_staff")
    def how(self, address):
        return _("la coordination") if address.is_marked_by_staff else _("le serveur de courrier")

    def row_label(self, address):
        return address.email

    def page_title(self, request, address):
        return address.email

    def page_context(self, request, address):
        person = User.objects.filter(email=address.email).first()
        written = Letter.objects.addressed_to(address.email).only("subject", "to", "status", "created_at", "sent_at")
        return {
            "person": {"name": person.get_full_name(), "url": object_url(f"accounts.user:{person.pk}")}
            if person
            else None,
            "letters": written[:SHOWN],
        }

    @verb(_("Cette adresse fonctionne"), path="fonctionne")
    def clear(self, request, address):
        addresses.unmark(address.email, about=address, actor=request.user)
        return _("C’est noté : cette adresse fonctionne.")
