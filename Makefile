# Two commands matter: make demo, make test. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help install assets demo reset test bench lint lock

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras
# What a production start needs at least; the check looks at the settings and connects to nothing.
PRODUCTION := DEBUG=false SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(64))") \
	DATABASE_URL=postgres://user:password@db:5432/name REDIS_URL=redis://redis:6379/0 ALLOWED_HOSTS=example.org
PYTEST_ARGS ?= -n 2 --dist loadgroup
BENCH_ARGS ?= --write docs/performance.md --plans docs/plans

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/installed: requirements-dev.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "Python 3.11 or later is needed: make demo PYTHON=python3.11, for example."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the requirements (about a minute, the first time only)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/installed

assets: install
	@$(PY) scripts/vendor_assets.py

demo: install assets ## Start the demonstration on 127.0.0.1:8000 (another port: make demo PORT=8001)
	@PORT=$(PORT) $(PY) scripts/demo.py

reset: install ## Empty the demonstration; the next make demo loads it afresh
	@$(PY) scripts/demo.py reset

test: install assets ## The whole suite (a part: make test PYTEST_ARGS="tests/contracts")
	DEBUG=true $(PY) -m pytest $(PYTEST_ARGS)

bench: install assets ## Measure at the size of England (a part: make bench BENCH_ARGS="--sizes S,M --only pages")
	@$(PY) -m bench $(BENCH_ARGS)

lint: install ## Style, types, templates, migrations, production settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	DEBUG=true $(PY) -m mypy .
	$(PY) -m djlint templates --lint --quiet
	DEBUG=true $(PY) manage.py makemigrations --check --dry-run
	DEBUG=true $(PY) manage.py check
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

lock: install ## Make both requirements files anew from pyproject.toml
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.txt
