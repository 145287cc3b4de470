"""Requests that a live server still works at, when the test that caused them is over: a browser that has left does not
end them, and emptying the tables under one is a deadlock.
"""

import threading
from time import monotonic, sleep

from django.core.signals import request_finished, request_started

PATIENCE = 10
"""Seconds."""

_working: set[int] = set()


def _began(**_signal) -> None:
    if threading.current_thread() is not threading.main_thread():  # the test's own client works in the main one
        _working.add(threading.get_ident())


def _ended(**_signal) -> None:
    _working.discard(threading.get_ident())


request_started.connect(_began, dispatch_uid="tests.inflight")
request_finished.connect(_ended, dispatch_uid="tests.inflight")


def wait() -> None:
    """Until none is left. Raises AssertionError when one never ends."""
    late = monotonic() + PATIENCE
    while _working:
        assert monotonic() < late, "a request to the live server never ends"
        sleep(0.02)
