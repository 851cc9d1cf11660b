"""First words for a monthly report, from its figures: the head edits them before they count.

Drafts carry no numbers: figures are printed from the rows, and words that repeat them would be
wrong with the next late entry. Pure.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from ..analysis.figures import MonthlyAnalysis

# What a station usually proposes when a matter leads the month.
SUGGESTIONS = {
    "civil.labour_pay": gettext_lazy(
        "Ask the county center for a duty lawyer who knows labour disputes, and agree with the "
        "labour inspectors on quick referrals of wage arrears."
    ),
    "civil.work_injury": gettext_lazy(
        "Remind workers with the judicial office of the time limits for having a work injury "
        "recognised."
    ),
    "civil.marriage": gettext_lazy(
        "Work with the people's mediators and the women's federation on marriage disputes, and "
        "watch for domestic violence."
    ),
    "civil.parental_support": gettext_lazy(
        "Have liaisons visit families where the support of parents is in dispute, and mediate "
        "first."
    ),
    "civil.traffic": gettext_lazy(
        "Agree with the traffic police on showing injured people the way to legal aid."
    ),
    "civil.land_forest": gettext_lazy(
        "Have liaisons help to collect contracts and old deeds, and survey disputed boundaries "
        "together with the township."
    ),
    "civil.homestead": gettext_lazy(
        "Explain homestead rules in the villages and mediate boundary disputes early."
    ),
    "economic.loan": gettext_lazy(
        "Explain in the villages how to write a loan note and keep proof of payment."
    ),
    "economic.contract": gettext_lazy("Offer to look over contracts before they are signed."),
    "administrative.social_insurance": gettext_lazy(
        "Ask the social-insurance office for a contact person for questions from stations."
    ),
}


def comment_draft(analysis: MonthlyAnalysis) -> str:
    """Return first words on the main features; empty for a month without entries."""
    if analysis.is_empty:
        return ""
    matters = [line.label for line in analysis.hot[:3]]
    sentences = [_("People asked mostly about %(matters)s.") % {"matters": _list(matters)}]
    if analysis.surges:
        grown = _list([line.label for line in analysis.surges[:3]])
        sentences.append(_("%(matters)s grew clearly.") % {"matters": grown})
    groups = sorted(analysis.groups, key=lambda line: -line.count.value)
    groups = [line.label for line in groups[:2] if line.count.value]
    if groups:
        sentences.append(_("Most were %(groups)s.") % {"groups": _list(groups)})
    places = [line.label for line in analysis.places[:2] if line.count.value and line.key]
    if places:
        sentences.append(_("Many came from %(places)s.") % {"places": _list(places)})
    return "".join(sentences)


def suggestions_draft(analysis: MonthlyAnalysis) -> str:
    """Return first suggestions for the matters that grew, else for the most frequent ones."""
    lines = [*analysis.surges, *analysis.hot]
    codes = dict.fromkeys(line.key for line in lines if line.key in SUGGESTIONS)
    return "\n".join(str(SUGGESTIONS[code]) for code in list(codes)[:2])


def _list(words):
    return pgettext("list", ", ").join(str(word) for word in words)
