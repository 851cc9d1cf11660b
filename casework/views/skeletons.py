"""What is left to see of a record whose time of keeping was over: what figures count, and the list."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stations.retention.standing import destroyed_sentence
from stations.templatetags.words import full_day, yuan

from ..terms import PeopleGroup


def entry_skeleton(request, entry):
    return _skeleton(
        request,
        entry,
        back=(reverse("casework:entry_list"), _("Back to the register")),
        facts=[
            (pgettext("column", "channel"), entry.get_channel_display()),
            (_("day"), full_day(entry.occurred_at)),
            (_("station"), entry.station.short_name),
            (pgettext("village", "from"), entry.village),
            (_("matter"), entry.matter),
            (_("people groups"), _labels(entry.people_groups)),
            (_("number of persons"), entry.persons),
            (_("disposal"), entry.get_disposal_display()),
            (_("receiver"), entry.receiver_name),
            (_("void"), _("yes") if entry.is_void else ""),
        ],
    )


def application_skeleton(request, application):
    closing = getattr(application, "closing", None)
    return _skeleton(
        request,
        application,
        back=(reverse("casework:application_list"), _("Back to the applications")),
        facts=[
            (_("status"), application.get_status_display()),
            (_("received on"), full_day(application.received_at)),
            (_("station"), application.station.short_name),
            (_("matter of legal aid"), application.aid_matter),
            (_("people groups"), _labels(application.people_groups)),
            (_("result"), closing and closing.get_result_display()),
            (_("closing date"), closing and full_day(closing.closed_on)),
            (_("recovered or saved, yuan"), closing and yuan(closing.recovered)),
            (_("archive number"), closing and closing.archive_number),
        ],
        events=application.events.all(),
    )


def complaint_skeleton(request, complaint):
    return _skeleton(
        request,
        complaint,
        back=(reverse("casework:complaint_list"), _("Back to the complaints")),
        facts=[
            (_("status"), complaint.get_status_display()),
            (_("received on"), full_day(complaint.received_at)),
            (_("how it came"), complaint.get_manner_display()),
            (_("against"), complaint.get_target_display()),
            (_("workstation"), complaint.about_station),
            (pgettext("complaint", "ground"), complaint.ground),
            (_("outcome"), complaint.get_outcome_display()),
        ],
        events=complaint.events.select_related("made_by"),
    )


def _labels(codes):
    return "、".join(str(PeopleGroup(code).label) for code in codes)


def _skeleton(request, record, *, back, facts, events=()):
    return TemplateResponse(
        request,
        "casework/skeleton.html",
        {
            "record": record,
            "sentence": destroyed_sentence(record),
            "facts": [(label, value) for label, value in facts if value],
            "events": events,
            "back": back,
        },
    )
