"""Roles, and what each may do. The only place where a role meets an act.

Where a role acts is not here: that is the appointment's place, and `visible_to` draws it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LIAISON = "liaison", _("liaison")
    DUTY = "duty", _("duty person")
    CLERK = "clerk", _("station clerk")
    HEAD = "head", _("station head")
    REVIEWER = "reviewer", _("center reviewer")
    DIRECTOR = "director", _("center director")
    OFFICER = "officer", _("bureau officer")
    INSPECTOR = "inspector", _("city inspector")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")


STATION_ROLES = {Role.LIAISON, Role.DUTY, Role.CLERK, Role.HEAD}
COUNTY_ROLES = {Role.REVIEWER, Role.DIRECTOR, Role.OFFICER}
ADMIN_ROLES = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
CITY_ROLES = {Role.INSPECTOR}


class Ability(models.TextChoices):
    """One act, or one kind of page, that a role may or may not have."""

    SEE_NETWORK = "see_network", _("see stations and coverage")
    EDIT_STATION = "edit_station", _("edit a station's profile and liaisons")
    EDIT_NETWORK = "edit_network", _("open stations, change divisions")
    EDIT_PARAMETERS = "edit_parameters", _("set the county's parameters")
    SEND_LEAD = "send_lead", _("send a lead")
    TAKE_LEAD = "take_lead", _("take up leads")
    EXCHANGE_SLIPS = "exchange_slips", _("ask and answer question slips")
    SEE_REGISTER = "see_register", _("read the register")
    RECORD = "record", _("record calls and visits")
    CORRECT = "correct", _("correct the register")
    IMPORT = "import", _("import register files and undo a batch")
    EXPORT = "export", _("export and print the register")
    REVEAL = "reveal", _("see a masked number, with a reason")
    SEE_MONTH = "see_month", _("read monthly analyses")
    DRAFT_MONTH = "draft_month", _("prepare the monthly analysis")
    SEND_MONTH = "send_month", _("comment on and send the monthly analysis")
    CONFIRM_MONTH = "confirm_month", _("confirm, return or reopen a month")
    SEE_APPLICATIONS = "see_applications", _("read applications")
    TAKE_IN = "take_in", _("take applications in, ask for papers")
    REVIEW = "review", _("give a preliminary opinion")
    COUNTERSIGN = "countersign", _("sign and forward an opinion")
    EXAMINE = "examine", _("examine at the center, grant, assign")
    DECIDE = "decide", _("make refusals and terminations final")
    HEAR_OBJECTION = "hear_objection", _("decide objections")
    COOPERATE = "cooperate", _("write and answer cooperation letters")
    SEE_RETURNS = "see_returns", _("read statistical returns")
    SUBMIT_RETURN = "submit_return", _("submit statistical returns")
    REOPEN_RETURN = "reopen_return", _("reopen submitted returns")
    PLAN_ROSTER = "plan_roster", _("plan, change and publish duty rosters")
    STAND_DUTY = "stand_duty", _("sign in for duty, ask for leave and swaps")
    SETTLE_SUBSIDY = "settle_subsidy", _("settle the duty subsidies of a month")
    TAKE_COMPLAINT = "take_complaint", _("take a complaint in")
    HANDLE_COMPLAINT = "handle_complaint", _("handle complaints")
    SEE_SIGNS = "see_signs", _("read early signs of group disputes")
    SETTLE_SIGNS = "settle_signs", _("report or dismiss early signs")
    APPLY_TO_DEMONSTRATE = "apply_to_demonstrate", _("apply for demonstration station")
    RECOMMEND = "recommend", _("recommend and name demonstration stations")
    INSPECT = "inspect", _("check stations on site for the city")
    SEE_ASSESSMENT = "see_assessment", _("read the annual assessment")
    SELF_SCORE = "self_score", _("score one's own station's year")
    SCORE = "score", _("score the stations' year, publish and confirm it")
    KEEP_RECORDS = (
        "keep_records",
        _("set how long records are kept, hold them, list them for destruction"),
    )
    APPROVE_DESTRUCTION = (
        "approve_destruction",
        _("approve a list of destruction somebody else drew up"),
    )
    MANAGE_ACCOUNTS = "manage_accounts", _("create accounts, reset passwords")
    APPOINT = "appoint", _("give and end appointments")
    SEE_LOOKS = "see_looks", _("read the log of who looked and exported")


A = Ability
_STATION_READER = {A.SEE_NETWORK, A.SEE_REGISTER, A.SEE_MONTH, A.SEE_APPLICATIONS}
_STATION_WORKER = _STATION_READER | {
    A.RECORD,
    A.CORRECT,
    A.TAKE_LEAD,
    A.EXCHANGE_SLIPS,
    A.REVEAL,
    A.TAKE_IN,
    A.REVIEW,
    A.STAND_DUTY,
    A.TAKE_COMPLAINT,
}
_COUNTY_READER = {
    A.SEE_NETWORK,
    A.EXCHANGE_SLIPS,
    A.SEE_REGISTER,
    A.SEE_MONTH,
    A.SEE_APPLICATIONS,
    A.SEE_RETURNS,
    A.EXPORT,
    A.REVEAL,
    A.TAKE_COMPLAINT,
}

MAY = {
    Role.LIAISON: {A.SEND_LEAD},
    Role.DUTY: _STATION_WORKER,
    Role.CLERK: _STATION_WORKER
    | {A.IMPORT, A.EXPORT, A.DRAFT_MONTH, A.EDIT_STATION, A.SEE_ASSESSMENT},
    Role.HEAD: _STATION_WORKER
    | {
        A.IMPORT,
        A.EXPORT,
        A.DRAFT_MONTH,
        A.SEND_MONTH,
        A.EDIT_STATION,
        A.COUNTERSIGN,
        A.PLAN_ROSTER,
        A.APPLY_TO_DEMONSTRATE,
        A.SEE_ASSESSMENT,
        A.SELF_SCORE,
    },
    Role.REVIEWER: _COUNTY_READER | {A.EXAMINE, A.COOPERATE, A.PLAN_ROSTER},
    Role.DIRECTOR: _COUNTY_READER
    | {
        A.CONFIRM_MONTH,
        A.SUBMIT_RETURN,
        A.EXAMINE,
        A.COOPERATE,
        A.DECIDE,
        A.PLAN_ROSTER,
        A.SETTLE_SUBSIDY,
        A.SEE_SIGNS,
        A.APPROVE_DESTRUCTION,
    },
    # The bureau reads figures and their rows; whole numbers are the center's business (rules 8.2).
    Role.OFFICER: _COUNTY_READER - {A.REVEAL}
    | {
        A.CONFIRM_MONTH,
        A.REOPEN_RETURN,
        A.EDIT_STATION,
        A.EDIT_NETWORK,
        A.EDIT_PARAMETERS,
        A.HEAR_OBJECTION,
        A.HANDLE_COMPLAINT,
        A.SEE_SIGNS,
        A.SETTLE_SIGNS,
        A.RECOMMEND,
        A.SEE_ASSESSMENT,
        A.SCORE,
        # The bureau answers for the archive. What one officer lists another one approves, or the
        # center's director: so a bureau of one still has two persons.
        A.KEEP_RECORDS,
        A.APPROVE_DESTRUCTION,
    },
    Role.INSPECTOR: {
        A.SEE_NETWORK,
        A.SEE_MONTH,
        A.SEE_RETURNS,
        A.SEE_SIGNS,
        A.INSPECT,
        A.SEE_ASSESSMENT,
    },
    # The three administrators check one another and do no casework (三员分立).
    Role.SYSTEM_ADMIN: {A.MANAGE_ACCOUNTS},
    Role.SECURITY_ADMIN: {A.APPOINT},
    Role.AUDIT_ADMIN: {A.SEE_LOOKS},
}
