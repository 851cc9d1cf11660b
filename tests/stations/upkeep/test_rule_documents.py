import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from stations import chores
from stations.models import Adoption, Chore, ChoreKind, Reading, RuleDocument
from stations.terms import RuleKind
from stations.upkeep import rule_documents
from stations.upkeep.rule_documents import RuleRefused, in_force
from tests.stations.wall_world import TODAY, clock

__all__ = ["clock"]

pytestmark = pytest.mark.django_db
INTAKE = RuleKind.INTAKE


@pytest.fixture
def library(county, station, officer, clock):
    """The county has taken over the usual seven."""
    county.complaint_phone = "0564-000-2148"
    county.save()
    rule_documents.take_over_defaults(county, by=officer)
    return station


def template(station, kind=INTAKE):
    return RuleDocument.objects.filter(county=station.county, kind=kind).first()


def adopt(station, by, kind=INTAKE, day=TODAY):
    document = template(station, kind)
    text = rule_documents.filled_in(document.text, station)
    return rule_documents.adopt(station, document, text=text, in_force_from=day, by=by)


def owed(station):
    chores.refresh(station, ChoreKind.RULES)
    return {chore.key: chore.title for chore in Chore.objects.filter(station=station)}


def test_the_usual_seven_are_taken_over_once_and_name_no_place_that_stays_open(
    library, officer
):
    assert RuleDocument.objects.count() == 7
    assert rule_documents.take_over_defaults(library.county, by=officer) == 0
    chores.refresh(library.county, ChoreKind.RULES)
    assert not library.county.chores.exists()
    for document in RuleDocument.objects.all():
        text = rule_documents.filled_in(document.text, library)
        assert rule_documents.open_places(text) == []
        assert text.startswith("第一条")


def test_a_station_adopts_reads_and_has_the_rule_set_in_force(library, head, clerk, duty):
    assert owed(library) == {"adopt": "7项制度还没有印发"}
    for kind in RuleKind:
        adoption = adopt(library, head, kind)
    assert owed(library) == {"unread": "7项制度有人没有阅知"}
    for user in (head, clerk, duty):
        for each in Adoption.objects.all():
            rule_documents.confirm(each, by=user)
            rule_documents.confirm(each, by=user)
    assert owed(library) == {}
    assert Reading.objects.filter(adoption=adoption).count() == 3
    held = in_force(library, TODAY)
    assert (held.count, held.of, held.missing) == (7, 7, ())
    assert set(held.adoption_ids) == set(Adoption.objects.values_list("pk", flat=True))
    assert in_force(library, TODAY - timedelta(days=1)).count == 0


def test_a_newer_template_is_adopted_anew_and_the_old_text_stays(library, head, officer):
    first = adopt(library, head)
    rule_documents.set_template(
        library.county, INTAKE, text="第一条　新的。", by=officer, note="新规定"
    )
    assert "outdated" in owed(library)
    day = TODAY + timedelta(days=3)
    second = adopt(library, head, day=day)
    assert adopt(library, head, day=day) == second
    assert "outdated" not in owed(library)
    first.refresh_from_db()
    assert (first.ended_on, second.document.version) == (day, 2)
    # The old one holds until the new one begins.
    assert in_force(library, day - timedelta(days=1)).adoption_ids == (first.pk,)
    assert in_force(library, day).adoption_ids == (second.pk,)


def test_the_same_template_again_is_no_new_version(library, officer):
    text = template(library).text
    made = rule_documents.set_template(library.county, INTAKE, text=text, by=officer)
    assert made.version == 1


@pytest.mark.parametrize(
    ("text", "days", "sentence"),
    [
        ("第一条　请拨打〔投诉电话〕。", 0, "还有没填的：〔投诉电话〕"),
        ("第一条　找13912342648。", 0, "手机号"),
        ("第一条　改。", -1, "请选这一天或以后"),
    ],
)
def test_what_cannot_be_adopted_gets_a_sentence(library, head, text, days, sentence):
    adopt(library, head)
    with pytest.raises(RuleRefused, match=sentence):
        rule_documents.adopt(
            library,
            template(library),
            text=text,
            in_force_from=TODAY + timedelta(days=days),
            by=head,
        )
    assert Adoption.objects.count() == 1


def test_only_people_of_the_station_confirm_and_only_what_still_holds(
    library, head, neighbour, officer
):
    first = adopt(library, head)
    for user in (neighbour, officer):
        with pytest.raises(RuleRefused, match="只有本站人员"):
            rule_documents.confirm(first, by=user)
    rule_documents.set_template(library.county, INTAKE, text="第一条　新的。", by=officer)
    adopt(library, head)
    with pytest.raises(RuleRefused, match="已被新的代替"):
        rule_documents.confirm(first, by=head)


def test_the_database_lets_one_adoption_of_a_rule_set_stand(library, head):
    first = adopt(library, head)
    second = Adoption(
        station=library,
        kind=first.kind,
        document=first.document,
        text="另一份",
        in_force_from=TODAY,
        adopted_by=head,
    )
    with pytest.raises(IntegrityError, match="adoption_one_standing"), transaction.atomic():
        second.save()


def test_the_pages_lead_from_template_to_reading(library, head, clerk, client):
    client.force_login(head)
    url = reverse("stations:rule_adopt", args=[library.pk, INTAKE])
    page = client.get(url)
    text = page.context["form"].initial["text"]
    assert library.county.bureau_name in text
    wrong = client.post(url, {"text": "〔站名〕", "in_force_from": "2026-11-05"})
    assert wrong.status_code == 422
    answer = client.post(
        url, {"text": text + "\n第十条　逢集照常。", "in_force_from": "2026-11-05"}
    )
    adoption = Adoption.objects.get()
    assert answer["Location"] == reverse("stations:rule_read", args=[adoption.pk])
    client.force_login(clerk)
    page = client.get(answer["Location"]).content.decode()
    assert "逢集照常" in page
    assert "我已阅知" in page
    client.post(reverse("stations:rule_confirm", args=[adoption.pk]))
    assert Reading.objects.get().user == clerk
    page = client.get(reverse("stations:rule_station", args=[library.pk])).content.decode()
    assert "阅知1/2" in page


def test_a_rule_set_is_printed_with_its_station_and_day(library, head, client):
    adoption = adopt(library, head)
    client.force_login(head)
    answer = client.get(reverse("stations:rule_print", args=[adoption.pk]))
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "受案登记制度" in text
    assert library.name in text


@pytest.mark.parametrize("count", [1, 4])
def test_the_library_of_a_county_costs_the_same_for_any_number_of_stations(
    library, make_station, head, officer, client, count, django_assert_max_num_queries
):
    for number in range(1, count):
        make_station(library.county, 110 + number, f"站{number}")
    adopt(library, head)
    client.force_login(officer)
    client.get(reverse("stations:rule_library"))
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("stations:rule_library"))
    assert len(answer.context["rows"]) == count
