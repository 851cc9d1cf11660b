"""One application with everything its record shows, read in a few round trips."""

from functools import cache

from stations.models import AidWorker, County, User
from stations.one_trip import ASKED, OneTrip

from ..models import Application, Closing, FileReview, Objection, TypicalCase, Upload

# The lists of an application that its record shows.
LISTS = [
    "pauses",
    "materials",
    "parties",
    "household",
    "household_versions",
    "hardship_checks",
    "supplements",
    "events",
    "opinions",
    "decisions",
    "deadlines",
    "assignments",
    "change_requests",
    "progress",
    "follow_ups",
    "letters",
    "cooperation_letters",
    "hops",
]
# Of these it has one at most.
SINGLE = {"closing": Closing, "typical_case": TypicalCase}


@cache
def _trip():
    lists = {name: Application._meta.get_field(name).related_model for name in LISTS}
    querysets = {
        name: model.objects.filter(application=ASKED)
        for name, model in (lists | SINGLE).items()
    }
    querysets["letters"] = querysets["letters"].defer("content")
    return OneTrip(
        **querysets,
        objections=Objection.objects.filter(decision__application=ASKED),
        reviews=FileReview.objects.filter(closing__application=ASKED),
        uploads=Upload.objects.light().filter(material__application=ASKED),
    )


def read_whole(application):
    """Keep with an application all rows its record shows, as if prefetched, and who made them.

    Papers come without their words, files without their content. Returns the application.
    """
    rows = _trip().rows(application.pk)
    for name in [*LISTS, *SINGLE]:
        for row in rows[name]:
            row.application = application
    for name in LISTS:
        _keep_list(application, name, rows[name])
    for name in SINGLE:
        _keep_one(application, name, rows[name])
    for decision in rows["decisions"]:
        own = [each for each in rows["objections"] if each.decision_id == decision.pk]
        _keep_one(decision, "objection", own)
    for closing in rows["closing"]:
        _keep_list(closing, "reviews", rows["reviews"])
    for material in rows["materials"]:
        own = [each for each in rows["uploads"] if each.material_id == material.pk]
        _keep_list(material, "uploads", own)
    _name_people(application, [row for of_name in rows.values() for row in of_name])
    return application


def _keep_list(record, name, rows):
    """As `prefetch_related` keeps them: `.all()` asks nothing then."""
    kept = getattr(record, name).all()
    kept._result_cache, kept._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept


def _keep_one(record, name, rows):
    record._meta.get_field(name).set_cached_value(record, rows[0] if rows else None)
    for row in rows:
        record._meta.get_field(name).remote_field.set_cached_value(row, record)


def _name_people(application, rows):
    """Put beside the rows the users, aid workers and counties they name, few queries for all."""
    named = {}
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.many_to_one and getattr(row, field.attname) is not None:
                named.setdefault(field.related_model, []).append((row, field))
    workers = AidWorker.objects.select_related("unit")
    for model, people in ((User, User.objects.all()), (AidWorker, workers)):
        if of_model := named.get(model):
            found = people.in_bulk({getattr(row, field.attname) for row, field in of_model})
            _put_beside(of_model, found)
    counties = {each.pk: each for each in (application.intake_county, application.county)}
    _put_beside(named.get(County, ()), counties)


def _put_beside(named, found):
    for row, field in named:
        if each := found.get(getattr(row, field.attname)):
            field.set_cached_value(row, each)
