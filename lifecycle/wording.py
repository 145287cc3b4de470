"""The journal in French: what each action is called on staff's screens. An action not listed is shown as it is."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "application.started": _("candidature commencée"),
    "application.submitted": _("candidature envoyée"),
    "application.sent_again": _("nouvelle version envoyée"),
    "application.revision_opened": _("candidature ouverte à la modification"),
    "application.revision_dropped": _("modification abandonnée"),
    "application.more_time_given": _("délai accordé"),
    "application.accepted": _("candidature acceptée"),
    "application.waitlisted": _("mise sur liste d’attente"),
    "application.rejected": _("candidature non retenue"),
    "application.promoted": _("appelée depuis la liste d’attente"),
    "application.rank_moved": _("rang changé sur la liste d’attente"),
    "application.confirmed": _("place confirmée"),
    "application.lapsed": _("place non confirmée à temps"),
    "application.matched": _("binôme formé"),
    "application.completed": _("parcours achevé"),
    "application.withdrawn": _("candidature retirée"),
    "application.reviewed": _("avis du jury donné"),
    "application.recused": _("un membre du jury s’est récusé"),
    "application.third_reading_asked": _("lecture de plus demandée"),
    "application.flagged": _("point signalé par le jury"),
    "application.question_asked": _("précision demandée par le jury"),
    "note.forwarded": _("question du jury transmise"),
    "note.closed": _("note du jury classée"),
    "document.received": _("fichier ajouté"),
    "document.removed": _("fichier retiré"),
    "document.clean": _("fichier vérifié"),
    "document.unusable": _("fichier inutilisable"),
    "document.redacted": _("version caviardée donnée"),
    "document.opened": _("document ouvert"),
    "cohort.created": _("promotion créée"),
    "cohort.changed": _("réglages de la promotion changés"),
    "cohort.questions_changed": _("questions de la promotion changées"),
    "cohort.documents_changed": _("documents demandés par la promotion changés"),
    "cohort.criteria_changed": _("critères de la promotion changés"),
    "cohort.copied": _("promotion préparée à partir de l’année d’avant"),
    "cohort.files_distributed": _("dossiers répartis dans le jury"),
    "cohort.readings_handed_on": _("dossiers non lus reconfiés à d’autres"),
    "cohort.waiting_list_stopped": _("liste d’attente suspendue"),
    "cohort.waiting_list_resumed": _("liste d’attente reprise"),
    "cohort.waiting_list_called": _("places libres proposées à la liste d’attente"),
    "cohort.waiting_list_closed": _("liste d’attente close"),
    "decision.marked": _("décision préparée"),
    "decision.reason_changed": _("raison partagée changée"),
    "decision.unmarked": _("décision effacée"),
    "decision.published": _("décision appliquée"),
    "release.proposed": _("annonce des décisions proposée"),
    "release.running": _("annonce des décisions lancée"),
    "selection.composed": _("liste composée"),
    "selection.line_moved": _("dossier déplacé à la main dans la liste"),
    "selection.line_returned": _("dossier remis à la place calculée"),
    "selection.adopted": _("liste retenue"),
    "selection.draft": _("liste reprise en brouillon"),
    "selection.deleted": _("liste supprimée"),
    "release.requested": _("annonce des décisions lancée"),
    "release.stopped": _("annonce des décisions arrêtée"),
    "release.resumed": _("annonce des décisions reprise"),
    "release.undoing": _("annonce des décisions abandonnée, à défaire"),
    "release.abandoned": _("annonce des décisions abandonnée"),
    "release.retried": _("décisions mises de côté à essayer de nouveau"),
    "decision.pending": _("décision remise en attente"),
    "decision.taken_out": _("décision retirée d’une annonce"),
    "application.put_back": _("décision remise en attente avant l’annonce"),
    "release.done": _("décisions annoncées"),
    "consent.given": _("accord donné"),
    "consent.withdrawn": _("accord retiré"),
    "textversion.prepared": _("nouvelle version d’un texte préparée"),
    "textversion.changed": _("version d’un texte corrigée"),
    "textversion.published": _("version d’un texte publiée"),
    "guardianauthorisation.expected": _("autorisation demandée pour une sortie"),
    "guardianauthorisation.given": _("autorisation reçue"),
    "guardianauthorisation.refused": _("autorisation refusée"),
    "guardianauthorisation.withdrawn": _("autorisation retirée"),
    "guardianauthorisation.requested": _("autorisation redemandée"),
    "guardianauthorisation.link_sent": _("lien envoyé à un·e représentant·e"),
    "guardian.given": _("autorisation signée"),
    "guardian.refused": _("refus d’un·e représentant·e"),
    "guardian.withdrawn": _("retrait d’un·e représentant·e"),
    "guardian.requested": _("réponse redemandée à un·e représentant·e"),
    "guardian.address_corrected": _("adresse d’un·e représentant·e corrigée"),
    "guardian.call_asked": _("appel demandé par un·e représentant·e"),
    "guardian.called": _("représentant·e rappelé·e"),
    "user.followed_by_hand": _("suivi manuel commencé"),
    "user.followed_as_others": _("suivi manuel arrêté"),
    "mentorprofile.invited": _("invitation envoyée"),
    "mentorprofile.filled_in": _("profil complété par un import"),
    "mentorimport.applied": _("liste de mentor·es importée"),
    "mentorprofile.applied": _("profil envoyé"),
    "mentorprofile.changed": _("profil corrigé"),
    "mentorprofile.approved": _("profil validé"),
    "mentorprofile.declined": _("profil non retenu"),
    "mentorprofile.paused": _("mise en pause"),
    "mentorprofile.left": _("départ"),
    "mentorprofile.honorability_seen": _("extrait de casier vu"),
    "commitment.made": _("engagement pris"),
    "commitment.changed": _("engagement changé"),
    "commitment.preferences_changed": _("métiers préférés changés"),
    "application.pair_forbidden": _("binôme écarté"),
    "application.pair_allowed": _("binôme de nouveau possible"),
    "cohort.weights_changed": _("pondération de l’appariement changée"),
    "run.requested": _("calcul d’appariement demandé"),
    "run.running": _("calcul d’appariement commencé"),
    "run.done": _("calcul d’appariement terminé"),
    "run.failed": _("calcul d’appariement en échec"),
    "run.published": _("propositions publiées"),
    "proposal.offered": _("proposition envoyée"),
    "proposal.accepted": _("proposition acceptée"),
    "proposal.declined": _("proposition déclinée"),
    "proposal.expired": _("proposition restée sans réponse"),
    "proposal.cancelled": _("proposition annulée"),
    "proposal.call_asked": _("appel demandé par la ou le mentor"),
    "proposal.called": _("mentor·e rappelé·e"),
    "mentorship.active": _("mentorat en cours"),
    "mentorship.contacts_exchanged": _("coordonnées échangées"),
    "mentorship.paused": _("mentorat mis en pause"),
    "mentorship.completed": _("mentorat achevé"),
    "mentorship.ended_early": _("mentorat interrompu"),
    "letter.requeued": _("courriel relancé"),
    "letter.settled": _("courriel déclaré arrivé"),
    "letter.address_marked": _("adresse notée comme refusant le courrier"),
    "letter.address_cleared": _("adresse notée comme en état"),
    "readerprofile.saved": _("profil de lecture enregistré"),
    "export.requested": _("export de candidatures demandé"),
    "export.running": _("export commencé"),
    "export.done": _("export prêt"),
    "export.failed": _("export en échec"),
    "export.opened": _("export téléchargé"),
    "role.granted": _("rôle donné"),
    "role.revoked": _("rôle retiré"),
    "user.second_factor_reset": _("seconde vérification remise à zéro"),
    "user.address_corrected": _("adresse e-mail corrigée"),
}


def action_words(action: str) -> str:
    """The action as staff read it."""
    return str(ACTIONS.get(action, action))


def state_words(target: str, state: str) -> str:
    """The label of a state of the object named by `target` (`applications.application:12`), or the state itself."""
    try:
        choices = dict(apps.get_model(target.partition(":")[0]).State.choices)
    except (LookupError, ValueError, AttributeError):
        return state
    return str(choices.get(state, state))


def field_words(target: str, names: str) -> str:
    """The labels of the fields of the object named by `target` (`closes_at, places`), or the words as they are."""
    try:
        meta = apps.get_model(target.partition(":")[0])._meta
        return ", ".join(str(meta.get_field(name).verbose_name) for name in names.split(", "))
    except (LookupError, ValueError, FieldDoesNotExist):
        return names


def name_of(reference: str) -> str:
    """What the object of a reference calls itself (`cohorts.cohort:3` → « Printemps 2027 »); the reference if gone."""
    label, _separator, pk = reference.partition(":")
    try:
        return str(apps.get_model(label)._base_manager.get(pk=pk))
    except (LookupError, ValueError, ObjectDoesNotExist):
        return reference
