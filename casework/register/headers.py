"""The headers of a register kept in Excel, WPS or csv, and where they stand. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from stations.files.tables import FileRefused

# Field → the headers it may stand under; the first is the one our own template prints.
COLUMNS = {
    "channel": ("途径", "登记类型", "channel"),
    "occurred_at": (
        "时间",
        "日期",
        "日期和时间",
        "来访时间",
        "来电时间",
        "咨询时间",
        "登记时间",
        "来访日期",
        "来电日期",
        "咨询日期",
        "date",
        "time",
        "occurred_at",
    ),
    "name": (
        "姓名",
        "来访人",
        "来电人",
        "咨询人",
        "来访人姓名",
        "来电人姓名",
        "咨询人姓名",
        "name",
    ),
    "sex": ("性别", "sex", "gender"),
    "birth_on": ("出生日期", "birth date", "birth_on"),
    "ethnic_group": ("民族", "ethnic group"),
    "nationality": ("国家地区", "国籍", "country"),
    "people_groups": ("人群", "人群类别", "咨询人类别", "people groups", "groups"),
    "persons": ("同来人数", "人数", "来访人数", "persons"),
    "phone": ("电话", "联系电话", "来电号码", "联系方式", "手机号码", "phone"),
    "id_type": ("证件类型", "id type"),
    "id_number": ("证件号码", "身份证号", "身份证号码", "id number"),
    "household_place": ("户籍地", "household registration"),
    "address": ("住址", "地址", "通讯地址", "address"),
    "education": ("文化程度", "education"),
    "village": ("村居", "所属村居", "村", "村社区", "所在村", "village"),
    "place_of_event": ("事发地", "place of event"),
    "event_on": ("事发日期", "event date"),
    "opponent": ("对方", "对方当事人", "对方是谁", "opponent"),
    "title": ("标题", "咨询标题", "title"),
    "matter": ("事由", "案由", "业务类型", "咨询案由", "咨询事项", "matter"),
    "statement": (
        "内容",
        "咨询内容",
        "反映内容",
        "来访人说了什么",
        "来电人说了什么",
        "客户自述",
        "statement",
        "question",
    ),
    "answer": ("答复", "答复意见", "处理意见", "怎么答复的", "解答意见", "answer"),
    "answered_at": ("答复时间", "answered at"),
    "disposal": ("处理", "处理方式", "处理情况", "disposal"),
    "receiver_name": ("接待人", "话务员", "接听人", "值班人员", "receiver"),
    "is_told_of_right": ("已告知可申请", "已告知可申请援助", "told of right"),
    "sensitive": ("敏感情况", "敏感", "sensitive"),
    "is_publishable": ("可以公开", "是否公开", "may be published"),
    "satisfaction": ("满意度", "satisfaction"),
    "is_hotline": ("12348转来", "12348"),
    "duration_minutes": ("时长", "通话时长", "时长分钟", "minutes"),
    "follow_up": ("后续去向", "follow up"),
}
REQUIRED_COLUMNS = ("channel", "occurred_at", "name", "matter", "statement")
# A register may carry its title and a line of remarks above its headers.
WITHIN = 8


def _bare(header):
    """姓 名*, 时间（年月日） and Birth date as they are compared."""
    text = unicodedata.normalize("NFKC", str(header)).casefold()
    return re.sub(r"[\s*:_]|\(.*?\)", "", text)


FIELDS = {_bare(name): field for field, headers in COLUMNS.items() for name in headers}
# Where a day and a clock have a column each, the one that says day.
DAYS = {_bare(name) for name in COLUMNS["occurred_at"] if "日期" in name or name == "date"}


@dataclass(frozen=True)
class Header:
    """The columns of a file: {field: column}, what each column is called, the rows above the data.

    `clock` is the column of the time when day and time have one each.
    """

    columns: dict[str, int]
    names: list[str]
    height: int
    clock: int | None = None

    @classmethod
    def of(cls, names, height):
        bare = [_bare(name) for name in names]
        columns = {}
        for position, name in enumerate(bare):
            if name in FIELDS:
                columns.setdefault(FIELDS[name], position)
        clock = None
        moments = [at for at, name in enumerate(bare) if FIELDS.get(name) == "occurred_at"]
        days = [at for at in moments if bare[at] in DAYS]
        if len(days) == 1 and len(moments) == 2:
            columns["occurred_at"] = days[0]
            [clock] = {*moments} - {*days}
        return cls(columns, [str(name).strip() for name in names], height, clock)


def read_header(rows):
    """Return the `Header` among the first rows: one row, or two of which the upper joins columns.

    Raises FileRefused when what a register cannot do without has no column.
    """
    above = rows[:WITHIN]
    found = [Header.of(row, number) for number, row in enumerate(above, 1)]
    found += [
        Header.of(_joined(upper, lower), number)
        for number, (upper, lower) in enumerate(pairwise(above), 2)
    ]
    header = max(found, key=lambda header: len(header.columns))
    missing = [COLUMNS[field][0] for field in REQUIRED_COLUMNS if field not in header.columns]
    if missing:
        raise FileRefused(
            _("No row names the columns; %(missing)s is missing. Start from our template.")
            % {"missing": "、".join(missing)}
        )
    return header


def _joined(upper, lower):
    """Two rows of headers as one: the lower name where it is known, else the one above it."""
    width = max(len(upper), len(lower))
    pairs = zip(
        [*upper, *[""] * (width - len(upper))],
        [*lower, *[""] * (width - len(lower))],
        strict=True,
    )
    return [below if _bare(below) in FIELDS else over for over, below in pairs]
