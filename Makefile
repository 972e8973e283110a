# Everything on a fresh machine: `make demo` to see it, `make dev` to work on it, `make test`.
PYTHON ?= python3
ARGS ?=
.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

.PHONY: demo
demo: ## See it work: sample community, no network, no token (ARGS=--serve keeps serving it)
	@$(PYTHON) develop.py demo $(ARGS)

.PHONY: dev
dev: ## Begin to work on it: install all, check each commit as CI does, preview the sample live
	@$(PYTHON) develop.py dev $(ARGS)

.PHONY: test
test: ## Check everything: lint, types, tests (ARGS="-k readme" runs fewer)
	@$(PYTHON) develop.py test $(ARGS)

.PHONY: unit
unit: ## Run the unit tests: those that need no built site, process or browser
	@$(PYTHON) develop.py unit $(ARGS)

.PHONY: lowest
lowest: ## Run the tests with the oldest versions of libraries that pyproject.toml promises
	@$(PYTHON) develop.py lowest $(ARGS)

.PHONY: format
format: ## Put the code in the project's form
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

.PHONY: bench
bench: ## Measure speed, bytes and quality; prints tables
	@for script in startup registry readme build search_quality search_known search_speed related fetch; do echo "== $$script"; .venv/bin/python benchmarks/$$script.py; done

.PHONY: generated
generated: ## Write again what is generated: the schema, the issue forms and tables in docs/
	@.venv/bin/aggregator schema --write
	@.venv/bin/python -m tests.outputs.tables
	@.venv/bin/python -m tests.outputs.messages
	@.venv/bin/python -m aggregator.cli.reference docs/commands.md
	@.venv/bin/python -m aggregator.cli.explained docs/messages.md

.PHONY: clean
clean: ## Remove what was built, installed and remembered here
	@rm -rf .venv .venv-lowest .aggregator .mypy_cache .ruff_cache .pytest_cache dist build node_modules
	@find output -mindepth 1 ! -name .gitkeep -delete
