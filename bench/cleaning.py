"""What the worst files cost the worker: `python -m bench.cleaning [NAME…]`.

Each file is cleaned by a process of its own, which has loaded what the worker has loaded. Its memory at its highest and
its sandbox's are added, as if they were so at the same moment. Exits with 1 when that reaches 512 MB, or when a file
ends otherwise than it should.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
MOST = 512
OUTCOMES = {  # beside those of the corpus, which bring their own
    "png_20_mpx_seen_through": None,
    "png_50_mpx": None,
    "png_50_mpx_seen_through": None,
    "png_50_mpx_with_a_palette": None,
    "png_50_mpx_in_sixteen_bits": None,
    "jpeg_200_mpx": None,
    "jpeg_35_mpx_for_a_printing_press": None,
    "jpeg_50_mpx_progressive": None,
    "jpeg_200_mpx_progressive": "too_many_pixels",
    "jpeg_of_thousands_of_scans": None,
    "pdf_of_a_hundred_pages_of_pictures": None,
    "pdf_of_forty_thousand_drawings": None,
}


def main(names: list[str]) -> int:
    """Clean the worst files one after the other, and print what each took."""
    sys.path.insert(0, str(BASE_DIR))
    _setup()
    from bench import heavy_files
    from tests.documents import corpus

    worst = {item.name: (item.build, item.refused) for item in corpus.load() if item.in_the_sandbox}
    worst |= {name: (getattr(heavy_files, name), reason) for name, reason in OUTCOMES.items()}
    print(f"{'':54}{'ends':>16}{'s':>6}{'worker':>8}{'sandbox':>9}{'MB':>6}")
    highest, failed = 0, []
    for name, (build, expected) in worst.items():
        if names and name not in names:
            continue
        seen = _measured(build())
        together = seen["worker"] + seen["sandbox"]
        highest = max(highest, together)
        cells = seen["ends"], seen["seconds"], seen["worker"], seen["sandbox"], together
        print("{:54}{:>16}{:>6.1f}{:>8}{:>9}{:>6}".format(name, *cells), flush=True)
        if seen["ends"] != (expected or "harmless") or together >= MOST:
            failed.append(name)
    print(f"highest: {highest} MB of {MOST}", *(f"not as it should be: {name}" for name in failed), sep="\n")
    return bool(failed)


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "mentorat.settings.test"
    import django

    django.setup()


def _measured(data: bytes) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(data)
        command = [sys.executable, "-m", "bench.cleaning", "--one", source]
        done = subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True)  # noqa: S603
        return json.loads(done.stdout)


def _one(source: Path) -> None:
    """Clean this file as the worker would, and print what it took, in MB and seconds."""
    _setup()
    from celery import Celery  # noqa: F401  the worker has it in memory too

    from documents import cleaning
    from documents.reasons import Unusable

    began = time.monotonic()
    try:
        cleaning.clean(source, source.with_name("target"))
        ends = "harmless"
    except Unusable as unusable:
        ends = unusable.reason.value
    seconds = time.monotonic() - began
    highest = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]
    worker, sandbox = int(highest) // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps({"ends": ends, "seconds": seconds, "worker": worker, "sandbox": sandbox}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one(Path(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
