# Every target calls one verb of the launcher (shenzhen_gov/launcher), which needs only Python and make.
# Variables: PYTHON, PORT, DATABASE_URL, REPLICA_URL, BROKER_URL, VAR_DIR, ARGS, ONLY, COV.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && exit; done; echo python3)
LAUNCHER := $(PYTHON) -X utf8 -B -m shenzhen_gov.launcher

.DEFAULT_GOAL := help
.PHONY: help run setup test test-db e2e check tidy check-types bench lock messages manage clean
# The launcher prints its own messages; make must not let a second job run beside it.
.NOTPARALLEL:
.SILENT:

help: ## this list
	awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: ## set everything up and run the portal (PORT=8000); Ctrl-C stops it
	exec $(LAUNCHER) run

setup: ## the venv with everything in it, nothing started
	exec $(LAUNCHER) setup

test: ## the tests, with a database of their own (ARGS="-k name", COV=1 measures coverage)
	COV='$(COV)' exec $(LAUNCHER) test $(ARGS)

test-db: ## a development test database that stays up; prints its DATABASE_URL (ARGS=--stop ends it)
	exec $(LAUNCHER) test-db $(ARGS)

e2e: ## the journeys in a browser (needs Chromium)
	exec $(LAUNCHER) e2e $(ARGS)

check: ## linters, types, links, migrations, translations: what CI looks at before the tests
	exec $(LAUNCHER) check

tidy: ## format sources and templates (ARGS="path …" for some of them)
	exec $(LAUNCHER) tidy $(ARGS)

check-types: ## mypy over the whole project
	exec $(LAUNCHER) check-types

bench: ## the measurements (ONLY=app for one app)
	exec $(LAUNCHER) bench $(ONLY)

lock: ## compile the pinned requirements (ARGS=--upgrade for newer versions)
	exec $(LAUNCHER) lock $(ARGS)

messages: ## collect and compile the translations
	exec $(LAUNCHER) manage messages

manage: ## one management command on the database of `make run` (ARGS="createsuperuser")
	exec $(LAUNCHER) manage $(ARGS)

clean: ## remove the database, logs, .venv and caches; asks nothing
	exec $(LAUNCHER) clean
