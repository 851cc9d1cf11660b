"""Files from paper, and twenty rows of a paper register on one screen."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.terms import Sex

from ..models import Matter
from ..register.file import MOST_BYTES, RowReader
from ..register.headers import COLUMNS
from ..terms import Channel, Disposal, PeopleGroup
from .fields import LongText, with_year

GRID_ROWS = 20
# A longer paste makes the grid grow up to here; what is longer still is a file.
MOST_GRID_ROWS = 60
# The columns of the grid, in the order of the paper register. What stands above the grid
# (channel, receiver) is the same for all rows.
GRID_FIELDS = (
    "occurred_at",
    "name",
    "sex",
    "phone",
    "village",
    "people_groups",
    "matter",
    "statement",
    "answer",
    "disposal",
    "persons",
)


class ImportForm(forms.Form):
    """One file for one of the person's stations."""

    station = forms.ModelChoiceField(None, label=_("station"))
    file = forms.FileField(
        label=_("file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations
        self.fields["station"].initial = stations.first()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s MB; the most is %(most)s MB. Split it by year."),
                params={"size": file.size // 2**20, "most": MOST_BYTES // 2**20},
            )
        return file


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        error_messages={"required": _("Say why this import is undone.")},
    )


class GridHead(forms.Form):
    """What stands above the grid and holds for every row."""

    channel = forms.ChoiceField(label=_("channel"), choices=Channel.choices)
    receiver_name = LongText(40, label=_("receiver"), required=True)
    day = forms.DateField(
        label=_("day, for rows that give only a time"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_told_of_right = forms.BooleanField(
        label=_("in every row the person was told of the right to apply"), required=False
    )


class Grid:
    """Twenty rows as typed, or as many as were pasted, read by the same reader as files."""

    def __init__(self, data, *, station, by):
        self.station = station
        self.head = GridHead(
            data,
            initial={
                "channel": Channel.VISIT,
                "receiver_name": by.name,
                "day": timezone.localdate(),
            },
        )
        self.rows = [self._typed(data or {}, n) for n in range(self._count(data or {}))]
        self.by = by
        # One for each opened grid.
        self.key = (data or {}).get("key", "")[:36] or str(uuid.uuid4())

    @staticmethod
    def _count(data):
        longer = range(MOST_GRID_ROWS, GRID_ROWS, -1)
        return next((n for n in longer if f"{n - 1}-{GRID_FIELDS[0]}" in data), GRID_ROWS)

    @staticmethod
    def _typed(data, n):
        return {
            "index": n,
            "number": n + 1,
            "cells": {name: data.get(f"{n}-{name}", "").strip() for name in GRID_FIELDS},
            "is_new": bool(data.get(f"{n}-is_new")),
            "errors": {},
            "double": None,
        }

    def __iter__(self):
        """Each row with its fields as (name in the form, name, header, text, sentence)."""
        for row in self.rows:
            row["fields"] = [
                (
                    f"{row['index']}-{name}",
                    name,
                    COLUMNS[name][0],
                    text,
                    row["errors"].get(name, ""),
                )
                for name, text in row["cells"].items()
            ]
            yield row

    @property
    def filled(self):
        return [row for row in self.rows if any(row["cells"].values())]

    def read(self):
        """Return the unsaved entries of the filled rows, or None when a cell is wrong.

        Wrong cells carry their sentence in `rows[n]["errors"]`.
        """
        if not self.head.is_valid():
            return None
        head = self.head.cleaned_data
        reader = RowReader(self.station, by=self.by)
        entries = []
        for row in self.filled:
            cells = row["cells"] | {
                "channel": head["channel"],
                "receiver_name": head["receiver_name"],
                "is_told_of_right": "1" if head["is_told_of_right"] else "",
            }
            if head["day"]:
                time = cells["occurred_at"] or f"{head['day']:%Y-%m-%d}"
                cells["occurred_at"] = with_year(time, head["day"])
            entry, errors = reader.read(cells)
            for name, sentence in errors:
                row["errors"].setdefault(name, sentence)
            row["entry"] = entry
            entries.append(entry)
        return entries if all(entries) else None

    def is_unasked(self, row):
        """Whether the row may be there already and nobody has said it is another matter."""
        return row["double"] is not None and not row["is_new"]


def grid_headers():
    """Return {column: every header under which a pasted table may have it}."""
    return {name: "|".join(COLUMNS[name]) for name in GRID_FIELDS}


def grid_choices(station):
    """Return what the grid's lists offer: {field: [labels]}."""
    matters = Matter.objects.leaves().on(timezone.localdate()).for_county(station.county)
    return {
        "village": [
            village.name for village in station.township.children.on(timezone.localdate())
        ],
        "matter": [matter.name for matter in matters],
        "sex": list(Sex.labels),
        "people_groups": list(PeopleGroup.labels),
        "disposal": list(Disposal.labels),
    }
