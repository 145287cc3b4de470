"""The crowd of a season: who they are, where they live, what they write. Deterministic for one seed."""

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from applications.choices import Gender, Mobility, SocialCriterion
from cohorts.models import Audience, Cohort, Language, Slot, Trade
from mentors.models import Seniority
from tests.season import names, places, schools
from tests.season.motivations import Writer
from tests.season.questions import Answerer
from tests.season.testimony import Juror, MentorWriter

LANGUAGES = {
    Language.ENGLISH: 0.5,
    Language.ARABIC: 0.12,
    Language.SPANISH: 0.12,
    Language.PORTUGUESE: 0.05,
    Language.LSF: 0.02,
}
"""How many speak what, beside French."""

POPULAR = {"Réalisation": 6, "Écriture": 5, "Image": 4, "Montage et postproduction": 4, "Son": 3}
"""How often a family of trades is wanted; the others once or twice."""


@dataclass(frozen=True)
class Draft:
    """What somebody has to say in a file, before any of it is typed: about herself, then the rest, as answers."""

    person: dict
    answers: dict


class Crowd:
    """Draws people, and what they write."""

    def __init__(self, seed: int):
        self.rng = self.chance(seed)
        self.writer, self.mentor_writer, self.juror = Writer(self.rng), MentorWriter(self.rng), Juror(self.rng)
        self.answerer = Answerer(self.chance(seed + 1))  # of its own: a question more changes nobody else
        self.elsewhere = self.chance(seed + 2)  # of its own too
        self.careers = self.chance(seed + 3)  # likewise
        self.addresses: set[str] = set()
        self.phone = 0
        families: dict[str, list[Trade]] = {}
        for trade in Trade.objects.filter(is_offered=True):
            families.setdefault(trade.family, []).append(trade)
        self.families = families

    @staticmethod
    def chance(seed: int) -> random.Random:
        """Chance that a seed governs."""
        return random.Random(seed)

    def people(self, count: int, *, joined) -> list[tuple[names.Name, User]]:
        """So many accounts with a verified address and nothing else known yet, since `joined()`."""
        drawn = [names.draw(self.rng) for _person in range(count)]
        users = [
            User(
                email=names.address(name, self.rng, self.addresses),
                password=make_password(None),
                date_joined=joined(),
            )
            for name in drawn
        ]
        User.objects.bulk_create(users)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
        )
        return list(zip(drawn, users, strict=True))

    def wishes(self, most: int = 3) -> list[Trade]:
        """One to three trades, mostly of one family, the popular families more often."""
        weights = [POPULAR.get(family, 1.5) for family in self.families]
        family = self.rng.choices(list(self.families), weights)[0]
        wanted = self._some_of(self.families[family], min(self.rng.choice((1, 2, 2, 3)), most))
        if len(wanted) < most and self.rng.random() < 0.3:
            other = self.rng.choice(list(self.families))
            wanted += [trade for trade in self.rng.sample(self.families[other], 1) if trade not in wanted]
        return wanted

    def _some_of(self, trades: list[Trade], count: int) -> list[Trade]:
        """So many trades of a family; the first ones, which everybody has heard of, the more often."""
        keyed = [(self.rng.random() ** (1 + place), trade) for place, trade in enumerate(trades)]
        return [trade for _key, trade in sorted(keyed, key=lambda pair: -pair[0])[:count]]

    def languages(self) -> list[str]:
        """French, and what else is spoken at home or was learnt."""
        return [Language.FRENCH, *(code for code, share in LANGUAGES.items() if self.rng.random() < share)]

    def born(self, cohort: Cohort, audience: str) -> date:
        """A birth date that fits the cohort and the audience."""
        low, high = (15, 18) if audience == Audience.PUPIL else (max(18, cohort.min_age), min(30, cohort.max_age))
        age = min(self.rng.randint(low, high), self.rng.randint(low, high))  # the younger the more often
        start = cohort.starts_on
        return start.replace(year=start.year - age, day=min(start.day, 28)) - timedelta(self.rng.randint(1, 360))

    def file(self, name: names.Name, cohort: Cohort, *, audience: str = "", **person) -> Draft:
        """A whole file for this cohort. `audience`, and facts about the person, when the story asks for them."""
        audience = (
            audience or self.rng.choices(cohort.audiences, [3 - 2 * (a == Audience.PUPIL) for a in cohort.audiences])[0]
        )
        region, town = places.draw(self.rng)
        trades = self.wishes()
        words = self.writer.write(trade=trades[0], audience=audience, town=town, is_woman=name.is_woman)
        facts = {
            "first_name": name.first,
            "last_name": name.last,
            "birth_date": self.born(cohort, audience),
            "region": region,
            "phone": self.a_phone(),
            **person,
        }
        return Draft(
            person=as_answers(facts),
            answers={
                "audience": audience,
                "background": words.background,
                "languages": self.languages(),
                "trades": [trade.slug for trade in trades],
                "attraction": words.attraction,
                "project": words.project,
                "hopes": words.hopes,
                "questions": self.answerer.answers(cohort, town=town, is_woman=name.is_woman),
                **self.told(name),
                "structure": schools.draw(self.elsewhere, audience),
                **self.availability(),
                "accepts_remote": self.rng.random() < 0.93,
                **AGREED,
            },
        )

    def availability(self) -> dict:
        """When they are free, mostly evenings and week-ends, and how far they can go."""
        free = [slot for slot in Slot.values if self.rng.random() < (0.6 if slot[:3] in ("SAT", "SUN") else 0.35)]
        mobility = self.rng.choices(Mobility.values, (4, 5, 2))[0]
        return {"slots": free or [Slot.WED_DAY], "mobility": mobility}

    def mentor_slots(self) -> list[str]:
        """When a mentor is free, mostly evenings; some do not say."""
        if self.elsewhere.random() < 0.2:
            return []
        return [slot for slot in Slot.values if self.elsewhere.random() < (0.45 if slot.endswith("EVE") else 0.2)]

    def preferred(self, trades: list[Trade]) -> list[Trade]:
        """What a mentor would rather pass on: one of several trades; many do not mind."""
        return trades[:1] if len(trades) > 1 and self.elsewhere.random() < 0.5 else []

    def practices(self, trades: list[Trade], presentation: str) -> dict[Trade, Seniority]:
        """Since when a mentor has exercised her trades: the first one as her presentation says, others by chance."""
        years = re.search(r"\d+(?=\sans)", presentation)
        first = Seniority.SETTLED if years and int(years[0]) <= 10 else Seniority.SENIOR
        return {trades[0]: first} | {trade: self.careers.choice(list(Seniority)) for trade in trades[1:]}

    def told(self, name: names.Name) -> dict:
        """What nobody has to tell, and most do."""
        told = {}
        if self.rng.random() < 0.85:
            told["gender"] = Gender.WOMAN if name.is_woman else Gender.MAN
            if self.rng.random() < 0.03:
                told["gender"] = Gender.NON_BINARY
        told["social_criteria"] = [c for c in SocialCriterion.values if self.rng.random() < 0.18]
        return told

    def a_phone(self) -> str:
        """A number that the French regulator keeps for fiction (06 39 98 …), or none."""
        if self.rng.random() < 0.3:
            return ""
        self.phone += 1
        return f"+33639980{self.phone:03d}" if self.phone < 1000 else ""

    def unfinished(self, whole: Draft) -> Draft:
        """As far as somebody came who has not finished: nothing, a step, some words, or all but the sending."""
        stage = self.rng.choices(("nothing", "about", "background", "words", "all"), (12, 22, 26, 22, 18))[0]
        if stage == "all":
            return whole
        kept = {
            "background": ("audience", "languages", "background"),
            "words": ("audience", "languages", "background", "trades"),
        }
        answers = {name: whole.answers[name] for name in kept.get(stage, ())}
        if stage == "words":
            answers["project"] = " ".join(whole.answers["project"].split()[:12]) + "…"
        return Draft({} if stage == "nothing" else whole.person, answers)


AGREED = {"rules": 1, "privacy": 1, "image": 1}
"""The first version of each text."""


def as_answers(facts: dict) -> dict:
    """What is known of a person as she types it: her region by a postcode, her birth date as it is kept."""
    typed = {name: value for name, value in facts.items() if name not in ("region", "birth_date")}
    return {
        **typed,
        "birth_date": facts["birth_date"].isoformat(),
        "postcode": places.postcode_in(facts["region"]),
    }
