"""Fields that read as the desk types: one value, or the sentence of `casework.reading`."""

import re
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import Division

from .. import reading


class ReadField(forms.CharField):
    """A text that a function of `casework.reading` turns into the value."""

    def __init__(self, read, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return self.empty_value
        try:
            return self.read(text)
        except reading.Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from unreadable


class LongText(ReadField):
    """A text of at most `most` characters; a longer one is told how long it is."""

    def __init__(self, most, **kwargs):
        super().__init__(lambda text: reading.read_text(text, most), **kwargs)


class DayField(ReadField):
    def __init__(self, **kwargs):
        super().__init__(reading.read_day, empty_value=None, **kwargs)

    def prepare_value(self, value):
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


class PastDayField(DayField):
    """A day that has been; as for a time, the year may be left out, and 昨天 is a day."""

    def clean(self, value):
        text = (value or "").strip()
        return super().clean(day_with_year(text, timezone.localdate()))


_SHORT_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?(?=\s|$)")
_CLOCK = re.compile(r"(\d{1,2})[:：.时](\d{1,2})分?")


def with_year(text, today):
    """Spell out "10:12", "昨天 15:30" and "11月5日 10:12" as `reading.read_moment` reads them."""
    text = reading.spell_clock(text.strip())
    if _CLOCK.fullmatch(text):
        return f"{today:%Y-%m-%d} {text}"
    return day_with_year(text, today)


def day_with_year(text, today):
    """Spell out the day with which a text begins: 昨天, 11-5, 11月5日.

    A day without a year is this year's; when that is more than two months ahead, last year's.
    """
    for word, days in (("今天", 0), ("昨天", 1), ("前天", 2)):
        if text.startswith(word):
            return f"{today - timedelta(days=days):%Y-%m-%d} {text.removeprefix(word).strip()}"
    match = _SHORT_DAY.match(text)
    if not match:
        return text
    month, day = map(int, match.groups())
    ahead = (month - today.month) * 31 + day - today.day
    return f"{today.year - (ahead > 62)}-{month}-{day} {text[match.end() :].strip()}".strip()


class MomentField(ReadField):
    """A day and a time that have been; shown as 11月5日 10:12, with the year when not this one."""

    def __init__(self, **kwargs):
        super().__init__(self._read, empty_value=None, **kwargs)

    def _read(self, text):
        now = timezone.now()
        return reading.read_moment(with_year(text, timezone.localdate(now)), now=now)

    def prepare_value(self, value):
        if not hasattr(value, "hour"):
            return value
        local = timezone.localtime(value)
        if local.year == timezone.localdate().year:
            return f"{local.month}月{local.day}日 {local:%H:%M}"
        return f"{local:%Y-%m-%d %H:%M}"


class VillageField(forms.CharField):
    """A village of the station, by its name, the name without 村 or 社区, or its code."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=60, **kwargs)

    def set_station(self, station, *, also=None):
        self.station = station
        today = timezone.localdate()
        villages = list(Division.objects.villages().on(today).filter(parent=station.township))
        if also and also not in villages:
            villages.append(also)
        self.villages = villages

    def prepare_value(self, value):
        if value and str(value).isdecimal() and len(str(value)) < 12:
            return next((v.name for v in self.villages if str(v.pk) == str(value)), "")
        return value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        stem = re.sub(r"(村民委员会|村委会|居民委员会|居委会|社区|村)$", "", text)
        for village in self.villages:
            bare = re.sub(r"(村民委员会|村委会|居民委员会|居委会|社区|村)$", "", village.name)
            if text in {village.code, village.name} or (stem and stem == bare):
                return village
        raise ValidationError(self._not_here(text))

    def _not_here(self, text):
        """Where the village is instead, and what to do."""
        elsewhere = Division.objects.villages().filter(valid_to=None).select_related("parent")
        if re.fullmatch(r"\d{12}", text):
            other = elsewhere.filter(code=text).first()
        else:
            other = elsewhere.filter(
                name=text, county_code=self.station.county.division.code
            ).first()
        if other and other.county_code != self.station.county.division.code:
            return _(
                "%(village)s is in another county. Leave the village empty and tick “from elsewhere”."
            ) % {"village": other.name}
        if other:
            return _(
                "%(village)s belongs to %(township)s, not to %(here)s. Choose a village of the"
                " list, or leave it empty and tick “from elsewhere”."
            ) % {
                "village": other.name,
                "township": other.parent.name,
                "here": self.station.township.name,
            }
        return _(
            "%(township)s has no “%(text)s”. Choose a village of the list, or leave it empty and"
            " tick “from elsewhere”."
        ) % {"township": self.station.township.name, "text": text[:20]}


class DatalistInput(forms.TextInput):
    """A text with suggestions; the list opens above everything and any text may be typed."""

    template_name = "casework/register/_datalist.html"

    def __init__(self, options=(), **kwargs):
        super().__init__(**kwargs)
        self.options = options

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = list_id
        return context | {"list_id": list_id, "options": self.options}
