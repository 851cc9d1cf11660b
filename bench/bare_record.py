"""The plain alternative to the record of one application: hand-written SQL in the page's own template.

As in `bench.bare_applications`. What follows from the rows (steps, acts, the sum of a clock day by day)
is computed by the same pure functions on both sides; only how the rows come differs.
"""

from datetime import timedelta

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bench.bare import midnight, rows
from bench.bare_applications import named, work_calendar
from casework import models as tables
from casework.applications import acts, handling, standing
from casework.forms.correct import ReasonForm
from casework.intake import conflicts, findings
from casework.intake.hardship_checks import CHECKED_TRACKS
from casework.letters import issuing
from casework.models.papers import BUREAU_FORMS, SERVED_FORMS
from casework.rules.deadlines import is_provide_first_urgent
from casework.rules.sentiment import same_name
from casework.terms import (
    ENDED,
    HELD_BY_STATION,
    UNDECIDED,
    PeopleGroup,
    ServiceNeed,
    Status,
)
from casework.terms import ApplicationMove as M
from casework.views import application_record
from stations.models import User
from stations.privacy import decrypt
from stations.roles import Ability


class Row(dict):
    """A row that knows the words of its codes, and is read by name as templates and rules do."""

    table = None

    def __missing__(self, name):
        field = name.removeprefix("get_").removesuffix("_display")
        if field == name:
            raise KeyError(name)
        return dict(self.table._meta.get_field(field).flatchoices).get(self[field], "")

    def __getattr__(self, name):
        try:
            value = self[name]
        except KeyError as missing:
            raise AttributeError(name) from missing
        is_label = name.startswith("get_") and name.endswith("_display")
        return (lambda: value) if is_label else value

    __hash__ = object.__hash__
    __eq__ = object.__eq__


def of(table, found):
    """Return `Row`s with the labels of a table's codes."""
    kind = type("Row", (Row,), {"table": table})
    return [kind(row) for row in found]


APPLICATION = """
SELECT a.*, a.id AS pk, m.name AS matter_name, m.article, m.code,
       m.category, m.is_condition_free, s.short_name AS station_name,
       i.short_name AS intake, v.name AS village, a.destroyed_on IS NOT NULL AS is_destroyed
FROM casework_application a
JOIN casework_aidmatter m ON m.id = a.aid_matter_id
JOIN stations_station s ON s.id = a.station_id
JOIN stations_county i ON i.id = a.intake_county_id
LEFT JOIN stations_division v ON v.id = a.village_id
WHERE a.id = %s AND a.{place} = %s
"""
EVENTS = """
SELECT e.*, u.name AS by FROM casework_applicationevent e
LEFT JOIN stations_user u ON u.id = e.made_by_id WHERE e.application_id = %s ORDER BY made_at, e.id
"""
MATERIALS = """
SELECT t.*, t.id AS pk, (SELECT array_agg(u.id ORDER BY u.uploaded_at, u.id) FROM casework_upload u
                         WHERE u.material_id = t.id) AS files,
       (SELECT array_agg(u.uploaded_by_id ORDER BY u.uploaded_at, u.id) FROM casework_upload u
        WHERE u.material_id = t.id) AS senders
FROM casework_material t WHERE t.application_id = %s ORDER BY t.id
"""
DECISIONS = """
SELECT d.*, p.name AS proposed, m.name AS made, n.name AS declined, o.id AS objection, o.outcome,
       o.reason AS objection_reason, o.words, o.received_on, o.decided_at, b.name AS decided
FROM casework_decision d JOIN stations_user p ON p.id = d.proposed_by_id
LEFT JOIN stations_user m ON m.id = d.made_by_id
LEFT JOIN stations_user n ON n.id = d.declined_by_id
LEFT JOIN casework_objection o ON o.decision_id = d.id
LEFT JOIN stations_user b ON b.id = o.decided_by_id
WHERE d.application_id = %s ORDER BY d.proposed_at, d.id
"""
OPINION = """
SELECT o.*, r.name AS reviewed, s.name AS signed FROM casework_opinion o
JOIN stations_user r ON r.id = o.reviewed_by_id LEFT JOIN stations_user s ON s.id = o.signed_by_id
WHERE o.application_id = %s ORDER BY o.reviewed_at DESC, o.id DESC LIMIT 1
"""
ASSIGNMENTS = """
SELECT g.*, w.name AS worker_name, w.user_id, u.name AS unit, u.phone AS unit_phone, b.name AS by
FROM casework_assignment g JOIN stations_aidworker w ON w.id = g.worker_id
JOIN stations_aidunit u ON u.id = w.unit_id JOIN stations_user b ON b.id = g.assigned_by_id
WHERE g.application_id = %s ORDER BY g.assigned_on DESC, g.id DESC
"""
PROGRESS = """
SELECT n.*, u.name AS by FROM casework_progressnote n JOIN stations_user u ON u.id = n.written_by_id
WHERE n.application_id = %s ORDER BY n.happened_on DESC, n.id DESC
"""
LETTERS = """
SELECT l.id AS pk, l.kind, l.series, l.year, l.serial, l.made_on, l.made_at, l.printed_at, l.served_on,
       l.service_method, l.station_id, l.county_id, l.document_id, l.application_id, c.short_name
FROM casework_letter l JOIN stations_county c ON c.id = l.county_id
WHERE l.application_id = %s ORDER BY l.made_at, l.id
"""
CHILDREN = "SELECT t.*, t.id AS pk FROM {} t WHERE application_id = %s {} ORDER BY {}"
CHANGES = "casework_changerequest"
CLOSING = """
SELECT t.*, t.id AS pk, u.name AS paid_by FROM casework_closing t
LEFT JOIN stations_user u ON u.id = t.paid_by_id WHERE t.application_id = %s
"""
REVIEWS = """
SELECT r.*, r.id AS pk FROM casework_filereview r JOIN casework_closing c ON c.id = r.closing_id
WHERE c.application_id = %s ORDER BY r.id DESC
"""
# ── What is compared with other files ───────────────────────────────────────────────────
SAME_PERSON = """
SELECT o.id AS pk, o.year, o.serial, i.short_name AS intake, s.short_name AS station, o.id_hash,
       o.phone_hash, o.aid_matter_id, o.station_id, EXISTS (SELECT FROM casework_party p WHERE p.application_id = o.id
           AND p.side = 'opponent' AND p.name_key = ANY(%(keys)s)) AS is_same_opponent
FROM casework_application o JOIN stations_station s ON s.id = o.station_id
JOIN stations_county i ON i.id = o.intake_county_id
WHERE o.intake_county_id = %(county)s AND o.id <> %(pk)s AND o.received_at >= %(since)s
  AND (o.id_hash = %(id_hash)s OR o.phone_hash = %(phone_hash)s AND o.name = %(name)s
       OR o.village_id = %(village)s AND o.name = %(name)s AND o.id_hash = '')
ORDER BY o.received_at DESC, o.id DESC LIMIT 50
"""
WE_OPPOSE = """
SELECT p.name_key FROM casework_party p JOIN casework_application o ON o.id = p.application_id
WHERE o.intake_county_id = %(county)s AND o.id <> %(pk)s AND p.name_key = ANY(%(ours)s)
  AND p.side IN ('opponent', 'opponent_agent') LIMIT 50
"""
THEY_OPPOSE = """
SELECT o.id FROM casework_application o
WHERE o.intake_county_id = %(county)s AND o.id <> %(pk)s
  AND (o.name = ANY(%(theirs)s) OR o.agent_name = ANY(%(theirs)s)) LIMIT 50
"""
WORKERS = """
SELECT w.id FROM stations_aidworker w JOIN stations_aidunit u ON u.id = w.unit_id
WHERE u.county_id = %(county)s AND w.left_on IS NULL
  AND (w.name = ANY(%(everybody)s) OR w.id_hash = %(id_hash)s)
"""
SAME_OPPONENT = """
SELECT count(DISTINCT o.id) AS n FROM casework_party p
JOIN casework_application o ON o.id = p.application_id
WHERE o.intake_county_id = %(county)s AND o.id <> %(pk)s AND o.received_at >= %(since)s
  AND p.name_key = ANY(%(keys)s) AND p.side = 'opponent'
"""


class Book:
    """What `casework.time_limits.clocks` counts by."""

    def __init__(self, county):
        self.calendar = work_calendar(county)
        self.rules = of(
            tables.ClockRule,
            rows(
                "SELECT * FROM casework_clockrule WHERE county_id = %s"
                " ORDER BY number, valid_from DESC, id DESC",
                county,
            ),
        )

    def promise(self, number, day):
        return tables.ClockRule.in_force(self.rules, number, day)


class Kept(list):
    """Rows that are asked for as a relation's."""

    def all(self):
        return self


def record(request, username, *, pk, county, station=None):
    """The record of one application, as its county's center or the station that took it in sees it."""
    today = timezone.localdate()
    place = ("station_id", station) if station else ("county_id", county)
    found = rows(APPLICATION.format(place=place[0]), pk, place[1])[0]
    application = _application(found)
    child = {
        name: of(table, rows(CHILDREN.format(table._meta.db_table, where, order), pk))
        for name, table, where, order in (
            ("parties", tables.Party, "", "id"),
            ("household", tables.HouseholdMember, "", "id"),
            ("pauses", tables.Pause, "", "from_on, id"),
            ("deadlines", tables.Deadline, "AND stopped_at IS NULL", "due_on, id"),
            ("supplements", tables.SupplementNotice, "", "round"),
            ("hops", tables.Hop, "", "passed_at, id"),
            ("hardship_checks", tables.HardshipCheck, "", "opened_on, id"),
            ("letters_out", tables.CooperationLetter, "", "made_at DESC, id DESC"),
        )
    }
    application |= {name: Kept(child[name]) for name in ("pauses", "hardship_checks")}
    application |= {"opponents": [each for each in child["parties"] if each.side == "opponent"]}
    events = of(tables.ApplicationEvent, rows(EVENTS, pk))
    for event in events:
        event["made_by"] = event["by"]
    materials = _materials(pk)
    decisions = of(tables.Decision, rows(DECISIONS, pk))
    for each in decisions:
        each |= {
            "proposed_by": each.proposed,
            "made_by": each.made,
            "declined_by": each.declined,
        }
    book = Book(county)
    for deadline in child["deadlines"]:
        started_on = timezone.localdate(deadline.started_at)
        deadline |= {"application": application, "started_on": started_on}
    running = sorted(child["deadlines"], key=application_record._first_due)
    faces = [standing.clock_face(each, book=book, today=today) for each in running]
    request.user = user = User.objects.get(username=username)
    missing = sum(row.state == "missing" for row in materials)
    proposal = next((each for each in decisions if each.state == "proposed"), None)
    open_acts = application_record._acts(user, application, decisions, proposal, None)
    handled = _handling(application, pk)
    if handled:
        open_acts = [act for act in open_acts if act.move not in handled.needless]
    holds = (
        acts.holds_at_station(user, application, Ability.TAKE_IN),
        acts.holds_at_center(user, application, Ability.EXAMINE),
    )
    papers = _letters(user, pk, any(holds))
    opinion = next(iter(of(tables.Opinion, rows(OPINION, pk))), None)
    if opinion:
        opinion |= {"reviewed_by": opinion.reviewed, "signed_by": opinion.signed}
    context = {
        "application": application,
        "steps": standing.steps(application, events),
        "next": standing.next_step(
            application,
            is_complete=not missing,
            is_notice_over=any(
                each.supplied_on is None and each.due_on < today
                for each in child["supplements"]
            ),
            is_served=not decisions or bool(decisions[-1].served_on),
        ),
        "is_mine": any(not act.is_against for act in open_acts),
        "face": faces[0] if faces else None,
        "other_faces": faces[1:],
        "acts": open_acts,
        "proposal": proposal,
        "needs_agreement": M.ASK in {act.move for act in open_acts}
        and any(event.move == M.ASK for event in events),
        "timeline": [
            application_record._line(event, papers, opinion) for event in reversed(events)
        ],
        "receipt": application_record._receipt_to_hand_over(application, papers),
        "has_checked_track": application.hardship_track in CHECKED_TRACKS,
        "may_check": any(holds),
        "groups": [PeopleGroup(code).label for code in application.people_groups],
        "needs": [ServiceNeed(code).label for code in application.service_needs],
        "age": findings.age_on(application.birth_on, application.received_on),
        "opinion": opinion,
        "points": list(
            findings.findings_of(
                application,
                parties=child["parties"],
                household=child["household"],
                materials=materials,
            )
        )
        if application_record._is_examined_by(user, application)
        else (),
        "decisions": decisions,
        "decided": [
            (each, application_record.ground_labels(each)) for each in reversed(decisions)
        ],
        "handling": handled,
        "may_report": bool(handled and handled.assignment and handled.may_report(user)),
        "may_tell": bool(handled and handled.may_tell(user)),
        "may_cooperate": acts.holds_at_center(user, application, Ability.COOPERATE)
        and not application.is_ended,
        "checks": _checks(application, child["parties"], today, station),
        "is_urgent": application.is_undecided
        and is_provide_first_urgent(application.limitation_on, today),
        "reveal_form": ReasonForm(),
        "materials": materials,
        "given": sum(row.state == "given" for row in materials),
        "missing": missing,
        "may_change": any(holds) and not application.is_ended,
        "papers": papers,
        "makeable": issuing.makeable(application, by_center=holds[1]) if any(holds) else [],
    }
    lists = ("parties", "household", "hardship_checks", "hops", "letters_out")
    context |= {name: child[name] for name in lists}
    page = render_to_string("casework/applications/detail.html", context, request)
    return HttpResponse(page)


def _application(found):
    (application,) = of(tables.Application, [found])
    number = f"{application.intake}援申字〔{application.year}〕{application.serial}号"
    held = application.asked_from if application.status == Status.SUPPLEMENTING else None
    return _with(
        application,
        number=number,
        aid_matter=_Matter(application),
        station=_with(
            Row(), short_name=application.station_name, county=application.intake_county_id
        ),
        received_on=timezone.localdate(application.received_at),
        get_absolute_url=reverse("casework:application_detail", args=[application.pk]),
        is_ended=application.status in ENDED,
        is_undecided=application.status in UNDECIDED,
        is_at_station=(held or application.status) in HELD_BY_STATION,
        id_number=decrypt(application.id_number),
        phone=decrypt(application.phone),
        address=decrypt(application.address),
    )


def _with(row, **values):
    row.update(values)
    return row


class _Matter(str):
    def __new__(cls, row):
        matter = super().__new__(cls, row.matter_name)
        matter.name, matter.article, matter.code = row.matter_name, row.article, row.code
        matter.category, matter.is_condition_free = row.category, row.is_condition_free
        return matter


def _materials(pk):
    materials = of(tables.Material, rows(MATERIALS, pk))
    for row in materials:
        files = zip(row["files"] or (), row["senders"] or (), strict=True)
        row["uploads"] = {
            "all": [{"pk": file, "uploaded_by_id": sender} for file, sender in files]
        }
    return materials


def _handling(application, pk):
    if application.status in UNDECIDED:
        return None
    assignments = of(tables.Assignment, rows(ASSIGNMENTS, pk))
    if not assignments:
        is_waiting = application.status == Status.GRANTED
        return handling.Handling(None, [], [], [], None, [], None, None) if is_waiting else None
    for each in assignments:
        worker = {
            "name": each.worker_name,
            "unit": {"name": each.unit, "phone": each.unit_phone},
            "user_id": each.user_id,
        }
        _with(each, application=application, worker=_with(Row(), **worker))
        each["assigned_by"] = {"name": each.by}
    progress = of(tables.ProgressNote, rows(PROGRESS, pk))
    for note in progress:
        note["written_by"] = {"name": note.by}
    one = {
        name: next(
            iter(of(table, rows(CHILDREN.format(table._meta.db_table, "", "id"), pk))), None
        )
        for name, table in (
            ("follow_up", tables.FollowUp),
            ("typical_case", tables.TypicalCase),
        )
    }
    one["closing"] = next(iter(of(tables.Closing, rows(CLOSING, pk))), None)
    return handling.Handling(
        assignment=next((each for each in assignments if each.ended_on is None), None),
        earlier=[each for each in assignments if each.ended_on],
        progress=progress,
        requests=of(tables.ChangeRequest, rows(CHILDREN.format(CHANGES, "", "id DESC"), pk)),
        reviews=of(tables.FileReview, rows(REVIEWS, pk)) if one["closing"] else [],
        **one,
    )


def _letters(user, pk, holds):
    papers = of(tables.Letter, rows(LETTERS, pk))
    for paper in papers:
        issuer = Ability.HEAR_OBJECTION if paper.kind in BUREAU_FORMS else Ability.EXAMINE
        at_center = paper.station_id is None and user.may(issuer)
        is_ours = paper.station_id == user.station.pk if user.station else at_center
        needs_service = paper.kind in SERVED_FORMS and paper.served_on is None
        paper |= {
            "number": f"{paper.short_name}援{paper.series}字〔{paper.year}〕{paper.serial}号",
            "needs_service": needs_service,
            "is_to_print": is_ours and not paper.printed_at,
            "may_be_served": needs_service and holds,
            "may_be_proved": paper.kind in SERVED_FORMS and holds,
        }
    return papers


def _checks(application, parties, today, station):
    keys = [each.name_key for each in parties if each.side == "opponent"]
    names = [each.name for each in parties if each.side == "opponent"]
    bound = {
        "pk": application.pk,
        "county": application.intake_county_id,
        "since": midnight(today - timedelta(days=365)),
        "id_hash": application.id_hash,
        "phone_hash": application.phone_hash,
        "name": application.name,
        "village": application.village_id,
        "keys": keys,
        "ours": [same_name(application.name)],
        "theirs": names,
        "everybody": [application.name, *names],
    }
    matches = [_match(application, row, station) for row in named(SAME_PERSON, bound)]
    matches.sort(key=lambda match: -match.score)
    found = [named(sql, bound) for sql in (WE_OPPOSE, THEY_OPPOSE, WORKERS)]
    assert not any(found), "the applications measured have no conflict of interest"
    return conflicts.Checks(
        matches=tuple(matches[:3]),
        conflicts=(),
        same_opponent=named(SAME_OPPONENT, bound)[0]["n"],
    )


def _match(application, row, station):
    same_id = row["id_hash"] == application.id_hash
    same_phone = row["phone_hash"] == application.phone_hash
    same_matter = row["aid_matter_id"] == application.aid_matter_id
    if same_id:
        reasons = [_("same identity number")]
    else:
        reasons = [_("same phone, same name") if same_phone else _("same village, same name")]
    reasons += [_("same matter")] if same_matter else []
    reasons += [_("same other side")] if row["is_same_opponent"] else []
    address = reverse("casework:application_detail", args=[row["pk"]])
    return conflicts.Match(
        number=f"{row['intake']}援申字〔{row['year']}〕{row['serial']}号",
        station=row["station"],
        reason=pgettext("between clauses", ", ").join(reasons),
        score=50 * same_id + 20 * same_phone + 30 * same_matter + 15 * row["is_same_opponent"],
        is_same_matter=same_matter,
        application={"get_absolute_url": address}
        if station in (None, row["station_id"])
        else None,
    )
