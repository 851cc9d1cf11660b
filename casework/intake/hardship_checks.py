"""Checks of what a household has stated (LAL 41): shared data queried, pledges checked by lot."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations import chores
from stations.chores import Owed, owes
from stations.models import ChoreKind, Station
from stations.roles import Role
from stations.sayings import saying

from ..models import Application, HardshipCheck
from ..terms import HardshipTrack

CHECKED_TRACKS = {HardshipTrack.PLEDGE, HardshipTrack.DATA_QUERY}


def is_drawn(receipt_code, percent):
    """Whether the lot falls on an application: by its receipt code, which chance has made.

    Nobody chooses, and everybody can draw it again; a larger share holds the smaller.
    """
    digest = hashlib.sha256(f"pledge:{receipt_code}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < percent


def draw(application):
    """Draw lots whether a pledge is checked afterwards. Call inside the transaction of the grant."""
    county = application.county
    if application.hardship_track != HardshipTrack.PLEDGE or not is_drawn(
        application.receipt_code, county.parameter("pledge_check_percent")
    ):
        return
    today = timezone.localdate()
    HardshipCheck.objects.get_or_create(
        application=application,
        is_drawn=True,
        defaults={
            "opened_on": today,
            "due_on": today + timedelta(days=county.parameter("pledge_check_days")),
        },
    )
    chores.refresh_later(county, ChoreKind.HARDSHIP)


@transaction.atomic
def note(application, *, by, source, checked_on, outcome, words=""):
    """Write down what a check has shown: of the one that was drawn, else as one more.

    The same said twice on one day is kept once. Returns the `HardshipCheck`.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    said = {
        "source": source.strip(),
        "checked_on": checked_on,
        "outcome": outcome,
        "checked_by": by,
    }
    same = application.hardship_checks.filter(**said).first()
    if same and same.words == words:
        return same
    check = application.hardship_checks.filter(checked_on=None).first() or HardshipCheck(
        application=application, opened_on=timezone.localdate()
    )
    for name, value in said.items():
        setattr(check, name, value)
    check.words = words
    check.save()
    chores.refresh_later(application.county, ChoreKind.HARDSHIP)
    return check


@owes(ChoreKind.HARDSHIP)
def owed_checks(place, today):
    """What a county's center has drawn and nobody has checked yet."""
    if isinstance(place, Station):
        return
    open_ones = HardshipCheck.objects.filter(
        application__county=place, checked_on=None
    ).select_related("application__intake_county")
    for check in open_ones:
        yield Owed(
            key=f"{check.application_id}",
            title=saying(
                gettext_lazy("%(number)s: the pledge of hardship was drawn to be checked"),
                number=check.application.number,
            ),
            url=reverse("casework:hardship_check", args=[check.application_id]),
            act=pgettext_lazy("hardship", "Check"),
            roles=(Role.REVIEWER, Role.DIRECTOR),
            rule=gettext_lazy("Legal Aid Law, article 41"),
            since_on=check.opened_on,
            due_on=check.due_on,
        )
