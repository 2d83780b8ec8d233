# The verbs of this project. Each sets up what it needs by itself; `make` alone lists them.

PORT ?= 8000
ENVIRONMENT := .venv/.ready
SITE := _build/html/index.html

# The front end is bundled from these: the scripts, and the Python that runs in the page.
BUNDLED := $(shell find live/frontend autograd figures live/page.py -type f -not -name '*.pyc')
BUNDLE := live/static/engine.js

# Tools of the environment first, and the chapters' own imports, whoever calls them.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help book serve lab test check screenshot clean .venv
.DELETE_ON_ERROR:

help: ## list these verbs
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.venv: $(ENVIRONMENT)

$(ENVIRONMENT): pyproject.toml package-lock.json scripts/setup.sh $(wildcard requirements/*.txt)
	@scripts/setup.sh
	@touch $@
