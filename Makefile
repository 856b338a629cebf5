# Every command a newcomer needs. `make` alone lists them.
.DEFAULT_GOAL := help
VENV ?= .venv
PY = $(VENV)/bin/python
export PORT DATA_DIR DEMO_DEMANDS REQUIRE SLOW VENV

.PHONY: help run test lint format screenshots bench shell reset catalogue docs venv

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: ## Start the demonstration (PORT=8000 DATA_DIR=var DEMO_DEMANDS=2000)
	@scripts/run

test: ## Run the suite on SQLite, on PostgreSQL and in Chromium when they are here
	@scripts/bootstrap dev
	@$(PY) -m scripts.test

venv:
	@scripts/bootstrap dev

lint: venv ## Check style, imports, types, templates and the French catalogue
	@$(PY) -m scripts.lint

format: venv ## Rewrite Python and templates in the house style
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .
	@$(PY) -m djlint --reformat --quiet site portal backoffice observatory exchange || true

screenshots: venv ## Take the pictures of the README (own demonstration, or BASE_URL=…)
	@$(PY) -m scripts.screenshots

bench: venv ## Measure lists, counts and submissions on a large synthetic register
	@$(PY) -m scripts.bench

shell: ## Open a Python shell on the demonstration's register
	@scripts/bootstrap runtime
	@$(PY) manage.py shell

reset: ## Delete the demonstration's data
	@scripts/bootstrap runtime
	@$(PY) -m scripts.reset

catalogue: venv ## Re-read the texts of the code into the French catalogue and check it
	@$(PY) manage.py catalogue --update
	@$(PY) manage.py catalogue --check

docs: venv ## Write the generated pages again (states, rights, glossary)
	@$(PY) manage.py docs
