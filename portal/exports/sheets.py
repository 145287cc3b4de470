"""The sheets beside the list itself: anonymous statistics of its files, the figures of its cohorts, how to read it."""

from collections import Counter

from django.utils.translation import gettext as _

from applications.choices import Gender, SocialCriterion
from applications.models import Application
from cohorts.models import Cohort
from cohorts.moments import moment
from portal.desk import figures
from portal.desk.figures import THRESHOLD, thresholded
from portal.models import Export

FEW = f"moins de {THRESHOLD}"
Block = tuple[str, list[str], list[list]]


class Tally:
    """Counts genders and social criteria while the files go by, so that nobody's stands beside her name."""

    def __init__(self):
        self.genders, self.criteria, self.files = Counter(), Counter(), 0

    def add(self, file: Application) -> None:
        self.files += 1
        self.genders[file.gender] += 1
        self.criteria.update(file.social_criteria)

    def blocks(self) -> list[Block]:
        """Nothing under the threshold, nor what could be had by subtracting."""
        if self.files < THRESHOLD:
            return [(_("Trop peu de candidatures pour des statistiques anonymes (%s).") % FEW, [], [])]
        names = [*Gender.choices, ("", _("non déclaré"))]
        shown = thresholded(self.genders, [value for value, _name in names])
        criteria = [[str(name), _shown(self.criteria[value] or None)] for value, name in SocialCriterion.choices]
        header = [_("Réponse"), _("Candidatures")]
        return [
            (_("Genre déclaré"), header, [[str(name), _told(shown[value])] for value, name in names]),
            (_("Critères sociaux déclarés (plusieurs possibles)"), header, criteria),
        ]


def _shown(count: int | None) -> int | str:
    return count if count is not None and count >= THRESHOLD else FEW


def _told(count: int | None) -> int | str:
    return _("non montré") if count is None else count


def figure_blocks(cohort: Cohort) -> list[Block]:
    """The tables of the page « Les chiffres » of a cohort."""
    found, places = figures.of(cohort), [_("Envoyées"), _("Places"), _("Objectif")]
    funnel = [[str(stage.name).capitalize(), stage.count, stage.of_sent] for stage in found.stages]
    tables = [
        (_("Public"), found.audiences),
        (_("Premier métier souhaité"), found.trades),
        (_("Région"), found.regions),
    ]
    readers = [[reader.name, reader.given, reader.left] for reader in found.readers]
    genders = [[row.name, _told(row.sent), _told(row.held)] for row in found.genders]
    return [
        (f"{cohort.name}\u00a0: {_('les candidatures')}", [_("Étape"), _("Nombre"), _("% des envoyées")], funnel),
        *(
            (title, [title, *places], [[row.name.capitalize(), row.sent, row.held, row.target] for row in rows])
            for title, rows in tables
        ),
        (_("Genre déclaré"), [_("Genre déclaré"), *places[:2]], genders),
        (_("Lectures du jury"), [_("Membre du jury"), _("Avis donnés"), _("À lire")], readers),
    ]


def notes(export: Export) -> list[Block]:
    """What the file is, for whoever opens it in a month."""
    chosen = export.words or [_("toutes les candidatures")]
    lines = [
        _("Demandé le %s, pour la coordination.") % moment(export.asked_at),
        _("Ce fichier contient des données personnelles\u00a0: ne le transmettez pas, effacez-le dès qu’il a servi."),
        _("Le genre et les critères sociaux ne sont que dans la feuille « Statistiques », sans nom, à partir de %s.")
        % THRESHOLD,
    ]
    return [
        (_("Ce que contient ce fichier"), [], [[line] for line in lines]),
        (_("Les candidatures choisies"), [], [[line] for line in chosen]),
    ]
