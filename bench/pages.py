"""Pages asked as a browser asks them, beside their bare views, and over many rows beside few."""

import re

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measuring import Measured, in_turn
from stations.models import User

MOST_RATIO = 2.0
MOST_GROWTH = 1.5
ROUNDS = 15


def signed_in(username):
    """A client whose pages have all middleware, the session and the person's permissions."""
    client = Client()
    user = User.objects.get(username=username)
    client.force_login(user, backend="stations.signing_in.backends.AccountBackend")
    return client


ROWS = r"<tbody>.*?</tbody>|<p class=\"totals\".*?</p>|<b>\d+</b>"
FACTS = ROWS + r"|<dd.*?</dd>|<li[ >].*?</li>"


def shown(page, parts=ROWS):
    """What must be equal on both sides: the rows, the totals and the figures."""
    html = page.content.decode()
    return [
        re.sub(r"\s+|<input type=\"hidden\".*?>", " ", part)
        for part in re.findall(parts, html, re.DOTALL)
    ]


def shown_whole(page):
    """The same with every fact, link and line of a list."""
    return shown(page, FACTS)


def against_bare(pages, *, rows, most_queries, compared=shown):
    """Return a `Measured` for each (what, client, address, bare view); both show the same first."""
    measured = []
    for what, client, address, bare_view in pages:
        page, plain = client.get(address), bare_view()
        assert page.status_code == 200, f"{what}: {page.status_code}"
        assert compared(page) == compared(plain), f"{what}: not the same rows"
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
            count = len(queries)
        ours, other = in_turn(lambda: client.get(address), bare_view, rounds=ROUNDS)  # noqa: B023
        measured.append(
            Measured(
                what,
                rows=rows,
                ours=ours,
                other=other,
                unit="ms",
                limit=MOST_RATIO,
                queries=count,
                most_queries=most_queries,
            )
        )
        print(f"  {measured[-1]}", flush=True)
    return measured


def growth(small, *, pages, count, chosen, informing=()):
    """Return a `Measured` for each chosen page over all rows against the same page over few.

    `pages()` gives those of the database at hand and `count()` its rows; `small` names the other.
    Pages that are `informing` have no limit, because they count or sort what has grown.
    """
    usual = connections["default"]
    settings = usual.settings_dict | {"NAME": small, "OPTIONS": {}}
    other = usual.__class__(settings, alias="default")

    def over(database):
        connections["default"] = database
        return {what: (client, address) for what, client, address, _bare in pages()}, count()

    def get(database, client, address):
        connections["default"] = database
        client.get(address)

    (few_pages, few), (many_pages, many) = over(other), over(usual)
    measured = []
    for what in [what for what in many_pages if what in {*chosen, *informing}]:
        with_many, with_few = in_turn(
            lambda: get(usual, *many_pages[what]),  # noqa: B023
            lambda: get(other, *few_pages[what]),  # noqa: B023
            rounds=ROUNDS,
        )
        measured.append(
            Measured(
                what,
                rows=f"{many:,} and {few:,}",
                ours=with_many,
                other=with_few,
                unit="ms",
                limit=MOST_GROWTH if what in chosen else None,
                note="" if what in chosen else "more runs, more is counted",
            )
        )
        print(f"  {measured[-1]}", flush=True)
    other.close()
    connections["default"] = usual
    return measured
