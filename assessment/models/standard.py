"""Standards: what a county's stations are assessed by, versioned; one in use is never edited."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stations.models import County, Division, User
from stations.roles import Ability

from ..terms import (
    ClauseKind,
    ClauseSign,
    Dimension,
    Mode,
    StandardStatus,
    VetoEffect,
)


def _only_of_drafts(name):
    """A trigger: rows of a standard change only while it is a draft."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint")],
        func="""
            IF TG_OP = 'INSERT' THEN touched := NEW.standard_id;
            ELSE touched := OLD.standard_id; END IF;
            IF EXISTS (SELECT 1 FROM assessment_standard
                       WHERE id = touched AND status <> 'draft') THEN
                RAISE EXCEPTION 'pgtrigger: a standard in use is not edited (%)', TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class StandardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The standards of the counties a user reaches, and of their cities."""
        if not user.may(Ability.SEE_ASSESSMENT):
            return self.none()
        counties = County.objects.visible_to(user)
        return self.filter(
            Q(division__in=counties.values("division"))
            | Q(division__in=counties.values("division__parent"))
        )

    def of_county(self, county):
        """Its own and its city's."""
        return self.filter(division__in=[county.division_id, county.division.parent_id])

    def in_use(self):
        return self.filter(status=StandardStatus.IN_USE)


class Standard(models.Model):
    """The unified standard 统一标准 of a county, or of a city for its counties, from a year on.

    Edited only as a draft; in use it is never edited, only succeeded by a copy (`standard.copy`).
    """

    # The county's division, or its city's.
    division = models.ForeignKey(Division, models.PROTECT, related_name="standards")
    version = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=80)
    # The first year it is for; empty while a draft that nobody has put to use.
    year_from = models.PositiveSmallIntegerField(_("from the year"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=StandardStatus, default=StandardStatus.DRAFT
    )
    succeeds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )

    # Points of the total from which a grade is given (rules 5.4).
    excellent_from = models.DecimalField(
        _("excellent from"), max_digits=4, decimal_places=1, default=Decimal(90)
    )
    good_from = models.DecimalField(
        _("good from"), max_digits=4, decimal_places=1, default=Decimal(80)
    )
    pass_from = models.DecimalField(
        _("pass from"), max_digits=4, decimal_places=1, default=Decimal(60)
    )
    # Percent of its points that every dimension must reach for 优秀.
    gate_percent = models.PositiveSmallIntegerField(
        _("gate of every dimension (%)"), default=80
    )
    # At most so many percent of a county's stations may be 优秀; empty: no cap.
    excellent_cap_percent = models.PositiveSmallIntegerField(
        _("cap on excellent (%)"), null=True, blank=True
    )
    bonus_max = models.DecimalField(
        _("most bonus points"), max_digits=4, decimal_places=2, default=Decimal(5)
    )
    spot_check_percent = models.PositiveSmallIntegerField(
        _("spot check of the city (%)"), default=20
    )
    # Working days (clock 34).
    publicity_days = models.PositiveSmallIntegerField(_("publicity (working days)"), default=5)
    objection_days = models.PositiveSmallIntegerField(_("objections (working days)"), default=5)
    # The month the year begins in: 1, or a month of the year before (12: December to November).
    first_month = models.PositiveSmallIntegerField(_("first month of the year"), default=1)

    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    put_to_use_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    put_to_use_at = models.DateTimeField(null=True, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["division__code", "-version"]
        verbose_name = _("standard")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "version"], name="standard_version_once"
            ),
            models.UniqueConstraint(
                fields=["division", "year_from"],
                condition=~Q(status=StandardStatus.DRAFT),
                name="standard_one_from_a_year",
                violation_error_message=_("Another standard is in use from that year."),
            ),
            models.CheckConstraint(
                name="standard_cut_offs_descend",
                condition=Q(excellent_from__gt=F("good_from"))
                & Q(good_from__gt=F("pass_from"))
                & Q(pass_from__gt=0)
                & Q(excellent_from__lte=100),
                violation_error_message=_("The cut-offs must go down: excellent, good, pass."),
            ),
            models.CheckConstraint(
                name="standard_percents_are_percents",
                condition=Q(gate_percent__lte=100)
                & (Q(excellent_cap_percent=None) | Q(excellent_cap_percent__range=(1, 100))),
                violation_error_message=_("A percentage is between 1 and 100."),
            ),
            # Rules 5.4: the city looks at a fifth of the stations at least.
            models.CheckConstraint(
                name="standard_spot_check_of_a_fifth_at_least",
                condition=Q(spot_check_percent__range=(20, 100)),
                violation_error_message=_(
                    "The city looks at a fifth of the stations at least."
                ),
            ),
            models.CheckConstraint(
                name="standard_publicity_of_five_days_at_least",
                condition=Q(publicity_days__gte=5) & Q(objection_days__gte=5),
                violation_error_message=_(
                    "Publicity and objections last five working days at least."
                ),
            ),
            models.CheckConstraint(
                name="standard_first_month_is_a_month",
                condition=Q(first_month__range=(1, 12)),
                violation_error_message=_("A month is between 1 and 12."),
            ),
            models.CheckConstraint(
                name="standard_in_use_since",
                condition=Q(status=StandardStatus.DRAFT)
                | Q(
                    year_from__isnull=False,
                    put_to_use_at__isnull=False,
                    put_to_use_by__isnull=False,
                ),
            ),
        ]
        triggers = [
            # Of one in use only its end may be written, never what it asks for.
            pgtrigger.Trigger(
                name="in_use_is_not_edited",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=["in_use", "succeeded"]),
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.status IN ('in_use', 'succeeded')
                       AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: a standard in use is not edited (%)',
                        TG_TABLE_NAME;
                """,
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("assessment:standard_detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == StandardStatus.DRAFT


class Indicator(models.Model):
    """One line of a standard: its points and the rule that gives them (rules 5.2).

    `rule` is data over the closed set of functions of `assessment.scoring`, checked by
    `scoring.parse_rule`; for a line scored by hand it lists the facts shown beside it.
    """

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    code = models.CharField(_("code"), max_length=6)
    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    label = models.CharField(_("indicator"), max_length=60)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    # The rule as people read it, and what a station shows for it.
    rule_text = models.CharField(_("how it is scored"), max_length=300, blank=True)
    evidence_wanted = models.CharField(_("evidence wanted"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["standard", "order", "code"]
        verbose_name = _("indicator")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "code"],
                name="indicator_code_once",
                violation_error_message=_("This code is taken."),
            ),
            models.CheckConstraint(
                name="indicator_has_points",
                condition=Q(points__gt=0, points__lte=100),
                violation_error_message=_("Points are above 0 and at most 100."),
            ),
        ]
        triggers = [_only_of_drafts("indicator_of_a_draft")]

    def __str__(self):
        return f"{self.code} {self.label}"


class Clause(models.Model):
    """A bonus, a deduction or a veto that a standard knows (rules 5.2, 5.3)."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="clauses")
    kind = models.CharField(_("kind"), max_length=10, choices=ClauseKind)
    code = models.CharField(_("code"), max_length=6)
    label = models.CharField(_("event"), max_length=120)
    # Of a bonus or a deduction, without its sign.
    points = models.DecimalField(
        _("points"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    effect = models.CharField(_("effect"), max_length=12, choices=VetoEffect, blank=True)
    # What in the records points at it; empty: people find it, and bring what proves it.
    found_by = models.CharField(
        _("found in the records by"), max_length=12, choices=ClauseSign, blank=True
    )
    # Of a growth: by more than so many percent (rules 5.2).
    more_than_percent = models.PositiveSmallIntegerField(
        _("growth of more than (%)"), null=True, blank=True
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["standard", "order", "code"]
        verbose_name = _("clause")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "code"],
                name="clause_code_once",
                violation_error_message=_("This code is taken."),
            ),
            models.CheckConstraint(
                name="clause_of_growth_says_how_much",
                condition=~Q(found_by=ClauseSign.GRANTS_GROWN) & Q(more_than_percent=None)
                | Q(found_by=ClauseSign.GRANTS_GROWN, more_than_percent__isnull=False),
            ),
            models.CheckConstraint(
                name="clause_found_is_no_veto",
                condition=Q(found_by="") | ~Q(kind=ClauseKind.VETO),
            ),
            models.CheckConstraint(
                name="clause_has_points_or_effect",
                condition=Q(kind=ClauseKind.VETO, points=None) & ~Q(effect="")
                | ~Q(kind=ClauseKind.VETO) & Q(points__gt=0, effect=""),
            ),
        ]
        triggers = [_only_of_drafts("clause_of_a_draft")]

    def __str__(self):
        return f"{self.code} {self.label}"
