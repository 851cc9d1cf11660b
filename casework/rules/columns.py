"""The columns of the register (rules 4.3), and the people groups that follow from them. Pure."""

from datetime import date

from stations.terms import Sex

from ..terms import PeopleGroup

# Fields a call never keeps (rules 4.3).
HIDDEN_FROM_CALLS = (
    "id_type",
    "id_number",
    "birth_on",
    "nationality",
    "ethnic_group",
    "household_place",
    "address",
    "education",
)
# What somebody who refuses to be named need not say either.
FREED_BY_REFUSAL = ("phone", "sex", "people_groups", "village")
# What may be corrected afterwards; the number, the station and the channel never change.
CORRECTABLE = (
    "occurred_at",
    "is_hotline",
    "duration_minutes",
    "name",
    "is_anonymous",
    "is_on_behalf",
    "sex",
    "birth_on",
    "people_groups",
    "persons",
    "phone",
    "id_type",
    "id_number",
    "nationality",
    "ethnic_group",
    "household_place",
    "address",
    "education",
    "safe_contact",
    "village",
    "place_of_event",
    "event_on",
    "opponent",
    "title",
    "matter",
    "also_about",
    "statement",
    "answer",
    "disposal",
    "answered_at",
    "receiver",
    "receiver_name",
    "is_told_of_right",
    "sensitive",
    "is_publishable",
    "satisfaction",
    "follow_up",
)


def derived_groups(*, sex, birth_on, ethnic_group, on: date):
    """Return the people groups that follow from what is known (rules 6.2).

    Women from the sex; minors under 18 and elderly from 60 by the birth date on the day of the
    event; minorities from any ethnic group but 汉.
    """
    groups = set()
    if sex == Sex.FEMALE:
        groups.add(PeopleGroup.WOMEN)
    if birth_on:
        age = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
        if age < 18:
            groups.add(PeopleGroup.MINOR)
        if age >= 60:
            groups.add(PeopleGroup.ELDERLY)
    if ethnic_group and ethnic_group.removesuffix("族") != "汉":
        groups.add(PeopleGroup.ETHNIC_MINORITY)
    return groups
