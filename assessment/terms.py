"""Terms of the annual assessment 年度考核 (rules 5): dimensions, modes, grades, steps, events."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Dimension(models.TextChoices):
    """The four sides of a station that the opinion has assessed; in its order."""

    TEAM = "team", _("team building")
    CONDUCT = "conduct", _("conduct building")
    BUSINESS = "business", _("business building")
    HARDWARE = "hardware", _("hardware building")


class Mode(models.TextChoices):
    """Who says how many points an indicator gets."""

    COMPUTED = "computed", _("computed")
    HAND = "hand", _("scored by hand")
    CONFIRMED = "confirmed", _("computed, then confirmed")


class Grade(models.TextChoices):
    """Best first."""

    EXCELLENT = "excellent", pgettext_lazy("grade", "excellent")
    GOOD = "good", pgettext_lazy("grade", "good")
    PASS = "pass", pgettext_lazy("grade", "pass")
    FAIL = "fail", pgettext_lazy("grade", "fail")


# From best to worst, to compare grades by.
GRADE_ORDER = {grade: rank for rank, grade in enumerate(Grade)}


class ClauseKind(models.TextChoices):
    """What of a standard is not an indicator: it is proposed by one person, settled by another."""

    BONUS = "bonus", _("bonus")
    DEDUCTION = "deduction", _("deduction")
    VETO = "veto", _("veto")


class VetoEffect(models.TextChoices):
    FAIL = "fail", _("graded fail")
    CAP_AT_PASS = "cap_at_pass", _("no grade above pass")


class ClauseSign(models.TextChoices):
    """What of the records makes the site point at a bonus or a deduction; a person proposes it."""

    GRANTS_GROWN = "grants_grown", _("more grants than in the year before, none overturned")
    REFUSALS_OVERTURNED = "refusals", _("refusals corrected that the station had proposed")


class StandardStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("standard", "draft")
    IN_USE = "in_use", pgettext_lazy("standard", "in use")
    SUCCEEDED = "succeeded", pgettext_lazy("standard", "succeeded")


class YearStatus(models.TextChoices):
    """How far a county's year has come."""

    OPEN = "open", pgettext_lazy("year", "scores running")
    SELF_SCORING = "self_scoring", pgettext_lazy("year", "stations score themselves")
    COUNTY_SCORING = "county_scoring", pgettext_lazy("year", "county scores")
    SPOT_CHECKING = "spot_checking", pgettext_lazy("year", "city spot-checks")
    PUBLISHED = "published", pgettext_lazy("year", "published, objections open")
    FROZEN = "frozen", pgettext_lazy("year", "confirmed and frozen")


class SheetStatus(models.TextChoices):
    """How far one station's sheet has come within its year."""

    OPEN = "open", pgettext_lazy("sheet", "score running")
    SELF_SCORED = "self_scored", pgettext_lazy("sheet", "self-scored")
    RETURNED = "returned", pgettext_lazy("sheet", "returned to the station")
    COUNTY_SCORED = "county_scored", pgettext_lazy("sheet", "scored by the county")
    SPOT_CHECKED = "spot_checked", pgettext_lazy("sheet", "spot-checked by the city")
    PUBLISHED = "published", pgettext_lazy("sheet", "published")
    OBJECTED = "objected", pgettext_lazy("sheet", "objection filed")
    FROZEN = "frozen", pgettext_lazy("sheet", "frozen")


# While a sheet is here its computed scores follow the records from night to night.
FOLLOWS_RECORDS = {SheetStatus.OPEN, SheetStatus.SELF_SCORED, SheetStatus.RETURNED}
# From here on the sheet is public: other stations may read it.
PUBLIC_YEARS = {YearStatus.PUBLISHED, YearStatus.FROZEN}


class ScoreStage(models.TextChoices):
    """Whose points a change of a score concerns."""

    SELF = "self", _("self-score")
    COUNTY = "county", _("county score")
    SPOT_CHECK = "spot_check", _("spot check")
    OBJECTION = "objection", _("objection")


class ObjectionStatus(models.TextChoices):
    FILED = "filed", pgettext_lazy("assessment objection", "filed")
    ACCEPTED = "accepted", pgettext_lazy("assessment objection", "accepted, score changed")
    REJECTED = "rejected", pgettext_lazy("assessment objection", "not accepted")


class FlagKind(models.TextChoices):
    """What makes somebody ask how a record came about; never a deduction by itself."""

    LATE_ENTRY = "late_entry", _("entered long after the event")
    YEAR_END_BURST = "year_end_burst", _("many entries just before the year's end")
    COPIED_TEXT = "copied_text", _("the same text many times")
    BULK_SIGNING = "bulk_signing", _("duty signed for many days at once")
    ROUND_NUMBERS = "round_numbers", _("too many round numbers")


class ReadFrom(models.TextChoices):
    """The records a fact is counted from; names the page that lists the rows."""

    STAFF = "staff", _("staff register")
    LIAISONS = "liaisons", _("liaisons")
    DUTY = "duty", _("duty roster")
    LICENCES = "licences", _("licences")
    TRAINING = "training", _("training")
    RULE_DOCUMENTS = "rule_documents", _("rule documents")
    COMPLAINTS = "complaints", _("complaints")
    SATISFACTION = "satisfaction", _("satisfaction replies")
    APPLICATIONS = "applications", _("applications")
    REGISTER = "register", _("register")
    MONTHS = "months", _("monthly analyses")
    SIGNALS = "signals", _("signals")
    PUBLICITY = "publicity", _("publicity")
    TYPICAL_CASES = "typical_cases", _("typical cases")
    COOPERATION = "cooperation", _("cooperation letters")
    FOLLOW_UPS = "follow_ups", _("follow-ups")
    POSTINGS = "postings", _("postings")
    PREMISES = "premises", _("premises and equipment")
    FUNDS = "funds", _("funds and subsidies")
    QUESTION_SLIPS = "question_slips", _("question slips")


# A total and a grade are never above this.
FULL_MARKS = Decimal("100")
