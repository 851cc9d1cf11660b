"""How values read on a page: icons, masked numbers, dates, and whether a person may do an act."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from ..privacy import mask_id_number, mask_phone
from ..roles import Ability

register = template.Library()


@register.simple_tag
def icon(name):
    """{% icon "book" %}: one of `components/icons.html`, always beside a word."""
    return format_html('<svg class="ico" aria-hidden="true"><use href="#{}"/></svg>', name)


@register.filter
def may(user, ability):
    """{% if user|may:"record" %}. Raises ValueError for an ability that does not exist."""
    return user.is_authenticated and user.may(Ability(ability))


@register.filter
def masked_phone(phone):
    return mask_phone(phone) if phone else ""


@register.filter
def masked_id(number):
    return mask_id_number(number) if number else ""


def _local(day):
    return timezone.localtime(day) if hasattr(day, "hour") else day


# Formats of days, in the reader's language.
DAY, SHORT_MONTH = pgettext_lazy("date format", "j M"), pgettext_lazy("date format", "M")


@register.filter
def month_name(month):
    """2026年10月 (month as its first day)."""
    return date_format(month, "YEAR_MONTH_FORMAT")


@register.filter
def short_month(month):
    """10月."""
    return date_format(month, str(SHORT_MONTH))


@register.filter
def day_name(day):
    """11月5日."""
    return date_format(_local(day), str(DAY))


@register.filter
def full_day(day):
    """2026年11月5日."""
    return date_format(_local(day), pgettext("date format", "j F Y"))


@register.filter
def weekday_name(day):
    """2026年11月5日 星期四."""
    return date_format(_local(day), pgettext("date format", "l, j F Y"))


@register.filter
def short_weekday(day):
    """周四."""
    return date_format(_local(day), "D").replace("星期", "周")


@register.filter
def day_time(moment):
    """11月5日 10:12."""
    return date_format(_local(moment), pgettext("date format", "j M H:i"))


@register.filter
def clock_time(moment):
    """10:12."""
    return date_format(_local(moment), "H:i")


@register.filter
def yuan(amount):
    """46,800元; 46,800.50元."""
    if amount is None:
        return ""
    return _("%(amount)s yuan") % {"amount": f"{amount:,.2f}".removesuffix(".00")}


@register.filter
def item(mapping, key):
    """What a dictionary holds under a key that is itself a variable; nothing when it does not."""
    return mapping.get(key)
