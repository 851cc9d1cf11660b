"""How the records of casework read in the log of who looked, and whose identity they tell.

By their numbers, never by a name: who reads the log does no casework (rules 8.2).
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from stations.looks.naming import Thing, names, names_person
from stations.models import Document

from .models import (
    Application,
    Complaint,
    ComplaintFile,
    ComplaintPaper,
    EarlySign,
    EntryPaper,
    Letter,
    RegisterEntry,
    Upload,
)
from .register import filter_words  # noqa: F401  # the register's lists are named there


@names("entry", "registerentry")
def entries(ids):
    """来访登记 访2026-0045."""
    rows = RegisterEntry.objects.only("channel", "year", "serial").filter(pk__in=ids)
    return {
        row.pk: Thing(
            _("register entry %(number)s") % {"number": row.number}, row.get_absolute_url()
        )
        for row in rows
    }


@names("entry_paper")
def entry_papers(ids):
    rows = EntryPaper.objects.select_related("entry").only(
        "entry__channel", "entry__year", "entry__serial"
    )
    return {
        row.pk: Thing(
            _("paper of register entry %(number)s") % {"number": row.entry.number},
            row.entry.get_absolute_url(),
        )
        for row in rows.filter(pk__in=ids)
    }


_NUMBER = ("year", "serial", "intake_county__short_name")


@names("application")
def applications(ids):
    """申请 霍援申〔2026〕12号."""
    rows = Application.objects.select_related("intake_county").only(*_NUMBER)
    return {
        row.pk: Thing(
            _("application %(number)s") % {"number": row.number}, row.get_absolute_url()
        )
        for row in rows.filter(pk__in=ids)
    }


@names("upload")
def uploads(ids):
    rows = Upload.objects.select_related("material__application__intake_county").only(
        "material__kind", *(f"material__application__{name}" for name in _NUMBER)
    )
    return {
        row.pk: Thing(
            _("paper of application %(number)s") % {"number": row.material.application.number},
            row.material.application.get_absolute_url(),
        )
        for row in rows.filter(pk__in=ids)
    }


@names("letter")
def letters(ids):
    """法律援助决定书 霍援决字〔2026〕12号."""
    rows = Letter.objects.select_related("county").only(
        "kind", "series", "year", "serial", "county__short_name"
    )
    return {
        row.pk: Thing(
            f"{row.get_kind_display()} {row.number}",
            reverse("casework:letter_print", args=[row.pk]),
        )
        for row in rows.filter(pk__in=ids)
    }


@names("letters of document")
def bundles(ids):
    """The official papers of a day, by the title of the file they were printed in."""
    rows = Document.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: Thing(title) for pk, title in rows}


@names("complaint")
def complaints(ids):
    return {
        row.pk: Thing(
            _("complaint %(number)s") % {"number": row.number}, row.get_absolute_url()
        )
        for row in Complaint.objects.select_related("county")
        .only("year", "serial", "county__short_name")
        .filter(pk__in=ids)
    }


def _of_complaint(model, ids, words):
    rows = model.objects.select_related("complaint__county").only(
        "complaint__year", "complaint__serial", "complaint__county__short_name"
    )
    return {
        row.pk: Thing(
            words % {"number": row.complaint.number}, row.complaint.get_absolute_url()
        )
        for row in rows.filter(pk__in=ids)
    }


@names("complaint_file")
def complaint_files(ids):
    return _of_complaint(ComplaintFile, ids, _("file of complaint %(number)s"))


@names("complaint_paper")
def complaint_papers(ids):
    return _of_complaint(ComplaintPaper, ids, _("paper of complaint %(number)s"))


@names("early_sign")
def early_signs(ids):
    return {
        row.pk: Thing(
            _("early sign %(number)s, %(rule)s")
            % {"number": row.pk, "rule": row.get_rule_display()},
            row.get_absolute_url(),
        )
        for row in EarlySign.objects.only("rule").filter(pk__in=ids)
    }


@names_person("entry", "registerentry")
def persons_of_entries(ids):
    return dict(RegisterEntry.objects.filter(pk__in=ids).values_list("pk", "id_hash"))


@names_person("application")
def persons_of_applications(ids):
    return dict(Application.objects.filter(pk__in=ids).values_list("pk", "id_hash"))
