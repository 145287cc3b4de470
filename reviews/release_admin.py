"""Publishing the decisions: the whole before anything leaves, a second person, the progress, and the way back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import story_of
from lifecycle.doors import refusals_told
from notifications import pulse
from reviews import release_queries, releasing
from reviews.emails import coordinators_but
from reviews.models import Decision, Release

State = Release.State


class ReleasePages:
    """The pages of one announcement. For `reviews.selection_admin.ReleaseAdmin`, which lends `_cohort` and `_page`."""

    def release_urls(self) -> list:
        def guarded(view):
            return self.admin_site.admin_view(view)

        one = "annonces/<int:release_id>/"
        verbs = [
            ("confirmer", self.confirm_view),
            ("renoncer", self.abandon_view),
            ("arreter", self.stop_view),
            ("reprendre", self.resume_view),
            ("reessayer", self.retry_view),
        ]
        return [
            path(
                "selection/<int:cohort_id>/publier/",
                guarded(require_http_methods(["GET", "HEAD", "POST"])(self.publish_view)),
                name="reviews_selection_publish",
            ),
            path(one, guarded(require_safe(self.release_view)), name="reviews_release_page"),
            *(
                path(f"{one}{name}/", guarded(require_POST(view)), name=f"reviews_release_{view.__name__[:-5]}")
                for name, view in verbs
            ),
            path(
                f"{one}retirer/<int:decision_id>/",
                guarded(require_POST(self.take_out_view)),
                name="reviews_release_take_out",
            ),
        ]

    def publish_view(self, request, cohort_id):
        """GET says exactly what would be sent to whom, with real examples; POST proposes the announcement."""
        cohort = self._cohort(request, cohort_id)
        if standing := Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).first():
            if request.method == "POST":
                messages.error(request, _("Une annonce est déjà ouverte pour cette promotion\u00a0: la voici."))
            return redirect("admin:reviews_release_page", standing.pk)
        if request.method == "POST":
            with refusals_told(request):
                release = releasing.propose(cohort, actor=request.user, seen=request.POST.get("seen", ""))
                messages.success(request, self._proposed(release))
                return redirect("admin:reviews_release_page", release.pk)
            return redirect("admin:reviews_selection_publish", cohort.pk)
        return self._release_page(
            request,
            "publish",
            title=_("Publier les décisions"),
            cohort=cohort,
            whole=release_queries.whole_of_pending(cohort),
            others=list(coordinators_but(request.user)),
        )

    def _proposed(self, release: Release) -> str:
        if release.state == State.PROPOSED:
            return _("L’annonce est proposée. Rien n’est parti\u00a0: une autre personne doit la confirmer.")
        return _("L’annonce est lancée. Les décisions se montreront toutes au même moment.")

    def release_view(self, request, release_id):
        """One announcement, wherever it stands."""
        release = self._release(request, release_id)
        is_proposed = release.state == State.PROPOSED
        return self._release_page(
            request,
            "page",
            title=_("Annonce des décisions"),
            cohort=release.cohort,
            release=release,
            standing=release_queries.standing_of(release),
            whole=release_queries.whole_of_release(release) if is_proposed else None,
            may_confirm=release_queries.may_confirm(release, request.user),
            others=list(coordinators_but(release.proposed_by)) if is_proposed else [],
            closed=list(release_queries.closed_in(release)) if release.state == State.DONE else [],
            story=story_of(release),
            health=pulse.health(),
        )

    def confirm_view(self, request, release_id):
        def confirm(release):
            releasing.confirm(release, actor=request.user, seen=request.POST.get("seen", ""))
            return _("C’est confirmé, l’annonce est lancée. Les décisions se montreront toutes au même moment.")

        return self._told(request, release_id, confirm)

    def abandon_view(self, request, release_id):
        def abandon(release):
            releasing.abandon(release, actor=request.user)
            if release.state == Release.State.UNDOING:
                return _("Vous avez renoncé à cette annonce. Rien n’est parti\u00a0: ce qui était préparé se défait.")
            return _("Vous avez renoncé à cette annonce. Rien n’est parti, et ses décisions sont de nouveau libres.")

        return self._told(request, release_id, abandon)

    def stop_view(self, request, release_id):
        def stop(release):
            releasing.stop(release, actor=request.user)
            return _("L’annonce est arrêtée. Personne n’en a rien vu.")

        return self._told(request, release_id, stop)

    def resume_view(self, request, release_id):
        def resume(release):
            releasing.resume(release, actor=request.user)
            return _("L’annonce reprend là où elle en était.")

        return self._told(request, release_id, resume)

    def retry_view(self, request, release_id):
        def retry(release):
            releasing.retry(release, actor=request.user)
            return _("Ces décisions vont être essayées de nouveau.")

        return self._told(request, release_id, retry)

    def take_out_view(self, request, release_id, decision_id):
        def take_out(release):
            decision = get_object_or_404(Decision.objects.select_related("application__cohort"), pk=decision_id)
            releasing.take_out(decision, actor=request.user)
            return _("La décision est sortie de l’annonce\u00a0: elle attend de nouveau d’être publiée.")

        return self._told(request, release_id, take_out)

    def _told(self, request, release_id, act: Callable[[Release], str]) -> HttpResponseRedirect:
        release = self._release(request, release_id)
        with refusals_told(request):
            messages.success(request, act(release))
        return redirect("admin:reviews_release_page", release.pk)

    def _release(self, request, release_id) -> Release:
        self._require_coordinator(request)
        known = Release.objects.select_related("cohort", "proposed_by", "confirmed_by")
        return get_object_or_404(known, pk=release_id)

    def _release_page(self, request, template, **context):
        return self._page(request, template, folder="release", **context)
