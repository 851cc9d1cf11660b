import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfWriter

from stations.files import file_check
from stations.models import Posting, WallCheck
from stations.terms import WallFinding, WallItem
from stations.walls import postings
from stations.walls.postings import PostingRefused
from stations.walls.states import WallState
from tests.stations.wall_world import TODAY, clock, hang, line, live, photo, walled

__all__ = ["clock", "walled"]

pytestmark = pytest.mark.django_db
PHONE = WallItem.CONTACT


def test_a_wall_is_empty_until_a_poster_hangs_with_its_photo(walled, clerk):
    assert line(walled).state == WallState.MISSING
    posting = hang(walled, PHONE, TODAY, clerk)
    assert line(walled).state == WallState.CURRENT
    assert posting.next_check_on == TODAY + timedelta(days=365)


def test_a_changed_phone_puts_the_wall_out_of_date_until_a_new_photo(walled, clerk):
    old = hang(walled, PHONE, TODAY, clerk)
    walled.phone = "0564-000-0099"
    walled.save()
    stale = line(walled)
    assert stale.state == WallState.STALE
    assert [(str(c.what), c.before, c.after) for c in stale.changes] == [
        ("电话", "0564-000-0011", "0564-000-0099")
    ]
    new = hang(walled, PHONE, TODAY, clerk, colour="green")
    assert line(walled).state == WallState.CURRENT
    old.refresh_from_db()
    assert (old.taken_down_on, old.taken_down_by, new.taken_down_on) == (TODAY, clerk, None)


def test_the_same_press_again_changes_nothing(walled, clerk):
    first = hang(walled, PHONE, TODAY, clerk)
    assert hang(walled, PHONE, TODAY, clerk) == first
    checked = {"finding": WallFinding.DAMAGED, "checked_on": TODAY, "by": clerk}
    postings.check(first, **checked)
    postings.check(first, **checked)
    assert (Posting.objects.count(), WallCheck.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("digest", "day", "sentence"),
    [
        ("ffffffff", TODAY, "没有这个版本"),
        (None, TODAY + timedelta(days=1), "还没有到"),
        (None, TODAY - timedelta(days=1), "请选这一天或以后"),
    ],
)
def test_what_cannot_be_posted_gets_a_sentence(walled, clerk, digest, day, sentence):
    hang(walled, PHONE, TODAY, clerk)
    with pytest.raises(PostingRefused, match=sentence):
        postings.post(
            walled,
            PHONE,
            digest=digest or live(walled, PHONE, TODAY),
            photo=photo("red"),
            posted_on=day,
            by=clerk,
        )
    assert Posting.objects.count() == 1


def test_a_file_that_is_no_picture_is_refused(walled, clerk):
    wrong = photo()
    wrong.file.seek(0)
    wrong.file.write(b"MZ this is a program")
    with pytest.raises(file_check.FileRefused):
        postings.post(
            walled,
            PHONE,
            digest=live(walled, PHONE, TODAY),
            photo=wrong,
            posted_on=TODAY,
            by=clerk,
        )
    assert not Posting.objects.exists()


def test_a_pdf_is_no_photo_and_a_day_before_the_station_opened_is_refused(
    walled, clerk, client
):
    client.force_login(clerk)
    url = reverse("stations:wall_item", args=[walled.pk, PHONE])
    typed = {"digest": live(walled, PHONE, TODAY), "posted_on": "2026-11-05"}
    blank = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(blank)
    for changes, sentence in (
        ({"photo": SimpleUploadedFile("a.pdf", blank.getvalue())}, "不能是PDF"),
        ({"photo": photo(), "posted_on": "2019-11-05"}, "还没有设立"),
        ({"photo": photo(), "posted_on": "1026-11-05"}, "请核对年份"),
    ):
        answer = client.post(url, typed | changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Posting.objects.exists()


def test_after_a_year_a_poster_is_checked_with_a_photo(walled, clerk, clock):
    posting = hang(walled, PHONE, TODAY, clerk)
    later = clock(TODAY + timedelta(days=366))
    due = line(walled, day=later)
    assert (due.state, due.due_on) == (WallState.CHECK, TODAY + timedelta(days=365))
    with pytest.raises(PostingRefused, match="照片"):
        postings.check(posting, finding=WallFinding.FINE, checked_on=later, by=clerk)
    postings.check(
        posting, finding=WallFinding.FINE, checked_on=later, by=clerk, photo=photo("red")
    )
    assert line(walled, day=later).state == WallState.CURRENT
    postings.check(posting, finding=WallFinding.DAMAGED, checked_on=later, by=clerk)
    assert line(walled, day=later).state == WallState.DAMAGED
    assert WallCheck.objects.count() == 2


def test_what_was_taken_down_is_not_taken_down_or_checked_again(walled, clerk):
    posting = hang(walled, PHONE, TODAY, clerk)
    postings.take_down(posting, by=clerk)
    for act in (
        lambda: postings.take_down(posting, by=clerk),
        lambda: postings.check(
            posting, finding=WallFinding.DAMAGED, checked_on=TODAY, by=clerk
        ),
    ):
        with pytest.raises(PostingRefused, match="已经取下"):
            act()
    assert line(walled).state == WallState.MISSING


def test_the_database_lets_one_poster_of_an_item_hang_and_a_check_be_a_year_away_at_most(
    walled, clerk
):
    posting = hang(walled, PHONE, TODAY, clerk)
    second = Posting(
        **{
            field.attname: getattr(posting, field.attname)
            for field in Posting._meta.concrete_fields
            if not field.primary_key
        }
    )
    with pytest.raises(IntegrityError, match="posting_one_hanging"), transaction.atomic():
        second.save()
    posting.next_check_on = posting.checked_on + timedelta(days=367)
    with pytest.raises(IntegrityError, match="twelve_months"), transaction.atomic():
        posting.save()


# ── Pages ───────────────────────────────────────────────────────────────────────────────


def test_posting_through_the_page_keeps_what_was_typed_and_says_what_is_wrong(
    walled, clerk, client, django_capture_on_commit_callbacks
):
    client.force_login(clerk)
    url = reverse("stations:wall_item", args=[walled.pk, PHONE])
    digest = live(walled, PHONE, TODAY)
    answer = client.post(url, {"digest": digest, "posted_on": "2026-11-04"})
    assert answer.status_code == 422
    assert "请在张贴处拍一张照片" in answer.content.decode()
    assert 'value="2026-11-04"' in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            url, {"digest": digest, "posted_on": "2026-11-05", "photo": photo()}, follow=True
        )
    assert "公示已上墙" in answer.content.decode()
    assert Posting.objects.get().posted_by == clerk


def test_a_photo_of_somebody_who_does_not_work_there_is_not_found(
    walled, clerk, neighbour, head, client
):
    client.force_login(clerk)
    for user, status in ((head, 302), (neighbour, 404)):
        answer = client.post(
            reverse("stations:wall_photo", args=[walled.pk, user.pk]), {"photo": photo()}
        )
        assert answer.status_code == status


def test_the_city_s_inspector_checks_a_wall_and_cannot_post(walled, clerk, inspector, client):
    posting = hang(walled, PHONE, TODAY, clerk)
    client.force_login(inspector)
    answer = client.post(
        reverse("stations:wall_check", args=[posting.pk]),
        {"finding": "damaged", "checked_on": "2026-11-05"},
    )
    assert answer.status_code == 302
    assert WallCheck.objects.get().checked_by == inspector
    answer = client.post(reverse("stations:wall_item", args=[walled.pk, PHONE]), {})
    assert answer.status_code == 403


def test_the_open_twin_says_what_holds_now_and_names_nobody_unless_the_county_wants_it(
    walled, head, client
):
    url = reverse("stations:wall_public_item", args=[walled.code, "staff"])
    page = client.get(url).content.decode()
    assert "站长" in page
    assert head.name not in page
    walled.county.parameters = {"public_duty_names": 2}
    walled.county.save()
    assert head.name in client.get(url).content.decode()

    url = reverse("stations:wall_public_item", args=[walled.code, PHONE])
    sign = live(walled, PHONE, TODAY)
    assert "旧版" not in client.get(url, {"v": sign}).content.decode()
    walled.phone = "0564-000-0099"
    walled.save()
    page = client.get(url, {"v": sign}).content.decode()
    assert "旧版" in page
    assert "0564-000-0099" in page
    for code, item in (("349001999", PHONE), (walled.code, "nothing")):
        address = reverse("stations:wall_public_item", args=[code, item])
        assert client.get(address).status_code == 404
