"""The Excel template of a register file: our headers, and the words each list accepts."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from stations.terms import Sex

from ..models import Matter
from ..terms import Channel, Disposal, PeopleGroup, Sensitive
from .headers import COLUMNS, REQUIRED_COLUMNS

ROWS = 5000


def register_template(station):
    """Return the bytes of the template for a station: its villages and the county's matters."""
    lists = {
        "channel": [str(label) for label in Channel.labels],
        "sex": [str(label) for label in Sex.labels],
        "village": list(station.township.children.values_list("name", flat=True)),
        "matter": list(
            Matter.objects.leaves().for_county(station.county).values_list("name", flat=True)
        ),
        "people_groups": [str(label) for label in PeopleGroup.labels],
        "disposal": [str(label) for label in Disposal.labels],
        "sensitive": [str(label) for label in Sensitive.labels],
    }
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#dde9ec", "border": 1})
        must = book.add_format({"bold": True, "bg_color": "#f3e7cf", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_("Register"))
        words = book.add_worksheet(_("Words"))
        sheet.freeze_panes(1, 0)
        for column, (name, headers) in enumerate(COLUMNS.items()):
            sheet.write(0, column, headers[0], must if name in REQUIRED_COLUMNS else head)
            # As text, so that a phone keeps its digits and a number its zeros.
            sheet.set_column(
                column, column, 30 if name in ("statement", "answer") else 12, text
            )
        for column, (name, choices) in enumerate(lists.items()):
            words.write(0, column, COLUMNS[name][0], head)
            words.write_column(1, column, choices)
            words.set_column(column, column, 16)
            if name == "people_groups" or not choices:
                continue
            at = list(COLUMNS).index(name)
            letter = chr(ord("A") + column)
            sheet.data_validation(
                1,
                at,
                ROWS,
                at,
                {
                    "validate": "list",
                    "source": f"='{_('Words')}'!${letter}$2:${letter}${len(choices) + 1}",
                },
            )
    return stream.getvalue()
