"""The mentors' screen with the verbs that can touch an offer or a pair."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.staff_admin import verb
from matching import falls, staff_queries
from matching.forms import CommitmentForm
from matching.models import Proposal
from mentors.admin import MentorAdmin, offered_in
from mentors.models import MentorProfile
from mentorships.models import Mentorship

State = MentorProfile.State


class FullMentorAdmin(MentorAdmin):
    """Pausing and commitments, and what became of her proposals."""

    verbs = ["note_call", "approve", "decline", "commit", "record_honorability", "pause", "resume"]

    def page_context(self, request, mentor):
        offers = Proposal.objects.filter(commitment__mentor=mentor).exclude(state=Proposal.State.DRAFT)
        pairs = Mentorship.objects.filter(commitment__mentor=mentor)
        return {
            **super().page_context(request, mentor),
            "proposals": staff_queries.for_staff(offers).order_by("-offered_at", "-id"),
            "pairs": pairs.select_related("application__candidate", "application__cohort"),
        }

    @verb(
        gettext_lazy("Mettre en pause"),
        path="pause",
        confirm=gettext_lazy(
            "Ses propositions sans réponse sont annulées, et le calcul ne lui en fait plus. "
            "Ses binômes en cours continuent."
        ),
        offered=offered_in(State.APPROVED),
    )
    def pause(self, request, mentor):
        count = falls.pause_mentor(mentor, actor=request.user)
        return _("La pause est notée.") + _offers_cancelled(count)

    @verb(
        gettext_lazy("Engager ou changer l’engagement"),
        path="engagement",
        confirm=gettext_lazy("Combien de jeunes cette personne accompagne, et dans quelle promotion."),
        form_class=CommitmentForm,
        offered=offered_in(State.APPROVED),
    )
    def commit(self, request, mentor, data):
        count = falls.settle_commitment(mentor, data["cohort"], capacity=data["capacity"], actor=request.user)
        return _("L’engagement est noté.") + _offers_cancelled(count)


def _offers_cancelled(count: int) -> str:
    if not count:
        return ""
    told = ngettext(" %(count)s proposition est annulée.", " %(count)s propositions sont annulées.", count)
    return told % {"count": count}
