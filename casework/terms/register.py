"""The standard terms of casework: code, label, and the article or return each comes from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How somebody reached the station (按途径, rules 6.1)."""

    CALL = "call", _("call")
    VISIT = "visit", _("visit")
    LETTER = "letter", _("letter")
    ONLINE = "online", _("online")
    OTHER = "other", pgettext_lazy("channel", "other")


# The sign before a register number: 电2026-0012 is the twelfth call of 2026.
NUMBER_SIGNS = {
    Channel.CALL: "电",
    Channel.VISIT: "访",
    Channel.LETTER: "信",
    Channel.ONLINE: "网",
    Channel.OTHER: "他",
}


class PeopleGroup(models.TextChoices):
    """People groups of the returns (按人群, rules 6.2); one person may be in several."""

    WOMEN = "women", _("women")
    FARMER = "farmer", _("farmers")
    MIGRANT_WORKER = "migrant_worker", _("migrant workers")
    ELDERLY = "elderly", _("elderly (60+)")
    DISABLED = "disabled", _("disabled")
    MINOR = "minor", _("minors")
    MILITARY = "military", _("military and dependants")
    ETHNIC_MINORITY = "ethnic_minority", _("ethnic minorities")
    FOREIGN = "foreign", _("foreign or stateless")
    POOR = "poor", _("ordinary poor")
    OTHER = "other", pgettext_lazy("people group", "other")


# Computed from sex, birth date and ethnic group wherever these are known.
DERIVED_GROUPS = {
    PeopleGroup.WOMEN,
    PeopleGroup.ELDERLY,
    PeopleGroup.MINOR,
    PeopleGroup.ETHNIC_MINORITY,
}


class Disposal(models.TextChoices):
    """What was done (处理方式, rules 4.3)."""

    ANSWERED = "answered", _("answered on the spot")
    APPOINTMENT = "appointment", _("appointment made")
    GUIDED = "guided", _("guided to apply")
    DRAFTED = "drafted", _("paper drafted")
    MEDIATION = "mediation", _("to mediation")
    OTHER_DEPARTMENT = "other_department", _("shown to another department")
    PETITION = "petition", _("to the petition channel")
    TRANSFERRED = "transferred", _("transferred to another institution")
    REPORTED = "reported", _("reported upward")


class Sensitive(models.TextChoices):
    """What makes an entry a matter of public sentiment (敏感情况, rules 4.6)."""

    NONE = "none", _("nothing")
    GROUP = "group", _("many on one matter")
    EXTREME = "extreme", _("extreme words or acts")
    MEDIA = "media", _("media or internet")
    SPECIAL = "special", _("foreign, ethnic, religious or military")


class SamePerson(models.TextChoices):
    """What the person at the desk answered about an earlier entry: two questions, not one."""

    UNASKED = "", _("not asked")
    SAME_MATTER = "same_matter", _("same person, same matter")
    OTHER_MATTER = "other_matter", _("same person, another matter")
    NO = "no", _("somebody else")


class IdType(models.TextChoices):
    RESIDENT = "resident", _("resident identity card")
    OFFICER = "officer", _("officer's card")
    PASSPORT = "passport", _("passport")
    HK_MACAO = "hk_macao", _("Hong Kong or Macao permit")
    TAIWAN = "taiwan", _("Taiwan permit")
    OTHER = "other", pgettext_lazy("identity paper", "other")


class Education(models.TextChoices):
    NONE = "none", _("no schooling")
    PRIMARY = "primary", _("primary school")
    JUNIOR = "junior", _("junior middle school")
    SENIOR = "senior", _("senior middle school")
    COLLEGE = "college", _("college or above")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("satisfied")
    FAIR = "fair", _("fair")
    UNSATISFIED = "unsatisfied", _("not satisfied")


class SignalLevel(models.TextChoices):
    """Levels of public-sentiment signals (舆情信号, rules 4.6)."""

    USUAL = "usual", _("usual")
    WATCH = "watch", _("watch")
    GRAVE = "grave", _("grave")


class ReportStatus(models.TextChoices):
    """Where one month of one station, or of the county, stands."""

    OPEN = "open", _("open")
    SENT = "sent", _("sent")
    RETURNED = "returned", _("returned")
    CONFIRMED = "confirmed", _("confirmed and locked")


class ReportMove(models.TextChoices):
    """What can happen to a month's report, as its timeline says it."""

    OPEN = "open", _("the calendar opened the month")
    SEND = "send", _("sent to the county")
    ISSUE = "issue", _("issued by the county")
    CONFIRM = "confirm", _("confirmed by the county, locked")
    RETURN = "return", _("returned to the station")
    REOPEN = "reopen", _("opened again")


class BatchStatus(models.TextChoices):
    """Where an imported file stands."""

    UPLOADED = "uploaded", _("being checked")
    CHECKED = "checked", _("checked, not yet imported")
    REJECTED = "rejected", _("has errors")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    UNDONE = "undone", _("undone")


# The default dictionary of matters: (class code, class name, [(leaf code, name, number key)]).
# The number key chooses the matter at the counter. Source: rules 6.3, with usual local items.
MATTERS = [
    (
        "criminal",
        "刑事",
        [
            ("homicide", "故意杀人", ""),
            ("injury", "故意伤害", ""),
            ("robbery", "抢劫抢夺", ""),
            ("rape", "强奸", ""),
            ("drugs", "制造贩卖运输毒品", ""),
            ("theft", "盗窃", ""),
            ("fraud", "诈骗", ""),
            ("bribery", "受贿行贿", ""),
            ("traffic", "交通肇事", ""),
            ("other", "其他刑事", ""),
        ],
    ),
    (
        "civil",
        "民事",
        [
            ("labour_pay", "支付劳动报酬", "1"),
            ("work_injury", "工伤", "2"),
            ("marriage", "婚姻家庭", "3"),
            ("parental_support", "赡养费", "4"),
            ("child_support", "抚养费", ""),
            ("spousal_support", "扶养费", ""),
            ("traffic", "交通事故", "5"),
            ("land_forest", "土地山林", "6"),
            ("medical", "医疗事故", ""),
            ("courage", "见义勇为", ""),
            ("domestic_violence", "家庭暴力", ""),
            ("homestead", "宅基地", ""),
            ("other", "其他民事", ""),
        ],
    ),
    (
        "administrative",
        "行政",
        [
            ("state_compensation", "请求国家赔偿", ""),
            ("social_insurance", "社会保险待遇", "9"),
            ("subsistence", "最低生活保障待遇", ""),
            ("pension_relief", "抚恤金、救济金", ""),
            ("other", "其他行政", ""),
        ],
    ),
    (
        "economic",
        "经济",
        [
            ("loan", "民间借贷", "7"),
            ("contract", "合同纠纷", "8"),
            ("consumer", "消费者权益", ""),
            ("farm_supplies", "农资纠纷", ""),
            ("other", "其他经济", ""),
        ],
    ),
]
