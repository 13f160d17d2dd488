# All targets use .venv, which is updated when pyproject.toml or constraints.txt changes.

PYTHON ?= python3
PYTEST_FLAGS ?=
SEED ?=
READER ?= scenario

VENV := .venv
BIN := $(VENV)/bin
MADE_FROM := pyproject.toml constraints.txt
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt

# Without cached bytecode every command that the tests start compiles routecost again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-all search golden docs lint format wheel-check bench check constraints fuzz sbom action-requirements clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

demo: $(VENV)/.user  ## set up, compare the article's fleet, draw article-fleet.svg
	@$(BIN)/routecost compare scenarios/article-fleet.yaml --chart article-fleet.svg

test: $(VENV)/.test  ## set up and run the tests, except those marked slow or browser
	@$(PYTEST) -m "not (slow or browser)" $(PYTEST_FLAGS)

test-all: $(VENV)/.engines  ## run all tests, and the property tests with more examples
	@HYPOTHESIS_PROFILE=test-all $(PYTEST) $(PYTEST_FLAGS)

search: $(VENV)/.dev  ## run the property tests with thousands of random examples; SEED=N repeats a run
	@seed="$(SEED)"; seed="$${seed:-$$(date +%s)}"; \
		echo "to repeat this run: make search SEED=$${seed}"; \
		HYPOTHESIS_PROFILE=search $(PYTEST) -m hypothesis --hypothesis-seed="$${seed}" $(PYTEST_FLAGS)

golden: $(VENV)/.dev  ## update the golden files and images from the current output
	@$(PYTEST) tests/golden tests/documents/test_examples.py tests/render/charts/test_images.py --update-golden --update-images

docs: $(VENV)/.dev  ## generate docs/rules.md and the JSON Schemas
	@$(BIN)/python .ci/rules_page.py
	@for kind in pricing scenario taxonomy table evidence plan actuals policy mapping task-rules portfolio; do \
		$(BIN)/routecost schema $$kind --output schemas/$$kind.json; done

lint: $(VENV)/.dev  ## ruff, mypy and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## apply ruff's fixes and formatting
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel-check: $(VENV)/.dev  ## build the wheel, install it alone, load every built-in by name
	@$(BIN)/python .ci/wheel_check.py

bench: $(VENV)/.bench  ## run the benchmarks, each against its limit
	@set -e; for benchmark in benchmarks/*.py; do $(BIN)/python "$$benchmark"; done

check: lint wheel-check bench test-all  ## everything: lint, wheel, benchmarks and all tests

constraints:  ## pin the latest versions in constraints.txt
	@PYTHON=$(PYTHON) .ci/freeze constraints.txt

action-requirements:  ## pin what the Action installs, by hash
	@PYTHON=$(PYTHON) .ci/hash-requirements .ci/action-requirements.txt

fuzz: $(VENV)/.dev  ## search a reader for faults with atheris until one is found: make fuzz READER=scenario
	@$(INSTALL) --editable '.[dev,fuzz]'
	@mkdir -p build/fuzz/$(READER)
	@cp -n tests/hostile/corpus/$(READER).* build/fuzz/$(READER)/ 2>/dev/null || true
	@$(BIN)/python tests/hostile/fuzz_readers.py $(READER) build/fuzz/$(READER)

sbom:  ## list the dependencies of a release in dist/routecost.cdx.json (CycloneDX)
	@PYTHON=$(PYTHON) .ci/sbom dist/routecost.cdx.json

clean:  ## remove build output, caches and .venv
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "error: routecost needs Python 3.11 or later; set it with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "error: $(PYTHON) cannot make a virtual environment; Debian has it in python3-venv" >&2; exit 1; }
	@# An older pip compares every file of an index with every tag, for twice the time of the set-up.
	@$(INSTALL) 'pip>=25.1' || true
	@touch $@

$(VENV)/.user: $(VENV)/.python $(MADE_FROM)
	@echo "setting up $(VENV) ..." >&2
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python $(MADE_FROM)
	@echo "setting up $(VENV) for the tests ..." >&2
	@$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.user

$(VENV)/.dev: $(VENV)/.python $(MADE_FROM)
	@echo "setting up $(VENV) for development ..." >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.user

$(VENV)/.engines: $(VENV)/.dev
	@echo "setting up $(VENV) for the tests of other engines (pyspark is 450 MB) ..." >&2
	@$(INSTALL) --editable '.[dev,engines]' \
		|| echo "pyspark and ibis cannot be installed here: their tests are skipped" >&2
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "setting up $(VENV) for benchmarks ..." >&2
	@$(INSTALL) --editable '.[dev,bench]'
	@touch $@
