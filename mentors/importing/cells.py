"""What a cell may say, and what is expected where it says something else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import LONGEST, require_deliverable
from accounts.folding import plain
from accounts.models import User
from accounts.places import DEPARTMENTS
from accounts.regions import Region
from cohorts.models import Language, Partner, Trade
from mentors.importing.columns import BY_NAME, Words, comparable
from mentors.models import MAX_CAPACITY, MentorProfile, Seniority

YES = {"oui", "o", "yes", "y", "x", "vrai", "true", "1"}
NO = {"non", "n", "no", "faux", "false", "0"}
_LANGUAGES = {"lsf": Language.LSF, "langue des signes": Language.LSF, **{comparable(c.label): c for c in Language}}
_SENIORITY = {comparable(str(choice.label)): choice for choice in Seniority}
_YEARS = re.compile(r"(?:depuis )?(?P<sign>[<>+]?) ?(?P<years>[0-9]{1,2}) ?(?P<plus>\+?) ?(?:ans?|annees?)?")
_MARKUP = re.compile(r"[<>=@{}\\|]|://|www\.", re.IGNORECASE)
"""What no name holds; an invitation begins with it, in our name."""


class Wrong(Exception):
    """A cell does not say what its column is for."""


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be used: its column, what it says, what was expected."""

    column: str
    value: str
    expected: str

    def as_json(self) -> dict:
        return {"column": self.column, "value": self.value, "expected": self.expected}


@dataclass
class Person:
    """What a line says of somebody, understood. `facts` are of her profile, by field; a cell left empty is no fact."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    facts: dict = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Reader:
    """Understands lines, with the trades and the partners of the day (2 queries, once)."""

    @cached_property
    def trades(self) -> dict[str, Trade]:
        """The trades of the forms, by what people call them."""
        offered = list(Trade.objects.filter(is_offered=True))
        by_slug = {comparable(trade.slug): trade for trade in offered}
        return by_slug | {comparable(trade.name): trade for trade in offered}

    @cached_property
    def partners(self) -> dict[str, Partner]:
        return {comparable(partner.name): partner for partner in Partner.objects.all()}

    def read(self, words: Words) -> Person:
        """Every cell of a line, in the order of the columns; what is wrong is among the faults, and only there."""
        person = Person()
        for name in ("first_name", "last_name", "email"):
            said = self._one(person, name, words.get(name, ""))
            setattr(person, name, said or "")
        for name in BY_NAME:
            if name not in ("first_name", "last_name", "email") and (raw := words.get(name)):
                understood = self._one(person, name, raw)
                if understood is not None:
                    person.facts[name] = understood
        self._practices(person, words)
        return person

    def _practices(self, person: Person, words: Words) -> None:
        """A line's seniority is that of every trade it names: `trades` become (id, seniority), blank where not said."""
        seniority = person.facts.pop("seniority", "")
        if "trades" in person.facts:
            person.facts["trades"] = [(pk, str(seniority)) for pk in person.facts["trades"]]
        elif seniority and not words.get("trades"):
            column = BY_NAME["seniority"]
            told = _("des métiers sur la même ligne\u00a0: l’ancienneté est la leur")
            person.faults.append(Fault(str(column.title), words["seniority"][:120], told))

    def _one(self, person: Person, name: str, raw: str):
        read: Callable = getattr(self, f"_{name}")
        try:
            return read(raw)
        except Wrong as wrong:
            person.faults.append(Fault(str(BY_NAME[name].title), raw[:120], str(wrong)))
            return None

    # --- Who ------------------------------------------------------------------------------------

    def _email(self, raw: str) -> str:
        email = raw.removeprefix("mailto:").strip().lower()
        if not email:
            raise Wrong(_("une adresse e-mail"))
        try:
            validate_email(email)
            require_deliverable(email)
        except ValidationError:
            raise Wrong(_("une adresse complète, comme prenom.nom@exemple.fr"))
        if len(email) > LONGEST:
            raise Wrong(_("une adresse de %s signes au plus") % LONGEST)
        return email

    def _first_name(self, raw: str) -> str:
        return _name(raw, User._meta.get_field("first_name").max_length, _("son prénom"))

    def _last_name(self, raw: str) -> str:
        return _name(raw, User._meta.get_field("last_name").max_length, _("son nom"))

    # --- What she does --------------------------------------------------------------------------

    def _position(self, raw: str) -> str:
        return _short(raw, "position")

    def _employer(self, raw: str) -> str:
        return _short(raw, "employer")

    def _trades(self, raw: str) -> list[int]:
        """Ids, in order. A trade whose own name has a comma is found whole first."""
        if comparable(raw) in self.trades:
            return [self.trades[comparable(raw)].pk]
        found = set()
        for words in filter(None, map(str.strip, re.split(r"[;,\n]", raw))):
            trade = self.trades.get(comparable(words))
            if trade is None:
                raise Wrong(self._which_trade(words))
            found.add(trade.pk)
        return sorted(found)

    def _seniority(self, raw: str) -> Seniority:
        words = comparable(raw)
        if words in _SENIORITY:
            return _SENIORITY[words]
        if said := _YEARS.fullmatch(plain(raw).strip()):
            more = -1 if said["sign"] == "<" else int(bool(said["sign"] or said["plus"]))
            return _of_years(int(said["years"]) + more)
        raise Wrong(_("un nombre d’années, ou l’une de ces durées\u00a0: %s") % ", ".join(map(str, Seniority.labels)))

    def _which_trade(self, words: str) -> str:
        family = [t.name for t in self.trades.values() if comparable(t.family) == comparable(words)]
        if family:
            names = ", ".join(dict.fromkeys(family))
            return _("un métier de notre liste\u00a0: «\u00a0%(words)s\u00a0» en est une famille (%(names)s)") % {
                "words": words[:60],
                "names": names,
            }
        names = {key: trade.name for key, trade in self.trades.items()}
        return _unknown(_("un métier de notre liste"), words, names)

    def _region(self, raw: str) -> str:
        regions = _regions()
        if (found := regions.get(comparable(raw))) is not None:
            return found
        raise Wrong(_unknown(_("une région, ou un département"), raw, {c: Region(v).label for c, v in regions.items()}))

    def _languages(self, raw: str) -> list[str]:
        found = set()
        for words in filter(None, map(str.strip, re.split(r"[;,/\n]", raw))):
            if (language := _LANGUAGES.get(comparable(words))) is None:
                among = ", ".join(str(label) for label in Language.labels)
                raise Wrong(_("des langues parmi celles-ci\u00a0: %s") % among)
            found.add(language.value)
        return [value for value in Language.values if value in found]

    def _accepts_remote(self, raw: str) -> bool:
        return _yes_or_no(raw)

    def _accompanies_minors(self, raw: str) -> bool:
        return _yes_or_no(raw)

    def _partner(self, raw: str) -> int:
        if (partner := self.partners.get(comparable(raw))) is not None:
            return partner.pk
        names = {key: partner.name for key, partner in self.partners.items()}
        raise Wrong(_unknown(_("un partenaire du programme"), raw, names))

    def _capacity(self, raw: str) -> int:
        if re.fullmatch(r"[0-9]{1,3}", raw) and 1 <= int(raw) <= MAX_CAPACITY:
            return int(raw)
        raise Wrong(_("un nombre de 1 à %s") % MAX_CAPACITY)


def _name(raw: str, longest: int, expected: str) -> str:
    name = " ".join(raw.split())
    if not name:
        raise Wrong(expected)
    if _MARKUP.search(name) or not any(sign.isalpha() for sign in name):
        raise Wrong(_("%s, en lettres") % expected)
    if len(name) > longest:
        raise Wrong(_("%(what)s, en %(most)s signes au plus") % {"what": expected, "most": longest})
    return name


def _short(raw: str, field_name: str) -> str:
    words, longest = " ".join(raw.split()), MentorProfile._meta.get_field(field_name).max_length
    if len(words) > longest:
        raise Wrong(_("%s signes au plus") % longest)
    return words


def _of_years(years: int) -> Seniority:
    if years > 10:
        return Seniority.SENIOR
    return Seniority.SETTLED if years >= 3 else Seniority.STARTING


def _yes_or_no(raw: str) -> bool:
    words = comparable(raw)
    if words not in YES | NO:
        raise Wrong(_("oui ou non"))
    return words in YES


@cache
def _regions() -> dict[str, str]:
    """Every region by its name, and by those and the numbers of its départements."""
    found = {"paca": Region.PROVENCE_ALPES_COTE_D_AZUR, "idf": Region.ILE_DE_FRANCE}
    for code, department in DEPARTMENTS.items():
        found[comparable(code)] = found[comparable(department.name)] = department.region
    return {key: str(value) for key, value in {**found, **{comparable(r.label): r for r in Region}}.items()}


_NEAREST = gettext_lazy(
    "%(expected)s\u00a0; «\u00a0%(words)s\u00a0» n’en est pas\u00a0: vouliez-vous dire «\u00a0%(nearest)s\u00a0»\u00a0?"
)
_UNKNOWN = gettext_lazy("%(expected)s\u00a0; «\u00a0%(words)s\u00a0» n’en est pas")


def _unknown(expected: str, words: str, names: dict[str, str]) -> str:
    """What is said of a word that no list holds: the nearest one of the list, when there is one."""
    nearest = _nearest(comparable(words), names)
    said = {"expected": expected, "words": words[:60], "nearest": nearest}
    return str(_NEAREST if nearest else _UNKNOWN) % said


def _nearest(words: str, names: dict[str, str]) -> str | None:
    close = get_close_matches(words, names, n=1, cutoff=0.7)
    close = close or [name for name in names if words and f" {words} " in f" {name} "][:1]
    return names[close[0]] if close else None
