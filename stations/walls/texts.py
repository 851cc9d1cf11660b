"""The texts of a county's posters: the usual ones taken over, new versions, what all posters share."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errands import look_at_walls_later
from ..files import evidence
from ..models import County, CountyWall, WallText
from ..papers import boards
from ..templatetags.words import full_day
from ..terms import WallItem

DEFAULTS = Path(__file__).with_name("texts.toml")


class TextRefused(Exception):
    """A plain sentence why a text cannot be posted."""


def default_texts():
    """Return {item: text} of the usual content that comes with the site."""
    return {
        item: text.strip()
        for item, text in tomllib.loads(DEFAULTS.read_text(encoding="utf-8")).items()
    }


@transaction.atomic
def take_over_defaults(county, *, by):
    """Give a county the usual text for every item it has none for; returns how many were taken over.

    A second time there is nothing left to take over.
    """
    _lock(county)
    there = set(WallText.objects.filter(county=county).values_list("item", flat=True))
    taken = [
        WallText(
            county=county,
            item=item,
            version=1,
            text=text,
            valid_from=timezone.localdate(),
            set_by=by,
        )
        for item, text in default_texts().items()
        if item not in there
    ]
    WallText.objects.bulk_create(taken)
    look_at_walls_later(county)
    return len(taken)


@transaction.atomic
def set_text(county, item, *, text, valid_from, by, paper=""):
    """Write the next version of an item's text, from a day on. Returns the `WallText` in its place.

    The same text again from the same day changes nothing. Raises TextRefused.
    """
    _lock(county)
    if boards.names_a_person(text):
        raise TextRefused(
            _("A mobile or identity number stands in the text. Nothing of a person is posted.")
        )
    if valid_from < timezone.localdate():
        raise TextRefused(
            _("A new text begins today or later; what hung before stays written.")
        )
    rows = WallText.objects.filter(county=county, item=item)
    newest = rows.first()
    if newest and (newest.text, newest.valid_from) == (text, valid_from):
        return newest
    if newest and valid_from < newest.valid_from:
        raise TextRefused(
            _("Version %(version)s begins on %(day)s. A newer one begins that day or later.")
            % {"version": newest.version, "day": full_day(newest.valid_from)}
        )
    made = WallText.objects.create(
        county=county,
        item=WallItem(item),
        version=(rows.aggregate(most=Max("version"))["most"] or 0) + 1,
        text=text,
        valid_from=valid_from,
        paper=paper,
        set_by=by,
    )
    look_at_walls_later(county)
    return made


@transaction.atomic
def set_look(county, *, colour, by, emblem=None, drops_emblem=False):
    """Write down emblem and colour of all posters; the rows before stay, and what hangs stays right.

    `emblem` is a sent picture; without one the emblem there was stays, unless it is dropped.
    Raises `file_check.FileRefused`.
    """
    _lock(county)
    before = CountyWall.objects.filter(county=county).first()
    kept = before.emblem if before and not drops_emblem else None
    if emblem:
        kept = evidence.add_picture(county, emblem, by=by)
    if before and (before.emblem, before.colour) == (kept, colour):
        return before
    return CountyWall.objects.create(county=county, emblem=kept, colour=colour, set_by=by)


def _lock(county):
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
