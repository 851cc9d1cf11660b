from datetime import timedelta

import pytest
from django.urls import reverse

from stations import chores
from stations.models import ChoreKind, CountyWall, Evidence, WallText
from stations.terms import WallItem
from stations.walls import posters
from stations.walls import texts as wall_texts
from stations.walls.texts import TextRefused
from tests.stations.wall_world import TODAY, clock, photo, walled

__all__ = ["clock", "walled"]

pytestmark = pytest.mark.django_db


def test_the_usual_texts_cover_every_item_and_are_taken_over_once(county, officer, clock):
    assert set(wall_texts.default_texts()) == set(WallItem)
    chores.refresh(county, ChoreKind.WALL)
    assert county.chores.get().key == "texts"
    assert wall_texts.take_over_defaults(county, by=officer) == len(WallItem)
    assert wall_texts.take_over_defaults(county, by=officer) == 0
    chores.refresh(county, ChoreKind.WALL)
    assert not county.chores.exists()


def test_a_new_version_holds_from_its_day_and_the_old_one_stays(walled, officer):
    county, day = walled.county, TODAY + timedelta(days=10)
    made = wall_texts.set_text(
        county, "scope", text="新的范围", valid_from=day, by=officer, paper="新规定"
    )
    again = wall_texts.set_text(county, "scope", text="新的范围", valid_from=day, by=officer)
    assert (made.version, again) == (2, made)
    texts = {
        on: posters.contents_of(county, [walled], on)[walled.pk]["scope"]["text"]
        for on in (TODAY, day)
    }
    assert texts == {TODAY: wall_texts.default_texts()["scope"], day: "新的范围"}
    with pytest.raises(TextRefused, match="第2版"):
        wall_texts.set_text(county, "scope", text="再改", valid_from=TODAY, by=officer)


@pytest.mark.parametrize(
    ("text", "days", "sentence"),
    [("找13912342648", 0, "个人信息不能上墙"), ("范围", -1, "今天或以后")],
)
def test_a_text_that_names_a_person_or_began_yesterday_is_refused(
    walled, officer, text, days, sentence
):
    with pytest.raises(TextRefused, match=sentence):
        wall_texts.set_text(
            walled.county,
            "scope",
            text=text,
            valid_from=TODAY + timedelta(days=days),
            by=officer,
        )
    assert WallText.objects.filter(item="scope").count() == 1


def test_emblem_and_colour_are_kept_with_what_was_before(walled, officer, client):
    client.force_login(officer)
    url = reverse("stations:wall_look")
    assert client.post(url, {"colour": "blue", "emblem": photo()}).status_code == 302
    look = posters.look_of(walled.county)
    assert (look.colour, look.emblem) == ("blue", Evidence.objects.get(county=walled.county))
    typed = {"colour": "red"}
    client.post(url, typed)
    client.post(url, typed)
    assert CountyWall.objects.count() == 2
    assert posters.look_of(walled.county).emblem == look.emblem
    client.post(url, typed | {"drops_emblem": "on"})
    assert posters.look_of(walled.county).emblem is None
    answer = client.post(url, {"colour": "pink"})
    assert answer.status_code == 422


def test_the_preview_shows_what_is_typed_and_saves_nothing(walled, officer, client):
    client.force_login(officer)
    url = reverse("stations:wall_text_preview", args=["procedure"])
    page = client.post(url, {"text": "# 咨询 | <b>当场答</b>"}).content.decode()
    assert "&lt;b&gt;当场答" in page
    assert WallText.objects.count() == len(WallItem)
    url = reverse("stations:wall_text_edit", args=["procedure"])
    answer = client.post(url, {"text": "找13912342648", "valid_from": "2026-11-05"})
    assert answer.status_code == 422
    assert "找13912342648" in answer.content.decode()
