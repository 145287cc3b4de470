"""What professionals write: mentors about themselves, the jury about a file."""

import random

from tests.season import crafts, words
from tests.season.motivations import Deck, typeset


class MentorWriter:
    """Writes mentors' presentations, and finds them an employer."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.decks = {title: Deck(cards, rng) for title, cards in words.sections("mentors").items()}

    def presentation(self, *, trade, town: str, is_woman: bool) -> str:
        """A few sentences, as somebody of that trade would put them."""
        titles = ["openings", trade.family] + ["closings"] * (self.rng.random() < 0.7)
        slots = {
            **crafts.craft_slots(trade.slug),
            **crafts.agreement(is_woman=is_woman),
            "town": town,
            "years": self.rng.choice((6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 22, 25)),
        }
        return typeset(" ".join(self.decks[title].deal(trade.slug) for title in titles).format(**slots))

    def employer(self) -> str:
        """An invented company, or a team of the programme's partner."""
        return "Netflix France" if self.rng.random() < 0.14 else self.decks["employers"].deal()


class Juror:
    """Writes the comments of the jury, in keeping with the score."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.decks = {title: Deck(cards, rng) for title, cards in words.sections("readings").items()}

    def comment(self, score: int, *, trade) -> str:
        """A sentence or two; at times nothing, as happens."""
        if self.rng.random() < 0.06:
            return ""
        parts = [self.decks[str(score)].deal()]
        if self.rng.random() < 0.45:
            parts.append(self.decks["remarks"].deal())
        return typeset(" ".join(parts).format(**crafts.craft_slots(trade.slug)))
