# Two commands lead: `make demo` and `make test`. Each does all its set-up itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUN_PYTHON = $(BIN)/python
PIP = $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check
# uv, where it gets through: it does not read pip's configuration, so pip has the last word.
INSTALL = install() { \
	env UV_NATIVE_TLS=true $${PIP_INDEX_URL:+UV_DEFAULT_INDEX="$$PIP_INDEX_URL"} \
		$(BIN)/uv pip install --quiet --python $(RUN_PYTHON) "$$@" \
	|| { echo "== uv could not (reason above): going on with pip, which takes longer"; $(PIP) "$$@"; }; }
READY := $(VENV)/.ready
ARTICLES ?= samples

# Python 3.12 or 3.13: on PATH, among pyenv's versions, or known to uv.
FIND_PYTHON = ok() { "$$1" -c 'import ensurepip, sys; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }; \
	shopt -s nullglob; \
	for p in $${PYTHON:-} python3.12 python3.13 python3 python \
		"$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.12*/bin/python "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python \
		$$(uv python find 3.12 2>/dev/null || true) $$(uv python find 3.13 2>/dev/null || true); do \
		if ok "$$p"; then echo "$$p"; exit 0; fi; \
	done; \
	found=$$(python3 --version 2>/dev/null || echo "no python3 at all"); \
	echo "khabar needs Python 3.12 or 3.13. None on PATH ($$found), none in pyenv's versions, none known to uv." >&2; \
	echo "Install one (for example: uv python install 3.12), or name it: make test PYTHON=/path/to/python3.12" >&2; \
	exit 1

.PHONY: help
help: ## List all targets
	@awk 'BEGIN {FS = ":.*## "; print "make TARGET\n"} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements/dev.txt requirements/setup.txt pyproject.toml
	@python=$$($(FIND_PYTHON)); \
	echo "== Setting up $(VENV) with $$("$$python" --version), $$python (first time only, about a minute)"; \
	"$$python" -m venv --clear $(VENV); \
	$(PIP) --require-hashes -r requirements/setup.txt; \
	$(INSTALL); \
	install --require-hashes --no-build-isolation -r requirements/dev.txt; \
	install --no-deps --no-build-isolation -e .; \
	touch $@

.PHONY: setup
setup: $(READY) ## Make the virtual environment from the locked dependencies

.PHONY: demo
demo: $(READY) ## Broker, worker, articles, results: everything at work (ARTICLES=path for your own)
	@$(BIN)/khabar demo "$(ARTICLES)"

.PHONY: test
test: $(READY) ## Run all tests on the embedded broker
	@echo "== Tests (embedded broker)"
	@# Broker tests mostly wait (for a group to form), so files run side by side.
	@$(RUN_PYTHON) -m pytest -n 3 --dist loadfile

.PHONY: test-kafka
test-kafka: $(READY) ## Broker tests and some chaos on Apache Kafka (Java 17 and Maven; exit code 75: neither here)
	@echo "== Broker tests (Apache Kafka)"
	@$(RUN_PYTHON) deploy/kafka/run.py -- $(RUN_PYTHON) -m pytest -m "not load" tests/broker tests/chaos

.PHONY: test-load
test-load: $(READY) ## Crash, garbage and speed tests, minutes long (on Kafka: make test-load-kafka)
	@echo "== Load tests (embedded broker)"
	@$(RUN_PYTHON) -m pytest -m load -s tests/load

.PHONY: test-load-kafka
test-load-kafka: $(READY) ## The same and replay on Apache Kafka
	@echo "== Load tests (Apache Kafka)"
	@$(RUN_PYTHON) deploy/kafka/run.py -- $(RUN_PYTHON) -m pytest -m load -s tests/load

MINUTES ?= 20
PIPELINE ?= light
.PHONY: chaos
chaos: $(READY) ## Workers and Kafka ended at random, and the account (MINUTES=20 SEED= PIPELINE=light, docs/chaos.md)
	@$(RUN_PYTHON) -m tests.chaos.run --minutes "$(MINUTES)" --pipeline "$(PIPELINE)" $(if $(SEED),--seed "$(SEED)") \
		$(if $(POISON),--poison "$(POISON)") $(if $(WITHOUT),--without "$(WITHOUT)")

.PHONY: kafka
kafka: $(READY) ## Run Apache Kafka on loopback until Ctrl-C (Java 17 and Maven)
	@$(RUN_PYTHON) deploy/kafka/run.py

.PHONY: broker
broker: $(READY) ## Run the embedded broker on loopback until Ctrl-C
	@$(BIN)/khabar broker

.PHONY: worker
worker: $(READY) ## Run one worker (settings: KHABAR_*)
	@$(BIN)/khabar worker

.PHONY: check
check: $(READY) ## Format, lint, types, import arrows, dependencies
	@echo "== ruff";         $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo "== mypy";         $(BIN)/mypy
	@echo "== import-linter"; $(BIN)/lint-imports
	@echo "== deptry";       $(BIN)/deptry .

.PHONY: image-steps
image-steps: $(READY) ## Run the container image's build steps and the result, without a container engine
	@$(RUN_PYTHON) deploy/image_steps.py

.PHONY: schemas
schemas: $(READY) ## Write schemas/*.json and asyncapi.yaml anew from the message types
	@$(RUN_PYTHON) -m schemas.generate && git --no-pager diff --stat -- schemas

COMPILE = uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.12

.PHONY: lock
lock: ## Write requirements/*.txt anew from pyproject.toml (needs uv)
	$(COMPILE) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra broker --extra accurate --group dev -o requirements/dev.txt
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) --group build --group setup -o requirements/setup.txt

.PHONY: clean
clean: ## Remove everything that make made
	rm -rf $(VENV) .cache out build dist
