"""Official papers: numbered by series and year, frozen in their words, made as PDF by a worker."""

import json

from django.utils import timezone

from stations.privacy import encrypt

from .models import Letter
from .numbering import take_serial
from .terms import LetterKind

# The sign of each form's series in its number: 霍援决字〔2026〕12号.
SERIES = {
    LetterKind.CONSULTATION: "咨",
    LetterKind.APPLICATION: "表",
    LetterKind.POWER_OF_ATTORNEY: "委",
    LetterKind.HARDSHIP: "困",
    LetterKind.RECEIPT: "收",
    LetterKind.SUPPLEMENT: "补",
    LetterKind.COOPERATION: "协",
    LetterKind.REVIEW: "审",
    LetterKind.GRANT: "决",
    LetterKind.REFUSAL: "不",
    LetterKind.ASSIGNMENT: "指",
    LetterKind.PROGRESS: "报",
    LetterKind.CHANGE_REQUEST: "换申",
    LetterKind.CHANGE_NOTICE: "换",
    LetterKind.TERMINATION: "终",
    LetterKind.TERMINATION_LETTER: "终函",
    LetterKind.OBJECTION: "异",
    LetterKind.CLOSING: "结",
    LetterKind.SERVICE: "送",
    LetterKind.HEARING: "听",
    LetterKind.BODY_OPINION: "询",
    LetterKind.FOLLOW_UP: "访",
}
TEMPLATE_VERSION = "2023"


def make(application, kind, *, by, content, made_on=None):
    """Make one paper of an application: take its number, freeze its words. Returns the `Letter`.

    Call inside the transaction of the move that causes it. `content` is what the template prints
    beyond the application itself: plain values only.
    """
    made_on = made_on or timezone.localdate()
    series = SERIES[kind]
    return Letter.objects.create(
        application=application,
        kind=kind,
        county=application.county,
        series=series,
        year=made_on.year,
        serial=take_serial(application.county, series, made_on.year),
        template_version=TEMPLATE_VERSION,
        content=encrypt(json.dumps(content, ensure_ascii=False, default=str)),
        made_on=made_on,
        made_by=by,
    )
