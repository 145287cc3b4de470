"""`.env.example` tells whoever installs the portal all that can be set, and nothing that has no effect."""

import itertools
import re
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent.parent


def named_in_the_settings() -> set[str]:
    files = [ROOT / "mentorat" / "settings" / name for name in ("base.py", "production.py")]
    return {name for file in files for name in re.findall(r'\benv(?:\.\w+)?\("([A-Z_]+)"', file.read_text())}


def test_the_example_lists_each_setting_of_the_environment():
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(named_in_the_settings())


def test_each_setting_of_the_example_has_a_comment_above():
    lines = (ROOT / ".env.example").read_text().splitlines()
    without = [line for above, line in itertools.pairwise(lines) if "=" in line and line[0] != "#" and not above]
    assert without == []


def test_the_example_is_read_as_it_is_meant(monkeypatch):
    monkeypatch.setattr(environ.Env, "ENVIRON", {})
    env = environ.Env()
    environ.Env.read_env(ROOT / ".env.example")
    assert env.db("DATABASE_URL")["NAME"] == "mentorat"
    assert env.email_url("EMAIL_URL")["EMAIL_USE_TLS"] is True
    assert env("DEFAULT_FROM_EMAIL") == "Mentorat 50/50 <mentorat@example.org>"
    assert env.list("ALLOWED_HOSTS") == ["mentorat.example.org"]
    assert (env.bool("SECURE_SSL_REDIRECT"), env.int("TRUSTED_PROXY_COUNT")) == (True, 1)
