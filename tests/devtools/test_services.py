"""The embedded services: anywhere, after anything, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from devtools import services
from devtools.children import Children, Failure
from devtools.folder import DataFolder

ROOT = Path(__file__).resolve().parent.parent.parent
NOTHING_SET: dict[str, str] = {}

LAUNCHER = """
import sys, time
from pathlib import Path
from devtools import services
from devtools.children import Children
from devtools.folder import DataFolder

folder = DataFolder(Path(sys.argv[1]))
children = Children(logs=folder.root, lock=folder.take())
print(services.start(folder, children, {})["DATABASE_URL"], *[c.process.pid for c in children.running], flush=True)
time.sleep(60)
"""


@pytest.fixture
def started():
    """`started(root)`: the addresses of services running there until the end of the test."""
    ends = []

    def start(root: Path) -> dict[str, str]:
        folder = DataFolder(root)
        children = Children(logs=root, lock=folder.take())
        ends.append((children, folder))
        return services.start(folder, children, NOTHING_SET)

    yield start
    for children, folder in ends:
        children.stop()
        folder.release()


def ask(database_url: str, query: str):
    url = urlsplit(database_url)
    host = parse_qs(url.query)["host"][0]
    connection = psycopg2.connect(host=host, user=url.username, dbname=url.path[1:])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def is_running(pid: int) -> bool:
    """Zombies that nobody has waited for do not run any more."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_they_run_in_a_deep_folder_with_accents_and_spaces_and_end_without_a_trace(tmp_path):
    root = tmp_path / "Mes dossiers" / ("très-loin-" * 8) / "été"
    folder = DataFolder(root)
    children = Children(logs=root, lock=folder.take())
    addresses = services.start(folder, children, NOTHING_SET)
    pids = [child.process.pid for child in children.running]

    assert ask(addresses["DATABASE_URL"], "select upper('é')") == "É"
    socket = urlsplit(addresses["REDIS_URL"]).path
    with redis.Redis(unix_socket_path=socket) as client:
        assert client.ping() is True
    assert [is_running(pid) for pid in pids] == [True, True]

    children.stop()
    folder.release()
    assert [is_running(pid) for pid in pids] == [False, False]
    assert Path(socket).parent.exists() is False


def test_addresses_of_the_environment_win(tmp_path):
    named = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    children = Children(logs=tmp_path, lock=0)
    assert services.start(DataFolder(tmp_path), children, named) == named
    assert children.running == []


def test_a_second_start_is_refused_in_one_line(tmp_path):
    first = DataFolder(tmp_path)
    first.take("http://localhost:8000/")
    with pytest.raises(Failure) as refusal:
        DataFolder(tmp_path).take()
    assert str(refusal.value) == (
        f"already running at http://localhost:8000/ (process {os.getpid()}); "
        f"stop it there with Ctrl-C, or with: kill {os.getpid()}"
    )
    first.release()
    again = DataFolder(tmp_path)
    again.take()
    again.release()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_a_kill_of_the_launcher_ends_the_servers_and_the_next_start_finds_the_data(tmp_path, started):
    command = [sys.executable, "-c", LAUNCHER, tmp_path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        url, *pids = launcher.stdout.readline().split()
        ask(url, "create table kept as select 5050 as number")
        launcher.send_signal(signal.SIGKILL)

    addresses = started(tmp_path)  # waits until the last of the servers has let go of the lock
    assert [is_running(int(pid)) for pid in pids] == [False, False]
    assert ask(addresses["DATABASE_URL"], "select number from kept") == 5050


SLOW_LAUNCHER = """
import sys, time
from pathlib import Path
from devtools.children import Children
from devtools.folder import DataFolder

folder = DataFolder(Path(sys.argv[1]))
children = Children(logs=folder.root, lock=folder.take())
slow = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), sys.exit())); "
child = children.spawn("slow", [sys.executable, "-c", slow + "print('ready', flush=True); time.sleep(60)"])
children.wait_for(child, lambda: "ready" in child.log.read_text())
print(child.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_the_lock_is_free_only_once_all_that_a_killed_launcher_started_has_ended(tmp_path):
    command = [sys.executable, "-c", SLOW_LAUNCHER, tmp_path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        pid = int(launcher.stdout.readline())
        launcher.send_signal(signal.SIGKILL)
    assert is_running(pid) is True

    folder = DataFolder(tmp_path)
    folder.take()
    assert is_running(pid) is False
    folder.release()


def test_a_cluster_cut_short_while_it_was_made_is_made_again(tmp_path, started):
    (tmp_path / "postgres.unfinished").mkdir()
    (tmp_path / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    assert ask(started(tmp_path)["DATABASE_URL"], "select 1") == 1


def test_a_pid_file_that_names_another_process_is_no_obstacle(tmp_path, started):
    folder = DataFolder(tmp_path)
    children = Children(logs=tmp_path, lock=folder.take())
    services.start_postgres(folder, children)
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    left_behind = pid_file.read_text()
    ours = str(children.running[0].process.pid)
    children.stop()
    folder.release()

    # As after a restart of the machine, when the number belongs to somebody else. Ours would not do: PostgreSQL
    # never takes its own parent for a server.
    with subprocess.Popen(["sleep", "60"]) as another:
        try:
            pid_file.write_text(left_behind.replace(ours, str(another.pid), 1))
            assert ask(started(tmp_path)["DATABASE_URL"], "select 1") == 1
        finally:
            another.kill()


def test_a_half_made_data_folder_is_told_in_one_line(tmp_path, started):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(Failure) as refusal:
        started(tmp_path)
    assert str(refusal.value) == f"the database in {tmp_path / 'postgres'} is incomplete; `make reset` starts over"


def test_damaged_data_are_told_in_one_line_with_the_reason(tmp_path, started):
    (tmp_path / "postgres" / "global").mkdir(parents=True)
    (tmp_path / "postgres" / "global" / "pg_control").write_text("")
    with pytest.raises(Failure) as refusal:
        started(tmp_path)
    line = str(refusal.value)
    assert "\n" not in line
    assert line.startswith("postgres ended by itself (code ")
    assert line.endswith("`make reset` starts over")


def test_who_ended_by_itself_is_named_with_its_last_words_and_its_log(tmp_path):
    children = Children(logs=tmp_path, lock=os.open(tmp_path, os.O_RDONLY))
    child = children.spawn("clock", [sys.executable, "-c", "raise SystemExit('ValueError: no time left')"])
    child.process.wait()
    with pytest.raises(Failure) as failure:
        children.check()
    assert str(failure.value) == (
        f"clock ended by itself (code 1): ValueError: no time left (see {tmp_path / 'clock.log'})"
    )
    children.stop()
    os.close(children.lock)


def test_one_that_does_not_listen_is_killed_with_what_it_started(tmp_path):
    deaf = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    deaf += "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    children = Children(logs=tmp_path, lock=os.open(tmp_path, os.O_RDONLY))
    child = children.spawn("worker", [sys.executable, "-c", deaf])
    children.wait_for(child, lambda: child.log.read_text().strip().isdigit())
    grandchild = int(child.log.read_text())

    children.stop(patience=0.2)
    deadline = time.monotonic() + 5
    while is_running(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [is_running(child.process.pid), is_running(grandchild)] == [False, False]
    os.close(children.lock)
