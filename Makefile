# run: the site with its demonstration county · test: everything · check: style and completeness
# bench, soak: measurements and fault trials. On a fresh Debian or Ubuntu each does all set-up.

PORT ?= 8000
HOST ?= 127.0.0.1

# The first Python of 3.11 or newer.
PYTHON := $(firstword $(foreach python,python3 python3.11 python3.12 python3.13 python3.14,$(shell \
	$(python) -c 'import sys; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))
LACKS_VENV := $(shell $(PYTHON) -c 'import ensurepip' 2>/dev/null || echo yes)
LACKS_REDIS := $(shell command -v redis-server >/dev/null || \
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 13) and print("yes")' 2>/dev/null)
# One that starts: Ubuntu's is a stub that asks for snap.
LACKS_CHROMIUM = $(shell for name in chromium chromium-browser google-chrome; do \
	$$name --version >/dev/null 2>&1 && exit; done; echo yes)
IS_UBUNTU := $(shell grep -qx 'ID=ubuntu' /etc/os-release && echo yes)

# Pango and harfbuzz set the text of PDFs, Noto draws the Chinese, gettext compiles the catalogue.
PACKAGES := gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
	$(if $(LACKS_VENV),$(PYTHON)-venv)
# Redis comes as a wheel for Python 3.11 and 3.12; for a newer one Debian's tools carry it.
PACKAGES_TO_RUN := $(if $(LACKS_REDIS),redis-tools)
# The journeys' browser, what Playwright's driver is linked with, and the pictures of PDFs.
PACKAGES_TO_TEST = $(if $(IS_UBUNTU),,$(if $(LACKS_CHROMIUM),chromium)) libatomic1 poppler-utils

CATALOGUE := legalaid/locale/zh_Hans/LC_MESSAGES/django
# Fresh databases for one command, unless DATABASE_URL and REDIS_URL name others.
WITH_SERVICES := .venv/bin/python -m legalaid.embedded
# The settings of production with made-up secrets, to check or collect with; nothing is opened.
AS_PRODUCTION = env LEGALAID_ENV=production LEGALAID_ALLOWED_HOSTS=legalaid.example \
	LEGALAID_SITE_URL=https://legalaid.example \
	LEGALAID_SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w 0) \
	LEGALAID_FIELD_KEYS=1:$$(head -c 32 /dev/urandom | base64 -w 0) \
	DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost

.PHONY: run test check bench soak system system-run system-test venv venv-test browser catalogue static

run: system-run venv catalogue
	.venv/bin/python manage.py up --host $(HOST) --port $(PORT)

# The seed gives both test processes the same order of sets, so that they see the same tests.
test: system-run system-test venv-test browser catalogue
	PYTHONHASHSEED=0 $(WITH_SERVICES) .venv/bin/python -m pytest -n 2

check: system-run venv-test catalogue
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	$(WITH_SERVICES) .venv/bin/python manage.py makemigrations --check --dry-run
	$(AS_PRODUCTION) .venv/bin/python manage.py check --deploy --fail-level WARNING
	$(WITH_SERVICES) .venv/bin/python -m pytest tests/test_catalogue.py

bench: system-run venv-test catalogue
	$(WITH_SERVICES) .venv/bin/python -m bench.run

soak: system-run system-test venv-test catalogue
	$(WITH_SERVICES) .venv/bin/python -m pytest -m soak -s tests

# ── Set-up ──────────────────────────────────────────────────────────────────────────────────

AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo)
APT_GET := apt-get -o DPkg::Lock::Timeout=300

define install
	@missing=$$(for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q ' installed$$' || echo $$package; \
	done | xargs); \
	if [ -n "$$missing" ]; then \
		echo "Installing system packages: $$missing"; \
		$(AS_ROOT) $(APT_GET) update && \
		$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive $(APT_GET) install --yes --no-install-recommends $$missing || \
		{ printf '\nRun this line, then make again:\n  sudo apt-get update && sudo apt-get install %s\n' "$$missing"; exit 1; }; \
	fi
endef

system:
ifeq ($(PYTHON),)
	@echo "Python 3.11 or newer is needed:  sudo apt-get install python3"; exit 1
endif
	$(call install,$(PACKAGES))

system-run: system
	$(call install,$(PACKAGES_TO_RUN))

system-test: system
	$(call install,$(PACKAGES_TO_TEST))

venv: .venv/installed
venv-test: .venv/installed-test
catalogue: $(CATALOGUE).mo

# Readable by all, because PostgreSQL, started by root, runs as another account.
.venv/bin/python: | system
	umask 022 && $(PYTHON) -m venv --clear .venv

.venv/installed: requirements.txt | .venv/bin/python
	umask 022 && .venv/bin/python -m pip install --require-hashes --requirement $<
	touch $@

.venv/installed-test: requirements-dev.txt | .venv/bin/python
	umask 022 && .venv/bin/python -m pip install --require-hashes --requirement $<
	touch $@ .venv/installed

# On Ubuntu Playwright brings its own Chromium. Without any the journeys are left out, aloud; not
# where the tests are the gate (CI is set).
PLAYWRIGHT_CHROMIUM = $(wildcard $(or $(PLAYWRIGHT_BROWSERS_PATH),$(HOME)/.cache/ms-playwright)/chromium*)

browser: | system-test venv-test
ifeq ($(IS_UBUNTU),yes)
	@[ -z "$(if $(CHROMIUM)$(PLAYWRIGHT_CHROMIUM),,$(LACKS_CHROMIUM))" ] || \
	.venv/bin/python -m playwright install --with-deps chromium || { \
		printf '\nNO BROWSER could be installed, so NO JOURNEY WILL BE WALKED.\n'; \
		printf 'Install Chromium or Google Chrome, or name one:  make test CHROMIUM=/path\n\n'; \
		[ -z "$$CI" ]; }
endif

$(CATALOGUE).mo: $(CATALOGUE).po | system
	msgfmt --check-format --output-file $@ $<

# Hashed and compressed files, for production.
static: venv
	$(AS_PRODUCTION) .venv/bin/python manage.py collectstatic --noinput
