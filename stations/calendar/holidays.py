"""The State Council's days off for a range of years, as the chinesecalendar library carries them."""

from datetime import date

import chinese_calendar

_CHINESE = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def state_days_off(year):
    """Return [(day, is_off, name)] that differ from the plain week, or [] for an unknown year."""
    rows = []
    try:
        for day in chinese_calendar.get_dates(date(year, 1, 1), date(year, 12, 31)):
            is_off = chinese_calendar.is_holiday(day)
            if is_off == (day.weekday() >= 5):
                continue
            _, name = chinese_calendar.get_holiday_detail(day)
            rows.append((day, is_off, _CHINESE.get(name, "")))
    except NotImplementedError:
        return []
    return rows
