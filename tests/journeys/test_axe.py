"""No page has a fault that keeps somebody out, as far as axe can tell."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.test_access import EVERYBODY

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

AXE = Axe()
GRAVE = {"serious", "critical"}
# What is looked at on a phone as well, and by whom.
ON_A_PHONE = {
    "clerk": ["desk", "casework:entry_create", "casework:entry_list", "casework:report_detail"],
    "officer": ["desk", "stations:network"],
    "liaison": ["stations:lead_home"],
}


def faults(page):
    """Return {rule: what of the page breaks it} for every fault that keeps somebody out."""
    assert "{#" not in page.inner_text("body"), "a comment of two lines is no comment to Django"
    return {
        fault["id"]: [node["html"][:160] for node in fault["nodes"]]
        for fault in AXE.run(page).response["violations"]
        if fault["impact"] in GRAVE
    }


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_no_page_has_a_grave_fault(role, request, open_page, pages_of):
    user = request.getfixturevalue(role)
    addresses, found = pages_of(role, user), {}
    assert addresses
    page = open_page(user, reverse("health"))
    for name, address in addresses.items():
        page.goto(address)
        if there := faults(page):
            found[name] = there
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ON_A_PHONE.get(role, []):
        page.goto(addresses[name])
        if there := faults(page):
            found[f"{name} on a phone"] = there
    assert found == {}


def test_the_sign_in_page_has_no_grave_fault(open_page, county):
    page = open_page(None, reverse("stations:sign_in"))
    assert faults(page) == {}
