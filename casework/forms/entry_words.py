"""What each channel asks, which of it must be said, and in which words (rules 4.3)."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from ..rules.columns import HIDDEN_FROM_CALLS
from ..terms import Channel, Disposal, PeopleGroup, Sensitive

# What a channel does not ask; a call asks far less of a person (rules 4.3).
HIDDEN = {
    Channel.CALL: {*HIDDEN_FROM_CALLS, "persons", "answered_at"},
    Channel.VISIT: {"is_hotline", "answered_at"},
    Channel.LETTER: {"is_hotline", "duration_minutes"},
    Channel.ONLINE: {"is_hotline", "duration_minutes", "persons"},
    Channel.OTHER: {"is_hotline", "answered_at"},
}
# What a field is called in one channel.
LABELS = {
    Channel.CALL: {
        "occurred_at": gettext_lazy("time of the call"),
        "phone": gettext_lazy("number that calls"),
        "statement": gettext_lazy("what the caller says"),
    },
    Channel.VISIT: {"occurred_at": gettext_lazy("time of the visit")},
    Channel.LETTER: {
        "occurred_at": gettext_lazy("letter received at"),
        "statement": gettext_lazy("what the letter says"),
    },
    Channel.ONLINE: {"occurred_at": gettext_lazy("question received at")},
    Channel.OTHER: {"occurred_at": gettext_lazy("time")},
}
# Shorter words on the chips, so that a row of them stays a row; the register keeps the full ones.
CHIPS = {
    "people_groups": {
        PeopleGroup.FOREIGN: pgettext_lazy("chip", "foreign"),
        PeopleGroup.POOR: pgettext_lazy("chip", "poor"),
        PeopleGroup.ELDERLY: pgettext_lazy("chip", "elderly"),
        PeopleGroup.OTHER: pgettext_lazy("chip", "other"),
    },
    "disposal": {
        Disposal.APPOINTMENT: pgettext_lazy("chip", "appointment"),
        Disposal.GUIDED: pgettext_lazy("chip", "guided to apply"),
        Disposal.DRAFTED: pgettext_lazy("chip", "paper drafted"),
        Disposal.MEDIATION: pgettext_lazy("chip", "to mediation"),
        Disposal.OTHER_DEPARTMENT: pgettext_lazy("chip", "other department"),
        Disposal.PETITION: pgettext_lazy("chip", "petition"),
        Disposal.TRANSFERRED: pgettext_lazy("chip", "transferred"),
        Disposal.REPORTED: pgettext_lazy("chip", "reported up"),
    },
    "sensitive": {Sensitive.SPECIAL: pgettext_lazy("chip", "foreign, military…")},
}
MATTER_CHIPS = {
    "civil.labour_pay": pgettext_lazy("chip", "labour pay"),
    "administrative.social_insurance": pgettext_lazy("chip", "social insurance"),
}

# What the paper asks for in every channel, and what besides in one of them (R in rules 4.3).
REQUIRED = {
    "occurred_at",
    "sex",
    "people_groups",
    "matter",
    "statement",
    "answer",
    "disposal",
    "receiver",
    "sensitive",
    "is_told_of_right",
}
REQUIRED_IN = {
    Channel.CALL: {"phone"},
    Channel.VISIT: {"persons"},
    Channel.LETTER: {"answered_at"},
    Channel.ONLINE: {"answered_at"},
    Channel.OTHER: {"persons"},
}

MISSING = {
    "occurred_at": gettext_lazy("Type the day and the time, like 11-5 10:12."),
    "answered_at": gettext_lazy("Type when the answer went out, like 11-6 9:30."),
    "sex": gettext_lazy("Choose female or male."),
    "people_groups": gettext_lazy("Choose at least one; “other” if none fits."),
    "matter": gettext_lazy("Choose the matter; 0 shows all others."),
    "statement": gettext_lazy("Write what the person says, in a sentence or two."),
    "answer": gettext_lazy("Write what was answered; “/” offers usual answers."),
    "disposal": gettext_lazy("Choose what was done."),
    "receiver": gettext_lazy("Choose who received the person."),
    "sensitive": gettext_lazy("Choose one; “nothing” if there is nothing."),
    "is_told_of_right": gettext_lazy(
        "Tell the person that they may apply for legal aid, then tick it (Legal Aid Law, art. 23)."
    ),
    "phone": gettext_lazy("Type the number that called."),
    "persons": gettext_lazy("Type how many persons came, at least 1."),
    "reason": gettext_lazy("Write why it is corrected; the reason is kept with the old value."),
}
