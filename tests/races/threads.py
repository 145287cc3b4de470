"""People who act at the same instant: real threads, each with its own connection to PostgreSQL."""

import threading
from collections.abc import Callable

from django.db import connection


def together(*acts: Callable[[], object]) -> list[object]:
    """Run every act in a thread of its own, all released at once; what each returned or raised, in order."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a deadlock, or an act that never ends"
    return outcomes
