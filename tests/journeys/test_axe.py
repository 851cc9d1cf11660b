"""No page has a fault that keeps somebody out, as far as axe can tell, or is too wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error

from tests.test_access import EVERYBODY

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

AXE = Axe()
OFFICE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
GRAVE = {"serious", "critical"}
# What is found is told by its html; style sheets are our own and need no fetching again.
QUICK = {"reporter": "no-passes", "selectors": False, "preload": False}
# What is looked at on a phone as well, and by whom.
ON_A_PHONE = {
    "clerk": ["desk", "casework:entry_create", "casework:entry_list", "casework:report_detail"],
    "officer": ["desk", "stations:network"],
    "liaison": ["stations:lead_home"],
}


# The navigation in this window; which of its lines is the current one may be any.
NAVIGATION = ".rail nav"
AS_IT_STANDS = r"""
found => innerWidth
    + found.map(nav => nav.outerHTML.replace(/ aria-current="\w+"( data-in-sight="")?/g, "")).join()
"""


def faults(page, looked_at=None):
    """Return {rule: what of the page breaks it} for every fault that keeps somebody out.

    Most of a page's words stand in its navigation: one that is in `looked_at` is passed over.
    """
    looked_at = set() if looked_at is None else looked_at
    navigation = page.eval_on_selector_all(NAVIGATION, AS_IT_STANDS)
    context = {"exclude": [[NAVIGATION]]} if navigation in looked_at else None
    looked_at.add(navigation)
    assert "{#" not in page.inner_text("body"), "a comment of two lines is no comment to Django"
    return {
        fault["id"]: [node["html"][:160] for node in fault["nodes"]]
        for fault in AXE.run(page, context, QUICK).response["violations"]
        if fault["impact"] in GRAVE
    }


def is_opened(page, address):
    """Whether an address is a page; left out are files, pieces for htmx and redirects."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return False
        raise
    return (
        answer.status == 200
        and answer.request.redirected_from is None
        and answer.headers["content-type"].startswith("text/html")
        and answer.body().lstrip().startswith(b"<!doctype")
    )


def overhang(page):
    """How many pixels of the page lie beyond the right edge of the window."""
    return page.evaluate("document.scrollingElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_no_page_has_a_grave_fault_or_hangs_over_the_edge(
    role, request, open_page, addresses_of
):
    """Each page is opened once in the smallest window of an office, then as wide as a phone."""
    page = open_page(request.getfixturevalue(role), reverse("health"))
    grave, wide, seen, looked_at = {}, {}, set(), set()
    for name, address in addresses_of(role).items():
        page.set_viewport_size(OFFICE)
        if not is_opened(page, address):
            continue
        seen.add(name)
        if there := faults(page, looked_at):
            grave[name] = there
        for window in (OFFICE, PHONE):
            page.set_viewport_size(window)
            if (over := overhang(page)) > 0:
                wide[name, window["width"]] = over
        if name in ON_A_PHONE.get(role, []) and (there := faults(page, looked_at)):
            grave[f"{name} on a phone"] = there
    # A liaison's desk is the phone's page.
    first = "stations:lead_home" if role == "liaison" else "desk"
    assert seen >= {first, *ON_A_PHONE.get(role, [])}
    assert {
        "keeps somebody out": grave,
        "hangs over the edge": wide,
        "script": page.faults,
    } == {
        "keeps somebody out": {},
        "hangs over the edge": {},
        "script": [],
    }


def test_the_sign_in_page_has_no_grave_fault(open_page, county):
    page = open_page(None, reverse("stations:sign_in"))
    assert faults(page) == {}


@pytest.mark.parametrize("role", ["duty", "head", "officer", "inspector"])
def test_pages_of_an_application_have_no_grave_fault_in_large_print(
    role, request, open_page, records
):
    """The roles that are not the first to look at these pages, with the letters they may choose."""
    user = request.getfixturevalue(role)
    user.has_large_print = True
    user.save(update_fields=["has_large_print"])
    pages = {
        "casework:application_list": [],
        "casework:application_detail": records["application"],
        "casework:clock_wall": [],
        "casework:return_list": [],
    }
    page, found, seen = open_page(user, reverse("health")), {}, 0
    for name, args in pages.items():
        if page.goto(reverse(name, args=args)).status != 200:
            continue
        seen += 1
        assert page.get_attribute("html", "data-print") == "large"
        if there := faults(page):
            found[name] = there
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[f"{name} is too wide"] = True
    assert seen
    assert found == {}
