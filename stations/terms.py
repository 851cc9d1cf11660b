"""The standard terms of the network: code, and label through the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
