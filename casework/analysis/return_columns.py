"""The columns of the statistical returns 统计报表 in their official order (rules 6.4).

A column is one condition on the rows of one source; what it counts and what it opens are the same
rows. Consultations count in 人次, an entry as one; cases in 件; recipients in 人次. One person may be
in several groups, so group columns do not add up.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.terms import AidWorkerKind, HostType, MediaKind, UnitKind

from ..terms import (
    MATTERS,
    CaseResult,
    Channel,
    ComplaintOutcome,
    GroundClass,
    PeopleGroup,
    Position,
    RefusalGround,
    ReviewKind,
)


@dataclass(frozen=True)
class Column:
    """One column: its place in the return, what it counts, and in which rows of which source.

    `amount` names what is summed; without it rows are counted. `level` 1 is a part (其中) of the
    column before it.
    """

    code: str
    label: str | Promise
    source: str
    where: Q = field(default_factory=Q)
    unit: str = "cases"
    amount: str = ""
    level: int = 0
    heading: str | Promise = ""

    @property
    def is_money(self):
        return self.unit == "money"


UNITS = {
    "times": _("person-times"),
    "cases": pgettext_lazy("unit", "cases"),
    "money": _("10,000 yuan"),
    "places": pgettext_lazy("unit", "places"),
    "people": pgettext_lazy("unit", "people"),
    "sessions": pgettext_lazy("unit", "sessions"),
    "items": pgettext_lazy("unit", "items"),
}

# People groups of the consultation return and of the case return, in their order (rules 6.2).
CONSULTATION_GROUPS = [
    PeopleGroup.WOMEN,
    PeopleGroup.DISABLED,
    PeopleGroup.FARMER,
    PeopleGroup.MIGRANT_WORKER,
    PeopleGroup.MILITARY,
    PeopleGroup.MINOR,
    PeopleGroup.ELDERLY,
    PeopleGroup.FOREIGN,
    PeopleGroup.POOR,
    PeopleGroup.OTHER,
]
CASE_GROUPS = [
    PeopleGroup.WOMEN,
    PeopleGroup.DISABLED,
    PeopleGroup.FARMER,
    PeopleGroup.MIGRANT_WORKER,
    PeopleGroup.MINOR,
    PeopleGroup.ELDERLY,
    PeopleGroup.ETHNIC_MINORITY,
    PeopleGroup.MILITARY,
    PeopleGroup.FOREIGN,
]
# The matters the quarterly return lists by name, in its order (rules 6.3); the others of a class
# are in its total alone.
LISTED_MATTERS = {
    "criminal": "homicide injury robbery rape drugs theft fraud bribery traffic",
    "civil": (
        "parental_support spousal_support child_support labour_pay courage work_injury traffic"
        " medical marriage"
    ),
    "administrative": "state_compensation social_insurance subsistence pension_relief",
    "economic": "loan contract consumer",
}
CLASS_NAMES = {code: name for code, name, _leaves in MATTERS}
_LEAF_NAMES = {
    f"{code}.{leaf}": name for code, _name, leaves in MATTERS for leaf, name, _key in leaves
}
# Free items of each class, chosen from the period's own rows.
LOCAL_ITEMS = 2
_HEADS = {
    "consultations": _("Consultations"),
    "cases": _("Cases granted"),
    "criminal": _("Criminal cases"),
    "recipients": _("Recipients"),
}


def columns_of(kind, typical=()):
    """Return the columns of a kind of return.

    `typical` are the local typical matters of a quarter: (class code, name of the matter).
    """
    if kind == "month":
        return _numbered("M", _monthly())
    if kind == "quarter":
        return _numbered("Q", _quarterly(typical))
    return _numbered("H", _half_yearly())


def _numbered(sign, columns):
    return tuple(
        Column(**{**vars(column), "code": f"{sign}{n:02d}"})
        for n, column in enumerate(columns, 1)
    )


def _column(label, source, where=None, **more):
    return Column("", label, source, Q() if where is None else where, **more)


def _consultations(**more):
    return _column(_("consultations"), "entries", unit="times", **more)


def _in_group(group):
    """Whose application was granted: by what the papers say, or by what follows from them."""
    said = Q(application__people_groups__contains=[group])
    follows = {
        PeopleGroup.WOMEN: Q(application__sex="female"),
        PeopleGroup.MINOR: Q(age__lt=18),
        PeopleGroup.ELDERLY: Q(age__gte=60),
        PeopleGroup.ETHNIC_MINORITY: ~Q(application__ethnic_group__in=["", "汉", "汉族"]),
        PeopleGroup.MIGRANT_WORKER: Q(application__check_exemption="42-3"),
    }
    return said | follows[group] if group in follows else said


def _recipients(heading=""):
    yield _column(
        _("recipients"), "granted", unit="times", amount="recipients", heading=heading
    )
    for group in CASE_GROUPS:
        yield _column(group.label, "granted", _in_group(group), unit="times", level=1)


def _monthly():
    yield _consultations()
    yield _column(_("cases granted"), "granted")
    heading = _HEADS["criminal"]
    yield _column(_("on application"), "granted", Q(case_kind="criminal"), heading=heading)
    yield _column(_("on notice"), "granted", Q(case_kind="on_notice"))
    yield _column(_("at the request of a body"), "granted", Q(case_kind="on_request"))
    yield _column(_("compulsory medical treatment"), "granted", Q(case_kind="compulsory"))
    yield _column(
        pgettext_lazy("criminal cases", "total"),
        "granted",
        Q(case_kind__in=["criminal", "on_notice", "on_request", "compulsory"]),
    )
    yield _column(
        _("civil litigation"), "granted", Q(case_kind="civil"), heading=_("Other cases")
    )
    yield _column(_("administrative litigation"), "granted", Q(case_kind="administrative"))
    yield _column(_("petitions for retrial"), "granted", Q(case_kind="appeal"))
    yield _column(_("notarial aid"), "granted", Q(case_kind="notarial"))
    yield _column(_("forensic aid"), "granted", Q(case_kind="forensic"))
    yield _column(_("other out of court"), "granted", Q(case_kind="other"))
    yield _column(
        _("loss recovered"), "closed", unit="money", amount="recovered", heading=_("Result")
    )
    yield from _recipients(_HEADS["recipients"])


_CHANNELS = [
    (Channel.CALL.label, Q(channel=Channel.CALL), 1),
    (_("of which by way of 12348"), Q(channel=Channel.CALL, is_hotline=True), 2),
    (Channel.VISIT.label, Q(channel=Channel.VISIT), 1),
    (Channel.LETTER.label, Q(channel=Channel.LETTER), 1),
    (Channel.ONLINE.label, Q(channel=Channel.ONLINE), 1),
    (Channel.OTHER.label, Q(channel=Channel.OTHER), 1),
]


def _quarterly(typical):
    entries = {"source": "entries", "unit": "times"}
    yield _consultations()
    for n, (label, where, level) in enumerate(_CHANNELS):
        heading = "" if n else _("By channel")
        yield _column(label, where=where, level=level, heading=heading, **entries)
    for n, group in enumerate(CONSULTATION_GROUPS):
        where = Q(people_groups__contains=[group])
        heading = "" if n else _("By people group")
        yield _column(group.label, where=where, level=1, heading=heading, **entries)
    for code, leaves in LISTED_MATTERS.items():
        name = CLASS_NAMES[code]
        where = Q(matter__parent__code=code)
        yield _column(name, where=where, heading=_("By matter"), **entries)
        for leaf in leaves.split():
            where = Q(matter__code=f"{code}.{leaf}")
            yield _column(_LEAF_NAMES[f"{code}.{leaf}"], where=where, level=1, **entries)
    for n, (code, matter) in enumerate(typical):
        where = Q(matter__parent__code=code, matter__name=matter) if matter else Q(pk__in=[])
        label = f"{CLASS_NAMES[code]}：{matter or '—'}"
        heading = "" if n else _("Local typical matters")
        yield _column(label, where=where, level=1, heading=heading, **entries)


_CIVIL = [
    (_("social insurance"), "social_insurance", []),
    (
        _("marriage and family"),
        "family",
        [
            (_("of which support"), Q(is_support=True)),
            (_("of which domestic violence"), Q(is_violence=True)),
        ],
    ),
    (_("labour pay"), "labour_pay", [(_("of which migrant workers"), None)]),
    (
        _("work injury outside insurance"),
        "work_injury",
        [(_("of which migrant workers"), None)],
    ),
    (_("other labour disputes"), "other_labour", []),
    (_("traffic accidents"), "traffic", []),
    (_("medical accidents"), "medical", []),
    (_("product quality"), "product", []),
    (_("other personal injury"), "other_injury", []),
    (_("acts of courage"), "courage", []),
    (_("retrial"), "appeal", []),
    (pgettext_lazy("civil case", "other"), "other", []),
]
_SUED = Q(application__aid_kind__in=["litigation", "criminal_defence"])


def _half_yearly():
    yield from _decided()
    yield from _kinds_of_case()
    yield from _recipients(_HEADS["recipients"])
    yield from _results()
    yield from _network()
    yield from _complaints()
    yield from _training_and_publicity()


def _decided():
    yield _consultations(heading=_HEADS["consultations"])
    yield _column(_("applications received"), "received", heading=_("Applications"))
    yield _column(_("cases granted"), "granted")
    yield _column(_("of which aid provided first"), "granted", Q(kind="provide_first"), level=1)
    yield _column(_("refused"), "refused")
    # A refusal on several grounds counts under the one named first.
    listed = [RefusalGround.OUT_OF_SCOPE, RefusalGround.NO_HARDSHIP]
    for ground in listed:
        yield _column(ground.label, "refused", Q(grounds__0=ground), level=1)
    yield _column(
        pgettext_lazy("refusal", "other"), "refused", ~Q(grounds__0__in=listed), level=1
    )
    yield _column(_("withdrawn or deemed withdrawn"), "ended", ~Q(move="pass_on"))
    yield _column(_("passed on"), "ended", Q(move="pass_on"))


def _kinds_of_case():
    criminal = Q(application__aid_matter__category="criminal")
    yield _column(_("criminal cases"), "granted", criminal, heading=_HEADS["criminal"])
    for position in (
        Position.SUSPECT,
        Position.ACCUSED,
        Position.VICTIM,
        Position.PRIVATE_PROSECUTOR,
    ):
        where = criminal & Q(application__position=position)
        yield _column(position.label, "granted", where, level=1)
    civil = Q(application__aid_matter__category="civil")
    yield _column(
        _("civil cases"), "granted", civil, heading=_("Civil and administrative cases")
    )
    migrant = _in_group(PeopleGroup.MIGRANT_WORKER)
    for label, code, parts in _CIVIL:
        where = civil & Q(civil_kind=code)
        yield _column(label, "granted", where, level=1)
        for part, condition in parts:
            narrowed = where & (migrant if condition is None else condition)
            yield _column(part, "granted", narrowed, level=2)
    where = Q(application__aid_matter__category="administrative")
    yield _column(_("administrative cases"), "granted", where)


def _results():
    heading = _("Results in court")
    for result in ("won", "lost", "mediated", "dropped"):
        where = _SUED & Q(result=result)
        yield _column(CaseResult(result).label, "closed", where, heading=heading)
        heading = ""
    yield _column(_("aid terminated"), "terminated", _SUED)
    heading = _("Results out of court")
    for result in ("mediated", "settled", "award"):
        where = ~_SUED & Q(result=result)
        yield _column(CaseResult(result).label, "closed", where, heading=heading)
        heading = ""
    yield _column(_("aid terminated"), "terminated", ~_SUED)
    in_court = _SUED & Q(result__in=["won", "lost", "mediated", "dropped"])
    out_of_court = ~_SUED & Q(result__in=["mediated", "settled", "award"])
    yield _column(
        _("closed with another result"),
        "closed",
        ~(in_court | out_of_court),
        heading=_("Closed in all"),
    )
    yield _column(_("cases closed"), "closed")
    yield _column(_("loss recovered"), "closed", unit="money", amount="recovered")
    yield _column(
        _("of which wages of migrant workers"),
        "closed",
        unit="money",
        amount="wages_recovered",
        level=1,
    )
    yield _column(_("subsidies paid"), "paid", unit="money", amount="paid")


def _network():
    heading = _("Workstations at the end of the period")
    yield _column(_("workstations"), "stations", unit="places", heading=heading)
    yield _column(
        _("with dedicated staff"),
        "stations",
        Q(has_dedicated_staff=True),
        unit="places",
        level=1,
    )
    for host in HostType:
        where = Q(host_type=host)
        yield _column(host.label, "stations", where, unit="places", level=1)
    heading = _("Who handles cases at the end of the period")
    for kind in UnitKind:
        yield _column(kind.label, "units", Q(kind=kind), unit="places", heading=heading)
        heading = ""
    for kind in AidWorkerKind:
        yield _column(kind.label, "workers", Q(kind=kind), unit="people")


def _complaints():
    """Complaints as the official table has them: four classes, outcomes, what came after (rules 4.8)."""
    yield _column(
        pgettext_lazy("return", "complaints received"), "complaints", heading=_("Complaints")
    )
    for each in GroundClass:
        where = Q(ground__ground_class=each)
        yield _column(each.label, "complaints", where, level=1)
    heading = _("Complaints decided")
    for outcome in (ComplaintOutcome.PUNISHED, ComplaintOutcome.CORRECTED):
        where = Q(outcome=outcome)
        yield _column(outcome.label, "complaints_decided", where, heading=heading)
        heading = ""
    where = Q(outcome__in=[ComplaintOutcome.UNFOUNDED, ComplaintOutcome.UNPROVABLE])
    yield _column(_("unfounded or unprovable"), "complaints_decided", where)
    for review in ReviewKind:
        yield _column(review.label, "complaints_reviewed", Q(review=review))


def _training_and_publicity():
    """Training and publicity as the official table counts them (rules 4.7)."""
    yield _column(_("trainings held"), "sessions", unit="sessions", heading=_("Training"))
    yield _column(_("people trained"), "trained", unit="times")
    heading = _("Publicity")
    for kind in MediaKind:
        yield _column(kind.label, "media", Q(kind=kind), unit="items", heading=heading)
        heading = ""
