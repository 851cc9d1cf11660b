"""Days off and make-up days, as the State Council's yearly notice lists them, from lines or a file."""

import re
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ..files.tables import day_of
from ..models import DayOff

OFF = {"放假", "休", "休息", "off"}
WORK = {"上班", "班", "调休上班", "补班", "work"}
LONGEST_RANGE = 15


def rows_of(lines):
    """Return the cells of typed lines: 2027-02-05至2027-02-12 放假 春节."""
    return [re.split(r"[\s,，、;；]+", line.strip(), maxsplit=2) for line in lines.splitlines()]


def read(rows):
    """Return ([(day, is_off, name)], [sentence]) of rows of cells: day or range, kind, name."""
    days, sentences = {}, []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or (number == 1 and not any(sign.isdigit() for sign in cells[0])):
            continue
        first, last = _range(cells[0])
        kind = cells[1].lower() if len(cells) > 1 else ""
        if not first:
            sentences.append(
                _("Line %(n)d: “%(cell)s” is not a day. Write 2027-01-01, or two days with 至.")
                % {"n": number, "cell": cells[0][:40]}
            )
        elif kind not in OFF | WORK:
            sentences.append(_("Line %d: write 放假 or 上班 after the day.") % number)
        elif not 0 <= (last - first).days < LONGEST_RANGE:
            sentences.append(_("Line %d: the last day does not fit the first.") % number)
        else:
            name = cells[2][:40] if len(cells) > 2 else ""
            for n in range((last - first).days + 1):
                day = first + timedelta(days=n)
                if days.get(day, (kind in OFF,))[0] != (kind in OFF):
                    sentences.append(
                        _("Line %(n)d: %(day)s is both a day off and a working day.")
                        % {"n": number, "day": day}
                    )
                days[day] = (kind in OFF, name)
    return [(day, *rest) for day, rest in sorted(days.items())], sentences


def _range(text):
    first, _sign, last = re.sub(r"至|到|~|—|–", "|", text).partition("|")
    first = day_of(first)
    return first, (day_of(last) if last else first) or first


@transaction.atomic
def save(days, *, county, source):
    """Write the days for a county; a day that is there already is replaced. Returns how many."""
    DayOff.objects.filter(county=county, day__in=[day for day, _off, _name in days]).delete()
    DayOff.objects.bulk_create(
        DayOff(day=day, is_off=is_off, name=name, source=source, county=county)
        for day, is_off, name in days
    )
    return len(days)
