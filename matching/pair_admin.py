"""The pairs' screen with the verb that can take one up again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import verb
from applications import minors
from consents.models import GuardianAuthorisation
from matching import transitions
from mentorships.admin import MentorshipAdmin
from mentorships.models import Mentorship


class FullMentorshipAdmin(MentorshipAdmin):
    """Pairs, whether a minor's authorisation stands, and taking a paused pair up again."""

    verbs = ["resume"]

    def page_context(self, request, mentorship):
        application = mentorship.application
        lacks = not minors.is_authorised(application)
        return {
            **super().page_context(request, mentorship),
            "lacking": _authorisation_words(application) if lacks else "",
        }

    @verb(
        gettext_lazy("Reprendre le binôme"),
        path="reprendre",
        confirm=gettext_lazy(
            "Les deux membres du binôme reçoivent un courriel, et leurs rendez-vous reprennent. Pour une personne "
            "mineure, l’autorisation et l’honorabilité de la ou du mentor sont vérifiées de nouveau."
        ),
        offered=lambda request, mentorship: mentorship.state == Mentorship.State.PAUSED,
    )
    def resume(self, request, mentorship):
        transitions.resume_pair(mentorship, actor=request.user)
        return _("Le binôme reprend. Chacun·e reçoit un courriel.")


def _authorisation_words(application) -> str:
    """Where the authorisation that lacks stands, in words."""
    asked = GuardianAuthorisation.objects.filter(
        person=application.candidate_id, scope=minors.scope(application.cohort)
    ).first()
    if asked is None or asked.state == GuardianAuthorisation.State.REQUESTED:
        return _("sous réserve d’une autorisation")
    return _("autorisation %s") % asked.get_state_display()
