"""Signs of life: is the worker alive, is the clock alive, how long have letters waited?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from notifications.models import Letter, Pulse

SILENCE = timedelta(minutes=3)
"""Six missed beats: longer than that without a sign, and staff are told."""


@dataclass(frozen=True)
class Health:
    """What the admin's first page tells. Moments are None when nothing was ever seen or waits."""

    worker_at: datetime | None
    clock_at: datetime | None
    oldest_waiting: datetime | None
    waiting: int
    uncertain: int
    failed: int
    now: datetime

    def _is_alive(self, at):
        return at is not None and self.now - at < SILENCE

    @property
    def is_worker_alive(self) -> bool:
        return self._is_alive(self.worker_at)

    @property
    def is_clock_alive(self) -> bool:
        return self._is_alive(self.clock_at)


def beat(name: str, at: datetime) -> None:
    """Note that `name` was alive at that moment; a sign less than 20 s after the last one is not written."""
    recent = Pulse.objects.filter(name=name, at__gt=at - timedelta(seconds=20))
    if not recent.exists():
        Pulse.objects.update_or_create(name=name, defaults={"at": at})


def health(now: datetime | None = None) -> Health:
    """Signs of life, and the state of the outbox (4 small queries)."""
    now = now or timezone.now()
    pulses = dict(Pulse.objects.values_list("name", "at"))
    waiting = Letter.objects.waiting(now)
    return Health(
        worker_at=pulses.get(Pulse.WORKER),
        clock_at=pulses.get(Pulse.CLOCK),
        oldest_waiting=waiting.order_by("not_before").values_list("not_before", flat=True).first(),
        waiting=waiting.count(),
        uncertain=Letter.objects.uncertain(now).count(),
        failed=Letter.objects.filter(status=Letter.Status.FAILED).count(),
        now=now,
    )
