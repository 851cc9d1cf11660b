"""What hangs on walls 上墙公示: posters put up, looked at and taken down, by nothing but these acts.

A poster is current when it hangs, was found well within twelve months with a photo, and says what
is true, or stopped saying it no more than ten working days ago (clock 29, rules 4.5).
"""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from .. import chores
from ..chores import Owed, owes
from ..files import evidence
from ..models import ChoreKind, County, Poster, Posting, Station, WallCheck
from ..roles import Role
from ..sayings import listed, saying
from ..templatetags.words import full_day
from ..terms import MANDATORY_ITEMS, WallFinding
from . import posters
from .states import WallState, walls


class PostingRefused(Exception):
    """A plain sentence why this cannot be written down about a wall."""


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def post(station, item, *, digest, photo, posted_on, by):
    """Write down that a poster of this version hangs, with its photo; the one before is taken down.

    The same press again changes nothing. Raises PostingRefused, or `file_check.FileRefused`.
    """
    station = _locked(station)
    posters.remember(station, timezone.localdate())
    poster = (
        Poster.objects.filter(station=station, item=item, digest=digest)
        .order_by("-live_from", "-pk")
        .first()
    )
    if poster is None:
        raise PostingRefused(_("There is no such version of this poster. Print it anew."))
    _not_to_come(posted_on)
    if posted_on < station.opened_on:
        raise PostingRefused(_("On that day the station was not open yet; check the year."))
    kept = evidence.add_picture(station, photo, by=by)
    before = Posting.objects.filter(station=station, item=item).hanging().first()
    if before and (before.poster_id, before.photo_id, before.posted_on) == (
        poster.pk,
        kept.pk,
        posted_on,
    ):
        return before
    if before:
        if posted_on < before.posted_on:
            raise PostingRefused(
                _("The poster that hangs now was put up on %(day)s. Choose that day or later.")
                % {"day": full_day(before.posted_on)}
            )
        _take_down(before, on=posted_on, by=by)
    posting = Posting.objects.create(
        station=station,
        item=item,
        poster=poster,
        posted_on=posted_on,
        photo=kept,
        posted_by=by,
        checked_on=posted_on,
        next_check_on=_next_check(station.county, posted_on),
    )
    chores.refresh_later(station, ChoreKind.WALL)
    return posting


@transaction.atomic
def check(posting, *, finding, checked_on, by, photo=None):
    """Write down how a poster was found. What hangs well is confirmed with a photo (clock 29).

    The same press again changes nothing. Raises PostingRefused, or `file_check.FileRefused`.
    """
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    if posting.taken_down_on:
        raise PostingRefused(_("This poster has been taken down already."))
    _not_to_come(checked_on)
    if checked_on < posting.checked_on:
        raise PostingRefused(
            _("It was looked at on %(day)s already. Choose that day or later.")
            % {"day": full_day(posting.checked_on)}
        )
    if finding == WallFinding.FINE and not photo:
        raise PostingRefused(_("Add a photo of how it hangs: without one it is not confirmed."))
    kept = evidence.add_picture(posting.station, photo, by=by) if photo else None
    newest = posting.checks.first()
    if newest and (newest.finding, newest.checked_on, newest.photo_id) == (
        finding,
        checked_on,
        kept and kept.pk,
    ):
        return posting
    WallCheck.objects.create(
        posting=posting, checked_on=checked_on, finding=finding, photo=kept, checked_by=by
    )
    posting.checked_on, posting.finding = checked_on, finding
    posting.next_check_on = _next_check(posting.station.county, checked_on)
    posting.save(update_fields=["checked_on", "finding", "next_check_on"])
    chores.refresh_later(posting.station, ChoreKind.WALL)
    return posting


@transaction.atomic
def take_down(posting, *, by):
    """Write down that a poster hangs no more. Raises PostingRefused when it was taken down before."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    if posting.taken_down_on:
        raise PostingRefused(_("This poster has been taken down already."))
    _take_down(posting, on=timezone.localdate(), by=by)
    chores.refresh_later(posting.station, ChoreKind.WALL)
    return posting


def _take_down(posting, *, on, by):
    posting.taken_down_on, posting.taken_down_by = on, by
    posting.save(update_fields=["taken_down_on", "taken_down_by"])


def _locked(station):
    return (
        Station.objects.select_for_update(of=("self",), no_key=True)
        .select_related("county__division")
        .get(pk=station.pk)
    )


def _not_to_come(day):
    if day > timezone.localdate():
        raise PostingRefused(_("This day has not come yet."))


def _next_check(county, day):
    return day + timedelta(days=county.parameter("wall_check_days"))


# ── What a station owes ─────────────────────────────────────────────────────────────────

_SENTENCES = {
    WallState.MISSING: lambda n: ngettext_lazy(
        "%d poster does not hang yet", "%d posters do not hang yet", n
    ),
    WallState.DAMAGED: lambda n: ngettext_lazy(
        "%d poster was found bad", "%d posters were found bad", n
    ),
    WallState.STALE: lambda n: ngettext_lazy(
        "%d poster is out of date", "%d posters are out of date", n
    ),
    WallState.CHECK: lambda n: ngettext_lazy(
        "%d poster waits for its yearly check", "%d posters wait for their yearly check", n
    ),
}


@owes(ChoreKind.WALL)
def owed_on_the_wall(place, today):
    """What a station's wall lacks, one line for each way it is wrong; the texts a county lacks."""
    if isinstance(place, County):
        return [*_owed_texts(place)]
    # Every change of a fact is written down when it is first seen, so that its day is known.
    posters.remember(place, today)
    lines = walls(place.county, [place], today)[place.pk]
    return [
        Owed(
            key=state.value,
            title=saying(sentence(len(wrong)), len(wrong)),
            text=listed(line.item.label for line in wrong),
            url=reverse("stations:wall_detail", args=[place.pk]),
            act=gettext_lazy("Renew") if state != WallState.CHECK else gettext_lazy("Check"),
            rule=gettext_lazy("county rule"),
            since_on=min(line.since_on for line in wrong),
            due_on=min(line.due_on for line in wrong),
        )
        for state, sentence in _SENTENCES.items()
        if (wrong := [line for line in lines if line.state == state and line.is_mandatory])
    ]


def _owed_texts(county):
    there = set(county.wall_texts.values_list("item", flat=True))
    lacking = [item for item in MANDATORY_ITEMS if item not in there]
    if lacking:
        yield Owed(
            key="texts",
            title=gettext_lazy("Posters without a text of the county"),
            text=listed(item.label for item in lacking),
            url=reverse("stations:wall_text_list"),
            act=gettext_lazy("Write them"),
            roles=(Role.OFFICER,),
        )
