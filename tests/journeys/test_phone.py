"""A phone 390 px wide, and the smallest screen of an office: nothing hangs over the edge."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from stations.models import Lead
from tests.test_access import EVERYBODY

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 768}


def test_a_liaison_sends_a_lead_in_three_taps(open_page, liaison, village):
    page = open_page(liaison, reverse("stations:lead_home"), **PHONE, has_touch=True)

    page.locator("label[for=kind-pay]").tap()
    page.locator("label[for=urgency-today]").tap()
    page.get_by_role("button", name="交给工作站").tap()

    expect(page.get_by_role("status").or_(page.locator(".alert"))).to_be_visible()
    expect(page.locator(".mine li")).to_have_count(1)
    lead = Lead.objects.get()
    assert (lead.kind, lead.urgency, lead.village, lead.sent_by) == (
        "pay",
        "today",
        village,
        liaison,
    )
    assert page.faults == []


def overhang(page):
    """How many pixels of the page lie beyond the right edge of the window."""
    return page.evaluate("document.scrollingElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_no_page_hangs_over_the_edge(role, request, open_page, pages_of):
    user = request.getfixturevalue(role)
    addresses, wide = pages_of(role, user), {}
    page = open_page(user, reverse("health"))
    for name, address in addresses.items():
        for window in (OFFICE, PHONE):
            page.set_viewport_size(window)
            if window is OFFICE:
                page.goto(address)
            if overhang(page) > 0:
                wide[name, window["width"]] = overhang(page)
    assert wide == {}
    assert page.faults == []
