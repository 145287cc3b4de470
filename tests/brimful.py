"""A file filled to the brim, for the tests of who reads what."""

import html

from accounts.regions import Region
from applications.choices import Gender, Mobility, SocialCriterion
from applications.models import Application
from cohorts.models import Cohort, Language, Slot
from tests import factories

LAST_NAME, EMAIL = "Kervadec-Ould", "zelie.kv@example.org"

QUESTION, ANSWER = "Quel son vous poursuit ?", "Celui des galets que la vague remonte."

ANSWERS = {
    "postcode": "97427",
    "phone": "+262692123456",
    "audience": "PUPIL",
    "structure": "Lycée Roland-Garros du Tampon",
    "referent_name": "Mme Haddad-Boyer",
    "referent_email": "haddad.cpe@example.org",
    "background": "Un bac pro, puis des films au téléphone.",
    "languages": [Language.FRENCH, Language.LSF],
    "attraction": "Tenir la perche sans qu’on l’entende.",
    "project": "Enregistrer les marchés de mon île.",
    "hopes": "Qu’on me dise où commencer.",
    "links": ["https://vimeo.com/987654", "http://exemple.org/bande-demo"],
    "slots": [Slot.TUE_EVE, Slot.SUN_DAY],
    "accepts_remote": True,
    "mobility": Mobility.COUNTRY,
    "gender": Gender.NON_BINARY,
    "social_criteria": list(SocialCriterion),
    "needs": "Un siège avec un dossier, des pauses.",
    "avoid": "Le studio Quatre Vents, à Saint-Pierre.",
    "image": 1,
}

IDENTITY = {
    "family name": LAST_NAME,
    "address": EMAIL,
    "phone": "12 34 56",
    "phone as kept": "692123456",
    "postcode": "97427",
    "place": "Réunion",
    "birth date": "9 mars",
    "birth date as kept": "-03-09",
}
"""Who she is and where, as pages would say it."""

ACCOMPANIMENT = {name: ANSWERS[name] for name in ("structure", "referent_name", "referent_email")}
LINKS = {"link": "vimeo.com/987654", "other link": "bande-demo"}
FOR_COORDINATORS = {
    "needs": ANSWERS["needs"],
    "avoid": "Quatre Vents",
    "gender": "non binaire",
    **{f"criterion {word}": word for word in ("boursi", "prioritaire", "campagne", "de diplôme", "après le bac")},
}
"""What the coordination alone reads."""


def make(cohort: Cohort, **answers) -> Application:
    """Zélie, 19 years old, of La Réunion, who answered everything and sent it."""
    born = cohort.starts_on.replace(year=cohort.starts_on.year - 20, month=3, day=9)
    person = factories.make_user("Zélie", LAST_NAME, email=EMAIL, birth_date=born, region=Region.LA_REUNION)
    asked = factories.make_question(cohort, QUESTION)
    return factories.make_sent(cohort, person, **ANSWERS, questions={str(asked.pk): ANSWER}, **answers)


def words_of(response) -> str:
    """The page as it is read and as it is sent, entities and unbreakable spaces made plain."""
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def told(response, secrets: dict[str, str]) -> list[str]:
    """Which of these a page tells, by name."""
    page = words_of(response)
    return [name for name, words in secrets.items() if words in page]
