"""A whole run of the matching from the database, by step: what the worker's processor takes.

.venv/bin/python -m bench.matching_runs            # 200 × 120, then 2,000 × 1,200
.venv/bin/python -m bench.matching_runs 500x300    # other sizes

Reading, solving, verifying, explaining, writing, with and without a share to hold. Exits with 1 when a run fails, or
takes longer than it may.
"""

import sys
import time

from bench import stage

SIZES = {"200x120": 2.0, "2000x1200": 10.0}
"""Mentees × mentors, and the seconds that a run may take."""


def main(sizes: list[str]) -> int:
    worst = 0
    with stage.database():
        import django

        django.setup()
        from django.db import connection

        from tests.factories.matched import make_matched_season

        print(f"{'mentees × mentors':>18} {'share':>6} {'pairs':>7} {'allowed':>9}  seconds of processor, by step")
        for size in sizes:
            cohort = make_matched_season(*map(int, size.split("x")))
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            for share in (None, 50):
                worst = max(worst, _run(size, cohort, share))
        connection.close()
    return worst


def _run(size: str, cohort, share: int | None) -> int:
    from django.utils import timezone

    from lifecycle import journal
    from matching import runs, transitions

    run = transitions.request_run(cohort, parity_percent=share, actor=journal.CONSOLE)
    claimed, began = runs.claim(timezone.now()), time.process_time()
    steps = runs.work(claimed)
    total = time.process_time() - began
    run.refresh_from_db()
    told = ", ".join(f"{step.lower()} {seconds:.2f}" for step, seconds in steps.items())
    figures = run.figures or {"pairs": 0, "possible": 0}
    asked = f"{share} %" if share else "–"
    print(f"{size:>18} {asked:>6} {figures['pairs']:7,} {figures['possible']:9,}  {total:.2f}: {told} {run.error}")
    return int(run.state != run.State.DONE or total > SIZES.get(size, float("inf")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(SIZES)))
