"""`make demo`: the whole portal on this machine, in the foreground: services, web, worker and clock.

`python -m devtools.demo` starts it, `python -m devtools.demo --reset` deletes what it wrote. Both say what went
wrong in one line. Ctrl-C, SIGTERM and SIGHUP stop everything; so does a kill -9 of this process (see `tether`).
"""

import contextlib
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path

from devtools import services
from devtools.children import Child, Children, Failure
from devtools.folder import DataFolder

BASE_DIR = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, BASE_DIR / "manage.py"]
RULE = "─" * 78


def main(arguments: list[str]) -> int:
    """Start the demo, or delete its data with `--reset`. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    folder = DataFolder(Path(os.environ.get("DEMO_DATA") or BASE_DIR / ".data"))
    try:
        reset(folder) if arguments == ["--reset"] else run(folder, _port())
    except (Failure, OSError) as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def reset(folder: DataFolder) -> None:
    """Delete all the demo wrote, unless it runs."""
    if folder.root.exists():
        folder.take(patience=5)
        folder.delete()
    if os.environ.get("DATABASE_URL"):
        say("DATABASE_URL is set: that database is yours, and was left as it is.")
    say(f"The demo starts over: {folder.root} is gone.")


def run(folder: DataFolder, port: int) -> None:
    """Start everything, and stay until somebody or something ends it."""
    began = time.monotonic()
    address = f"http://localhost:{port}/"
    children = Children(logs=folder.root, lock=folder.take(address))
    try:
        _refuse_busy(port)
        prepare(folder, children, port)
        serve(children, port)
        _tell(address, folder, time.monotonic() - began)
        while True:
            time.sleep(0.3)
            children.check()
    finally:
        with _undisturbed():
            if children.running:
                say("Stopping…")
            children.stop()
            folder.release()


def prepare(folder: DataFolder, children: Children, port: int) -> None:
    """Services, tables, season, static files."""
    with _step("PostgreSQL and Redis"):
        addresses = services.start(folder, children)
    os.environ.update(
        addresses,
        DJANGO_SETTINGS_MODULE="mentorat.settings.demo",
        DEMO_DATA=str(folder.root),
        COLLECTED="true",
        PORT=str(port),
        PYTHONUNBUFFERED="1",
    )
    # Compressing takes seconds of its own and needs no database: it goes on beside the rest.
    collecting = None
    if not _is_collected(folder):
        collecting = _manage(children, "collectstatic", "--no-input", "--clear", "--verbosity=0")
    with _step("Tables"):
        children.finish(_manage(children, "migrate", "--verbosity=0"))
    with _step("Season"):
        children.finish(_manage(children, "load_season"))
    if collecting:
        with _step("Pages’ style and pictures"):
            children.finish(collecting)


def _is_collected(folder: DataFolder) -> bool:
    """Whether the static files served are at least as new as the ones they were made from."""
    manifest = folder.root / "static" / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [BASE_DIR / "requirements.txt", *BASE_DIR.glob("static/**/*"), *BASE_DIR.glob("[!.]*/static/**/*")]
    return max(path.stat().st_mtime for path in sources) <= manifest.stat().st_mtime


def _manage(children: Children, command: str, *options: str) -> Child:
    return children.spawn(command, [*MANAGE, command, *options], cwd=BASE_DIR)


def serve(children: Children, port: int) -> None:
    """Start web, worker and clock, and wait for the web to answer that all is well."""
    web = ["gunicorn", "mentorat.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2", "--graceful-timeout=5"]
    worker = ["celery", "-A", "mentorat", "worker", "--concurrency=2", "--loglevel=INFO"]
    clock = ["celery", "-A", "mentorat", "beat", "--loglevel=INFO", f"--schedule={children.logs / 'clock-schedule'}"]
    with _step("Web, worker and clock"):
        # A control socket is of no use here, and would be shared by every gunicorn of this person.
        started = _python_module(children, "web", [*web, "--preload", "--no-control-socket", "--access-logfile=-"])
        _python_module(children, "worker", worker)
        _python_module(children, "clock", [*clock, "--pidfile="])
        children.wait_for(started, lambda: _is_healthy(port), seconds=60)


def _python_module(children: Children, name: str, command: list[str]) -> Child:
    return children.spawn(name, [sys.executable, "-m", *command], cwd=BASE_DIR)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


# --- The terminal -----------------------------------------------------------------------------


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)


@contextlib.contextmanager
def _step(title: str):
    print(f"  {title}… ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - began:.1f} s")


def _tell(address: str, folder: DataFolder, seconds: float) -> None:
    """Where everything is, and as whom to sign in."""
    lines = [
        RULE,
        f"  Mentorat 50/50: the demo is ready ({seconds:.0f} s)",
        "",
        f"  Portal    {address}",
        f"  Letters   {address}courriels/   every letter and every sign-in code arrives there",
        f"  Staff     {address}admin/",
        "",
        *_sign_ins(address),
        "",
        "  Staff are then asked for a second code: the page of letters shows the current one.",
        f"  Logs: {_short(folder.root)}/*.log. A demo on this machine only: its database may lose data in a crash.",
        "  Ctrl-C stops everything.",
        RULE,
    ]
    say("\n".join(lines))


def _sign_ins(address: str) -> list[str]:
    """Where to sign in, and one line per kind of person."""
    import django

    django.setup()
    from django.urls import reverse

    from devtools.people import sign_ins

    rows = sign_ins()
    role_width, email_width = (max(len(row[i]) for row in rows) for i in (0, 1))
    page = address.rstrip("/") + reverse("account_login")
    return [
        f"  Sign in at {page} with an address; its code arrives in the letters:",
        *(f"    {role:{role_width}}  {email:{email_width}}  {note}".rstrip() for role, email, note in rows),
    ]


def _short(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


# --- Beginnings and ends ----------------------------------------------------------------------


def _port() -> int:
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Failure(f"PORT={wanted} is not a port: choose one from 1024 to 65535")
    return int(wanted)


def _refuse_busy(port: int) -> None:
    """Raise Failure when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failure(f"port {port} cannot be used ({error.strerror}); try: make demo PORT={port + 1}") from None


def _interrupt(number, frame):
    raise KeyboardInterrupt


@contextlib.contextmanager
def _undisturbed():
    """A second Ctrl-C must not leave half of the processes behind."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
