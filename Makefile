# Everything that a pipeline directory is asked to do. FlowEHR runs `make artifacts`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The generator: its wheel where one is vendored, else the sources beside this file.
GENERATOR := $(wildcard vendor/activities_gen-*.whl)
# In words that every Python understands.
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; $(PYTHON) is %d.%d. Run: make PYTHON=python3.12 $(MAKECMDGOALS)" % sys.version_info[:2])
BOOTSTRAP = PYTHONPATH=$(GENERATOR) $(PYTHON) -m activities_gen.bootstrap $(VENV)
GEN = $(BIN)/python -m activities_gen

# Compiled modules save each later run a quarter of a second.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help activities artifacts test test-rest test-all snapshots check lint format run clean

# What a person waits for: no Java, no server, nothing that is slow by nature.
QUICK := not slow and not java and not postgres and not azurite

# A directory's own targets, and settings such as RUN and AFTER_RUN, a command that follows a good run.
AFTER_RUN ?= :
-include local.mk

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

activities: $(VENV)/build.installed ## Write activities.json, pipeline.json and trigger.json from activities.py
	@$(GEN) generate

artifacts: $(VENV)/build.installed ## The same, build the wheel, and fill artifacts/ with what the JSON names
	@$(GEN) artifacts

check: $(VENV)/build.installed ## Report everything that would go wrong in Azure
	@$(GEN) check

test: $(VENV)/test.installed ## Run the tests but the slow ones; changed snapshots fail
	@$(BIN)/python -m pytest -m "$(QUICK)" $(PYTEST)

test-rest: $(VENV)/test.installed ## Run what `make test` leaves out
	@$(BIN)/python -m pytest -m "not ($(QUICK))" $(PYTEST)

test-all: test test-rest ## Run all tests

snapshots: $(VENV)/test.installed ## Accept what the snapshot tests found changed
	@$(BIN)/python -m pytest -m "not spark" --snapshot-update -q

lint: $(VENV)/test.installed ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/test.installed ## Mend the style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

run: artifacts $(VENV)/test.installed ## Run the whole pipeline here; options in RUN="…"
	@$(GEN) run $(RUN)
	@$(AFTER_RUN)

clean: ## Delete what was built; keeps the virtual environment
	@rm -rf artifacts build dist runs *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis spark-warehouse

# What is built while it is installed, as Spark is, is built by the locked setuptools.
$(VENV)/test.installed: $(VENV)/build.installed

$(VENV)/%.installed: requirements/%.txt $(GENERATOR)
	@$(PYTHON) -c '$(NEW_ENOUGH)'
	@$(BOOTSTRAP) $< $(if $(GENERATOR),--wheel $(GENERATOR))
