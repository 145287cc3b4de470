"""The coordinators' screens among 100,000 files: `python -m bench.admin_list [--files N]`.

A database of its own, filled as a season leaves it (`bench.many_files`). Every filter of the list alone (each of its
values) and in pairs, every column, the first page and the last, and searches are asked for as a coordinator's browser
would; each query they made is then explained, on a warm cache. Exits with 1 when a page of the list takes more than
10 queries, or a query more than 100 ms.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from urllib.parse import urlencode

from bench import stage

MOST_QUERIES = 10
MOST_MS = 100
TRIES = 3
"""A query that seems slow is timed again: two cores are shared with whatever else runs."""
SEARCHES = (
    *("diallo", "zoe", "nguyen", "jean", "li", "a", "e", "martin marie", "example", "example.org", "courriel", "bo"),
    *("P27", "A27", "27-", "xq", "nobody-at-all", "%", "_", "🎬", "x" * 5000, "traore boite 12", "@"),
)
SORTS = {"reference": 1, "name": 2, "score": 8, "sent": 9}


@dataclass
class Seen:
    """What one group of addresses cost."""

    pages: int = 0
    queries: int = 0
    worst: float = 0.0
    sql: str = ""
    address: str = ""
    slow: list[str] = field(default_factory=list)


def main() -> int:
    """Fill the database, walk the pages, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--keep", default="", help="the name of a database that is left there, and found again")
    parser.add_argument("--only", default="", help="the groups whose name holds this")
    parser.add_argument("--verbose", action="store_true", help="show each slow query and its plan")
    asked = parser.parse_args()
    with stage.database(asked.keep):
        import django

        django.setup()
        from applications.models import Application
        from bench import many_files

        if not Application.objects.exists():
            began = time.monotonic()
            many_files.make(asked.files)
            print(f"{Application.objects.count()} files made in {time.monotonic() - began:.0f} s", flush=True)
        return _walk(asked)


def _walk(asked) -> int:
    from django.db import connection

    browser, groups = _browser(), defaultdict(Seen)
    print(f"{'':34}{'pages':>6}{'queries':>9}{'worst, ms':>11}")
    failed, name = False, None
    for name, address in _addresses():
        if asked.only in name:
            _visit(browser, address, groups[name], asked.verbose)
    for name, seen in groups.items():
        is_facets = name.startswith(("facets", "first page", "figures"))
        is_wrong = seen.worst > MOST_MS or (seen.queries > MOST_QUERIES and not is_facets)
        failed |= is_wrong
        print(f"{name:34}{seen.pages:>6}{seen.queries:>9}{seen.worst:>11.1f}  {'!' if is_wrong else ''}", flush=True)
    if asked.verbose:
        for name, seen in groups.items():
            print(f"\n{name}: {seen.worst:.1f} ms, {seen.address[:200]}\n{seen.sql[:3000]}")
    connection.close()
    return int(failed)


def _browser():
    from django.test import Client

    from tests import factories

    coordinator = factories.make_coordinator(factories.make_user("Claire", email=f"claire.{time.time()}@example.org"))
    return factories.sign_in(Client(HTTP_HOST=stage.HOST), coordinator)


def _addresses() -> Iterator[tuple[str, str]]:
    """(group, address) of every page that is asked for."""
    from django.contrib import admin
    from django.test import RequestFactory

    from applications.models import Application
    from cohorts.models import Cohort

    screen = admin.site._registry[Application]
    request = RequestFactory().get("/")
    filters = {}
    for kind in screen.list_filter:
        one = kind(request, {}, Application, screen)
        filters[one.parameter_name] = [str(value) for value, _label in one.lookup_choices]
    page = lambda **query: f"/admin/applications/application/?{urlencode(query)}"  # noqa: E731
    yield "no filter", page()
    for name, values in filters.items():
        yield from ((f"filter: {name}", page(**{name: value})) for value in values)
    picked = {name: _common_and_rare(name, values) for name, values in filters.items()}
    for one, other in combinations(filters, 2):
        yield from ((f"{one} × others", page(**{one: a, other: b})) for a in picked[one] for b in picked[other])
    for name, column in SORTS.items():
        for order in (column, -column):
            yield f"sorted by {name}", page(o=order)
            for one, values in picked.items():
                # The column of the cohort goes when its filter is set.
                shown = order if one != "cohort" or abs(order) < 3 else order - (1 if order > 0 else -1)
                yield from ((f"sorted by {name}", page(o=shown, **{one: value})) for value in values)
            yield "the last page", page(o=order, p=50)
    for one, values in picked.items():
        yield from (("the last page", page(p=50, **{one: value})) for value in values)
    for words in SEARCHES:
        yield "search", page(q=words)
        yield from (("search × filters", page(q=words, **{one: v})) for one, values in picked.items() for v in values)
        yield from (("search × sorts", page(q=words, o=column)) for column in SORTS.values())
    yield "facets on demand", page(_facets="True")
    yield from (("facets on demand", page(_facets="True", **{one: v[0]})) for one, v in picked.items())
    yield "first page", "/admin/"
    for cohort in Cohort.objects.order_by("pk"):
        yield "figures of a cohort", f"/admin/chiffres/{cohort.pk}/"
    yield "people, by name", f"/admin/accounts/user/?{urlencode({'q': 'diallo', 'o': 1})}"


def _common_and_rare(name: str, values: list[str]) -> list[str]:
    """Two values of a filter: one that many files have, and one that few have."""
    from cohorts.models import Cohort

    if name == "cohort":
        return [str(pk) for pk in Cohort.objects.order_by("pk").values_list("pk", flat=True)[:2]]
    wanted = {"state": ["SUBMITTED", "LAPSED"], "decision": ["REJECTED", "none"], "gender": ["WOMAN", "NON_BINARY"]}
    return wanted.get(name) or [values[0], values[-1]]


def _visit(browser, address: str, seen: Seen, is_verbose: bool) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address, secure=True)
    if answer.status_code == 302:  # beyond the last page: Django shows the list anew
        answer = browser.get(address.replace("p=50", "p=1"), secure=True)
    if answer.status_code != 200:
        sys.exit(f"{answer.status_code} for {address}")
    seen.pages += 1
    seen.queries = max(seen.queries, len(captured))
    for query in captured:
        ms = _timed(query["sql"])
        if ms > seen.worst:
            seen.worst, seen.sql, seen.address = ms, query["sql"], address
        if ms > MOST_MS and is_verbose:
            print(f"  {ms:.0f} ms {address[:150]}", flush=True)


def _timed(sql: str) -> float:
    """Milliseconds that one query takes, the least of a few tries; 0 for what is no SELECT.

    Those of the server's processor when its process can be seen from here, so that whatever else runs on the machine
    counts for nothing; on a warm cache nothing else is waited for. Otherwise those that EXPLAIN ANALYZE tells.
    """
    from django.db import connection

    if not sql.startswith(("SELECT", "(SELECT")):
        return 0.0
    least = float("inf")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        for _try in range(TRIES):
            before = _spent(process)
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql.replace("%", "%%"), [])
            plan = cursor.fetchone()[0]
            spent = _spent(process) - before
            plan = json.loads(plan) if isinstance(plan, str) else plan
            elapsed = plan[0]["Planning Time"] + plan[0]["Execution Time"]
            least = min(least, elapsed, spent or elapsed)
            if least < MOST_MS / 2:
                break
    return least


def _spent(process: Path) -> float:
    """Milliseconds of processor that a process has had; 0 when it is not on this machine."""
    try:
        return int(process.read_text().split()[0]) / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
