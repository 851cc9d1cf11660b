"""Typical cases 典型案例: a text without names beside the file, reviewed by another person."""

import re
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.privacy import without_numbers

from ..models import TypicalCase
from ..terms import PartyKind, Status, TypicalCaseState
from ..workflow import MoveRefused

# Family names of two characters, so that 欧阳木兰 becomes 欧阳某.
DOUBLE_FAMILY_NAMES = [
    "欧阳",
    "太史",
    "端木",
    "上官",
    "司马",
    "东方",
    "独孤",
    "南宫",
    "万俟",
    "闻人",
    "夏侯",
    "诸葛",
    "尉迟",
    "公羊",
    "赫连",
    "澹台",
    "皇甫",
    "宗政",
    "濮阳",
    "公冶",
    "太叔",
    "申屠",
    "公孙",
    "慕容",
    "仲孙",
    "钟离",
    "长孙",
    "宇文",
    "司徒",
    "鲜于",
    "司空",
    "令狐",
]
# What kind of place or body it was stays; whose does not.
_KINDS = re.compile(
    r"(公司|工厂|厂|合作社|经营部|商行|酒店|宾馆|医院|学校|中学|小学|幼儿园|银行|律师事务所|村民委员会|村委会|"
    r"居委会|人民政府|街道|社区|村|镇|乡|局|法院|委员会|中心|店|矿|场|所)$"
)
# Longer than this, what stands for an employer or a body is a name even without its kind.
LONG_NAME = 5
BLACKED = "■■■"
# The celestial stems tell several people of one family name apart: 吴某甲, 吴某乙.
STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Replaced:
    """What stood in the text, what stands there now, and how often."""

    old: str
    new: str
    count: int


def short_name(name: str) -> str:
    """Return how a person is called without the name: 吴某, 欧阳某."""
    double = name[:2] in DOUBLE_FAMILY_NAMES and len(name) > 2
    return f"{name[: 2 if double else 1]}某"


def short_place(name: str) -> str:
    """Return how a body or a place is called without the name: 某公司, 某村."""
    kind = _KINDS.search(name)
    return f"某{kind.group(1)}" if kind else "某单位"


def is_body(name: str) -> bool:
    """Whether the name is that of a body or a place: 清山木业有限公司, not 冯长根."""
    return _KINDS.search(name) is not None


def aliases(people, places):
    """Return {name: what stands for it}; several of one family name get 甲, 乙, 丙 behind it."""
    people = list(dict.fromkeys(name.strip() for name in people if len(name.strip()) > 1))
    shared = Counter(short_name(name) for name in people)
    used, names = Counter(), {}
    for name in people:
        short = short_name(name)
        if shared[short] > 1:
            stem = STEMS[used[short] % len(STEMS)]
            used[short] += 1
            short += stem
        names[name] = short
    for place in places:
        if len(place.strip()) > 1:
            names.setdefault(place.strip(), short_place(place.strip()))
    return names


def without_names(text: str, names: dict[str, str]) -> tuple[str, tuple[Replaced, ...]]:
    """Return a text without names and numbers, and what was replaced.

    The longest names go first, so that a company is not left half when a person's name is in it.
    """
    replaced = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        count = text.count(name)
        if count:
            text = text.replace(name, names[name])
            replaced.append(Replaced(name, names[name], count))
    without = without_numbers(text)
    if count := without.count(BLACKED) - text.count(BLACKED):
        replaced.append(Replaced(_("phone or identity numbers"), BLACKED, count))
    return without, tuple(replaced)


def still_named(text: str, names: dict[str, str]) -> list[str]:
    """Return the names that a text still holds."""
    return [name for name in names if name in text]


def names_of(application):
    """Return {name: what stands for it} of everybody and every place in an application."""
    parties = list(application.parties.all())
    people = [application.name, application.agent_name]
    people += [party.name for party in parties if party.kind == PartyKind.PERSON]
    people += [
        assignment.worker.name
        for assignment in application.assignments.select_related("worker")
    ]
    places = [party.name for party in parties if party.kind == PartyKind.ORGANISATION]
    # An employer may read 务农, which names nobody.
    places += [
        place
        for place in (application.employer, application.jurisdiction_body)
        if _KINDS.search(place) or len(place) > LONG_NAME
    ]
    if application.village_id:
        places.append(application.village.name)
    return aliases(people, places)


def first_text(application):
    """Return what there is to begin with: the facts, what was claimed, and how it ended."""
    closing = application.closing
    parts = [
        (_("The case"), application.facts),
        (_("What was claimed"), application.claims),
        (_("How it went"), closing.summary),
        (_("Result"), closing.get_result_display()),
    ]
    return "\n\n".join(f"{title}：{words}" for title, words in parts if words)


@transaction.atomic
def save(application, *, by, title, text, is_submitted):
    """Save the copy, and hand it in for review when asked. Returns the `TypicalCase`.

    Raises MoveRefused when the case is not closed, or the copy is under review or published.
    """
    application = (
        type(application).objects.select_for_update(no_key=True).get(pk=application.pk)
    )
    if application.status not in {Status.CLOSED, Status.ARCHIVED}:
        raise MoveRefused(_("Only a closed case can become a typical case."))
    case = TypicalCase.objects.filter(application=application).first()
    if case is None:
        case = TypicalCase(application=application, county=application.county)
    elif case.state not in {TypicalCaseState.DRAFT, TypicalCaseState.DECLINED}:
        raise MoveRefused(_("It has been handed in. It can be changed when it comes back."))
    case.title, case.text = title, text
    case.written_by, case.written_at = by, timezone.now()
    case.state = TypicalCaseState.SUBMITTED if is_submitted else TypicalCaseState.DRAFT
    case.save()
    return case


@transaction.atomic
def review(case, *, by, is_accepted, note=""):
    """Publish a copy inside the county, or decline it with a reason: by another person.

    Raises MoveRefused for its writer, and when it is not waiting for review.
    """
    case = TypicalCase.objects.select_for_update().get(pk=case.pk)
    if case.state != TypicalCaseState.SUBMITTED:
        raise MoveRefused(
            _("It is now “%(state)s”, so there is nothing to review.")
            % {"state": case.get_state_display()}
        )
    if case.written_by_id == by.pk:
        raise MoveRefused(_("You wrote it yourself. Another person reviews it."))
    if not is_accepted and not note.strip():
        raise MoveRefused(_("Say why; the writer reads it."))
    case.state = TypicalCaseState.PUBLISHED if is_accepted else TypicalCaseState.DECLINED
    case.reviewed_by, case.reviewed_at = by, timezone.now()
    case.review_note = note.strip()
    case.save()
    return case
