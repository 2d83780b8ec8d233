# The verbs of this project. Each sets up what it needs by itself; `make` alone lists them.

PORT ?= 8000
PYTEST = pytest --numprocesses auto --maxprocesses 4 --dist worksteal

# The environment's tools come first, whoever calls them: the build, its kernels, the tests.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help book serve lab pdf test check bundle audit screenshot clean .venv live/static/engine.js

help: ## list these verbs
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1 \2/p' $(MAKEFILE_LIST) | awk '{printf "  %s %-11s", $$1, $$2; $$1 = $$2 = ""; print substr($$0, 3)}'

book: bundle ## build the book into _build/html
	@echo 'Building the book. What is new or has changed is run, which takes a moment.'
	@python scripts/build.py build . -W -n --keep-going --quiet
	@echo 'The book is built. To read it, open _build/html/index.html, or say: make serve'

serve: book ## build the book if needed and serve it on this machine
	@echo 'The book is at http://localhost:$(PORT)/ until Ctrl-C.'
	@python -m http.server $(PORT) --bind localhost --directory _build/html

lab: bundle ## open the chapters as notebooks in JupyterLab
	@jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --LabApp.app_settings_dir=scripts/lab .

pdf: book ## print the built book into _build/book.pdf
	@python scripts/pdf.py

test: check ## run all checks and tests, the browser's included
	@$(PYTEST) tests/engine --cov
	@$(PYTEST) --ignore tests/engine

check: bundle ## check form and types of all code
	@ruff check
	@ruff format --check
	@mypy
	@node_modules/.bin/tsc --project live/frontend
	@node_modules/.bin/tsc --project live/frontend/service
	@node_modules/.bin/tsc --project live/book

audit: book ## print what each page of the built book weighs and does wrong
	@python scripts/audit.py

screenshot: book ## take the README's picture from the built page
	@python scripts/screenshot.py

clean: ## remove everything that was made, the environment too
	rm -rf .venv _build node_modules live/static .*_cache .coverage .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the verbs need ----------------------------------------------------------------------

.venv: .venv/.ready

.venv/.ready: pyproject.toml package-lock.json scripts/setup.sh $(wildcard requirements/*.txt)
	@scripts/setup.sh
	@touch $@

# Always asked for: it takes a third of a second and writes only what has changed.
bundle live/static/engine.js: .venv/.ready
	@node live/frontend/build.mjs
