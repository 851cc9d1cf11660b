"""Official papers: numbered by series and year, frozen in their words, printed by their version.

The file of a paper is set anew from its frozen words whenever it is fetched, so no whole number of
anybody rests in a file; what many fetch at once is a sealed bundle (`casework.letters.prints`).
"""

import json

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stations.papers.pdf import lay_out
from stations.privacy import decrypt, encrypt
from stations.templatetags.words import full_day

from ..models import Application, Letter
from ..numbering import take_serial
from ..terms import HardshipTrack, LetterKind, Status
from . import contents, values

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
# A paper is always printed by the wording it was made with: a new wording is a new line here.
TEMPLATES = {
    (kind, TEMPLATE_VERSION): f"casework/letters/form_{kind.value}.html" for kind in LetterKind
}

_HANDLED = {Status.ASSIGNED, Status.TERMINATION_PROPOSED, Status.CLOSED}
_DECIDED = {Status.GRANTED, *_HANDLED, Status.ARCHIVED, Status.REFUSED, Status.TERMINATED}
# Forms that somebody asks for, beside those that moves make, and in which statuses.
ON_DEMAND = {
    LetterKind.CONSULTATION: set(Status),
    LetterKind.APPLICATION: set(Status),
    LetterKind.POWER_OF_ATTORNEY: set(Status),
    LetterKind.HARDSHIP: set(Status),
    LetterKind.RECEIPT: set(Status) - {Status.PASSED_ON},
    LetterKind.REVIEW: {Status.IN_REVIEW, Status.REFUSAL_PROPOSED, *_DECIDED},
    LetterKind.PROGRESS: _HANDLED,
    LetterKind.CHANGE_REQUEST: {Status.ASSIGNED},
    LetterKind.HEARING: _HANDLED,
    LetterKind.BODY_OPINION: _HANDLED,
    LetterKind.FOLLOW_UP: {*_HANDLED, Status.ARCHIVED, Status.TERMINATED},
}
# The center asks for these, not a station.
CENTER_FORMS = {LetterKind.REVIEW, LetterKind.HEARING, LetterKind.BODY_OPINION}


def make(application, kind, *, by, content, made_on=None):
    """Make one paper of an application: take its number, freeze its words. Returns the `Letter`.

    Call inside the transaction of the move that causes it. `content` is what the move knows beyond
    the application itself: plain values only.
    """
    made_on = made_on or timezone.localdate()
    frozen = contents.freeze(application, kind, by=by, given=content, on=made_on)
    return _numbered(application, kind, by=by, frozen=frozen, made_on=made_on)


def _numbered(application, kind, *, by, frozen, made_on):
    series = SERIES[kind]
    return Letter.objects.create(
        application=application,
        kind=kind,
        county=application.county,
        station=by and by.station,
        series=series,
        year=made_on.year,
        serial=take_serial(application.county, series, made_on.year),
        template_version=TEMPLATE_VERSION,
        content=encrypt(_as_text(frozen)),
        made_on=made_on,
        made_by=by,
    )


def _as_text(frozen):
    return json.dumps(frozen, ensure_ascii=False, default=str)


def makeable(application, *, by_center):
    """Return the forms that can be asked for now, by a center or a station, in their order."""
    kinds = {kind for kind, statuses in ON_DEMAND.items() if application.status in statuses}
    if application.entry_id is None:
        kinds.discard(LetterKind.CONSULTATION)
    if application.hardship_track == HardshipTrack.EXEMPT_FROM_CONDITION:
        kinds.discard(LetterKind.HARDSHIP)
    if not by_center:
        kinds -= CENTER_FORMS
    return [kind for kind in LetterKind if kind in kinds]


@transaction.atomic
def make_on_demand(application, kind, *, by, content=None):
    """Make a form that somebody asks for; the same words not printed yet are not made twice."""
    Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    today = timezone.localdate()
    frozen = contents.freeze(application, kind, by=by, given=content or {}, on=today)
    same = application.letters.filter(
        kind=kind, made_on=today, made_by=by, printed_at=None, document=None
    ).first()
    if same and decrypt(same.content) == _as_text(frozen):
        return same
    return _numbered(application, kind, by=by, frozen=frozen, made_on=today)


def proof_of_service(letter, *, by):
    """Make form 22 for a paper: filled in when it has been served, else to be signed by hand."""
    content = {"letter": letter}
    return make_on_demand(letter.application, LetterKind.SERVICE, by=by, content=content)


# ── On paper and on the screen ──────────────────────────────────────────────────────────


def _context(letter, is_masked):
    content = json.loads(decrypt(letter.content))
    if is_masked:
        content = values.masked(content)
    return {
        **values.readable(content),
        "made_on": full_day(letter.made_on),
        "letter": letter,
        "heading": letter.get_kind_display(),
    }


def _template(letter):
    return TEMPLATES[letter.kind, letter.template_version]


def page(letter, request):
    """Return the web twin of a paper as HTML, its numbers masked."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string(_template(letter), _context(letter, True), request)


def pdf(letter, *, is_masked=False):
    """Return the PDF of a paper, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return lay_out(_template(letter), _context(letter, is_masked)).write_pdf()
