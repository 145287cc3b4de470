"""Whom a jury member might know, by rules known beforehand: she reads none of their files.

What is compared: the file's school or structure with her schools and employers; the addresses of the candidate, of her
referent and of her legal representatives with the ones she named and her own; their names with hers. Schools are
compared without case, accents, punctuation and the words that all of them have; where in doubt the file goes to
somebody else, since nobody loses by that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.folding import plain
from accounts.models import User
from applications.models import Application
from consents.models import Guardian
from reviews.masking.words import CIVILITIES, FUNCTION_WORDS, GENERIC_PLACES
from reviews.models import ReaderProfile, Recusal

KINDS = {
    **dict.fromkeys(("lycee", "lycees", "lyc", "lp", "lpo", "legt", "lep"), "lycée"),
    **dict.fromkeys(("universite", "universites", "univ", "fac", "faculte", "ufr"), "université"),
    "college": "collège",
    "conservatoire": "conservatoire",
    "mission": "mission locale",
    **dict.fromkeys(("cfa", "apprentis"), "apprentissage"),
    "iut": "iut",
}
"""What sort of place a word tells: « lycée Paul-Valéry » and « université Paul-Valéry » are two places."""
COMPANY_WORDS = frozenset(
    ("cie", "compagnie", "eurl", "prod", "production", "productions", "sa", "sarl", "sas", "sasu", "scop", "societe")
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
NUMERALS = {numeral: str(number) for number, numeral in enumerate(_ROMAN, start=1)}
"""« Paris VIII » is « Paris 8 »."""
ADDRESS = re.compile(r"[^\s<>,;()\"]+@[^\s<>,;()\"]+\.[^\s<>,;()\"]+")


TOLD = {
    Recusal.Reason.OWN: gettext_lazy("Ce dossier est le vôtre : il passe à quelqu’un d’autre."),
    Recusal.Reason.ADDRESS: gettext_lazy(
        "Ce dossier se ferme pour vous : une personne que vous connaissez y est citée. Il passe à quelqu’un d’autre."
    ),
    Recusal.Reason.SCHOOL: gettext_lazy(
        "Ce dossier se ferme pour vous : il vient d’un établissement que vous connaissez. Il passe à quelqu’un d’autre."
    ),
    Recusal.Reason.EMPLOYER: gettext_lazy(
        "Ce dossier se ferme pour vous : il vient d’une structure que vous connaissez. Il passe à quelqu’un d’autre."
    ),
}


@dataclass(frozen=True)
class Place:
    """The name of a school, a structure or a company, made comparable: its kinds, its own words, and all its words."""

    kinds: frozenset[str]
    own: frozenset[str]
    words: frozenset[str]


def place(name: str) -> Place | None:
    """That name made comparable; None when it says nothing."""
    written = [NUMERALS.get(word, word) for word in re.findall(r"\w+", plain(name).replace("_", " "))]
    words = frozenset(written) - FUNCTION_WORDS - COMPANY_WORDS
    words |= {word for word in written if word.isdigit()}
    kinds = frozenset(KINDS[word] for word in words if word in KINDS)
    words -= KINDS.keys()
    return Place(kinds, words - GENERIC_PLACES, words) if words else None


def same_place(one: Place, other: Place) -> bool:
    """Whether these may be one place: the words of the shorter name are all in the longer one.

    A name made only of words that many places have (« École de cinéma ») must be the other's, or have two words of it.
    """
    if one.words.isdisjoint(other.words) or (one.kinds and other.kinds and one.kinds.isdisjoint(other.kinds)):
        return False
    own = sorted((one.own, other.own), key=len)
    if any(len(word) > 2 and not word.isdigit() for word in own[0]):
        return own[0] <= own[1]
    if one.words == other.words:
        return True
    words = sorted((one.words, other.words), key=len)
    return len(words[0]) > 1 and bool(own[0]) and words[0] <= words[1]


@dataclass(frozen=True)
class Known:
    """What a reader says of herself, made comparable."""

    person_id: int
    name: frozenset[str]
    addresses: frozenset[str]
    schools: tuple[Place, ...] = ()
    employers: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What of a file may tie it to a reader."""

    application_id: int
    candidate_id: int
    place: Place | None
    addresses: frozenset[str]
    names: frozenset[frozenset[str]]


def known_by(people: Iterable[User]) -> dict[int, Known]:
    """What each of these readers says of herself, by her id (1 query)."""
    people = list(people)
    profile_of = {profile.person_id: profile for profile in ReaderProfile.objects.filter(person__in=people)}
    return {person.pk: _known(person, profile_of.get(person.pk)) for person in people}


def _known(person: User, profile: ReaderProfile | None) -> Known:
    name, address = words_of_name(person.get_full_name()), {person.email.lower()}
    if profile is None:
        return Known(person.pk, name, frozenset(address))
    return Known(
        person.pk,
        name,
        frozenset(address | addresses_in(profile.addresses)),
        _places(profile.schools),
        _places(profile.employers),
    )


def addresses_in(text: str) -> set[str]:
    """The e-mail addresses that a text holds, in lower case."""
    return {found.strip(".'’").lower() for found in ADDRESS.findall(text)}


def words_of_name(name: str) -> frozenset[str]:
    """A name without case, accents and civility; nothing when it is one word, for that names too many people."""
    words = frozenset(re.findall(r"\w+", plain(name))) - CIVILITIES
    return words if len(words) > 1 else frozenset()


def _places(text: str) -> tuple[Place, ...]:
    return tuple(found for line in text.splitlines() if (found := place(line)))


def facts_of(files: Iterable[Application]) -> dict[int, Facts]:
    """What ties these files to people, by id (1 query beside the files and their candidates).

    As last sent, with whoever signs for her.
    """
    rows = list(files)
    guardians: dict[int, list[Guardian]] = {}
    signing = Guardian.objects.filter(authorisation__person__in=[row.candidate_id for row in rows])
    for guardian in signing.select_related("authorisation").only("email", "name", "authorisation__person_id"):
        guardians.setdefault(guardian.authorisation.person_id, []).append(guardian)
    return {row.pk: _facts(row, guardians.get(row.candidate_id, [])) for row in rows}


def _facts(application: Application, guardians: list[Guardian]) -> Facts:
    addresses = [application.candidate.email, application.referent_email, *(g.email for g in guardians)]
    names = [application.referent_name, *(g.name for g in guardians)]
    return Facts(
        application.pk,
        application.candidate_id,
        place(application.structure),
        frozenset(address.lower() for address in addresses if address),
        frozenset(words for name in names if (words := words_of_name(name))),
    )


def why_tied(facts: Facts, known: Known) -> str:
    """Why this reader should not read this file (`Recusal.Reason`), or nothing."""
    if facts.candidate_id == known.person_id:
        return Recusal.Reason.OWN
    if facts.addresses & known.addresses or known.name in facts.names:
        return Recusal.Reason.ADDRESS
    if facts.place and any(same_place(facts.place, school) for school in known.schools):
        return Recusal.Reason.SCHOOL
    if facts.place and any(same_place(facts.place, employer) for employer in known.employers):
        return Recusal.Reason.EMPLOYER
    return ""


def tie_between(application: Application, reader: User) -> str:
    """The same for one file and one reader (2 queries)."""
    facts = facts_of([application])[application.pk]
    return why_tied(facts, known_by([reader])[reader.pk])


def tie_words(reason: str) -> str:
    """What a reader is told of a file that is closed to her, without saying whose it is."""
    return str(TOLD[reason])
