# `make demo` shows what it does, `make test` shows that it does so.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.requirements
MAKEFLAGS += --no-print-directory

.PHONY: setup demo test test-fast programs bench lint messages clean

setup: $(STAMP)

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "re-bubbelen needs Python 3.11 or newer; name yours with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv (a minute, only when requirements.lock has changed)" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: setup
	@$(BIN)/python run.py demo

test: setup programs
	@$(BIN)/python -m pytest -n 2

test-fast: setup programs
	@$(BIN)/python -m pytest -n 2 -m "not slow"

# What tests need of the machine itself. Where it is missing those tests fail, and all others still run.
# A mail server that came with it is not to run: the tests start their own.
programs: setup
	@missing=$$($(BIN)/python tests/programs.py packages); \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $$missing for the tests (once)" >&2; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
		case $$missing in *dovecot*) systemctl disable --now dovecot.socket dovecot.service >/dev/null 2>&1;; esac; \
	fi; \
	$(BIN)/python tests/programs.py || true

bench: setup
	@$(BIN)/python run.py bench

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# What the sources say, merged into the catalogues of every language.
messages: setup
	@$(BIN)/python -m web.cli.messages

clean:
	rm -rf out build dist *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find matcher web config tests -name __pycache__ -prune -exec rm -rf {} +
