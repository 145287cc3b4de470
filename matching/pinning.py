"""Pairs made by hand: who could accompany somebody, what each choice costs at least, fixing one and letting it go.

Preferences (a language, a distance, a trade) may be set aside by a person; what the law or a place forbids may not.
What a pin costs is read beforehand from the prices that prove the latest calculation, as the least that any answer with
that pair loses; the next calculation says it exactly, solved with and without the pins.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from applications.choices import COUNTING
from applications.models import Application
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import instances, promises, scoring
from matching.models import Pinned, Proposal, Run
from matching.scoring import Rule
from matching.situation import mentor_id
from mentors.models import Commitment


@dataclass(frozen=True)
class Cost:
    """The least that a pair loses beside the latest calculation: offers that are out already, and points."""

    offers: int
    points: int


@dataclass(frozen=True)
class Choice:
    """A mentor for somebody. `rule` forbids the pair, whatever one would rather have; `set_aside` is a preference that
    it does not meet. `cost` is None where no calculation tells.
    """

    commitment: Commitment
    points: int
    rule: Rule | None
    set_aside: Rule | None
    cost: Cost | None


def choices(application: Application, now) -> list[Choice]:
    """Every mentor of her cohort, those who may be first, by points. A constant number of queries."""
    around = instances.around(application, now)
    pinned = _pins_elsewhere(application)
    prices = _Prices.of(application)
    found = [
        _choice(application, commitment, around, pinned.get(commitment.pk, 0), prices)
        for commitment in around.commitments
    ]
    return sorted(found, key=lambda one: (one.rule is not None, -one.points, one.commitment.pk))


def _choice(application: Application, commitment: Commitment, around, pinned: int, prices) -> Choice:
    mentor = around.mentors[mentor_id(commitment.pk)]
    rule = scoring.broken_rule(around.mentee, mentor, around.scale)
    points = scoring.score(scoring.parts(around.mentee, mentor, around.scale))
    forbidding = None if rule in promises.OF_PREFERENCE else rule
    if forbidding is None and mentor.free <= pinned:
        forbidding = Rule.NO_PLACE
    cost = None if forbidding or prices is None else prices.least_loss(application, commitment, points)
    return Choice(commitment, points, forbidding, None if forbidding else rule, cost)


def _pins_elsewhere(application: Application) -> dict[int, int]:
    """Places that the pins of others hold, by commitment."""
    others = Pinned.objects.filter(
        application__cohort=application.cohort_id, application__state=Application.State.CONFIRMED
    ).exclude(application=application)
    held: dict[int, int] = {}
    for commitment in others.values_list("commitment_id", flat=True):
        held[commitment] = held.get(commitment, 0) + 1
    return held


class _Prices:
    """What a run kept of its proof: see `matching.engine.explain`."""

    def __init__(self, run: Run):
        proof, stats = run.certificate["certificate"], run.certificate["stats"]
        self.mentees, self.mentors, self.floors = proof["u"], proof["v"], proof["mu"]
        self.each, self.gap = Fraction(proof["lambda"]), Fraction(stats.get("gap", 0))
        self.keep = stats.get("weighting", {}).get("kept", 0)
        self.asked_at = run.requested_at
        out = Proposal.objects.filter(application__cohort=run.cohort_id, state=Proposal.State.OFFERED)
        self.offered = dict(out.values_list("application_id", "commitment_id"))

    @classmethod
    def of(cls, application: Application) -> "_Prices | None":
        done = Run.objects.filter(cohort=application.cohort_id, state=Run.State.DONE).exclude(certificate={})
        run = done.order_by("-requested_at", "-pk").first()
        return cls(run) if run and run.certificate.get("certificate") else None

    def least_loss(self, application: Application, commitment: Commitment, points: int) -> Cost | None:
        """None for a mentor who committed since. Whoever is not named in the proof has no price."""
        if commitment.made_at > self.asked_at:
            return None
        theirs = Fraction(self.mentors.get(mentor_id(commitment.pk), 0))
        due = Fraction(self.floors.get(Run.PARITY, 0)) if application.gender in COUNTING else 0
        priced = Fraction(self.mentees.get(application.reference, 0)) + theirs + self.each
        announced = self.keep if commitment.pk == self.offered.get(application.pk) else 0
        lacking = max(0, ceil(priced - due - points - announced - self.gap))
        # A pair announced is worth `keep`, more than all points together: what is lost of it counts in offers.
        offers, left = divmod(lacking, self.keep) if self.keep else (0, lacking)
        return Cost(offers=offers, points=0 if offers else left)


@transaction.atomic
def pin_pair(application: Application, commitment: Commitment, *, actor, now=None) -> Pinned:
    """A coordinator wants these two together: the next calculation pairs them, as long as nothing forbids it by then.
    Another pin of hers ends there.

    Raises Refusal, with the rule, for a pair that may not be.
    """
    now = now or timezone.now()
    lock(application)
    lock(commitment)
    if application.state != Application.State.CONFIRMED:
        raise Refusal(_("Cette personne n’attend pas, ou plus, de mentor·e."))
    if commitment.cohort_id != application.cohort_id:
        raise Refusal(_("Cet engagement est pour une autre promotion."))
    if not minors.is_authorised(application):
        raise Refusal(_("L’autorisation de la ou du représentant légal manque encore."))
    choice = next(one for one in choices(application, now) if one.commitment.pk == commitment.pk)
    if choice.rule:
        raise Refusal(_("Ce binôme ne peut pas être fixé\u00a0: %s.") % choice.rule.label)
    pinned, _is_new = Pinned.objects.update_or_create(
        application=application,
        defaults={"commitment": commitment, "said_by": journal.ref(actor), "said_at": now},
    )
    journal.record("application.pair_pinned", application, actor=actor, now=now, detail=journal.ref(commitment))
    return pinned


def may_be_pinned(proposal: Proposal) -> bool:
    """Whether fixing this proposal's pair would change anything: it waits, and is not fixed yet."""
    if proposal.state not in (Proposal.State.DRAFT, Proposal.State.OFFERED):
        return False
    return not Pinned.objects.filter(application=proposal.application_id, commitment=proposal.commitment_id).exists()


@transaction.atomic
def unpin_pair(application: Application, *, actor, now=None) -> None:
    """A coordinator leaves her to the calculation again. Raises Refusal when nothing is pinned."""
    now = now or timezone.now()
    lock(application)
    pinned = Pinned.objects.filter(application=application).select_related("commitment").first()
    if pinned is None:
        raise Refusal(_("Aucun binôme n’est fixé pour cette personne."))
    detail = journal.ref(pinned.commitment)
    pinned.delete()
    journal.record("application.pair_unpinned", application, actor=actor, now=now, detail=detail)
