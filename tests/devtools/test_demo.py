"""`make demo` and `make reset`: every mishap is one line, and nothing is left behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.folder import DataFolder
from tests.devtools.test_services import is_running
from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(data: Path, **more) -> dict[str, str]:
    """A terminal in which no service is named."""
    left_out = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT", "SITE_URL")
    known = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**known, "DEMO_DATA": str(data), **more}


def demo(data: Path, *arguments: str, **more) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "devtools.demo", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(data, **more), capture_output=True, text=True, timeout=60)


def mishap(result: subprocess.CompletedProcess) -> tuple[int, str]:
    return result.returncode, result.stderr


def test_a_busy_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        result = demo(tmp_path, PORT=str(port))
    line = f"demo: port {port} cannot be used (Address already in use); try: make demo PORT={port + 1}\n"
    assert mishap(result) == (1, line)
    assert result.stdout == ""


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_what_is_no_port_is_one_line(tmp_path, port):
    line = f"demo: PORT={port} is not a port: choose one from 1024 to 65535\n"
    assert mishap(demo(tmp_path, PORT=port)) == (1, line)


def test_a_second_start_is_one_line(tmp_path):
    first = DataFolder(tmp_path)
    first.take("http://localhost:8000/")
    code, line = mishap(demo(tmp_path, PORT=str(free_port())))
    first.release()
    assert (code, line) == (
        1,
        f"demo: already running at http://localhost:8000/ (process {os.getpid()}); "
        f"stop it there with Ctrl-C, or with: kill {os.getpid()}\n",
    )


def test_a_half_made_data_folder_is_one_line(tmp_path):
    (tmp_path / "postgres").mkdir()
    line = f"demo: the database in {tmp_path / 'postgres'} is incomplete; `make reset` starts over\n"
    assert mishap(demo(tmp_path, PORT=str(free_port()))) == (1, line)


def test_a_data_folder_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "data").write_text("")
    code, line = mishap(demo(tmp_path / "data", PORT=str(free_port())))
    assert (code, line.count("\n")) == (1, 1)


def test_reset_deletes_what_the_demo_wrote(tmp_path):
    data = tmp_path / "data"
    (data / "postgres").mkdir(parents=True)
    (data / "web.log").write_text("")
    result = demo(data, "--reset")
    assert mishap(result) == (0, "")
    assert data.exists() is False
    assert mishap(demo(data, "--reset")) == (0, "")  # nothing to delete is no mishap


def test_reset_leaves_a_running_demo_alone(tmp_path):
    running = DataFolder(tmp_path)
    running.take("http://localhost:8000/")
    (tmp_path / "postgres").mkdir()
    code, line = mishap(demo(tmp_path, "--reset"))
    running.release()
    assert (code, line.startswith("demo: already running at http://localhost:8000/")) == (1, True)
    assert (tmp_path / "postgres").exists() is True


# --- The whole of it --------------------------------------------------------------------------


class RunningDemo:
    """A demo started as `make demo` starts it, and the processes it started."""

    def __init__(self, data: Path):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "devtools.demo"],
            cwd=ROOT,
            env=environment(data, PORT=str(self.port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops everything." in line:
                break
        self.family = family_of(self.process.pid)

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(30)

    def left_behind(self, seconds: float = 20) -> list[int]:
        end = time.monotonic() + seconds
        while any(map(is_running, self.family)) and time.monotonic() < end:
            time.sleep(0.1)
        return [pid for pid in self.family if is_running(pid)]


def family_of(pid: int) -> list[int]:
    """The processes started by this one, and by those."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = list(children.get(pid, []))
    for child in found:
        found += children.get(child, [])
    return found


@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_the_demo_starts_says_where_it_is_and_ends_without_a_trace(tmp_path):
    first = RunningDemo(tmp_path)
    assert first.said.count("is ready") == 1, first.said
    assert first.get("/healthz")[0] == 200
    assert first.get("/courriels/")[0] == 200
    stylesheet = re.search(r'href="(/static/css/portal\.[0-9a-f]+\.css)"', first.get("/")[1])
    assert first.get(stylesheet[1])[0] == 200
    assert (first.end(signal.SIGINT), first.left_behind()) == (0, [])

    began = time.monotonic()
    second = RunningDemo(tmp_path)
    assert time.monotonic() - began < 20
    second.end(signal.SIGKILL)
    assert second.left_behind() == []

    third = RunningDemo(tmp_path)
    assert third.get("/healthz")[0] == 200
    os.kill(next(pid for pid in third.family if "beat" in Path(f"/proc/{pid}/cmdline").read_text()), signal.SIGKILL)
    rest = third.process.stdout.read()
    third.process.stdout.close()
    assert (third.process.wait(30), third.left_behind()) == (1, [])
    assert "clock ended by itself (code -9)" in rest
