"""The people of a simulated matching, and what they do: at random, by a seed, and never all of it wise."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from applications.models import Application
from cohorts.models import Cohort
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.refusals import Refusal
from matching import calls, falls, introductions, pinning, publishing, repairs, runs, transitions
from matching.models import Proposal, Run
from mentors import transitions as mentors
from mentors.models import MAX_CAPACITY, Commitment, MentorProfile
from mentorships.models import Mentorship
from tests.simulation import invariants
from tests.simulation.killing import killed_at_query

STAFF = journal.CONSOLE
STEP = timedelta(hours=9)
KILLED = 0.15
"""How often whoever works, or clicks, dies in the middle."""
SOMEWHERE = 40
"""At one of so many queries."""


class World:
    """One cohort, one clock, one chance. Whatever happens goes through the verbs, and every instant is checked."""

    def __init__(self, cohort: Cohort, *, seed: int, now):
        self.cohort, self.now, self.chance = cohort, now, random.Random(seed)
        self.acts = {act: weight * self.chance.choice(TEMPERS) for act, weight in ACTS.items()}
        self.done: Counter[str] = Counter()
        """What happened, by name: done, refused, or killed."""

    # --- Time -----------------------------------------------------------------------------------

    def live(self, days: int, acts_a_step: int = 3) -> None:
        """So many days, in steps of some hours: people act, then the clock turns."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            for _act in range(self.chance.randint(0, acts_a_step)):
                self.act(self.chance.choices(list(self.acts), list(self.acts.values()))[0])
            self.turn()
            self.now += STEP

    def settle(self) -> None:
        """Nobody answers any more, nothing is killed: coordinators do what their desk says, the clock its work."""
        for _turn in range(12):
            if Run.objects.to_ask_again().filter(cohort=self.cohort).exists():
                transitions.request_run(self.cohort, actor=STAFF, now=self.now)
            for run in Run.objects.publishable().filter(cohort=self.cohort):
                with suppress(Refusal):
                    publishing.ask(run, actor=STAFF, now=self.now)
            for work in CLOCK:
                work(self)
            self.now += timedelta(minutes=20)
            invariants.check(self.cohort, self.now)

    def turn(self) -> None:
        """The clock does all that it does, and may be killed anywhere."""
        for work in CLOCK:
            self.try_out(work.__name__, work)

    def summary(self) -> str:
        """What became of everybody, and how much happened."""
        states = Counter(self.files.values_list("state", flat=True))
        told = ", ".join(f"{count} {state.lower()}" for state, count in sorted(states.items()))
        paired = Mentorship.objects.filter(application__in=self.files, state=Mentorship.State.COMPLETED).count()
        told += f", {paired} with a mentor to the end"
        outcomes = Counter(name.rpartition(" ")[2] for name in self.done.elements())
        return f"{told}; " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))

    # --- Acts -----------------------------------------------------------------------------------

    def act(self, act: Callable) -> None:
        self.try_out(act.__name__, act)

    def try_out(self, name: str, act: Callable) -> None:
        """Do it; a refusal is an answer, a death leaves all or nothing. Either way everything holds."""
        deadly = self.chance.random() < KILLED
        with killed_at_query(self.chance.randint(1, SOMEWHERE) if deadly else 0) as died:
            try:
                act(self)
                outcome = "done"
            except Refusal:
                outcome = "refused"
        self.done[f"{name} {'killed' if died else outcome}"] += 1
        invariants.check(self.cohort, self.now)

    def one(self, rows):
        """One of these rows by chance; Refusal when there is none: nobody can do that now."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise Refusal("personne")
        return rows.get(pk=self.chance.choice(keys))

    @property
    def files(self):
        return Application.objects.filter(cohort=self.cohort).select_related("candidate", "cohort")

    @property
    def offers(self):
        waiting = Proposal.objects.filter(application__cohort=self.cohort, state=Proposal.State.OFFERED)
        return waiting.select_related("application__cohort", "application__candidate", "commitment__mentor__person")

    @property
    def pairs(self):
        found = Mentorship.objects.filter(application__cohort=self.cohort)
        return found.select_related("application__cohort", "application__candidate", "commitment__mentor__person")

    @property
    def commitments(self):
        return Commitment.objects.filter(cohort=self.cohort).select_related("mentor__person", "cohort")

    @property
    def mentors(self):
        return MentorProfile.objects.filter(commitments__cohort=self.cohort).select_related("person")


# --- Mentors ------------------------------------------------------------------------------------


def accept(world: World) -> None:
    offer = world.one(world.offers)
    transitions.accept(offer, actor=offer.commitment.mentor.person, now=world.now)


def decline(world: World) -> None:
    offer = world.one(world.offers)
    reason = world.chance.choice(Proposal.Reason.values)
    transitions.decline(
        offer, reason=reason, words="Pas cette fois.", actor=offer.commitment.mentor.person, now=world.now
    )


def ask_for_a_call(world: World) -> None:
    offer = world.one(world.offers)
    calls.ask_call(offer, words="Une question.", actor=offer.commitment.mentor.person, now=world.now)


def pause(world: World) -> None:
    falls.pause_mentor(world.one(world.mentors), actor=STAFF, now=world.now)


def resume(world: World) -> None:
    mentors.resume(world.one(world.mentors), actor=STAFF, now=world.now)


def leave(world: World) -> None:
    falls.leave_mentor(world.one(world.mentors), actor=STAFF, now=world.now)


def take_fewer(world: World) -> None:
    commitment = world.one(world.commitments.filter(capacity__gte=1))
    falls.reduce_capacity(commitment, world.chance.randrange(commitment.capacity), actor=STAFF, now=world.now)


def take_more(world: World) -> None:
    commitment = world.one(world.commitments.filter(capacity__lt=MAX_CAPACITY))
    mentors.commit(
        commitment.mentor,
        world.cohort,
        capacity=world.chance.randint(max(1, commitment.capacity), MAX_CAPACITY),
        actor=STAFF,
        now=world.now,
    )


# --- Young people and their representatives -----------------------------------------------------


def withdraw(world: World) -> None:
    file = world.one(world.files.filter(state__in=(Application.State.CONFIRMED, Application.State.MATCHED)))
    falls.withdraw_application(file, actor=file.candidate, now=world.now)


def take_authorisation_back(world: World) -> None:
    given = GuardianAuthorisation.objects.filter(state=GuardianAuthorisation.State.GIVEN).select_related("person")
    falls.withdraw_authorisation(world.one(given), actor=STAFF, now=world.now)


def object_to(world: World) -> None:
    pair = world.one(world.pairs.living())
    introductions.object_to(pair, words="Pas elle.", actor=pair.application.candidate, now=world.now)


def say_yes(world: World) -> None:
    pair = world.one(world.pairs.living())
    introductions.say_yes(pair, actor=pair.application.candidate, now=world.now)


# --- Coordinators -------------------------------------------------------------------------------


def calculate(world: World) -> None:
    transitions.request_run(world.cohort, keeps_offers=world.chance.random() < 0.3, actor=STAFF, now=world.now)


def publish(world: World) -> None:
    publishing.ask(world.one(Run.objects.publishable().filter(cohort=world.cohort)), actor=STAFF, now=world.now)


def forbid(world: World) -> None:
    transitions.forbid_pair(world.one(world.files), world.one(world.mentors), actor=STAFF, now=world.now)


def pin(world: World) -> None:
    file = world.one(world.files.filter(state=Application.State.CONFIRMED))
    pinning.pin_pair(file, world.one(world.commitments), actor=STAFF, now=world.now)


def unpin(world: World) -> None:
    pinning.unpin_pair(world.one(world.files.filter(pinned__isnull=False)), actor=STAFF, now=world.now)


ACTS = {
    accept: 7, decline: 4, ask_for_a_call: 1, pause: 0.8, resume: 1.2, leave: 0.3, take_fewer: 0.7, take_more: 0.5,
    withdraw: 0.6, take_authorisation_back: 0.3, object_to: 1, say_yes: 1,
    calculate: 0.5, publish: 1.5, forbid: 0.4, pin: 0.6, unpin: 0.4,
}  # fmt: skip
"""What people do, and how often beside the rest."""
TEMPERS = (0.2, 1, 2)
"""No two seasons are alike: each act is rarer or more frequent in one than in another."""


# --- The clock ----------------------------------------------------------------------------------


def expire(world: World) -> None:
    transitions.expire_offers(now=world.now)


def exchange_contacts(world: World) -> None:
    introductions.exchange_due(now=world.now)


def ask_for_repairs(world: World) -> None:
    repairs.request_due(now=world.now)


def work_runs(world: World) -> None:
    while run := runs.claim(world.now):
        runs.work(run, now=world.now)


def publish_runs(world: World) -> None:
    repairs.publish_due(now=world.now)
    for run in Run.objects.publishing():
        publishing.work(run, now=world.now)


CLOCK = (expire, exchange_contacts, ask_for_repairs, work_runs, publish_runs)
