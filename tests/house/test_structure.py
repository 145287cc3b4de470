"""Rules of the house that nobody has to remember."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
# From the lowest room to the highest, as in pyproject.toml.
FLOORS = {
    app: floor
    for floor, rooms in enumerate(
        [
            ["lifecycle"],
            ["notifications"],
            ["accounts"],
            ["consents"],
            ["cohorts"],
            ["applications"],
            ["reviews", "mentors"],
            ["mentorships"],
            ["matching"],
            ["portal"],
        ]
    )
    for app in rooms
}


def sources(*, apps_only=True) -> list[Path]:
    folders = FLOORS if apps_only else [*FLOORS, "documents", "mentorat", "devtools", "tests"]
    return [path for app in folders for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def app_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "templates" else parts[0]


def is_above(upper: str, lower: str) -> bool:
    return FLOORS.get(upper, -1) > FLOORS[lower]


def test_imports_run_downwards():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_states_are_written_by_move_alone():
    """Assigning `.state`, or updating it in bulk, anywhere but in lifecycle/moves.py."""
    swept, found = 0, []
    for path in sources():
        tree = ast.parse(path.read_text())
        swept += 1
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            assigned = any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets)
            updated = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("update", "bulk_update")
                and any(keyword.arg == "state" for keyword in node.keywords)
            )
            if assigned or updated:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert swept > 80
    assert [place.partition(":")[0] for place in found] == ["lifecycle/moves.py"] * 2  # one row, and thousands


def reverse_accessors_above() -> dict[str, set[str]]:
    """App → names by which its own models reach back into apps above it (`cohort.applications`)."""
    names = {app: set() for app in FLOORS}
    for app in FLOORS:
        for model in apps.get_app_config(app).get_models():
            for relation in model._meta.related_objects:
                source = relation.related_model._meta.app_label
                if source in FLOORS and (name := relation.get_accessor_name()):
                    for lower in FLOORS:
                        if is_above(source, lower) and not is_above(app, lower):
                            names[lower].add(name)
    return names


def reaching_names(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, name) of each attribute, lookup keyword and lookup string in a module."""
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id in imported):
                names.append((node.lineno, node.attr))
        elif isinstance(node, ast.keyword) and node.arg and "__" in node.arg:
            names.append((node.lineno, node.arg.partition("__")[0]))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"\w+__\w+", node.value):
            names.append((node.lineno, node.value.partition("__")[0]))
    return names


def test_no_app_uses_a_reverse_accessor_of_an_app_above():
    above, swept = reverse_accessors_above(), 0
    assert "applications" in above["cohorts"]
    found = []
    for path in sources():
        names = reaching_names(ast.parse(path.read_text()))
        swept += len(names)
        app = app_of(path)
        found += [f"{path.relative_to(ROOT)}:{line} {name}" for line, name in names if name in above[app]]
    assert swept > 1000
    assert found == []


URL_TAG = re.compile(r"""\{%\s*url\s+["'](\w+):""")
URL_CALL = re.compile(r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["'](\w+):""")
SHARED_TEMPLATES = {"layouts", "components", "errors", "account", "mfa", "allauth", "admin", "devtools"}


def test_no_app_leads_to_an_address_of_an_app_above():
    found, swept = [], 0
    templates = [p for p in sorted((ROOT / "templates").rglob("*")) if p.suffix in (".html", ".txt")]
    for path in [*sources(), *templates]:
        app = app_of(path)
        if app in SHARED_TEMPLATES:
            continue
        pattern = URL_CALL if path.suffix == ".py" else URL_TAG
        for target in pattern.findall(path.read_text()):
            swept += 1
            if is_above(target, app):
                found.append(f"{path.relative_to(ROOT)} → {target}")
    assert swept > 40
    assert found == []


INLINE = re.compile(r"""<style|\sstyle=["']|<script(?![^>]*\s(?:src=|type="application/json"))|\son[a-z]+=["']""")


def test_no_template_has_inline_style_or_script():
    """The Content-Security-Policy has no exception. Letters are not pages: their HTML carries its own style."""
    found, swept = [], 0
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "email" in path.parts:
            continue
        swept += 1
        found += [f"{path.relative_to(ROOT)}: {match}" for match in INLINE.findall(path.read_text())]
    assert swept > 40
    assert found == []


def test_files_fit_in_the_head():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(apps_only=False)
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_nothing_is_left_to_do():
    words = re.compile(r"#\s*(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [str(p.relative_to(ROOT)) for p in sources(apps_only=False) if words.search(p.read_text())]
    assert found == []
