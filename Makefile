# `make demo` shows what it does, `make test` shows that it does so, `make lint` shows how it is written.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.requirements
TEST_STAMP := .venv/.requirements-test
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
MAKEFLAGS += --no-print-directory

.PHONY: setup setup-test demo test test-fast test-postgres programs servers fuzz mutants bench lint lint-templates messages migration lock clean

# What it takes to run: `make demo`, and an installation.
setup: $(STAMP)

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "re-bubbelen needs Python 3.11 or newer; name yours with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv (a minute, only when requirements.lock has changed)" >&2
	@$(PYTHON) -m venv .venv
	@$(INSTALL) -r requirements.lock
	@touch $@

# And what it takes to test, measure and change it.
setup-test: $(TEST_STAMP)

$(TEST_STAMP): $(STAMP) requirements-test.lock
	@echo "Adding what the tests need to .venv (only when requirements-test.lock has changed)" >&2
	@$(INSTALL) -r requirements.lock -r requirements-test.lock
	@touch $@

demo: setup
	@$(BIN)/python run.py demo

test: setup-test programs
	@$(BIN)/python -m pytest -n 2

test-fast: setup-test programs
	@$(BIN)/python -m pytest -n 2 -m "not slow"

# The tests of the site on a PostgreSQL and a Redis of their own: make test-postgres, or with less: make test-postgres only="..."
test-postgres: setup-test programs servers
	@$(BIN)/python -m pytest -n 2 --postgres tests/web $(if $(only),-m "$(only)")

# What tests need of the machine itself. Where it is missing those tests fail, and all others still run.
programs: setup-test
	@$(call install,programs) || true

# What `make test-postgres` needs beside it; without that it does not begin.
servers: setup-test
	@$(call install,servers)

# Servers that came with a package are not to run: the tests start their own.
SERVICES = dovecot.socket dovecot.service postgresql.service redis-server.service
define install
missing=$$($(BIN)/python tests/programs.py $(1) packages); \
if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing $$missing for the tests (once)" >&2; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	for service in $(SERVICES); do \
		case $$missing in *$${service%%[.-]*}*) systemctl disable --now $$service >/dev/null 2>&1;; esac; \
	done; \
fi; \
$(BIN)/python tests/programs.py $(1)
endef

# More of the requests that nobody should send than the suite has time for: make fuzz FUZZ=50000 FUZZ_SEED=7
fuzz: FUZZ ?= 20000
fuzz: FUZZ_SEED ?= 1
fuzz: setup-test
	@FUZZ=$(FUZZ) FUZZ_SEED=$(FUZZ_SEED) $(BIN)/python -m pytest -n 0 tests/web/test_no_500.py -k whatever_is

# Promises broken on purpose, one line at a time: does a test notice? make mutants ONLY="secure_delete feeds"
mutants: setup-test
	@$(BIN)/python -m tests.breaking $(ONLY)

bench: setup-test
	@$(BIN)/python run.py bench

lint: setup-test lint-templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Width and form of the templates.
lint-templates: setup-test
	$(BIN)/djlint --lint --quiet web matcher/report/templates

# The step from the database as the migrations make it to the rows as they are now: make migration m="what changes"
migration: setup-test
	@test -n "$(m)" || { echo 'Say what changes: make migration m="a series has a colour"' >&2; exit 2; }
	@file=$$($(BIN)/python -m web.rows.drafting "$(m)") && \
		$(BIN)/ruff check -q --fix "$$file" && $(BIN)/ruff format -q "$$file" && \
		echo "$$file: read it, and write what must happen to rows that are there"

# Both lock files from pyproject.toml, in an environment of its own. What they hold stays where pyproject.toml allows it;
# `make lock UPGRADE=--upgrade` takes the newest. The second file holds only what is not in the first.
COMPILE = build/lock/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --custom-compile-command "make lock" $(UPGRADE)

lock:
	@$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install -qq --disable-pip-version-check uv
	@$(COMPILE) -o requirements.lock >/dev/null
	@$(COMPILE) --all-extras --constraint requirements.lock -o requirements-test.lock \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock) >/dev/null
	@sed -i.old -e '/^$$/d' -e '/^# The following packages were excluded/,$$d' requirements-test.lock && rm requirements-test.lock.old

# What the sources say, merged into the catalogues of every language.
messages: setup-test
	@$(BIN)/python -m web.cli.messages

clean:
	rm -rf out build dist *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find matcher web config tests -name __pycache__ -prune -exec rm -rf {} +
