"""Economic hardship: how it is shown, what a check of it has shown, who is exempt.

Law: 《法律援助法》 (LAL). The numbering of grounds is ours; the articles are the law's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HardshipTrack(models.TextChoices):
    """How economic hardship is dealt with: three tracks, the last in two ways."""

    EXEMPT_FROM_CONDITION = "exempt_from_condition", _("condition does not apply")  # LAL 32
    EXEMPT_FROM_CHECK = "exempt_from_check", _("exempt from the check")  # LAL 42
    PLEDGE = "pledge", _("personal pledge")  # LAL 41
    DATA_QUERY = "data_query", _("query of shared data")  # LAL 41


class HardshipOutcome(models.TextChoices):
    """What a check of the household's statement has shown (LAL 41)."""

    CONFIRMED = "confirmed", _("as it was stated")
    DIFFERS = "differs", _("not as it was stated")
    UNCLEAR = "unclear", _("could not be found out")


class CheckExemption(models.TextChoices):
    """Who is exempt from the check on documentary proof: LAL 42."""

    NO_FIXED_INCOME = (
        "42-1",
        _("minor, elderly or disabled person without fixed income"),
    )
    ASSISTED = "42-2", _("receives social or judicial assistance, or preferential treatment")
    MIGRANT_WORKER = "42-3", _("migrant worker claiming pay or work-injury compensation")
    OTHER = "42-4", pgettext_lazy("exempt from check", "other by law")


class Relation(models.TextChoices):
    """A member of the household, seen from the applicant."""

    SELF = "self", _("the applicant")
    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("child")
    PARENT = "parent", _("parent")
    GRANDPARENT = "grandparent", _("grandparent or grandchild")
    SIBLING = "sibling", _("brother or sister")
    OTHER = "other", pgettext_lazy("relation", "other")
