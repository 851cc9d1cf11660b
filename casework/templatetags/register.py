"""How the values of a register entry read."""

import re

from django import template

from ..terms import PeopleGroup

register = template.Library()


@register.filter
def label(entry, field):
    """The label of a code: `{{ entry|label:"channel" }}`."""
    return entry.label(field)


@register.filter
def groups(entry):
    """The people groups of an entry, in words."""
    return "、".join(str(PeopleGroup(code).label) for code in entry.people_groups)


@register.filter
def village_name(name):
    """A village as people say it: 狮山村 for 狮山村委会 or 狮山村村民委员会; an empty text for none."""
    return re.sub(r"(?<=村)(村民委员会|民委员会|委会)$", "", name or "")
