"""« Ce que vous connaissez »: a jury member's own page, that a coordinator may open too; and the jury of a cohort."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.roles import Role
from accounts.staff_admin import CoordinatorAdmin
from lifecycle.doors import refusals_told
from reviews import perms, profiles
from reviews.jury_admin import JuryPages
from reviews.models import ReaderProfile
from reviews.profile_forms import ReaderProfileForm


class ReaderProfileAdmin(JuryPages, CoordinatorAdmin):
    """In the place of a list of profiles: hers for a jury member, anybody's of a jury for a coordinator."""

    can_change = False

    def has_module_permission(self, request):
        return perms.is_on_a_jury(request.user)

    def has_view_permission(self, request, obj=None):
        return perms.is_on_a_jury(request.user)

    def get_urls(self):
        guarded = self.admin_site.admin_view
        both = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("", guarded(both(self.changelist_view)), name="reviews_readerprofile_changelist"),
            path("<int:person_id>/", guarded(both(self.person_view)), name="reviews_readerprofile_person"),
            *self.jury_urls(guarded),
        ]

    def changelist_view(self, request, extra_context=None):
        """Her own."""
        if not perms.is_on_a_jury(request.user):
            raise PermissionDenied
        return self._profile(request, request.user, back=reverse("admin:reviews_assignment_changelist"))

    def person_view(self, request, person_id):
        """A jury member's, for a coordinator. 404 for who is on no jury."""
        self._require_coordinator(request)
        person = get_object_or_404(_on_a_jury(), pk=person_id)
        return self._profile(request, person, back=reverse("admin:reviews_readerprofile_person", args=[person.pk]))

    def _profile(self, request, person, *, back):
        profile = ReaderProfile.objects.filter(person=person).prefetch_related("trades").first()
        form = ReaderProfileForm(request.POST if request.method == "POST" else None, profile=profile)
        if form.is_bound and form.is_valid():
            with refusals_told(request):
                self._tell(request, profiles.save_profile(person, **form.answers, actor=request.user))
            return redirect(back)
        is_hers = person == request.user
        return self._page(
            request,
            "profile",
            status=422 if form.is_bound else 200,
            title=_("Ce que vous connaissez") if is_hers else _("Ce que connaît %s") % person.get_full_name(),
            person=person,
            is_hers=is_hers,
            profile=profile,
            form=form,
        )

    def _tell(self, request, saved):
        messages.success(request, _("C’est enregistré."))
        if saved.closed:
            told = ngettext(
                "%(count)s dossier se ferme, et passe à quelqu’un d’autre.",
                "%(count)s dossiers se ferment, et passent à quelqu’un d’autre.",
                saved.closed,
            )
            messages.info(request, told % {"count": saved.closed})
        if saved.given:
            told = ngettext(
                "Un avis déjà donné porte sur une personne peut-être connue : la coordination en décidera.",
                "%(count)s avis déjà donnés portent sur des personnes peut-être connues : la coordination en décidera.",
                saved.given,
            )
            messages.warning(request, told % {"count": saved.given})

    def _require_coordinator(self, request):
        if not request.user.is_coordinator:
            raise PermissionDenied

    def _page(self, request, template, *, status=200, **context):
        return TemplateResponse(
            request,
            f"admin/reviews/jury/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
            status=status,
        )


def _on_a_jury() -> QuerySet[User]:
    return User.objects.filter(grants__role=Role.JURY).distinct()
