"""A real browser on the live site, in Chinese, without a mouse unless a test takes it up."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, sync_playwright

from legalaid.processes import Child
from tests.test_access import EVERYBODY, PAGES, records

__all__ = ["records"]

# Playwright keeps an event loop in this thread; the database is asked between its calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Containers have 64 MB there.
    "--disable-dev-shm-usage",
    # Chromium has no sandbox for root.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


def launch(playwright):
    """Start the machine's Chromium: `CHROMIUM`, one of its usual names, or Playwright's own.

    The one that is there may be a stub that does not start (Ubuntu's, which asks for snap).
    """
    paths = [
        os.environ.get("CHROMIUM"),
        *map(shutil.which, BROWSERS),
        playwright.chromium.executable_path,
    ]
    for path in paths:
        if path and Path(path).exists():
            try:
                return playwright.chromium.launch(executable_path=path, args=FLAGS)
            except Error:
                continue
    sentence = "No Chromium starts on this machine, so NO JOURNEY WAS WALKED."
    if os.environ.get("CI"):
        pytest.fail(sentence)
    return pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser(django_db_setup):
    # While Playwright's loop runs, Django uses another connection in this thread; the pool would
    # miss the one it used before for as long as there are tests.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(scope="session")
def static_files_from_the_site():
    """Sent by the site itself and kept by the browser, as everywhere, not by Django's test server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "django.contrib.staticfiles.handlers.StaticFilesHandler", lambda site: site
        )
        yield


@pytest.fixture(scope="session")
def live_server(static_files_from_the_site, live_server):
    return live_server


@pytest.fixture
def open_context(browser, live_server):
    """Return a function that opens a window of the browser, signed in as a user or nobody."""
    contexts = []

    def open_as(user=None, *, width=1366, height=768, locale="zh-CN", **options):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            base_url=live_server.url,
            **options,
        )
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        return context

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_context):
    """Return a function that opens an address of the site as a user, at a size of the screen."""

    def open_as(user, path, **window):
        page = open_context(user, **window).new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(path)
        return page

    return open_as


# Who looks at a page that several may open: the first of these. The desk is another one for each
# role; a few more show a county other things than a station.
VIEWERS = sorted(
    EVERYBODY.split(),
    key=lambda role: role not in {"clerk", "officer", "director", "security_admin"},
)
OTHERS_FOR_A_COUNTY = {
    "casework:entry_list",
    "casework:report_list",
    "stations:liaison_list",
    "stations:network",
}


def is_to_look(role, page, open_to):
    viewers = [viewer for viewer in VIEWERS if viewer in open_to]
    return role in open_to and (
        page == "desk"
        or role == viewers[0]
        or (role == "officer" and page in OTHERS_FOR_A_COUNTY)
    )


@pytest.fixture
def addresses_of(records):
    """Return a function that gives the addresses a role is to look at, each page by one role.

    Read from the table of page × role, so that a page listed there is looked at as well.
    """

    def of(role):
        return {
            page: reverse(page, args=records[kind])
            for page, method, kind, open_to, _hidden_from in PAGES
            if method == "GET" and is_to_look(role, page, open_to.split())
        }

    return of


@pytest.fixture
def worker(tmp_path, transactional_db, queue):
    """A Celery worker on the test's database and queue: none of another process takes its errands."""
    database = connection.settings_dict
    worker = Child(
        "worker",
        [
            *(sys.executable, "-m", "celery", "-A", "legalaid", "worker"),
            *("--pool=solo", "--without-gossip", "--without-mingle"),
        ],
        log=tmp_path / "worker.log",
        cwd=ROOT,
        env=os.environ
        | {
            "REDIS_URL": queue.url,
            "DATABASE_URL": (
                f"postgresql://{database['USER']}:{database['PASSWORD']}"
                f"@:{database['PORT']}/{database['NAME']}?host={database['HOST']}"
            ),
        },
    )
    yield worker
    worker.stop(patience=10)
