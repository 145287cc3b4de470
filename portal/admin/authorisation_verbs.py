"""A file's authorisations in the admin: asking, writing again, what came on paper or by telephone, outings, and the
people whom staff follow by hand.

What is about one representative, or about an outing, has its own address below the file's: the same verbs, told by the
address of what they are about.
"""

from functools import partial

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import transitions as accounts
from accounts.staff_admin import verb
from applications import minors
from applications.models import Application
from consents import answers
from consents import guardians as authorisations
from consents.forms import ReceivedAuthorisationForm
from consents.models import GuardianAuthorisation
from matching import falls
from portal import application_page as page
from portal.authorisation_forms import GuardianAddressForm, GuardianForm, OutingForm

State, Given = Application.State, GuardianAuthorisation.State


def _authorisation_is(*states):
    """Whether a minor's authorisation stands in one of these states; None: it was never asked for."""

    def offered(request, application):
        chosen = getattr(application, "outing", None)
        state = chosen.state if chosen else application.authorisation_state
        return state in states and page.is_known_minor(application)

    return offered


def _is_awaited_from(request, application):
    """Whether an answer of the representative in question is awaited."""
    guardian = application.guardian
    return guardian.state == Given.REQUESTED and guardian.authorisation.state == Given.REQUESTED


class AuthorisationVerbsMixin:
    """The verbs of an authorisation, of its representatives, of outings, and « suivi manuel »."""

    authorisation_verbs = [
        "name_guardian",
        "record_authorisation",
        "refuse_authorisation",
        "withdraw_authorisation",
        "settle_authorisation",
    ]
    """Of the authorisation to take part; all but the first one of an outing's too."""
    outing_verbs = ["ask_for_outing"]
    guardian_verbs = ["note_called", "send_link", "correct_guardian"]
    by_hand_verbs = ["follow_by_hand", "follow_as_others"]

    # --- What a verb is about -------------------------------------------------------------------

    def get_urls(self):
        parts = [
            *(("representants/<int:guardian_id>", name) for name in self.guardian_verbs),
            *(("sorties/<int:outing_id>", name) for name in self.authorisation_verbs[1:]),
        ]
        own = [
            path(
                f"<path:object_id>/{part}/{getattr(self, name).button.path}/",
                self.admin_site.admin_view(partial(self.part_view, name=name)),
                name=f"applications_application_{part.partition('/')[0]}_{name}",
            )
            for part, name in parts
        ]
        return own + super().get_urls()

    def part_view(self, request, object_id, *, name, **part):
        """A verb about one representative, or about one outing, of this file: see `found`."""
        return self.verb_view(request, object_id, name=name)

    def found(self, request, object_id):
        """The file, with the `guardian` or the `outing` that the address names; 404 when it is another one's."""
        application = super().found(request, object_id)
        part = request.resolver_match.kwargs
        asked = page.authorisations_of(application) if {"guardian_id", "outing_id"} & part.keys() else []
        if "outing_id" in part:
            application.outing = _one(asked[1:], part["outing_id"])
        if "guardian_id" in part:
            known = [guardian for one in asked if one for guardian in one.guardians.all()]
            application.guardian = _one(known, part["guardian_id"])
        return application

    def _authorisation(self, application) -> GuardianAuthorisation:
        """The outing's, or the one to take part, if need be a new one: a cohort that moved has minors nobody asked."""
        return getattr(application, "outing", None) or minors.expect(application)

    def authorisations_shown(self, request, application) -> list[dict]:
        """The authorisation to take part (None: never asked for), then those of outings, with what can be done."""
        return [
            {
                "authorisation": authorisation,
                "buttons": self._buttons_of(request, application, authorisation if rank else None),
                "guardians": [
                    {"guardian": guardian, "buttons": self._buttons_of_guardian(request, application, guardian)}
                    for guardian in (authorisation.guardians.all() if authorisation else ())
                ],
            }
            for rank, authorisation in enumerate(page.authorisations_of(application))
        ]

    def _buttons_of(self, request, application, outing) -> list[dict]:
        application.outing = outing
        names = self.authorisation_verbs[1:] if outing else self.authorisation_verbs
        shown = [(name, getattr(self, name).button) for name in names]
        return [
            {
                "button": button,
                "url": _part_url(name, application, "sorties", outing) if outing else self.verb_url(name, application),
            }
            for name, button in shown
            if button.offered(request, application)
        ]

    def _buttons_of_guardian(self, request, application, guardian) -> list[dict]:
        application.guardian = guardian
        return [
            {"button": button, "url": _part_url(name, application, "representants", guardian)}
            for name in self.guardian_verbs
            if (button := getattr(self, name).button).offered(request, application)
        ]

    def verb_initial(self, request, thing, name):
        initial = super().verb_initial(request, thing, name)
        return {**initial, "email": thing.guardian.email} if name == "correct_guardian" else initial

    def confirm_sentence(self, request, thing, name):
        """Says whose address, and what an outing is."""
        sentence = super().confirm_sentence(request, thing, name)
        if name == "correct_guardian":
            return _("%(name)s\u00a0: %(sentence)s") % {"name": thing.guardian.name, "sentence": sentence}
        if outing := getattr(thing, "outing", None):
            return _("%(sentence)s Pour\u00a0: %(title)s.") % {"sentence": sentence, "title": outing.title}
        return sentence

    # --- A representative -----------------------------------------------------------------------

    @verb(
        gettext_lazy("Nommer un·e représentant·e"),
        path="representant",
        form_class=GuardianForm,
        confirm=gettext_lazy(
            "Une personne qui a l’autorité parentale, deux au plus. Le lien part dans la minute, à son adresse."
        ),
        offered=lambda request, file: (
            _authorisation_is(None, Given.REQUESTED)(request, file) and page.guardians_named(file) < 2
        ),
    )
    def name_guardian(self, request, application, data):
        authorisations.add_second(minors.expect(application), **data, actor=request.user)
        return _("C’est noté\u00a0: le lien part dans la minute.")

    @verb(gettext_lazy("Renvoyer le lien"), path="lien", offered=lambda request, file: True)
    def send_link(self, request, application):
        authorisations.send_link(application.guardian, actor=request.user)
        return _("Un nouveau lien part à l’adresse %s.") % application.guardian.email

    @verb(
        gettext_lazy("Corriger l’adresse"),
        path="adresse",
        form_class=GuardianAddressForm,
        confirm=gettext_lazy("le lien part à la nouvelle adresse, et celui envoyé à l’ancienne ne marche plus."),
        offered=_is_awaited_from,
    )
    def correct_guardian(self, request, application, data):
        authorisations.correct_address(application.guardian, data["email"], actor=request.user)
        return _("L’adresse est corrigée, et le lien repart.")

    @verb(
        gettext_lazy("Appel passé"),
        path="appel",
        offered=lambda request, file: file.guardian.call_asked_at is not None,
    )
    def note_called(self, request, application):
        answers.note_called(application.guardian, actor=request.user)
        return _("L’appel est noté, et le numéro est effacé.")

    # --- An authorisation -----------------------------------------------------------------------

    @verb(
        gettext_lazy("Noter l’autorisation reçue"),
        path="autorisation-recue",
        form_class=ReceivedAuthorisationForm,
        confirm=gettext_lazy("Recopiez ce que vous lisez sur l’autorisation signée que vous avez sous les yeux."),
        offered=_authorisation_is(None, Given.REQUESTED),
    )
    def record_authorisation(self, request, application, data):
        answers.record_given(self._authorisation(application), **data, actor=request.user)
        return _("L’autorisation est notée comme reçue.")

    @verb(
        gettext_lazy("Noter un refus"),
        path="autorisation-refusee",
        confirm=gettext_lazy("Un refus tient\u00a0: sans autorisation, cette personne ne pourra pas participer."),
        is_danger=True,
        offered=_authorisation_is(None, Given.REQUESTED),
    )
    def refuse_authorisation(self, request, application):
        falls.refuse_authorisation(self._authorisation(application), actor=request.user)
        return _("Le refus est noté.")

    @verb(
        gettext_lazy("Noter le retrait de l’autorisation"),
        path="autorisation-retiree",
        confirm=gettext_lazy("Ce qui reposait sur elle s’arrête\u00a0: propositions annulées, binôme en pause."),
        is_danger=True,
        offered=_authorisation_is(Given.GIVEN),
    )
    def withdraw_authorisation(self, request, application):
        falls.withdraw_authorisation(self._authorisation(application), actor=request.user)
        return _("Le retrait est noté.")

    @verb(
        gettext_lazy("Reprendre après accord des deux parties"),
        path="autorisation-reprise",
        confirm=gettext_lazy(
            "Vous en avez parlé avec la personne qui a dit non, et avec la personne mineure, et toutes deux veulent "
            "reprendre. L’autorisation est redemandée\u00a0: qui avait dit non reçoit un nouveau lien, et rien ne "
            "reprend avant une signature."
        ),
        offered=_authorisation_is(Given.REFUSED, Given.WITHDRAWN),
    )
    def settle_authorisation(self, request, application):
        answers.settle(self._authorisation(application), actor=request.user)
        return _("L’autorisation est redemandée.")

    # --- Outings --------------------------------------------------------------------------------

    @verb(
        gettext_lazy("Demander une autorisation pour une sortie"),
        path="sortie",
        form_class=OutingForm,
        confirm=gettext_lazy(
            "Une rencontre ou une immersion hors du cadre habituel. Les mêmes représentant·es reçoivent un lien, et "
            "répondent sur la même page. Elle a son propre état, et ne change rien à l’autorisation du mentorat."
        ),
        offered=lambda request, file: page.is_known_minor(file) and page.guardians_named(file) > 0,
    )
    def ask_for_outing(self, request, application, data):
        minors.ask_for_outing(application, **data, actor=request.user)
        return _("L’autorisation est demandée pour cette sortie.")

    # --- Followed by hand -----------------------------------------------------------------------

    @verb(
        gettext_lazy("Commencer un suivi manuel"),
        path="suivi-manuel",
        confirm=gettext_lazy(
            "Pour une situation qui demande une personne plutôt qu’un automatisme. Tant qu’il dure, rien ne part ni "
            "n’expire tout seul\u00a0: ni rappel, ni lien aux représentant·es, ni délai de sa place, ni proposition du "
            "calcul. C’est à vous de le faire. Aucune raison n’est gardée."
        ),
        offered=lambda request, file: not file.candidate.is_followed_by_hand,
    )
    def follow_by_hand(self, request, application):
        accounts.follow_by_hand(application.candidate, True, actor=request.user)
        return _("Cette personne est en suivi manuel\u00a0: rien ne part plus tout seul.")

    @verb(
        gettext_lazy("Arrêter le suivi manuel"),
        path="suivi-ordinaire",
        confirm=gettext_lazy(
            "Les rappels, le délai de sa place et le calcul reprennent pour cette personne comme pour les autres, tout "
            "de suite. Vérifiez d’abord qu’aucun délai n’est passé."
        ),
        offered=lambda request, file: file.candidate.is_followed_by_hand,
    )
    def follow_as_others(self, request, application):
        accounts.follow_by_hand(application.candidate, False, actor=request.user)
        return _("Le suivi manuel est arrêté.")


def _one(things, pk: int):
    """The one of that key. Raises Http404 when it is not among them."""
    found = next((thing for thing in things if thing and thing.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _part_url(name: str, application, part: str, thing) -> str:
    return reverse(f"admin:applications_application_{part}_{name}", args=[application.pk, thing.pk])
