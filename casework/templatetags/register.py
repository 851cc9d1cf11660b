"""How the values of a register entry read."""

from django import template

register = template.Library()


@register.filter
def label(entry, field):
    """The label of a code: `{{ entry|label:"channel" }}`."""
    return entry.label(field)
