"""The demonstration county's assessments: last year confirmed, typed from paper; this year's scores run."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

from django.utils import timezone
from PIL import Image

from assessment import integrity, running, standard, workflow
from assessment.models import Score, SpotCheck
from assessment.terms import Mode
from stations.files import evidence
from stations.models import Appointment, User
from stations.roles import Role

from . import moved_clock

# Last year's assessment was over by this month and day.
OVER_BY = (4, 1)
SUMMARY = "全年来电来访有登记，值班有人在，宣传进了村。不足是回访不够及时，下一年补上。"
WORDS = "按上年纸质考核表补录"


def build(county, today):
    """Last year as it was confirmed in spring, and the year that yesterday lies in, running.

    Of this year nothing is scored by a person yet: it is walked through on the pages.
    """
    yesterday = today - timedelta(days=1)
    officer = User.objects.get(username="officer")
    begun = min(date(yesterday.year, 1, 8), today)
    with moved_clock.at(_at(begun)):
        used = standard.put_to_use(
            standard.adopt_default(county, by=officer), year_from=yesterday.year - 1, by=officer
        )
        if today >= date(yesterday.year, *OVER_BY):
            last = workflow.open_year(county, yesterday.year - 1, standard=used, by=officer)
        year = workflow.open_year(county, yesterday.year, standard=used, by=officer)
    if today >= date(yesterday.year, *OVER_BY):
        _walk_through(last, officer)
    running.recompute(year, on=today)
    integrity.find_flags(year, on=today)


def _at(day):
    return timezone.make_aware(datetime.combine(day, time(10, 0)))


def _walk_through(year, officer):
    """Lead last year from the self-scores to its confirmation, on the days it would have been."""
    third, inspector = (User.objects.get(username=name) for name in ("officer2", "inspector"))
    spring = date(year.year + 1, 1, 9)
    with moved_clock.at(_at(spring)):
        year = workflow.ask_for_self_scores(
            year,
            by=officer,
            self_score_due_on=spring + timedelta(days=14),
            county_score_due_on=spring + timedelta(days=42),
        )
    random = Random(year.year)
    sheets = list(year.sheets.select_related("station").order_by("station__code"))
    with moved_clock.at(_at(spring + timedelta(days=10))):
        for sheet in sheets:
            sheet.year = year
            type_up(sheet, officer, random)
    with moved_clock.at(_at(spring + timedelta(days=30))):
        for sheet in sheets:
            workflow.complete_score(sheet, by=officer)
    with moved_clock.at(_at(spring + timedelta(days=34))):
        workflow.draw(year, by=inspector)
        for check in SpotCheck.objects.filter(sheet__year=year).select_related("sheet__year"):
            workflow.note_check(
                check,
                {},
                by=inspector,
                visited_on=timezone.localdate(),
                findings="台账、公示和值班记录与考核表相符。",
            )
            workflow.finish_check(check, by=inspector)
    with moved_clock.at(_at(spring + timedelta(days=38))):
        workflow.publish(year, by=officer)
    with moved_clock.at(_at(spring + timedelta(days=60))):
        workflow.confirm(year, by=third)
        weakest = year.sheets.order_by("total").first()
        order = workflow.order_rectification(
            weakest,
            by=officer,
            text="公示栏缺经济困难标准，补齐后报照片。",
            due_on=timezone.localdate() + timedelta(days=30),
        )
        workflow.report_rectification(order, by=_head(weakest.station), words="已换贴。")
        workflow.accept_report(order, by=officer)


def _head(station):
    post = Appointment.objects.filter(station=station, role=Role.HEAD).select_related("user")
    return post.first().user


def type_up(sheet, officer, random):
    """What the paper sheet of a station said: its own points, and the county's."""
    head, now = _head(sheet.station), timezone.now()
    photo = evidence.add_bytes(sheet.station, _photo(sheet.pk), by=head)
    share = Decimal(random.randint(78, 97)) / 100
    scores = list(sheet.scores.select_related("indicator"))
    for score in scores:
        quarters = score.indicator.points * 4 * share + Decimal(random.randint(-1, 1))
        score.self_points = min(Decimal(round(max(quarters, 0))) / 4, score.indicator.points)
        score.self_words, score.self_by, score.self_at = WORDS, head, now
        is_cut = score.self_points >= 1 and random.random() < 0.08
        score.county_points = score.self_points - Decimal("0.5") * is_cut
        score.county_against = score.self_points
        score.county_reason = "核对凭证后扣0.5分" if is_cut else ""
        score.county_by, score.county_at = officer, now
        if score.indicator.mode == Mode.HAND:
            score.evidence.add(photo)
    Score.objects.bulk_update(
        scores,
        [
            "self_points",
            "self_words",
            "self_by",
            "self_at",
            "county_points",
            "county_against",
            "county_reason",
            "county_by",
            "county_at",
        ],
    )
    sheet.self_summary = SUMMARY
    sheet.save(update_fields=["self_summary"])
    workflow.submit(sheet, by=head)


def _photo(number):
    """A small picture of its own for each station, in place of a photographed paper."""
    content = BytesIO()
    Image.new("RGB", (120, 90), (210, 200 - number % 60, 160 + number % 60)).save(
        content, "PNG"
    )
    return content.getvalue()
