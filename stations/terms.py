"""The standard terms of the network: code, and label through the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.IntegerChoices):
    """Levels of the statistical divisions; the value is the length of the code."""

    PROVINCE = 2, _("province")
    CITY = 4, _("city")
    COUNTY = 6, _("county")
    TOWNSHIP = 9, _("township")
    VILLAGE = 12, _("village")


class HostType(models.TextChoices):
    """The body a station leans on (依托单位), as the official year-end table lists them."""

    JUDICIAL_OFFICE = "judicial_office", _("judicial office")
    UNION = "union", _("trade union")
    YOUTH_LEAGUE = "youth_league", _("youth league")
    WOMENS_FEDERATION = "womens_federation", _("women's federation")
    AGEING_COMMITTEE = "ageing_committee", _("ageing committee")
    DISABLED_FEDERATION = "disabled_federation", _("disabled persons' federation")
    PETITION_OFFICE = "petition_office", _("petition office")
    UNIVERSITY = "university", _("university")
    PRISON = "prison", _("prison or drug rehabilitation")
    DETENTION_CENTER = "detention_center", _("detention center")
    COURT = "court", _("people's court")
    MILITARY = "military", _("military or armed-forces department")
    OTHER = "other", _("other host")


class LiaisonPost(models.TextChoices):
    """What a liaison otherwise is in the village."""

    SECRETARY = "secretary", _("village secretary")
    DIRECTOR = "director", _("village director")
    MEDIATION = "mediation", _("head of mediation")
    GRID = "grid", _("grid worker")
    LEGAL_GUIDE = "legal_guide", _("legally informed villager")
    OTHER = "other", _("other post")


class LeadKind(models.TextChoices):
    """What a liaison presses on the phone: words of the village, not of the dictionary."""

    PAY = "pay", _("Wages owed")
    INJURY = "injury", _("Injury at work")
    FAMILY = "family", _("Family")
    ELDER = "elder", _("Support of elders")
    LAND = "land", _("Land and forest")
    ROAD = "road", _("Traffic accident")
    OTHER = "other", _("Something else")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class DutyKind(models.TextChoices):
    """What licence a person on duty holds (律师 / 基层法律服务工作者)."""

    LAWYER = "lawyer", _("lawyer")
    GRASSROOTS = "grassroots", _("grassroots legal-service worker")
    STAFF = "staff", _("station staff")


class DivisionChange(models.TextChoices):
    """How one division became another (区划变更)."""

    RENAME = "rename", _("renamed")
    SPLIT = "split", _("split")
    MERGE = "merge", _("merged")


class UnitKind(models.TextChoices):
    FIRM = "firm", _("law firm")
    GRASSROOTS = "grassroots", _("grassroots legal-service office")
    CENTER = "center", _("legal-aid center")


class AidWorkerKind(models.TextChoices):
    LAWYER = "lawyer", _("lawyer")
    GRASSROOTS = "grassroots", _("grassroots legal-service worker")
    STAFF = "staff", _("center staff")


class Speciality(models.TextChoices):
    LABOUR = "labour", _("labour")
    FAMILY = "family", _("family")
    TRAFFIC = "traffic", _("traffic and injury")
    LAND = "land", _("land and forest")
    CONTRACT = "contract", _("contracts and loans")
    CRIMINAL = "criminal", _("criminal")
    ADMINISTRATIVE = "administrative", _("administrative")
    MEDICAL = "medical", _("medical")


class WallItem(models.TextChoices):
    """What a station posts on its wall 上墙公示 (rules 4.5)."""

    SCOPE = "scope", _("Scope of legal aid")
    NOTES = "notes", _("Application notes and list of papers")
    PROCEDURE = "procedure", _("Procedure with time limits")
    RULES = "rules", _("Work rules")
    PROMISE = "promise", _("Service promises")
    HARDSHIP = "hardship", _("Standard of hardship in force")
    CONTACT = "contact", _("Address, phone and hours")
    STAFF = "staff", _("Staff and duty roster")
    COMPLAINT = "complaint", _("Complaint board")
    PRIVACY = "privacy", _("How personal data are handled")

    @property
    def short(self):
        """Two characters for the head of a narrow column."""
        return _WALL_SHORT[self]


_WALL_SHORT = {
    WallItem.SCOPE: pgettext_lazy("column", "scope"),
    WallItem.NOTES: pgettext_lazy("column", "notes"),
    WallItem.PROCEDURE: pgettext_lazy("column", "procedure"),
    WallItem.RULES: pgettext_lazy("column", "rules"),
    WallItem.PROMISE: pgettext_lazy("column", "promises"),
    WallItem.HARDSHIP: pgettext_lazy("column", "standard"),
    WallItem.CONTACT: pgettext_lazy("column", "contact"),
    WallItem.STAFF: pgettext_lazy("column", "staff"),
    WallItem.COMPLAINT: pgettext_lazy("column", "complaints"),
    WallItem.PRIVACY: pgettext_lazy("column", "data"),
}


# The notice on personal data is good to have; everything else has to hang.
MANDATORY_ITEMS = tuple(item for item in WallItem if item != WallItem.PRIVACY)


class WallFinding(models.TextChoices):
    """How a poster was found on its wall."""

    FINE = "fine", _("hangs well and can be read")
    DAMAGED = "damaged", _("torn, faded or hidden")
    MISSING = "missing", _("is not there")
    PERSONAL = "personal", _("shows data of applicants")


class WallColour(models.TextChoices):
    """The one colour of all posters of a county."""

    INK = "ink", _("blue-green ink")
    BLUE = "blue", _("deep blue")
    RED = "red", _("dark red")


class PublishedNumber(models.TextChoices):
    """Where a number is published."""

    STATION = "station", _("station phone")
    STATION_2 = "station_2", _("second phone of the station")
    POINT = "point", _("phone of a contact point")
    COMPLAINT = "complaint", _("complaint phone")


class CallResult(models.TextChoices):
    """What became of a test call."""

    ANSWERED = "answered", pgettext_lazy("call", "answered")
    NO_ANSWER = "no_answer", pgettext_lazy("call", "nobody answered")
    WRONG = "wrong", pgettext_lazy("call", "wrong number")
    DEAD = "dead", pgettext_lazy("call", "number is dead")


class RuleKind(models.TextChoices):
    """The seven rule sets of a station (opinion; rules 0)."""

    POSTING = "posting", _("posting of services")
    PROMISE = "promise", _("service promises (rule set)")
    INTAKE = "intake", _("intake and registration")
    REGISTERS = "registers", _("business registers")
    TRAINING = "training", _("study and training")
    ASSESSMENT = "assessment", _("assessment and commendation")
    COMPLAINT = "complaint", _("supervision and complaints")


# ── Station life ────────────────────────────────────────────────────────────────────────


class PremisesItem(models.TextChoices):
    """What a station is to have: premises, signs, equipment (after the sets of SF/T 0017-2017)."""

    FIXED_PLACE = "fixed_place", _("fixed place")
    ACCESSIBLE = "accessible", _("barrier-free entrance")
    PRIVATE_CORNER = "private_corner", _("private corner to talk")
    SEATS = "seats", _("seats to wait")
    SIGN = "sign", _("station sign in the unified style")
    GUIDE_BOARD = "guide_board", _("guide board")
    NOTICE_WALL = "notice_wall", _("notice wall")
    PHONE = "phone", _("telephone")
    COMPUTER = "computer", _("computer")
    PRINTER = "printer", _("printer and scanner")
    ID_READER = "id_reader", _("identity-card reader")
    FILE_CABINET = "file_cabinet", _("locked file cabinet")
    CAMERA = "camera", _("document camera")
    DRINKS = "drinks", _("drinking water, reading glasses")


class ItemState(models.TextChoices):
    THERE = "there", pgettext_lazy("item", "there")
    MISSING = "missing", pgettext_lazy("item", "missing")
    BROKEN = "broken", pgettext_lazy("item", "broken")


class NeedAnswer(models.TextChoices):
    """What the county says to a request for premises or equipment."""

    GRANTED = "granted", pgettext_lazy("need", "agreed")
    LATER = "later", pgettext_lazy("need", "next year's budget")
    REFUSED = "refused", pgettext_lazy("need", "not agreed")


class StaffBasis(models.TextChoices):
    """On what terms somebody serves at a station."""

    FULL_TIME = "full_time", _("full-time")
    PART_TIME = "part_time", _("part-time")
    BOUGHT = "bought", _("bought service")


class FundStage(models.TextChoices):
    BUDGETED = "budgeted", _("budgeted")
    RECEIVED = "received", pgettext_lazy("money", "received")
    SPENT = "spent", pgettext_lazy("money", "spent")


class FundPurpose(models.TextChoices):
    DUTY_SUBSIDY = "duty_subsidy", _("duty subsidies")
    CASE_SUBSIDY = "case_subsidy", _("case subsidies")
    OFFICE = "office", _("office costs")
    EQUIPMENT = "equipment", _("equipment")
    TRAINING = "training", _("training and publicity")
    OTHER = "other", pgettext_lazy("money", "other")


class PublicityKind(models.TextChoices):
    """What kind of event spread the word (法治宣传)."""

    LECTURE = "lecture", _("lecture")
    STAND = "stand", _("advice stand")
    VISIT = "visit", _("visit to a village")
    SHOW = "show", _("show or film")
    SCHOOL = "school", _("school or firm")
    OTHER = "other", pgettext_lazy("event", "other")


class MediaKind(models.TextChoices):
    """Media items as the official table counts them (rules 4.7)."""

    BROADCAST = "broadcast", _("radio and television")
    ARTICLE = "article", _("newspapers and magazines")
    ONLINE = "online", _("internet and new media")


class LiaisonRole(models.TextChoices):
    """The six roles of a liaison (联络员六员)."""

    PUBLICITY = "publicity", _("publicity person")
    INFORMATION = "information", _("information person")
    GUIDE = "guide", _("guide")
    MEDIATOR = "mediator", _("mediator")
    INVESTIGATOR = "investigator", _("investigator")
    MESSENGER = "messenger", _("messenger")


class LiaisonTaskKind(models.TextChoices):
    """What a station asks of a liaison; never with anybody's economic data in it."""

    VERIFY = "verify", _("help verify a fact")
    GUIDE = "guide", _("guide somebody to the station")
    MEDIATE = "mediate", _("help mediate")
    DELIVER = "deliver", _("pass on a message or paper")
    SPREAD = "spread", _("spread the word")
    OTHER = "other", pgettext_lazy("task", "something else")


class Half(models.TextChoices):
    """The unit of duty: half a day."""

    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")


class WeekHalf(models.TextChoices):
    """The half-days of a week at which a station may want somebody, or a person may come."""

    MON_AM = "1am", _("Monday morning")
    MON_PM = "1pm", _("Monday afternoon")
    TUE_AM = "2am", _("Tuesday morning")
    TUE_PM = "2pm", _("Tuesday afternoon")
    WED_AM = "3am", _("Wednesday morning")
    WED_PM = "3pm", _("Wednesday afternoon")
    THU_AM = "4am", _("Thursday morning")
    THU_PM = "4pm", _("Thursday afternoon")
    FRI_AM = "5am", _("Friday morning")
    FRI_PM = "5pm", _("Friday afternoon")


class SlotOrigin(models.TextChoices):
    """How somebody came to stand a half-day."""

    PLANNED = "planned", pgettext_lazy("duty", "planned")
    BY_HAND = "by_hand", pgettext_lazy("duty", "set by hand")
    SWAPPED = "swapped", pgettext_lazy("duty", "swapped")
    SUBSTITUTE = "substitute", pgettext_lazy("duty", "substitute")


class Absence(models.TextChoices):
    """Not there: told a day ahead, or not (rules 9.3, clock 31).

    The place of whoever was to stand in for somebody who came after all is called off.
    """

    TOLD = "told", pgettext_lazy("duty", "absent with notice")
    UNTOLD = "untold", pgettext_lazy("duty", "absent without notice")
    CALLED_OFF = "off", pgettext_lazy("duty", "no longer needed")


class DutyChangeKind(models.TextChoices):
    """What of a published half-day was changed."""

    PERSON = "person", pgettext_lazy("duty", "who stands it")
    ABSENT = "absent", pgettext_lazy("duty", "absence noted")
    PRESENT = "present", pgettext_lazy("duty", "absence taken back")
    SIGNED = "signed", pgettext_lazy("duty", "times set right")


class AwayKind(models.TextChoices):
    LEAVE = "leave", pgettext_lazy("away", "leave")
    COURT = "court", pgettext_lazy("away", "court date")
    DAY_OFF = "day_off", pgettext_lazy("away", "regular day off")
    TRAINING = "training", pgettext_lazy("away", "training")


class Side(models.TextChoices):
    """Who of the two asks or answers a question slip."""

    STATION = "station", pgettext_lazy("side", "the station")
    COUNTY = "county", pgettext_lazy("side", "the county")


class SlipTopic(models.TextChoices):
    """What a question slip 问题单 is about."""

    CASEWORK = "casework", pgettext_lazy("slip", "law and casework")
    FIGURES = "figures", pgettext_lazy("slip", "register and figures")
    PLACE = "place", pgettext_lazy("slip", "people, place and funds")
    SYSTEM = "system", pgettext_lazy("slip", "this system")
    OTHER = "other", pgettext_lazy("slip", "something else")


class SlipStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("slip", "waits for an answer")
    ANSWERED = "answered", pgettext_lazy("slip", "answered")
    CLOSED = "closed", pgettext_lazy("slip", "closed")


class SlipMove(models.TextChoices):
    ASK = "ask", pgettext_lazy("slip", "asked")
    ANSWER = "answer", pgettext_lazy("slip", "answered")
    FURTHER = "further", pgettext_lazy("slip", "asked further")
    CLOSE = "close", pgettext_lazy("slip", "closed")
