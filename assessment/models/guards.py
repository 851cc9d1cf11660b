"""What must always hold of assessment rows, as constraints and triggers their models share."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def append_only():
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def never_once_frozen(name):
    """A trigger: a row that belongs to a frozen sheet stays as it is for good."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint")],
        func="""
            IF TG_OP = 'INSERT' THEN touched := NEW.sheet_id;
            ELSE touched := OLD.sheet_id; END IF;
            IF EXISTS (SELECT 1 FROM assessment_sheet
                       WHERE id = touched AND status = 'frozen') THEN
                RAISE EXCEPTION 'pgtrigger: the sheet is frozen (%)', TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def by_with_at(name, stem):
    """Who and when go together."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{stem}_by": None, f"{stem}_at": None})
        | Q(**{f"{stem}_by__isnull": False, f"{stem}_at__isnull": False}),
    )


def two_persons(name, one, other):
    return models.CheckConstraint(
        name=name,
        condition=Q(**{one: None}) | Q(**{other: None}) | ~Q(**{one: F(other)}),
        violation_error_message=_("This takes another person."),
    )
