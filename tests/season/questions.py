"""The cohorts' own questions in the demo, and what people answer."""

import random

from cohorts.models import Cohort, Question
from cohorts.queries import questions_of
from tests.season import crafts, words
from tests.season.motivations import Deck, typeset

SPRING, AUTUMN = Cohort.Season.SPRING, Cohort.Season.AUTUMN
TEXT, CHOICE, YES_NO = Question.Kind.TEXT, Question.Kind.CHOICE, Question.Kind.YES_NO

QUESTIONS = {
    SPRING: (
        {
            "kind": TEXT,
            "text": "Quel film ou quelle série vous a donné envie de ce métier ?",
            "hint": "Une scène, un son, une image : racontez ce qui vous en est resté. Il n’y a pas de bonne réponse.",
            "word_limit": 120,
        },
        {
            "kind": CHOICE,
            "text": "Où en êtes-vous avec la pratique ?",
            "hint": "Aucune de ces réponses ne vaut mieux qu’une autre : elle nous aide à trouver la bonne personne.",
            "choices": [
                "Je n’ai pas encore essayé",
                "J’ai fait des essais, seul·e ou avec des proches",
                "J’ai participé à un tournage ou à un projet",
                "J’ai déjà été payé·e pour ce travail",
            ],
        },
        {
            "kind": YES_NO,
            "text": "Pourriez-vous venir à un festival, deux ou trois jours en semaine ?",
            "hint": "Répondre non ne compte pas contre vous.",
            "is_required": False,
        },
    ),
    AUTUMN: (
        {
            "kind": TEXT,
            "text": "Racontez un film, une série ou une vidéo qui a compté pour vous.",
            "hint": "Avec vos mots : ce que vous avez vu, et ce que cela vous a fait. Les fautes ne comptent pas.",
            "word_limit": 120,
        },
        {
            "kind": CHOICE,
            "text": "Comment apprenez-vous le mieux ?",
            "choices": [
                "En regardant faire",
                "En essayant tout de suite",
                "En posant des questions",
                "En cherchant dans des livres ou des vidéos",
            ],
        },
        {
            "kind": YES_NO,
            "text": "Avez-vous déjà assisté à un tournage, ou à un atelier de cinéma ?",
            "hint": "Ce n’est pas nécessaire pour candidater.",
            "is_required": False,
        },
    ),
}
"""What the staff of each season ask: a film that mattered, where one stands, and one thing good to know."""


def asked_by(cohort: Cohort) -> list[Question]:
    """The questions that this cohort's staff write, typeset, not kept yet."""
    return [
        Question(**{**fields, "order": None, "text": typeset(fields["text"]), "hint": typeset(fields.get("hint", ""))})
        for fields in QUESTIONS[cohort.season]
    ]


class Answerer:
    """Answers cohorts' questions, one person unlike the next."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.decks = {title: Deck(cards, rng) for title, cards in words.sections("films").items()}
        self.known: dict[int, list[Question]] = {}

    def answers(self, cohort: Cohort, *, town: str, is_woman: bool) -> dict[str, str]:
        """As the form keeps them, by the question's number; what is optional is often left out."""
        if cohort.pk not in self.known:
            self.known[cohort.pk] = questions_of(cohort)
        said = {}
        for question in self.known[cohort.pk]:
            if question.is_required or self.rng.random() < 0.7:
                said[str(question.pk)] = self._answer(question, town=town, is_woman=is_woman)
        return said

    def _answer(self, question: Question, *, town: str, is_woman: bool) -> str:
        if question.kind == CHOICE:
            return self.rng.choice(question.choices)
        if question.kind == YES_NO:
            return self.rng.choice(("oui", "oui", "non"))
        text = " ".join(self.decks[title].deal() for title in ("films", "whys"))
        return typeset(text.format(town=town, **crafts.agreement(is_woman=is_woman)))
