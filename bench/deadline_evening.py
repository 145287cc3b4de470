"""Five hundred candidates in one minute: `python -m bench.deadline_evening`, see README.md.

Exits with 1 when one of them is lost, doubled, or answered with anything but a page.
"""

import argparse
import random
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict

from bench import stage
from bench.people import Notes, Person
from devtools.children import Failure

WRITES_EVERY = 5  # seconds
PROPER = {"check": {200}, "check again": {200, 302}, "send": {302}, "receipt": {200}, "step": {200}, "autosave": {200}}


def main(arguments: list[str]) -> int:
    """Prepare, run, tell. Returns the exit code."""
    options = _options(arguments)
    with stage.database() as (_folder, children):
        say(f"{options.people} drafts…")
        candidates = stage.prepare(options.people)
        web = [f"--workers={options.workers}", *([f"--threads={options.threads}"] if options.threads > 1 else [])]
        server, port = stage.serve(children, web)
        notes, chance = Notes(), random.Random(options.seed)
        crowd = [Person(c, port, notes, random.Random(chance.random())) for c in candidates]
        _warm_up(crowd[0])
        say(f"{'All at once' if options.burst else f'{options.seconds} s'}, gunicorn {' '.join(web)}")
        began = time.monotonic()
        _run(crowd, options, chance)
        seconds = time.monotonic() - began
        children.check()
        processor = stage.stop(children, server)
        losses = _sent_once(crowd) if options.what == "send" else _kept_all(crowd)
    _tell(notes, seconds, processor)
    wrong = [*notes.troubles, *_improper(notes), *losses]
    for sentence in wrong[:20]:
        say(f"  ✗ {sentence}")
    say(f"{len(wrong)} wrong" if wrong else "Nothing lost, nothing doubled, every answer a page.")
    return 1 if wrong else 0


def _options(arguments: list[str]):
    parser = argparse.ArgumentParser(prog="python -m bench.deadline_evening", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["send", "write"], default="send")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--burst", action="store_true", help="everybody in the same second")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8, help="for each worker of gunicorn")
    parser.add_argument("--seed", type=int, default=5050)
    return parser.parse_args(arguments)


def say(line: str) -> None:
    print(line, flush=True)


def _warm_up(person: Person) -> None:
    """A server that runs since the morning has read its templates."""
    for _page in range(8):
        person.get("warm up", person.path("verifier/"))
    person.notes.answers.clear()


def _run(crowd: list[Person], options, chance: random.Random) -> None:
    """Everybody in a thread, each at her moment: for a deadline, most in the last seconds."""
    start = time.monotonic() + 0.5
    threads = []
    for person in crowd:
        share = 0 if options.burst else chance.random() if options.what == "write" else chance.betavariate(4, 1)
        span = WRITES_EVERY if options.what == "write" else options.seconds
        args = [person, start + share * span, start + options.seconds, options.what]
        threads.append(threading.Thread(target=_live, args=args))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _live(person: Person, moment: float, until: float, what: str) -> None:
    time.sleep(max(0, moment - time.monotonic()))
    try:
        person.send() if what == "send" else person.write(until, WRITES_EVERY)
    except Exception as error:
        person.notes.trouble(f"{person.candidate.reference}: {error!r}")


# --- What stands afterwards ---------------------------------------------------------------------


def _sent_once(crowd: list[Person]) -> list[str]:
    """Whoever has not one copy of her own words, one line in the journal and one receipt."""
    from applications.copies import checksum
    from applications.models import Application, Draft, SentCopy
    from lifecycle import journal
    from lifecycle.models import JournalEntry
    from notifications.models import Letter

    files = {a.reference: a for a in Application.objects.all()}
    lines = Counter(JournalEntry.objects.filter(action="application.submitted").values_list("target", flat=True))
    letters = Counter(Letter.objects.filter(kind="applications.receipt").values_list("about", flat=True))
    copies, drafts = defaultdict(list), set(Draft.objects.values_list("application_id", flat=True))
    for copy in SentCopy.objects.all():
        copies[copy.application_id].append(copy)
    wrong = []
    for person in crowd:
        file = files[person.candidate.reference]
        found = copies[file.pk]
        counts = (len(found), lines[journal.ref(file)], letters[journal.ref(file)])
        if counts != (1, 1, 1) or file.state != file.State.SUBMITTED or file.pk in drafts:
            wrong.append(f"{file.reference}: {file.state}, (copies, lines, receipts) = {counts}")
        elif found[0].content["project"] != person.candidate.project or checksum(found[0].content) != found[0].checksum:
            wrong.append(f"{file.reference}: the copy does not hold her words")
    say(f"Sent {sum(map(len, copies.values()))}, journal {lines.total()}, receipts {letters.total()}, of {len(crowd)}")
    return wrong


def _kept_all(crowd: list[Person]) -> list[str]:
    """Whoever does not find the last words that she was told are saved."""
    from applications.models import Draft

    found = dict(Draft.objects.values_list("application__reference", "answers__project"))
    return [
        f"{person.candidate.reference}: her last words are not there"
        for person in crowd
        if found[person.candidate.reference] != person.kept
    ]


def _improper(notes: Notes) -> list[str]:
    wrong = Counter((what, status) for what, status, _seconds in notes.answers if status not in PROPER[what])
    return [f"{times} × {status} for « {what} »" for (what, status), times in wrong.items()]


def _tell(notes: Notes, seconds: float, processor: float) -> None:
    """A line for each thing asked: how many, statuses, latencies in milliseconds; then what gunicorn itself worked."""
    say(f"{'':12} {'asked':>6} {'p50':>7} {'p95':>7} {'p99':>7} {'max':>7}  statuses")
    for what in dict.fromkeys(what for what, _status, _seconds in notes.answers):
        taken = sorted(s * 1000 for w, _status, s in notes.answers if w == what)
        statuses = Counter(status for w, status, _seconds in notes.answers if w == what)
        cuts = statistics.quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
        numbers = " ".join(f"{cut:7.0f}" for cut in (cuts[49], cuts[94], cuts[98], taken[-1]))
        say(f"{what:12} {len(taken):6} {numbers}  {dict(statuses)}")
    count = len(notes.answers)
    pace, work = count / seconds, processor / count * 1000
    say(f"{count} answers in {seconds:.0f} s, {pace:.0f} a second; gunicorn worked {work:.0f} ms for each")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        sys.exit(f"bench: {failure}")
