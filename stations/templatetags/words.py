"""How values read on a page: icons, masked numbers, dates, and whether a person may do an act."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ..privacy import mask_id_number, mask_phone
from ..roles import Ability, Role

register = template.Library()

# How `Look.subject` begins, and what an act on an account is called there.
LOOKED_AT = {
    "application": gettext_lazy("application"),
    "complaint": gettext_lazy("complaint"),
    "complaint_file": gettext_lazy("file of a complaint"),
    "complaint_paper": gettext_lazy("paper of a complaint"),
    "early_sign": gettext_lazy("early sign"),
    "entry": gettext_lazy("register entry"),
    "registerentry": gettext_lazy("register entry"),
    "letter": gettext_lazy("official paper"),
    "letters of document": gettext_lazy("official papers of a day"),
    "liaisons": gettext_lazy("list of liaisons"),
    "register": pgettext_lazy("looked at", "register"),
    "upload": gettext_lazy("uploaded paper"),
    "user": gettext_lazy("account"),
}
DONE_TO_ACCOUNT = {
    "appointed": gettext_lazy("given the post"),
    "closed": gettext_lazy("account closed"),
    "created": gettext_lazy("account created"),
    "ended": gettext_lazy("appointment ended"),
    "password reset": gettext_lazy("given a new first password"),
    "reopened": gettext_lazy("account reopened"),
}


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


@register.filter
def month_name(month):
    """2026年10月 (month as its first day)."""
    return date_format(month, "YEAR_MONTH_FORMAT")


@register.filter
def short_month(month):
    """10月."""
    return date_format(month, pgettext("date format", "M"))


@register.filter
def day_name(day):
    """11月5日."""
    return date_format(_local(day), pgettext("date format", "j M"))


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


@register.filter
def looked_at(subject):
    """登记5218 for `entry:5218`, 账号16，任命：站长 for `user:16 appointed head`; a list with the
    filters of its address. What has no word here stands as it was written.
    """
    kind, separator, rest = subject.partition("?" if "?" in subject else ":")
    if kind not in LOOKED_AT:
        return subject
    words = f"{LOOKED_AT[kind]}"
    if separator == "?" or "=" in rest:
        return f"{words} {rest.strip()}" if rest.strip() else words
    number, _space, act = rest.strip().partition(" ")
    words += f" {number}"
    done, _space, role = (
        act.rpartition(" ") if act.split(" ")[-1] in Role.values else (act, "", "")
    )
    if done in DONE_TO_ACCOUNT:
        words += pgettext("between clauses", ", ") + f"{DONE_TO_ACCOUNT[done]}"
    if role:
        words += pgettext("before a sentence", ": ") + f"{Role(role).label}"
    return words
