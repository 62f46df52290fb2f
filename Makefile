# Two commands do everything on a bare Debian or Ubuntu machine: `make demo` and `make test`.
# DEMO="--dialect feb", TESTS="tests/unit -k slot" and BENCH="--dialect feb" pass arguments on; MTA_PYTHON names another
# Python, BENCH_OUT the folder of the benches' results.
.DEFAULT_GOAL := help
.PHONY: help setup demo up test coverage check bench
SHELL := /bin/bash
MTA := .venv/bin/mta
BENCH_OUT ?= data/bench
# Each of the runs has servers and browsers of its own, and often waits. Files stay whole and in their order: the page tests
# must be last.
AT_ONCE ?= -n $(shell expr $$(nproc) + 1) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
export MTA_PYTHON
unexport PYTHONDONTWRITEBYTECODE # a process that reads its compiled modules starts a tenth sooner, and tests start hundreds

help:
	@echo "make setup      .venv, a browser and a Redis server; then .venv/bin/mta is the command"
	@echo "make demo       the whole circle against the rehearsal city, ends with a confirmed appointment"
	@echo "make up         the real thing, settings from .env"
	@echo "make test       every test"
	@echo "make coverage   the same, and what of the code was run; takes nearly twice as long"
	@echo "make check      ruff, mypy, import-linter"
	@echo "make bench      what MTA costs and how fast it is, as figures and charts in $(BENCH_OUT); twenty minutes"

setup:
	@deploy/setup.sh

demo: setup
	@$(MTA) demo $(DEMO)

up: setup
	@test -f .env || { echo "No .env here. Copy it first:  cp .env.example .env"; exit 2; }
	@$(MTA) up

test:
	@deploy/setup.sh --tests
	@.venv/bin/python -m pytest $(TESTS) $(AT_ONCE)

coverage:
	@$(MAKE) --no-print-directory test TESTS="--cov $(TESTS)"

check:
	@deploy/setup.sh --tools
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup
	@deploy/bench.sh || true # without Crawlee its row is left out
	@for one in looks hold rounds rush soak tell; do \
		echo "--- mta bench $$one"; $(MTA) bench $$one $(BENCH) --json $(BENCH_OUT)/$$one.json || exit 1; \
	done
	@echo "Figures and charts: $(BENCH_OUT)"
