"""How long the best list takes: files, places, and how many bounds bite.

.venv/bin/python -m bench.selection            # 2,000 files, then more
"""

from random import Random
from time import perf_counter

from reviews.choosing import TOGETHER, Bounds, Candidate, choose

AUDIENCES = {"STUDENT": 45, "SELF_TAUGHT": 30, "PUPIL": 15, "REINSERTION": 10}
"""Out of a hundred files."""


def main() -> None:
    print("files, places: seconds, places that the bounds changed, price in points")
    for files, places in ((2000, 200), (2000, 1000), (2000, 1500), (20_000, 2000), (100_000, 2000)):
        pool = people(files)
        started = perf_counter()
        choice = choose(pool, places, bounds(places), seed="printemps-2027")
        seconds, all_bounds = perf_counter() - started, choice.effects[TOGETHER]
        print(f"{files:7,} {places:6,}: {seconds:5.2f} {len(all_bounds.entered):6,} {all_bounds.price / 100:9.2f}")


def people(count: int) -> list[Candidate]:
    """Files of a season: four audiences, four women in ten, scores in twentieths of a point."""
    random = Random(count)
    audiences = random.choices(list(AUDIENCES), weights=list(AUDIENCES.values()), k=count)
    return [
        Candidate(
            f"P27-{number:06d}",
            points=min(500, max(100, 5 * round(random.gauss(330, 70) / 5))),
            audience=audience,
            counts_for_parity=random.random() < 0.4,
            mean=random.randrange(100, 501, 50),
        )
        for number, audience in enumerate(audiences)
    ]


def bounds(places: int) -> Bounds:
    """A minimum for each audience, two of which ask for more than chance gives, and parity a little above it."""
    shares = {"STUDENT": 30, "SELF_TAUGHT": 20, "PUPIL": 15.2, "REINSERTION": 10.2}
    return Bounds({audience: int(places * share) // 100 for audience, share in shares.items()}, 41)


if __name__ == "__main__":
    main()
