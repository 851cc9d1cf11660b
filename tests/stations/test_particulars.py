"""What is known of places and people changes with its history: nothing is overwritten in silence."""

from datetime import date

import pytest
from django.apps import apps
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from stations.models import (
    AidUnit,
    ContactPoint,
    Liaison,
    ParticularsChange,
    Station,
)
from stations.network import divisions
from stations.particulars import history, keeping
from stations.terms import AidWorkerKind, LiaisonPost, UnitKind


@pytest.fixture
def liaison(station):
    return Liaison.objects.create(
        station=station,
        village=station.township.children.first(),
        name="石桂芳",
        post=LiaisonPost.SECRETARY,
        phone="13912342648",
        appointed_from=date(2024, 1, 1),
    )


@pytest.fixture
def point(station):
    return ContactPoint.objects.create(
        station=station,
        village=station.township.children.first(),
        name="便民服务室",
        opened_on=date(2024, 1, 1),
    )


@pytest.fixture
def unit(county):
    return AidUnit.objects.create(county=county, name="明理律师事务所", kind=UnitKind.FIRM)


def fields_of(page):
    """What a browser would send back of the form of a page."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: [str(part) for part in value] if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value is not False and value not in (None, "", [])
    }


def kept(record):
    return [
        (each.field, each.old_value, each.new_value, each.reason, each.changed_by.username)
        for each in ParticularsChange.objects.filter(
            model=record._meta.label_lower, record_id=record.pk
        ).order_by("pk")
    ]


def edit(client, user, record, page_name, *args, **typed):
    client.force_login(user)
    address = reverse(page_name, args=args)
    return client.post(address, fields_of(client.get(address)) | typed)


@pytest.mark.parametrize(
    ("whose", "page", "by", "typed", "field", "old", "said"),
    [
        (
            "station",
            "stations:station_edit",
            "head",
            {"phone": "0564-5025678"},
            "phone",
            "",
            "",
        ),
        (
            "station",
            "stations:station_edit",
            "officer",
            {"name": "青溪镇公共法律服务工作站", "why": "县司〔2026〕5号"},
            "name",
            None,
            "县司〔2026〕5号",
        ),
        (
            "point",
            "stations:contact_point_edit",
            "head",
            {"name": "党群服务中心"},
            "name",
            "便民服务室",
            "",
        ),
        (
            "liaison",
            "stations:liaison_edit",
            "head",
            {"phone": "13800001111"},
            "phone",
            "13912342648",
            "",
        ),
        (
            "county",
            "stations:county_parameters",
            "officer",
            {"surge_percent": "40", "why": "年初会议"},
            "surge_percent",
            "30",
            "年初会议",
        ),
        (
            "clerk",
            "stations:account_edit",
            "system_admin",
            {"name": "周桂兰兰", "why": "写错"},
            "name",
            None,
            "写错",
        ),
        (
            "unit",
            "casework:unit_edit",
            "reviewer",
            {"address": "青溪镇中街1号"},
            "address",
            "",
            "",
        ),
    ],
)
def test_an_edited_record_keeps_what_stood_there_and_its_page_says_so(
    client, request, whose, page, by, typed, field, old, said
):
    record, user = request.getfixturevalue(whose), request.getfixturevalue(by)
    if old is None:
        old = getattr(record, field)
    args = () if whose == "county" else (record.pk,)

    answer = edit(client, user, record, page, *args, **typed)

    assert answer.status_code == 302
    assert kept(record) == [(field, old, typed[field], said, user.username)]
    shown = client.get(reverse(page, args=args)).text
    assert user.name in shown
    assert "变更记录" in shown or "Record of changes" in shown
    if whose == "liaison":
        assert "139****2648" in shown
        assert "13912342648" not in shown


def test_what_stands_on_seals_and_what_the_county_sets_changes_only_with_a_reason(
    client, officer, station
):
    name = station.name

    answer = edit(
        client, officer, station, "stations:station_edit", station.pk, name="另一个名称"
    )

    assert answer.status_code == 422
    assert "why" in answer.context["form"].errors
    station.refresh_from_db()
    assert (station.name, kept(station)) == (name, [])


def test_of_two_people_who_opened_the_same_form_the_second_sees_what_the_first_changed(
    client, head, officer, station
):
    client.force_login(officer)
    address = reverse("stations:station_edit", args=[station.pk])
    opened = fields_of(client.get(address))
    edit(client, head, station, "stations:station_edit", station.pk, phone="0564-5020001")
    client.force_login(officer)

    clash = client.post(address, opened | {"address": "中街9号"})
    again = client.post(address, fields_of(clash) | {"phone": "0564-5020001"})

    assert clash.status_code == 422
    assert head.name in clash.context["form"].non_field_errors()[0]
    assert clash.context["form"]["address"].value() == "中街9号"
    assert again.status_code == 302
    station.refresh_from_db()
    assert (station.address, station.phone) == ("中街9号", "0564-5020001")


def test_a_second_press_keeps_one_change(client, head, station):
    client.force_login(head)
    address = reverse("stations:station_edit", args=[station.pk])
    typed = fields_of(client.get(address)) | {"phone": "0564-5020001"}

    answers = [client.post(address, typed).status_code for _n in range(2)]

    assert (answers, len(kept(station))) == ([302, 302], 1)


def test_what_was_kept_is_never_changed(head, station):
    keeping.change(station, by=head, phone="0564-5020001")

    for act in (
        lambda rows: rows.update(old_value="x"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act(ParticularsChange.objects.all())


def test_closing_a_station_and_a_file_of_liaisons_leave_their_trace(
    client, officer, head, station, liaison
):
    client.force_login(officer)
    address = reverse("stations:station_close", args=[station.pk])
    client.post(address, {"closed_on": timezone.localdate().isoformat()})
    keeping.change(liaison, by=head, why="名册", post=LiaisonPost.OTHER)

    assert [row[0] for row in kept(station)] == ["closed_on"]
    (saving,) = history.history(liaison).savings
    assert (saving.who, saving.reason) == (head.name, "名册")


def test_a_renamed_township_leaves_its_old_name_with_the_station(officer, county, station):
    old = station.township.name
    before = timezone.now()

    divisions.rename(
        station.township,
        name="青溪街道",
        on=timezone.localdate(),
        by=officer,
        paper="民〔1〕号",
    )

    assert kept(station) == [("township", old, "青溪街道", "民〔1〕号", officer.username)]
    now = Station.objects.get(pk=station.pk)
    then = keeping.as_it_was(now, before)
    assert (now.township.name, then.township.name) == ("青溪街道", old)


def test_particulars_of_an_earlier_moment_are_those_of_then(head, county, station):
    moments = [timezone.now()]
    for phone, opened in (("1", True), ("2", False), ("3", True)):
        keeping.change(station, by=head, phone=phone, has_dedicated_staff=opened)
        moments.append(timezone.now())

    read = [keeping.as_it_was(station, at) for at in moments]

    assert [each.phone for each in read][1:] == ["1", "2", "3"]
    assert [each.has_dedicated_staff for each in read][1:] == [True, False, True]
    assert keeping.as_it_was(county, moments[0]).bureau_name == county.bureau_name


@pytest.mark.parametrize("count", [1, 6])
def test_the_history_of_a_page_costs_the_same_for_any_length(
    client, head, station, liaison, point, count, django_assert_num_queries
):
    for n in range(count):
        keeping.change(station, by=head, phone=f"0564-502000{n}")
        keeping.change(liaison, by=head, phone=f"1391234000{n}")
    client.force_login(head)

    client.get(station.get_absolute_url())
    with django_assert_num_queries(QUERIES_OF_A_STATION):
        page = client.get(station.get_absolute_url())

    assert len(page.context["history"].savings) == 2 * count


QUERIES_OF_A_STATION = 13


def test_every_field_of_a_record_is_kept_but_secrets_and_settings():
    """A field somebody adds is watched by itself; what is left out is said here."""
    left_out = {
        "stations.station": set(),
        "stations.contactpoint": set(),
        "stations.liaison": set(),
        "stations.county": {"parameters"},
        "stations.aidunit": set(),
        "stations.aidworker": {"calendar_key"},
        "casework.matter": set(),
        "casework.aidmatter": set(),
    }
    for label, names in left_out.items():
        model = apps.get_model(label)
        everything = {field.name for field in model._meta.concrete_fields} - {"id"}
        assert everything - set(keeping.watched(model)) == names, label


def test_choices_dates_and_several_stations_are_told_in_words(
    head, county, station, next_station, unit
):
    worker = unit.workers.create(
        name="许文静", kind=AidWorkerKind.LAWYER, joined_on=date(2020, 1, 1)
    )
    keeping.change(
        worker, by=head, joined_on=date(2021, 2, 3), specialities=["labour"], knows_minors=True
    )

    with translation.override("zh-hans"):
        ((saving),) = history.history(worker).savings

    assert saving.sentences == (
        "把熟悉未成年人身心特点由否改为是",
        "填写了擅长领域：劳动争议",
        "把入库日期由2020年1月1日改为2021年2月3日",
    )
