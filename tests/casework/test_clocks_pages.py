"""The page of one clock: its sum, the papers that stood it still, what moved it, who was warned."""

from datetime import date

import pytest
from django.urls import reverse

from casework import workflow
from casework.notices import tell
from casework.rules import deadlines as limits
from casework.terms import NoticeKind
from casework.time_limits import clocks
from stations.models import DayOff
from stations.roles import Role
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def paused(make_application, clerk):
    """Received on 2 March, papers asked for on the 4th; they have not come."""
    application = make_application(received_at=at(2026, 3, 2), missing=("id_document",))
    return workflow.ask_for_documents(
        application, by=clerk, items=["身份证明"], days=10, served_on=date(2026, 3, 4)
    )


def page_of(client, application, number=limits.DECISION):
    deadline = application.deadlines.get(number=number)
    return client.get(reverse("casework:deadline_detail", args=[deadline.pk]))


def test_a_clock_shows_its_sum_its_article_and_the_paper_of_each_pause(client, clerk, paused):
    client.force_login(clerk)

    words = page_of(client, paused).content.decode()

    assert "《法律援助法》第四十三条" in words
    assert "暂停计时" in words
    assert "补充材料/说明通知书" in words
    assert paused.letters.get(kind="06").number in words


def test_a_moved_due_day_is_told_with_its_reason(client, reviewer, make_application, county):
    application = make_application(received_at=at(2026, 3, 2))
    DayOff.objects.create(day=date(2026, 3, 9), is_off=True, name="停工", county=county)
    clocks.recount(application, why="工作日历有变动")
    client.force_login(reviewer)

    page = page_of(client, application)

    # Who will be warned when: two working days before, on the day, the day after.
    assert [(each.role.value, each.on) for each in page.context["plan"]] == [
        ("clerk", date(2026, 3, 5)),
        ("head", date(2026, 3, 10)),
        ("director", date(2026, 3, 11)),
    ]
    [change] = page.context["changes"]
    assert (change.old_due_on, change.new_due_on) == (date(2026, 3, 9), date(2026, 3, 10))
    assert "工作日历有变动" in page.content.decode()


def test_who_was_warned_is_told(client, officer, make_application, county):
    application = make_application(received_at=at(2026, 3, 2))
    tell(
        Role.REVIEWER,
        county,
        "今日到期",
        kind=NoticeKind.WARNING,
        deadline=application.deadlines.get(number=limits.DECISION),
    )
    client.force_login(officer)

    words = page_of(client, application).content.decode()

    assert "县中心审查员" in words
    assert "今日到期" in words


def test_a_clock_of_hours_and_a_stopped_one_have_their_page_too(
    client, clerk, make_application
):
    application = make_application(received_at=at(2026, 3, 6, 16), is_detained=True)
    clocks.stop(application, limits.DECISION, at=at(2026, 3, 9))
    client.force_login(clerk)

    assert "按小时计" in page_of(client, application, limits.DETAINED).content.decode()
    assert "3月9日办结" in page_of(client, application).content.decode()


def test_no_number_of_the_applicant_stands_on_the_page(client, reviewer, paused):
    client.force_login(reviewer)

    words = page_of(client, paused).content.decode()

    assert paused.phone not in words
    assert paused.id_number not in words
