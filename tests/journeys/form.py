"""The candidate's form as Inès fills it, page after page, with whatever hand she has."""

from django.utils import timezone

from cohorts.models import Cohort, Question
from tests import factories
from tests.journeys.visitor import Visitor

FILM = "Quel film vous a donné envie de ce métier ?"
HOUR = "Quand travaillez-vous le mieux ?"
SET = "Avez-vous déjà vu un tournage ?"
BORN = str(timezone.localdate().year - 21)


def ask(cohort: Cohort) -> None:
    """The cohort's own questions, one of each kind."""
    factories.make_question(cohort, FILM, word_limit=30)
    factories.make_question(cohort, HOUR, kind=Question.Kind.CHOICE)
    factories.make_question(cohort, SET, kind=Question.Kind.YES_NO, is_required=False)


AUDIENCE = "Autodidacte : j’apprends par moi-même, sans école de cinéma"


def check_eligibility(ines: Visitor) -> Visitor:
    """The three questions before the form, up to the way in."""
    ines.write("Jour", "3").write("Mois", "2").write("Année", BORN)
    ines.pick("Votre situation aujourd’hui", AUDIENCE).pick("Votre disponibilité", "Oui").click("Voir la réponse")
    return ines.reads("Cette promotion est pour vous").follow("Commencer ma candidature")


def identity(ines: Visitor):
    ines.write("Prénom d’usage", "Inès").write("Nom", "D’Almeida")
    ines.write("Jour", "3").write("Mois", "2").write("Année", BORN)


def contact(ines: Visitor):
    ines.write("Code postal de l’endroit où vous vivez", "97400").write("Téléphone (facultatif)", "06 93 12 34 56")


def situation(ines: Visitor):
    ines.pick("Votre situation aujourd’hui", AUDIENCE)


def support(ines: Visitor):
    ines.write("Une structure vous accompagne-t-elle ? (facultatif)", "La médiathèque de Saint-Denis")
    ines.write("Nom d’un·e référent·e (facultatif)", "Maud Grondin")
    ines.write("Son adresse e-mail (facultatif)", "maud@example.org")


def background(ines: Visitor):
    ines.write("Votre parcours", "J’ai appris le montage toute seule, en filmant le club de boxe.")
    ines.tick("Français").tick("Anglais")


def trades(ines: Visitor):
    ines.choose("Le métier qui vous attire le plus", "Montage image")
    ines.choose("Un deuxième métier (facultatif)", "Réalisation")
    ines.write("Ce qui vous y attire", "Choisir, dans trois heures d’images, les dix secondes où tout se dit.")


def project(ines: Visitor):
    ines.write("Votre projet", "Un documentaire sur le club de boxe.")
    ines.write("Ce que vous attendez d’un·e mentor·e", "Comprendre comment on trouve un premier poste.")


def questions(ines: Visitor):
    ines.write(FILM, "« Les Glaneurs et la Glaneuse » : on y voit le montage penser.")
    ines.pick(HOUR, "Le soir").pick(f"{SET} (facultatif)", "Non")


def links(ines: Visitor):
    ines.write("Un premier lien (facultatif)", "vimeo.com/123456")


def availability(ines: Visitor):
    ines.tick("mercredi en journée").tick("samedi en journée")
    ines.pick("Vos rendez-vous peuvent-ils se faire à distance ?", "Oui")
    ines.pick("Jusqu’où pouvez-vous vous déplacer ?", "Dans toute ma région")


def gender(ines: Visitor):
    ines.pick("Vous êtes… (facultatif)", "Une femme")


def criteria(ines: Visitor):
    ines.tick("Je n’ai pas de diplôme")


def needs(ines: Visitor):
    ines.write("De quoi avez-vous besoin pour participer ? (facultatif)", "Des trajets payés d’avance.")


def avoid(ines: Visitor):
    label = "Y a-t-il des personnes, une société, un lieu que nous ne devons pas vous faire rencontrer ? (facultatif)"
    ines.write(label, "La société Untel.")


def agreements(ines: Visitor):
    ines.tick("J’ai lu les règles du programme, et je les accepte").tick("J’ai lu ce que deviennent mes réponses")


ANSWERS = {
    "Qui vous êtes": identity,
    "Où vous vivez": contact,
    "Votre situation": situation,
    "Qui vous accompagne": support,
    "Votre parcours": background,
    "Les métiers qui vous attirent": trades,
    "Votre projet": project,
    "Les questions de la promotion": questions,
    "Ce que vous voulez montrer": links,
    "Vos disponibilités": availability,
    "Parité": gender,
    "Égalité des chances": criteria,
    "Ce dont vous avez besoin": needs,
    "Des personnes à éviter": avoid,
    "Vos accords": agreements,
}
"""What she does on each page, by its heading, in order."""


def answer_page(ines: Visitor, *, then: str = "Enregistrer et continuer", answers=ANSWERS) -> str:
    """Answer the page she is on, save it, and tell its heading."""
    heading = ines.heading
    answers[heading](ines)
    ines.click(then)
    return heading


def answer_all(ines: Visitor, answers=ANSWERS) -> list[str]:
    """From the page she is on to the one where answers are checked: the headings passed."""
    passed = []
    while ines.heading in answers:
        passed.append(answer_page(ines, answers=answers))
    return passed
