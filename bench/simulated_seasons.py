"""Whole seasons of offers, at the programme's size: random answers, changes of mind and deaths, checked at each step.

.venv/bin/python -m bench.simulated_seasons              # three seeds, 200 × 120
.venv/bin/python -m bench.simulated_seasons 500x300 7 8  # another size, these seeds

Prints what happened and how long it took. Stops at the first thing that does not hold.
"""

import sys
import time

from bench import stage


def main(size: str, seeds: list[int]) -> int:
    mentees, mentors = map(int, size.split("x"))
    with stage.database():
        import django

        django.setup()
        from django.db import connection, transaction

        from tests.simulation.stories import story

        for seed in seeds:
            began = time.perf_counter()
            with transaction.atomic():
                world = story(seed, mentees=mentees, mentors=mentors, days=30, acts_a_step=40)
                told = world.summary()
                transaction.set_rollback(True)
            taken = time.perf_counter() - began
            print(f"seed {seed}: {told} · {taken:.0f} s", flush=True)
            connection.cursor().execute("VACUUM ANALYZE")  # or autovacuum does it in the middle of the next story
        connection.close()
    return 0


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "200x120"
    sys.exit(main(wanted, [int(seed) for seed in sys.argv[2:]] or [1, 2, 3]))
