"""The form as a whole: its steps in order, in groups, and which answers each of them writes.

The names of answers are those of the form's fields, of `Draft.answers` and of `SentCopy.content` alike.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cohorts.models import Audience


@dataclass(frozen=True, eq=False)
class Step:
    """One page of the form. `is_optional`: the file can be sent without a word of it.

    What is optional and personal says `why` it is asked, and who are its `readers`.
    """

    slug: str
    title: str
    hint: str
    answers: tuple[str, ...]
    is_optional: bool = False
    why: str = ""
    readers: str = ""


@dataclass(frozen=True)
class Group:
    """Steps that the task list shows under one heading."""

    title: str
    steps: tuple[Step, ...]


IDENTITY = Step(
    "identite",
    _("Qui vous êtes"),
    _("Votre prénom, votre nom, votre date de naissance."),
    ("first_name", "last_name", "birth_date"),
)
CONTACT = Step(
    "coordonnees", _("Où vous vivez"), _("Votre code postal, et un téléphone si vous voulez."), ("postcode", "phone")
)
SITUATION = Step("situation", _("Votre situation"), _("Études, lycée, réinsertion, ou autodidacte."), ("audience",))
GUARDIAN = Step(
    "representant",
    _("Votre représentant·e légal·e"),
    _("La personne qui signera l’autorisation, parce que vous aurez moins de 18 ans."),
    ("guardian_name", "guardian_email", "guardian2_name", "guardian2_email"),
    why=_(
        "Vous aurez moins de 18 ans le jour où la promotion commence\u00a0: une personne qui a l’autorité parentale "
        "doit vous autoriser à participer. Elle reçoit un lien dès que vous envoyez votre candidature. Elle lit de "
        "quoi il s’agit, puis elle accepte, elle refuse, ou elle demande qu’on l’appelle. Le jury vous lit sans "
        "attendre sa réponse, mais il la faut pour confirmer une place."
    ),
    readers=_("La coordination seule. La personne que vous nommez ne lit rien de votre candidature."),
)
SUPPORT = Step(
    "accompagnement",
    _("Qui vous accompagne"),
    _("Votre établissement, votre mission locale, ou personne."),
    ("structure", "referent_name", "referent_email"),
    is_optional=True,
)
BACKGROUND = Step(
    "parcours", _("Votre parcours"), _("Ce que vous avez fait jusqu’ici, et vos langues."), ("background", "languages")
)
TRADES = Step(
    "metiers", _("Les métiers qui vous attirent"), _("De un à trois, dans votre ordre."), ("trades", "attraction")
)
PROJECT = Step("projet", _("Votre projet"), _("Ce que vous voulez faire, et avec qui."), ("project", "hopes"))
QUESTIONS = Step(
    "questions", _("Les questions de la promotion"), _("Quelques questions propres à cet appel."), ("questions",)
)
LINKS = Step(
    "liens", _("Ce que vous voulez montrer"), _("Un film, une bande démo, un portfolio."), ("links",), is_optional=True
)
DOCUMENTS = Step("documents", _("Vos documents"), _("Les fichiers que cette promotion demande."), ("documents",))
AVAILABILITY = Step(
    "disponibilites",
    _("Vos disponibilités"),
    _("Vos jours, la distance, vos déplacements."),
    ("slots", "accepts_remote", "mobility"),
)
GENDER = Step(
    "parite",
    _("Parité"),
    _("Femme, homme ou personne non binaire."),
    ("gender",),
    is_optional=True,
    why=_(
        "Le programme veut des promotions paritaires, dans des métiers qui ne le sont pas encore. Votre réponse ne "
        "sert qu’à cela. Vous pouvez ne rien dire\u00a0: cela ne change rien à la lecture de votre candidature."
    ),
    readers=_("La coordination seule, pour des comptes d’ensemble. Ni le jury, ni les mentor·es."),
)
CRITERIA = Step(
    "egalite",
    _("Égalité des chances"),
    _("Des situations qui peuvent compter."),
    ("social_criteria",),
    is_optional=True,
    why=_(
        "Le programme s’adresse d’abord aux personnes à qui le réseau manque. Ces situations peuvent peser en votre "
        "faveur, jamais contre vous. Aucun justificatif n’est demandé."
    ),
    readers=_("La coordination seule, quand elle compose la promotion. Ni le jury, ni les mentor·es."),
)
NEEDS = Step(
    "besoins",
    _("Ce dont vous avez besoin"),
    _("Pour participer dans de bonnes conditions."),
    ("needs",),
    is_optional=True,
    why=_("Pour préparer les rencontres, et que vous puissiez y prendre part comme tout le monde."),
    readers=_("La coordination seule. Cela ne compte pas dans le choix du jury."),
)
AVOID = Step(
    "personnes-a-eviter",
    _("Des personnes à éviter"),
    _("Que nous ne devons pas vous faire rencontrer."),
    ("avoid",),
    is_optional=True,
    why=_(
        "Le cinéma est un petit milieu. Nous ne vous mettrons pas en contact avec les personnes que vous nommez ici."
    ),
    readers=_("La coordination seule. Les personnes nommées n’en savent rien."),
)
AGREEMENTS = Step(
    "accords",
    _("Vos accords"),
    _("Les règles du programme, et ce que deviennent vos réponses."),
    ("rules", "privacy", "image"),
)

GROUPS = (
    Group(_("Vous"), (IDENTITY, GUARDIAN, CONTACT, SITUATION, SUPPORT)),
    Group(_("Le cinéma et vous"), (BACKGROUND, TRADES, PROJECT, QUESTIONS, LINKS, DOCUMENTS)),
    Group(_("Les rendez-vous"), (AVAILABILITY,)),
    Group(_("Si vous voulez nous le dire"), (GENDER, CRITERIA, NEEDS, AVOID)),
    Group(_("Pour finir"), (AGREEMENTS,)),
)

AUDIENCE_WORDS = {
    Audience.STUDENT: _("Étudiant·e\u00a0: je suis une formation après le bac, quelle qu’elle soit"),
    Audience.SELF_TAUGHT: _("Autodidacte\u00a0: j’apprends par moi-même, sans école de cinéma"),
    Audience.PUPIL: _("Lycéen·ne\u00a0: je suis au lycée, en CAP ou en apprentissage avant le bac"),
    Audience.REINSERTION: _(
        "En réinsertion sociale\u00a0: une mission locale, une association ou un foyer m’accompagne"
    ),
}
"""Each situation as somebody would say it of herself."""


def groups(is_asked=lambda step: True) -> list[Group]:
    """The groups of a form, with the steps of which `is_asked` says that this form has them."""
    return [Group(group.title, tuple(filter(is_asked, group.steps))) for group in GROUPS]


def steps(is_asked=lambda step: True) -> list[Step]:
    """The steps of a form, in order; all that there are, unless `is_asked` says which."""
    return [step for group in groups(is_asked) for step in group.steps]
