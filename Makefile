# The main commands are `make run` and `make test`; `make help` lists the others.
.DEFAULT_GOAL := help
.PHONY: help install run test test-fast check docs bench campaign mutants build lint-frontend lock clean
SHELL := /bin/bash

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# uv installs in seconds what takes pip a minute; it need not be there. Whoosh is compiled as pip does it,
# since its warnings of syntax would be errors of the tests.
PIP_INSTALL := $(if $(shell command -v uv),uv pip install -q --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install -q --disable-pip-version-check)
export HOST ?= 127.0.0.1
export PORT ?= 8000
# Further arguments of pytest: make test TESTS="tests/records -x"
TESTS ?=
# One test process per core; the tests of a file share its fixtures and stay in one process.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which: make run PYTHON=python3.13"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) -r requirements/run.lock
	$(PIP_INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	$(PIP_INSTALL) -r requirements/dev.lock
	@touch $@

install: $(VENV)/.run ## Install into .venv; leaves .venv/bin/biobank

run: install ## Install, migrate, seed an empty bank, index, and serve http://127.0.0.1:8000
	$(BIN)/biobank db upgrade
	$(BIN)/biobank seed --if-empty
	$(BIN)/biobank serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev ## Install what tests need (browser, database server) and run them all
	@.ci/system-packages
	$(PYTEST) $(TESTS)

test-fast: $(VENV)/.dev ## Run the tests that need neither browser nor PostgreSQL nor much time
	$(PYTEST) -m "not browser and not postgres and not slow" $(TESTS)

check: $(VENV)/.dev ## Check style, format, types, layers of imports, and names
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/style

docs: $(VENV)/.dev ## Build the documentation into build/docs; warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

bench: $(VENV)/.dev ## Measure: ratios, never part of the tests; of names, only beside ../shared/data
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.publishing
	$(BIN)/python -m benchmarks.similar
	$(BIN)/python -m benchmarks.duplicates
	$(BIN)/python -m benchmarks.sharing
	$(BIN)/python -m benchmarks.pages --people 5000
	$(BIN)/python -m benchmarks.names
	$(BIN)/python -m benchmarks.recall
	$(BIN)/python -m benchmarks.hostile
	$(BIN)/python -m benchmarks.hostile_texts

# Which campaigns: make campaign NAME=faults
NAME ?= histories half_open faults

campaign: $(VENV)/.dev ## Attack and inject faults for hours; figures in docs/security
	@for name in $(NAME); do $(BIN)/python -m campaigns.$$name || failed=1; done; exit $${failed:-0}

mutants: $(VENV)/.dev ## Mutate rights, review and redaction and list the mutants that their tests miss; takes an hour
	$(PIP_INSTALL) mutmut==3.8.1
	$(BIN)/python -m mutmut run --max-children 1
	$(BIN)/python -m mutmut results

frontend/node_modules/.package-lock.json: frontend/package-lock.json frontend/package.json
	npm --prefix frontend ci --no-audit --no-fund
	@touch $@

lint-frontend: frontend/node_modules/.package-lock.json ## Check types and rules of the scripts (needs Node)
	npm --prefix frontend run lint

build: $(VENV)/.dev frontend/node_modules/.package-lock.json ## Make the built assets again: styles, scripts, translations (needs Node)
	$(BIN)/python -m frontend.build
	$(BIN)/python -m frontend.messages

lock: | $(BIN)/python ## Resolve the versions that are tested together, for every supported Python
	$(PIP_INSTALL) uv
	echo uv | $(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --generate-hashes - -o requirements/uv.lock
	$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --generate-hashes pyproject.toml -o requirements/run.lock
	$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --generate-hashes --extra dev -c requirements/run.lock pyproject.toml -o requirements/dev.lock

clean: ## Remove what was installed and built locally; the bank itself stays
	rm -rf $(VENV) .venv-* mutants build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
