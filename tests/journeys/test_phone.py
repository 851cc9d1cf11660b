"""A liaison's phone, 390 px wide. That no page hangs over its edge is looked at with axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from stations.models import Lead

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}


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
