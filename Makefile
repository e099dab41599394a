# Every command of Frontdesk. CI calls the same ones. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# A broken uv shim counts as none; then our own copy is installed into .uv (needs python3 and pip only).
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
PYTHON := .venv/bin/python
BOT := .venv-bot/bin/python -W ignore
BOT_ENVIRONMENT := .venv-bot/.synced
APP_ENVIRONMENT := .venv/.synced
MODEL := models/frontdesk.tar.gz
SECRETS := var/secrets.env
CODE := actions bot database deploy desk evaluation gateway knowledge language migrations tests tools
APP_CODE := actions database deploy desk evaluation gateway knowledge language tools
TRAINING_DATA := config.yml domain.yml $(shell find data/nlu data/rules bot -name '*.yml' -o -name '*.py') \
	$(shell find data/knowledge -name '*.phrasings.txt') data/knowledge/procedures.yml data/knowledge/insurers.yml \
	language/encoder.py language/intents.py language/softmax.py language/terms.py language/tuned-encoder.onnx
export PYTHONPATH := .

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- start and talk -----------------------------------------------------------------------------------------------

run: sync encoder knowledge-import $(MODEL) secrets ## start everything, and stop it with Ctrl-C
	@$(PYTHON) -m deploy.ports
	@$(PYTHON) -m desk staff first
	@echo "Starting. This takes about ten seconds; Ctrl-C stops everything."
	@set -a; . ./$(SECRETS); export FRONTDESK_RASA_PORT="$${FRONTDESK_RASA_PORT:-5005}" FRONTDESK_ACTIONS_URL="http://127.0.0.1:$${FRONTDESK_ACTIONS_PORT:-5055}/webhook"; \
	export FRONTDESK_RASA_URL="http://127.0.0.1:$$FRONTDESK_RASA_PORT" FRONTDESK_LOG_LEVEL="$${FRONTDESK_LOG_LEVEL:-warning}"; exec $(PYTHON) -m supervisor.supervisord --nodaemon --configuration deploy/supervisord.conf

chat: $(APP_ENVIRONMENT) ## talk to the running assistant in the terminal
	@set -a; . ./$(SECRETS) 2>/dev/null || true; $(PYTHON) -m evaluation.chat

ask: $(APP_ENVIRONMENT) ## print one reply as JSON: make ask Q="how long is recovery?"
	@set -a; . ./$(SECRETS) 2>/dev/null || true; $(PYTHON) -m evaluation.ask $(if $(Q),"$(subst ",\",$(Q))",)

# --- environments -------------------------------------------------------------------------------------------------

sync: $(APP_ENVIRONMENT) $(BOT_ENVIRONMENT) ## install both Python environments from the locks

.uv/bin/uv:
	@echo "Installing uv into .uv"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv "uv>=0.9,<1"

$(APP_ENVIRONMENT): requirements/app.txt | $(filter .uv/%,$(UV))
	@echo "Installing the application's environment (.venv)"
	@[ -x $(PYTHON) ] || $(UV) venv --quiet --python 3.12 .venv
	@UV_COMPILE_BYTECODE=1 $(UV) pip sync --python $(PYTHON) --require-hashes requirements/app.txt
	@touch $@

$(BOT_ENVIRONMENT): requirements/bot.txt | $(filter .uv/%,$(UV))
	@echo "Installing Rasa's environment (.venv-bot): about 2 GB, one to three minutes"
	@[ -x .venv-bot/bin/python ] || $(UV) venv --quiet --python 3.10 .venv-bot
	@UV_COMPILE_BYTECODE=1 $(UV) pip sync --python .venv-bot/bin/python --require-hashes requirements/bot.txt
	@touch $@

lock: | $(filter .uv/%,$(UV)) ## lock the requirements of both environments anew
	@$(call lock,bot-test,3.10,requirements/bot.txt)
	@$(call lock,dev,3.12,requirements/app.txt)

lock-check: | $(filter .uv/%,$(UV)) ## check that the locks fit pyproject.toml
	@mkdir -p .cache/lock && cp requirements/*.txt .cache/lock/
	@$(call lock,bot-test,3.10,.cache/lock/bot.txt)
	@$(call lock,dev,3.12,.cache/lock/app.txt)
	@for lock in bot app; do diff -q <($(packages) requirements/$$lock.txt) <($(packages) .cache/lock/$$lock.txt) >/dev/null \
		|| { echo "requirements/$$lock.txt does not fit pyproject.toml. Run: make lock"; exit 1; }; done

# Without the conditions: uv writes the same ones in other words from version to version.
packages = sed 's/ ; .*//'

define lock
$(UV) pip compile --quiet --group $(1) --python-version $(2) --universal --generate-hashes --no-emit-index-url --no-header --output-file $(3)
endef

$(SECRETS): secrets

secrets: $(APP_ENVIRONMENT)
	@$(PYTHON) -m deploy.make_secrets $(SECRETS)

# --- knowledge and model ------------------------------------------------------------------------------------------

encoder: $(APP_ENVIRONMENT) ## build the sentence encoder's graph, once
	@$(PYTHON) -m language.encoder_build

knowledge-check: $(APP_ENVIRONMENT) ## check all knowledge files, with file and line of each fault
	@$(PYTHON) -m knowledge check

knowledge-coverage: $(APP_ENVIRONMENT) ## print which answers carry each fact, and the empty cells
	@$(PYTHON) -m knowledge coverage

knowledge-import: $(APP_ENVIRONMENT) ## bring the knowledge files into the database and publish them
	@$(PYTHON) -m knowledge import

migrate: $(APP_ENVIRONMENT) ## create or upgrade the database's tables
	@$(PYTHON) -m database

verify-hostile: sync encoder $(MODEL) ## send 10,000 hostile messages through an assistant of its own
	@$(PYTHON) -m evaluation.verify_hostile

verify-handoffs: sync encoder $(MODEL) ## kill processes while 200 handoffs are filed, and look whether one was lost
	@$(PYTHON) -m evaluation.verify_handoffs $(VERIFY)

audit-verify: $(APP_ENVIRONMENT) ## check that no entry of the audit was changed; HEAD=… looks for a hash that was noted
	@$(PYTHON) -m desk audit-verify $(if $(HEAD),--head $(HEAD),)

train: sync encoder $(MODEL) ## train Rasa, if anything that matters has changed

$(MODEL): $(TRAINING_DATA) | $(BOT_ENVIRONMENT) encoder
	@echo "Training Rasa (about a minute)"
	@mkdir -p models
	@$(BOT) -m bot train --fixed-model-name frontdesk --out models --quiet
	@touch $@

fit: sync encoder knowledge-import ## fit the ranking models on the labelled questions (docs/results/)
	@$(PYTHON) -m evaluation.fit
	@$(PYTHON) -m evaluation.fit --words

tune: sync ## tune the sentence encoder on the phrasings (installs PyTorch; hours on few cores)
	@$(UV) venv --quiet --python 3.12 --allow-existing .venv-tune
	@$(UV) pip install --quiet --python .venv-tune/bin/python --group tune
	@.venv-tune/bin/python -m evaluation.tune_encoder

# --- keep safe ----------------------------------------------------------------------------------------------------

backup: secrets ## copy the database, encrypted, while everything runs: make backup TO=path/to/file.backup
	@set -a; . ./$(SECRETS); $(PYTHON) -m deploy.backup $(if $(TO),--to "$(TO)",)

restore: $(APP_ENVIRONMENT) ## put a backup back: make restore FROM=path/to/file.backup (FORCE=1 replaces what is there)
	@set -a; . ./$(SECRETS) 2>/dev/null || true; $(PYTHON) -m deploy.restore "$(FROM)" $(if $(FORCE),--force,)

retain: $(APP_ENVIRONMENT) ## delete what has been kept for long enough (docs/privacy.md)
	@set -a; . ./$(SECRETS) 2>/dev/null || true; $(PYTHON) -m desk retain

audit: $(APP_ENVIRONMENT) ## look for known holes in what the locks install (needs the internet)
	@$(PYTHON) -m deploy.audit_packages

sbom: sync ## write a software bill of materials of both environments into var/sbom
	@$(PYTHON) -m deploy.sbom

# --- measure ------------------------------------------------------------------------------------------------------

evaluate: sync encoder knowledge-import $(MODEL) ## ask the question banks through the whole assistant (docs/results/)
	@$(PYTHON) -m evaluation.evaluate $(BANKS)

intents: sync ## measure the intent classifier (docs/results/intents.md)
	@$(PYTHON) -m evaluation.intents

redaction: $(APP_ENVIRONMENT) ## measure the redaction of identifiers (docs/results/redaction.md)
	@$(PYTHON) -m evaluation.redaction

benchmark: sync encoder knowledge-import $(MODEL) ## compare with stock Rasa and BM25 in one run (hours; docs/results/benchmark.md)
	@$(PYTHON) -m evaluation.benchmark $(BENCHMARK)

benchmark-gateway: $(APP_ENVIRONMENT) ## measure the gateway alone (docs/results/gateway.md)
	@$(PYTHON) -m evaluation.benchmark.gateway

benchmark-public: sync encoder ## the intent classifier on public sets: make benchmark-public DIR=…
	@$(PYTHON) -m evaluation.benchmark_public $(DIR)

# --- test and check -----------------------------------------------------------------------------------------------

test: sync encoder knowledge-import $(MODEL) ## run every test in both environments, and end with one verdict
	@$(PYTHON) -m tools.browser_tools
	@$(PYTHON) -m tests.run

test-fast: $(APP_ENVIRONMENT) ## the tests that need neither Rasa nor a trained model
	@$(PYTHON) -m pytest -q -n auto -m "not slow"

test-browser: sync encoder knowledge-import $(MODEL) ## test the widget and the pages in a real browser
	@$(PYTHON) -m tools.browser_tools
	@$(PYTHON) -m pytest -q -rs tests/widget tests/end_to_end/test_widget_*.py

test-stories: sync encoder $(MODEL) ## Rasa's own checks: data validate, and the test stories
	@$(BOT) -m pytest -q -c pytest-bot.ini tests/stories

check: sync format-check lint types imports widget-check lock-check knowledge-check ## everything but the tests

fix: $(APP_ENVIRONMENT) ## format the code and mend what the linter can
	@$(PYTHON) -m ruff format $(CODE)
	@$(PYTHON) -m ruff check --fix $(CODE)

format-check: $(APP_ENVIRONMENT)
	@$(PYTHON) -m ruff format --check $(CODE)

lint: $(APP_ENVIRONMENT) ## lint the code
	@$(PYTHON) -m ruff check $(CODE)

types: sync ## check the types in both environments
	@$(PYTHON) -m mypy $(APP_CODE)
	@$(BOT) -m mypy --config-file mypy-bot.ini bot language

widget-check: $(APP_ENVIRONMENT) ## check the widget's size and its types
	@$(PYTHON) -m tools.widget_size
	@$(PYTHON) -m tools.widget_types

imports: $(APP_ENVIRONMENT) ## check which package imports which
	@.venv/bin/lint-imports --config .importlinter

clean: ## delete what can be made again, but no data
	@rm -rf .venv .venv-bot .uv .cache .rasa models

.PHONY: help run verify-hostile verify-handoffs secrets audit-verify chat ask sync lock lock-check encoder knowledge-check knowledge-coverage knowledge-import migrate train fit evaluate \
	test test-fast test-browser test-stories check fix format-check tune intents redaction backup restore retain audit sbom \
	benchmark benchmark-gateway benchmark-public lint types imports widget-check clean
