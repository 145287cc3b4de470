"""The worst files, and what they cost the worker: less than 512 MB with its sandbox, each ending as it should."""

import subprocess
import sys

import pytest

from documents.cleaning import ROOT


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and macOS does not limit an address space")
def test_the_worst_files_stay_under_512_mb():
    done = subprocess.run([sys.executable, "-m", "bench.cleaning"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) >= 28
