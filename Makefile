# All targets use .venv, which is updated when pyproject.toml or constraints.txt changes.

PYTHON ?= python3
PYTEST_FLAGS ?=
SEED ?=
READER ?= scenario

VENV := .venv
BIN := $(VENV)/bin
MADE_FROM := pyproject.toml constraints.txt
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt
TEST_EXTRA = $$($(BIN)/python -c 'import tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["test"])')

# Without cached bytecode every command that the tests start compiles routecost again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-all search golden docs site site-serve lint format wheel-check python-check bench check constraints fuzz sbom action-requirements clean

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
	@$(BIN)/python .ci/output_schemas.py

site: $(VENV)/.docs  ## build the documentation site in build/site
	@$(MKDOCS) build --strict --quiet
	@echo "build/site/index.html"

site-serve: $(VENV)/.docs  ## serve the documentation site, and follow changes of its pages
	@$(MKDOCS) serve

lint: $(VENV)/.dev  ## ruff, mypy and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## apply ruff's fixes and formatting
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel-check: $(VENV)/.dev  ## build and check the distributions, install the wheel alone, load every built-in
	@$(BIN)/python .ci/wheel_check.py

python-check: $(VENV)/.dev  ## install and run the wheel on each other Python from 3.11 to 3.14 that is here
	@$(BIN)/python .ci/wheel_check.py --other-pythons

bench: $(VENV)/.bench  ## run the benchmarks, each against its limit
	@set -e; for benchmark in benchmarks/*.py; do $(BIN)/python "$$benchmark"; done

check: lint wheel-check python-check bench test-all  ## everything: lint, wheel, benchmarks and all tests

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
	@# pip fetches one file after the other, so two run at the same time; the last installs what is missing.
	@# Meanwhile the other core compiles, once, what both workers of the tests would compile.
	@$(BIN)/python -m compileall -q routecost & \
		$(INSTALL) --no-deps $(TEST_EXTRA) 2>/dev/null & \
		$(INSTALL) --no-warn-conflicts --editable . || failed=1; wait; exit $$failed
	@$(BIN)/python -c 'import matplotlib.figure, pandas, pydantic, typer' & \
		$(INSTALL) $(TEST_EXTRA) || failed=1; wait; exit $$failed
	@touch $@ $(VENV)/.user

$(VENV)/.dev: $(VENV)/.python $(MADE_FROM)
	@echo "setting up $(VENV) for development ..." >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.docs $(VENV)/.user

$(VENV)/.docs: $(VENV)/.python $(MADE_FROM)
	@echo "setting up $(VENV) for the documentation site ..." >&2
	@$(INSTALL) --editable '.[docs]'
	@touch $@ $(VENV)/.user

$(VENV)/.engines: $(VENV)/.dev
	@echo "setting up $(VENV) for the tests of other engines (pyspark is 450 MB) ..." >&2
	@$(INSTALL) --editable '.[dev,engines]' \
		|| echo "pyspark and ibis cannot be installed here: their tests are skipped" >&2
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "setting up $(VENV) for benchmarks ..." >&2
	@$(INSTALL) --editable '.[dev,bench]'
	@touch $@
