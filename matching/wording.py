"""What a run keeps as data, in French: the reasons of a pair, the rules that closed a door, how long a list is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cohorts.models import Trade
from matching.models import Proposal
from matching.scoring import ABOUT_A_TRADE, Reason, Rule


@dataclass(frozen=True)
class Told:
    """One reason of a pair, in words. `is_mentors`: it stands for what the mentor would rather do."""

    reason: Reason
    label: str
    points: int

    @property
    def is_mentors(self) -> bool:
        return self.reason == Reason.PREFERRED


def trade_names() -> dict[int, str]:
    """All trades, by id (one query)."""
    return dict(Trade.objects.values_list("id", "name"))


def parts_of(proposal: Proposal, trades: Mapping[int, str]) -> list[Told]:
    """Why a pair is proposed. A trade that `trades` does not know is left unnamed."""
    return [_told(Reason(code), what, points, trades) for code, what, points in proposal.parts]


def _told(reason: Reason, what, points: int, trades: Mapping[int, str]) -> Told:
    about = trades.get(what, "") if reason in ABOUT_A_TRADE else what
    label = str(reason.label)
    if "%s" in label:
        label = label % about if about else label.replace("%s", "").rstrip(" \u00a0:")
    return Told(reason, label, points)


def rules(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Each rule that closes doors, and how many, the one that closes most first."""
    return sorted(((str(Rule(code).label), count) for code, count in counts.items()), key=lambda rule: -rule[1])


def rank(explanation: Mapping) -> str:
    """Where the mentor stands for the mentee: « 3e choix sur 14 possibles »."""
    place, options = explanation.get("rank"), explanation.get("options")
    if not place:
        return ""
    if options == 1:
        return _("seul choix possible")
    nth = _("1er") if place == 1 else _("%se") % place
    return _("%(nth)s choix sur %(options)s possibles") % {"nth": nth, "options": options}
