"""How far the worker is with a run, where staff can see it: written at once, outside the transaction of the result."""

from datetime import timedelta
from time import monotonic, process_time

from lifecycle.moves import lock
from matching.models import Run

Step = Run.Step

LEASE = timedelta(minutes=10)
"""A worker that says nothing for that long is taken for dead. Each step it comes to renews the lease."""
PERCENT = {Step.READING: 5, Step.SOLVING: 30, Step.VERIFYING: 60, Step.EXPLAINING: 75, Step.WRITING: 90}


class LeaseLost(Exception):
    """Another worker took the run over meanwhile: what this one found is not written."""


class Progress:
    """One worker's way through one run. `seconds` is what each step took of the processor."""

    def __init__(self, run: Run, now):
        self.run, self.began, self.now = run, monotonic(), now
        self.seconds: dict[str, float] = {}
        self.measured, self.step = process_time(), ""

    def reach(self, step: str) -> None:
        """Say that this step begins, and hold the run for as long again. Raises LeaseLost."""
        self.measure()
        self.step = step
        lease = self.now + timedelta(seconds=monotonic() - self.began) + LEASE
        held = Run.objects.filter(pk=self.run.pk, state=Run.State.RUNNING, lease_until=self.run.lease_until)
        if not held.update(step=step, percent=PERCENT[step], lease_until=lease):
            raise LeaseLost
        self.run.lease_until = lease

    def hold(self) -> None:
        """Lock the run for writing its result. Raises LeaseLost."""
        lease = self.run.lease_until
        lock(self.run)
        if self.run.state != Run.State.RUNNING or self.run.lease_until != lease:
            raise LeaseLost

    def measure(self) -> None:
        """Count what the step under way took until now."""
        before, self.measured = self.measured, process_time()
        if self.step:
            self.seconds[self.step] = self.seconds.get(self.step, 0) + self.measured - before
