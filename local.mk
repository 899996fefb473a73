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
RUN = --window $(WINDOW) --conf spark.pipeline.input=$(abspath $(INPUT)) --conf spark.pipeline.lake=$(abspath $(LAKE)) --conf spark.secret.pseudonymisation-key=$(KEY)

.PHONY: sample wheel matrix benchmark lock
run: $(if $(filter sample,$(INPUT)),sample/patients.csv)

sample: ## Make up an export in sample/, for `make run`; PATIENTS=100 SEED=1
	@$(SAMPLE)
sample/patients.csv: benchmarks/export.py
	@$(SAMPLE)

matrix: ## Run the tests of pipeline/ on the oldest and the newest Spark
	@.ci/spark 3.9 requirements/spark-3.3.txt
	@.ci/spark 3.13 requirements/test.txt

wheel: $(VENV)/build.installed ## Build the generator's own wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist ./activities_gen
	@rm -rf activities_gen/build activities_gen/*.egg-info
	@ls dist/activities_gen-*.whl

benchmark: $(VENV)/test.installed $(VENV)/benchmark.installed ## Measure: NAME=check, expressions, features, generate, importing, run or serialise
	@PYTHONPATH=. $(BIN)/python benchmarks/$(or $(NAME),generate).py $(ARGS)

lock: ## Lock the libraries of requirements/*.in anew; needs `uv`
	@for set in build test benchmark; do $(LOCK) --universal --python-version 3.10 requirements/$$set.in --output-file requirements/$$set.txt || exit 1; done
	@$(LOCK) --python-version 3.9 requirements/spark-3.3.in --output-file requirements/spark-3.3.txt
	@$(LOCK) --python-version 3.12 requirements/spark-4.0.in --output-file requirements/spark-4.0.txt
