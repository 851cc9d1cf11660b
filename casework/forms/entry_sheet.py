"""The ruled sheet of an entry, in the order of the paper register: which cell stands where."""

from django.utils.translation import gettext as _

from stations.forms.cells import Cell, Fold, Sheet

from ..terms import DERIVED_GROUPS, Channel, Disposal, PeopleGroup, Sensitive

OTHER_MATTER = "other"
# Figures choose along a row of chips; the tenth is 0. Women are ticked with the sex.
DIGITS = "1234567890"
GROUP_KEYS = dict(
    zip((group for group in PeopleGroup if group != PeopleGroup.WOMEN), DIGITS, strict=True)
)
DISPOSAL_KEYS = dict(zip(Disposal, DIGITS, strict=False))
SENSITIVE_KEYS = dict(zip(Sensitive, DIGITS, strict=False))


def sheet_of(form):
    """Return the Sheet of an `EntryForm`: what is needed on top, the rest folded."""
    keys = {leaf.pk: key for key, leaf in form.keyed.items()} | {OTHER_MATTER: "0"}
    head = HEADS[Channel(form.channel)](form)
    placed = {name for cell in head for name in cell.fields}
    return Sheet(
        *head,
        *([Cell("is_long_ago", "w12")] if "occurred_at" in form.errors else []),
        Cell(
            "people_groups",
            note=_("several may fit"),
            keys=GROUP_KEYS,
            notes={group: _("by itself") for group in DERIVED_GROUPS},
        ),
        Cell("matter", note=_("press its number"), even=True, keys=keys),
        Cell("other_matter", "w12"),
        Cell("statement", "w6"),
        Cell("answer", "w6"),
        Cell("disposal", keys=DISPOSAL_KEYS),
        Cell("sensitive", keys=SENSITIVE_KEYS, beside="is_told_of_right"),
        Fold(
            _("More, optional"),
            _hint(form.channel),
            *(cell for cell in _more() if cell.fields[0] not in placed),
        ),
    )


def _hint(channel):
    if channel == Channel.CALL:
        return _("place of the event, the other side, minutes, satisfaction")
    return _("place of the event, the other side, birth date, address, education, satisfaction")


def _more():
    """Every optional cell; a channel takes those that its head has not placed."""
    return [
        _event_on("w3"),
        Cell("place_of_event", "w5"),
        Cell("opponent", "w4"),
        Cell("birth_on", "w3", placeholder="1984-6-17"),
        Cell("ethnic_group", "w3"),
        Cell("nationality", "w3"),
        Cell("education", "w3"),
        Cell("household_place", "w6"),
        Cell("address", "w6"),
        Cell("id_type", "w3"),
        Cell("safe_contact", "w5"),
        Cell("duration_minutes", "w2", inputmode="numeric"),
        Cell("satisfaction", "w2"),
        Cell("title", "w6"),
        Cell("follow_up", "w6"),
        Cell("also_about", "w6"),
        Cell("is_on_behalf", "w3"),
        Cell("is_publishable", "w3"),
    ]


def _event_on(width):
    return Cell("event_on", width, placeholder="3-2", autocomplete="off")


def _receiver(width):
    """Known from the roster, so Enter goes past it; Tab does not."""
    return Cell("receiver", width, data_enter_passes=True)


def _call(form):
    return [
        Cell("occurred_at", "w3", autocomplete="off"),
        Cell("phone", "w4", beside="is_hotline"),
        Cell("name", "w3", beside="is_anonymous"),
        Cell("sex", "w2"),
        Cell("village", "w3"),
        _receiver("w4"),
        _event_on("w3"),
        Cell(
            "duration_minutes",
            "w2",
            inputmode="numeric",
            placeholder=_("by itself"),
            data_enter_passes=True,
        ),
    ]


def _visit(form):
    return [
        Cell("occurred_at", "w3", autocomplete="off"),
        Cell("name", "w3", beside="is_anonymous"),
        Cell("id_number", "w4", note=_("needed only to apply")),
        Cell("sex", "w2"),
        Cell("phone", "w3"),
        Cell("village", "w3", beside="is_from_elsewhere"),
        _receiver("w2"),
        Cell("persons", "w2"),
        _event_on("w2"),
    ]


def _letter(form):
    return [
        Cell("occurred_at", "w3", autocomplete="off"),
        Cell("name", "w3", beside="is_anonymous"),
        Cell("phone", "w4"),
        Cell("sex", "w2"),
        Cell("answered_at", "w3", autocomplete="off"),
        Cell("village", "w3"),
        _receiver("w4"),
        Cell("persons" if "persons" in form.fields else "satisfaction", "w2"),
    ]


HEADS = {
    Channel.CALL: _call,
    Channel.VISIT: _visit,
    Channel.LETTER: _letter,
    Channel.ONLINE: _letter,
    Channel.OTHER: _visit,
}
