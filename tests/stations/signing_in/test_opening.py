"""A county begins: `manage.py open_county` makes what the pages of administrators need to go on."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from stations.models import County, Look, User
from stations.roles import Role

PEOPLE = ["周桂兰:zhou", "李守正:lisz", "王明:wangm"]


@pytest.fixture
def division(make_division, city):
    return make_division("349005", "新开县", city)


def opened(code="349005", *, people=PEOPLE, **options):
    said = io.StringIO()
    call_command(
        "open_county", code, short_name="新", administrators=people, stdout=said, **options
    )
    return said.getvalue()


def test_a_county_begins_with_its_names_and_three_administrators(client, division):
    said = opened()

    county = County.objects.get(division=division)
    assert (county.bureau_name, county.center_name) == ("新开县司法局", "新开县法律援助中心")
    held = {user.username: [post.role for post in user.posts] for user in User.objects.all()}
    assert held == {
        "zhou": [Role.SYSTEM_ADMIN],
        "lisz": [Role.SECURITY_ADMIN],
        "wangm": [Role.AUDIT_ADMIN],
    }
    assert Look.objects.visible_to(User.objects.get(username="wangm")).count() == 3
    # The printed password opens the site, and asks for another one first.
    password = next(line.split()[1] for line in said.splitlines() if "zhou" in line)
    client.post(reverse("stations:sign_in"), {"username": "zhou", "password": password})
    assert client.get(reverse("desk"))["Location"] == reverse("stations:password_change")


def test_from_there_the_pages_make_the_first_officer(client, division):
    opened()
    User.objects.update(must_change_password=False)
    client.force_login(User.objects.get(username="zhou"))
    client.post(reverse("stations:account_create"), {"name": "许正", "username": "xuzheng"})
    officer = User.objects.get(username="xuzheng")
    client.force_login(User.objects.get(username="lisz"))

    client.post(
        reverse("stations:appointment_create", args=[officer.pk]),
        {
            "role": Role.OFFICER,
            "county": County.objects.get().pk,
            "from_on": "2026-01-01",
        },
    )

    User.objects.filter(pk=officer.pk).update(must_change_password=False)
    client.force_login(officer)
    assert client.get(reverse("stations:network")).context["county"].division == division


def test_a_second_run_changes_nothing(division):
    opened()
    before = list(User.objects.order_by("pk").values())

    assert "没有变化" in opened(bureau="另一个名字")

    assert list(User.objects.order_by("pk").values()) == before
    assert County.objects.get().bureau_name == "新开县司法局"


def test_the_citys_administrators_give_the_city_its_inspector_and_take_him_back(
    client, division, county, city
):
    opened(of_city=True)
    User.objects.update(must_change_password=False)
    system, security, audit = (
        User.objects.get(username=name) for name in ("zhou", "lisz", "wangm")
    )
    client.force_login(system)
    client.post(reverse("stations:account_create"), {"name": "市里人", "username": "shili"})
    inspector = User.objects.get(username="shili")
    client.force_login(security)
    client.post(
        reverse("stations:appointment_create", args=[inspector.pk]),
        {"role": Role.INSPECTOR, "city": city.pk, "from_on": "2026-01-01"},
    )

    inspector = User.objects.get(pk=inspector.pk)
    assert set(County.objects.visible_to(inspector)) == set(County.objects.all())
    [post] = inspector.posts
    client.post(reverse("stations:appointment_end", args=[post.pk]), {"last_day": "2026-02-01"})
    assert User.objects.get(pk=inspector.pk).posts == []
    told = Look.objects.visible_to(audit).values_list("subject", flat=True)
    assert [each for each in told if each.startswith(f"user:{inspector.pk} ")] == [
        f"user:{inspector.pk} {act}"
        for act in ("ended inspector", "appointed inspector", "created")
    ]


def test_a_countys_administrator_finds_nobody_of_the_city(client, security_admin, inspector):
    client.force_login(security_admin)

    [post] = inspector.posts
    for name, pk in [("account_detail", inspector.pk), ("appointment_end", post.pk)]:
        address = reverse(f"stations:{name}", args=[pk])
        answer = client.get(address) if name == "account_detail" else client.post(address)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "349006"}, "load_divisions"),
        ({"code": "3490"}, "load_divisions"),
        ({"people": ["周桂兰:zhou", "李守正:zhou", "王明:wangm"]}, "三个人"),
        ({"people": ["周桂兰:zhou", "李守正:clerk", "王明:wangm"]}, "clerk"),
        ({"people": ["周桂兰", "李守正:lisz", "王明:wangm"]}, "周桂兰"),
        ({"people": ["周" * 41 + ":zhou", "李守正:lisz", "王明:wangm"]}, "40"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(division, clerk, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        opened(**changed)

    assert not County.objects.filter(division=division).exists()
    assert list(User.objects.all()) == [clerk]
