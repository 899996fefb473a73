# Targets of this repository's own pipeline; a new pipeline directory does not have them.
INPUT ?= sample
PATIENTS ?= 100
SEED ?= 1
SAMPLE = $(PYTHON) benchmarks/export.py --patients $(PATIENTS) --seed $(SEED) --output sample
LOCK = uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade
LAKE ?= lake
WINDOW ?= 2020-01-01T00:00:00Z/2025-01-01T00:00:00Z
# A key for made-up patients on a laptop. A cluster's comes from its secrets.
KEY ?= not-a-secret-0123456789abcdef0123456789abcdef
# A file with a key of one's own stands in no command line.
KEY_FILE ?=
ifneq ($(KEY_FILE),)
export SPARK_SECRET_PSEUDONYMISATION_KEY_FILE := $(abspath $(KEY_FILE))
endif
# The key above is public: whoever has it can tell who a pseudonym is.
ifneq ($(INPUT),sample)
ifeq ($(KEY_FILE),)
ifneq ($(filter run,$(MAKECMDGOALS)),)
$(error an export of your own takes a key of your own: make run INPUT=$(INPUT) KEY_FILE=key.txt, where key.txt holds 32 random characters or more)
endif
endif
endif
AFTER_RUN = $(BIN)/python tools/accounts.py runs
RUN = --window $(WINDOW) --conf spark.pipeline.input=$(abspath $(INPUT)) --conf spark.pipeline.lake=$(abspath $(LAKE)) $(if $(KEY_FILE),,--conf spark.secret.pseudonymisation-key=$(KEY))

# `make test` runs files side by side, a Spark engine in each process. What is named runs in one: PYTEST="tests/pipeline -k windows"
test: PYTEST ?= --numprocesses auto --maxprocesses 4 --dist loadfile
# What `make test` leaves out waits much: for servers, for processes that are killed, for installations.
test-rest: PYTEST ?= --numprocesses 3 --dist loadfile

.PHONY: sample wheel azurite matrix benchmark lock accept
run: $(if $(filter sample,$(INPUT)),sample/patients.csv)

sample: ## Make up an export in sample/, for `make run`; PATIENTS=100 SEED=1
	@$(SAMPLE)
sample/patients.csv: benchmarks/export.py
	@$(SAMPLE)

accept: $(VENV)/test.installed ## Write all generated and golden files anew, to be read in `git diff`; not in CI
	@$(BIN)/python tools/accept.py

# Where an engine's behaviour is the point. `make test` has run the rest on Sail, and CI's workflow runs all of it on each Spark.
matrix: ## Run tests of pipeline/ on the oldest Spark, and fewer on the newest, on its Connect server and on Python 3.13
	@.ci/spark 3.9 requirements/spark-3.3.txt spark -k "engines or same_tables or storage or erasure or reading or codes or parsing"
	@.ci/spark 3.13 requirements/test.txt spark -k "engines or codes or parsing"
	@.ci/spark 3.13 requirements/test.txt connect -k "engines or same_tables or codes"
	@.ci/spark 3.13 requirements/test.txt sail -k "engines"

azurite: $(VENV)/azurite/installed ## Install Azurite, for the tests that are marked so; needs npm
$(VENV)/azurite/installed: requirements/azurite/package-lock.json | $(VENV)/test.installed
	@mkdir -p $(@D) && cp requirements/azurite/*.json $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch installed

wheel: $(VENV)/build.installed ## Build the generator's own wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist ./activities_gen
	@rm -rf activities_gen/build activities_gen/*.egg-info
	@ls dist/activities_gen-*.whl

benchmark: $(VENV)/test.installed $(VENV)/benchmark.installed ## Measure: NAME=check, days, expressions, features, generate, importing, run or serialise
	@PYTHONPATH=. $(BIN)/python benchmarks/$(or $(NAME),generate).py $(ARGS)

lock: ## Lock the libraries of requirements/*.in anew; needs `uv`
	@for set in uv build test benchmark; do $(LOCK) --universal --python-version 3.10 requirements/$$set.in --output-file requirements/$$set.txt || exit 1; done
	@for set in 3.9:3.3 3.11:3.5 3.12:4.0 3.13:4.3; do $(LOCK) --python-version $${set%:*} requirements/spark-$${set#*:}.in --output-file requirements/spark-$${set#*:}.txt || exit 1; done
	@cd requirements/azurite && npm install --package-lock-only --omit-lockfile-registry-resolved=true --ignore-scripts --no-audit --no-fund --loglevel=error
