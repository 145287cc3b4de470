"""A candidate's words: background, project and hopes, composed from fragments that fit her trade and her situation.

Fragments are dealt like cards, each one once before any comes back, so that neighbours in a list never
sound alike; no two files are the same.
"""

import random
import re
from dataclasses import dataclass

from tests.season import crafts, words

_BEFORE_SIGN = re.compile(r" ([;:!?»])")
_AFTER_QUOTE = re.compile(r"« ")


def typeset(text: str) -> str:
    """No-break spaces where French wants them."""
    return _AFTER_QUOTE.sub("«\u00a0", _BEFORE_SIGN.sub("\u00a0\\1", text))


class Deck:
    """Fragments dealt one after the other in random order, shuffled again when all were dealt."""

    def __init__(self, lines, rng: random.Random):
        self.cards, self.rng, self.left = [_card(line) for line in lines], rng, []

    def deal(self, *speaker: str) -> str:
        """The next fragment that fits who speaks: their trade's slug, their audience."""
        for _round in range(2):
            for place, (speakers, text) in enumerate(self.left):
                if not speakers or not speakers.isdisjoint(speaker):
                    del self.left[place]
                    return text
            self.left = self.rng.sample(self.cards, len(self.cards))
        raise LookupError(f"no fragment fits {speaker}")


def _card(line: str) -> tuple[frozenset[str], str]:
    speakers, bar, text = line.rpartition(" | ")
    return (frozenset(speakers.split(", ")) if bar else frozenset()), text


@dataclass(frozen=True)
class Motivation:
    """The free answers of a file."""

    background: str
    attraction: str
    project: str
    hopes: str


class Writer:
    """Writes motivations, one unlike the other."""

    def __init__(self, rng: random.Random):
        self.rng, self.seen = rng, set()
        self.decks = {
            title: Deck(fragments, rng)
            for name in ("situations", "families", "voices")
            for title, fragments in words.sections(name).items()
        }

    def write(self, *, trade, audience: str, town: str, is_woman: bool) -> Motivation:
        """The answers of somebody in that situation and that town, who wants that trade first."""
        while True:
            slots = {
                **crafts.craft_slots(trade.slug),
                "town": town,
                **crafts.agreement(is_woman=is_woman),
            }
            slots["subject"] = self.decks["subjects"].deal().format(**slots)
            motivation = self._compose(trade, audience, slots)
            if motivation not in self.seen:
                self.seen.add(motivation)
                return motivation

    def _compose(self, trade, audience: str, slots: dict) -> Motivation:
        maybe = self.rng.random
        background = [audience, f"{trade.family} / sparks"]
        background += ["practice"] * (maybe() < 0.7) + ["obstacles"] * (maybe() < 0.55)
        project = [f"{trade.family} / projects"] + ["links"] * (maybe() < 0.6)
        hopes = [f"{trade.family} / hopes", "hopes"]
        if maybe() < 0.5:
            hopes.reverse()
        hopes += ["hopes"] * (maybe() < 0.4) + ["closings"] * (maybe() < 0.35)
        speaker = (trade.slug, audience)
        parts = (background, ["attractions"], project, hopes)
        return Motivation(*(self._tell(titles, speaker, slots) for titles in parts))

    def _tell(self, titles: list[str], speaker: tuple[str, str], slots: dict) -> str:
        sentences = list(dict.fromkeys(self.decks[title].deal(*speaker) for title in titles))
        gap = "\n\n" if len(sentences) > 2 and self.rng.random() < 0.4 else " "
        head, tail = " ".join(sentences[:2]), sentences[2:]
        return typeset(gap.join([head, *([" ".join(tail)] if tail else [])]).format(**slots))
