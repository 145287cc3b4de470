# Needs Python 3.11 or newer and nothing else: no PostgreSQL, no Redis, no Docker.
# PORT= changes the demo's port; DATABASE_URL= and REDIS_URL= replace the embedded services.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PYTEST  = $(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo reset test test-long check format lock python

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/portal.stamp  ## The whole portal with a living season, on http://localhost:8000/ (PORT=8001)
	@exec $(PY) -m devtools.demo

reset: python  ## Delete the demo's data; the next `make demo` starts over
	@$(PYTHON) -m devtools.demo --reset

test: $(VENV)/tools.stamp  ## All tests but the long ones, browser journeys included
	$(PYTEST) -m "not long"

test-long: $(VENV)/tools.stamp  ## The long tests
	$(PYTEST) -m long

check: $(VENV)/tools.stamp  ## Format, lint, import contract, pending migrations, production settings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(VENV)/bin/lint-imports
	$(PRODUCTION) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# An environment for production settings that serves these two checks and nothing else; no database is reached.
PRODUCTION = DJANGO_SETTINGS_MODULE=mentorat.settings.production ALLOWED_HOSTS=mentorat.example \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')

format: $(VENV)/tools.stamp  ## Put the code in form
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: python  ## Resolve requirements*.in again, with hashes
	rm -rf $(VENV)/lock && $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	for name in requirements requirements-dev; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal \
	    --generate-hashes --python-version 3.11 --output-file $$name.txt $$name.in || exit 1; \
	done
	rm -rf $(VENV)/lock

# --- The virtual environment: made once, completed when a lock file changes ---------------------

INSTALL = $(PYTHON) -m venv $(VENV) && \
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --requirement

$(VENV)/portal.stamp: requirements.txt | python
	@echo "Installing what the portal needs into $(VENV)…"
	@$(INSTALL) requirements.txt
	@touch $@

$(VENV)/tools.stamp: requirements-dev.txt | python
	@echo "Installing what the tests need into $(VENV)…"
	@$(INSTALL) requirements-dev.txt
	@touch $@ $(VENV)/portal.stamp

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
