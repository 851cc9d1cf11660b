"""The demonstration county 霍山县: real places, invented people. Never in production.

Divisions are public facts (`huoshan.csv`); every person, phone, matter and word is made up here.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from stations.roles import Role

# Of every account below. `seed_demo` refuses to run in production, and so does a sign-in to an
# account marked `is_demo`.
PASSWORD = "Huoshan-demo-2026"

COUNTY_CODE = "341525"
CITY_CODE = "3415"
# Divisions with no station, with a silent one, and with the surge of one matter.
VACANT_TOWNSHIP = "341525400"
SILENT_STATION = "341525203"
SURGE_STATION = "341525106"


class Account(NamedTuple):
    """One account a visitor of the demonstration may sign in to, and what to try there."""

    username: str
    role_label: str
    place: str
    hint: str


class Post(NamedTuple):
    """Who holds a demonstration account: a role at a station, a county or a city."""

    username: str
    name: str
    role: Role
    # Code of the station, the county or the city; of the village for a liaison.
    code: str
    place: str
    hint: str


POSTS = [
    Post(
        "clerk",
        "周桂兰",
        Role.CLERK,
        SURGE_STATION,
        "诸佛庵站",
        _("log a call or a visit; a wage claim of many workers"),
    ),
    Post(
        "head",
        "方志强",
        Role.HEAD,
        SURGE_STATION,
        "诸佛庵站",
        _("comment on the month and send it"),
    ),
    Post("lawyer", "许文静", Role.DUTY, SURGE_STATION, "诸佛庵站", _("receive people on duty")),
    Post(
        "liaison",
        "石桂芳",
        Role.LIAISON,
        "341525106201",
        "仙人冲村",
        _("send a lead from the phone"),
    ),
    Post(
        "clerk2",
        "郝秀丽",
        Role.CLERK,
        "341525100",
        "衡山站",
        _("the busiest station; a call not finished"),
    ),
    Post(
        "head2",
        "左建军",
        Role.HEAD,
        "341525110",
        "漫水河站",
        _("a month returned by the county"),
    ),
    Post("clerk3", "束爱琴", Role.CLERK, SILENT_STATION, "太阳站", _("a silent station")),
    Post(
        "liaison2",
        "储明芝",
        Role.LIAISON,
        "341525110202",
        "歇马台村",
        _("see what became of a lead"),
    ),
    Post(
        "reviewer",
        "林若溪",
        Role.REVIEWER,
        COUNTY_CODE,
        "霍山县",
        _("read registers and months of the county"),
    ),
    Post(
        "director",
        "唐立新",
        Role.DIRECTOR,
        COUNTY_CODE,
        "霍山县",
        _("confirm or return months"),
    ),
    Post(
        "officer",
        "高卫东",
        Role.OFFICER,
        COUNTY_CODE,
        "霍山县",
        _("coverage, silent stations, parameters"),
    ),
    Post(
        "officer2",
        "夏正清",
        Role.OFFICER,
        COUNTY_CODE,
        "霍山县",
        _("the second person who decides on complaints"),
    ),
    Post(
        "inspector",
        "康海燕",
        Role.INSPECTOR,
        CITY_CODE,
        "六安市",
        _("figures of the county, no names"),
    ),
    Post(
        "sysadmin", "钟晓东", Role.SYSTEM_ADMIN, COUNTY_CODE, "霍山县", _("create an account")
    ),
    Post(
        "secadmin",
        "邵慧",
        Role.SECURITY_ADMIN,
        COUNTY_CODE,
        "霍山县",
        _("give or end an appointment"),
    ),
    Post(
        "auditor",
        "毛俊",
        Role.AUDIT_ADMIN,
        COUNTY_CODE,
        "霍山县",
        _("who looked, printed and exported"),
    ),
]

ACCOUNTS = [Account(post.username, post.role.label, post.place, post.hint) for post in POSTS]
