"""Somebody has decided about every column that could hold words about a person."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from stations.retention.keepers import KEEPERS

TEXTS = (models.CharField, models.TextField, models.BinaryField, models.JSONField, ArrayField)
# Tables no destruction touches, and why. A new table is named here or in a kind's `tables`.
NETWORK = "places, offices and the days of the calendar"
STAFF = "people in post, their papers and what they did in it"
OWN = "the station's own records: no visitor is named in them"
RULES = "rules, standards and dictionaries of the county"
COUNTS = "counters and figures of months and returns: numbers, ids and hashes"
PROOF = "the records of keeping, looking and sealing themselves"
SITE = "what is owed now; drops away by itself"
STAY = {
    "stations": {
        NETWORK: "DayOff Division DivisionEvent County Station ContactPoint",
        STAFF: (
            "Liaison User Appointment AidUnit AidWorker StationDuty StaffTerms ParticularsChange"
            " HandOver AuthorisedPosts SubsidySheet SubsidyRow Away Swap DutyChange DutyMonth DutySlot"
        ),
        OWN: (
            "Evidence WallText CountyWall StaffPhoto Poster Posting"
            " WallCheck TestDraw TestCall PremisesCheck PremisesNeed PublicityEvent MediaItem"
            " Outreach Fund PlannedTraining TrainingSession Attendance QuizQuestion QuizAttempt"
            " TrainingExemption Adoption Reading"
        ),
        RULES: "RuleDocument RetentionRule",
        PROOF: "Hold DestructionList DestructionItem DaySeal SealAmendment SealCheck",
        # A file made for one person expires within days; a monthly analysis names nobody.
        SITE: "Chore Document",
    },
    "casework": {
        RULES: "AidMatter Matter ClockRule ComplaintGround HardshipStandard",
        COUNTS: (
            "RegisterCounter SeriesCounter NoVisitDay MonthlyReport ReportIssue ReportEvent"
            " SubmittedReturn FollowUpDraw Recount CountedCalendar"
        ),
        "days and codes only": "Pause Deadline ComplaintDeadline TakenUp",
        "the filters somebody keeps, and their name for it": "SavedFilter",
    },
}


def decided():
    """{model: columns} that the kinds of records say something about."""
    found = {}
    for keeper in KEEPERS.values():
        for table in keeper.tables:
            columns = found.setdefault(table.model, set())
            if table.is_deleted:
                columns.update(field.name for field in table.model._meta.concrete_fields)
            columns.update(table.named)
    return found


def can_hold_words(field):
    if isinstance(field, ArrayField):
        return can_hold_words(field.base_field)
    is_day_of_birth = field.name == "birth_on"
    return is_day_of_birth or (isinstance(field, TEXTS) and not field.choices)


def test_every_column_that_can_hold_words_is_emptied_or_named_as_staying():
    known = decided()
    stay = {
        apps.get_model(app, name)
        for app, reasons in STAY.items()
        for names in reasons.values()
        for name in names.split()
    }
    open_questions = {
        f"{model._meta.label}.{field.name}"
        for app in ("stations", "casework")
        for model in apps.get_app_config(app).get_models()
        if model not in stay
        for field in model._meta.concrete_fields
        if can_hold_words(field) and field.name not in known.get(model, set())
    }
    assert open_questions == set()
    # Nothing is both emptied and named as staying.
    assert {model.__name__ for model in stay & set(known)} == set()


def test_what_a_kind_names_is_there():
    wrong = {
        f"{model.__name__}.{name}"
        for model, columns in decided().items()
        for name in columns - {field.name for field in model._meta.concrete_fields}
    }
    assert wrong == set()
