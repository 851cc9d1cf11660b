"""What can be counted of a station's year, by name: the facts that rules speak of.

Each knows what it is called, which records it is counted from, and what would better it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.analysis import StationYear
from stations.terms import MANDATORY_ITEMS, RuleKind

from ..rules import Fact
from ..terms import ReadFrom
from .record_rows import EQUIPMENT, PREMISES, SIGNS
from .records import StationRecords


@dataclass(frozen=True)
class Figures:
    """All that is known of a station's year."""

    year: StationYear
    records: StationRecords


@dataclass(frozen=True)
class FactKind:
    """One thing that can be counted of a station's year.

    `advice` says what would better it; empty where nothing does, because it has happened.
    """

    name: str
    label: Promise
    read_from: ReadFrom
    find: Callable[[Figures], Fact]
    advice: Promise | str = ""
    # Whether rows that are counted are faults (absences, complaints) rather than merits.
    counts_faults: bool = False
    # Whether it is the mean of shares, one for each month-end, rather than so many of so many.
    is_mean: bool = False
    # Whether it is counted without a whole, so that no share can be made of it.
    is_plain: bool = False


def _of_year(name):
    def find(figures):
        tally = figures.year.tallies[name]
        return Fact(tally.value, tally.of)

    return find


def _count_of_year(name):
    return lambda figures: Fact(figures.year.tallies[name].value)


def _of_records(name):
    def find(figures):
        tally = figures.records.tallies[name]
        return Fact(tally.value, tally.of)

    return find


def _count_of_records(name):
    return lambda figures: Fact(figures.records.tallies[name].value)


def _of_wanted(name, wanted):
    """So many of a list that has to be there."""
    return lambda figures: Fact(figures.records.tallies[name].value, wanted)


def _owed_months(name):
    """Months counted of all that are owed, also those nobody has opened."""
    return lambda figures: Fact(figures.year.tallies[name].value, figures.year.months_owed)


def _coverage(figures):
    return Fact(figures.records.coverage_sum, len(figures.records.coverage))


def _satisfied(figures):
    tally = figures.year.tallies["satisfied"]
    return Fact(tally.value, tally.of, figures.year.visitors)


R = ReadFrom
FACTS = {
    kind.name: kind
    for kind in [
        # Team
        FactKind(
            "head_months",
            _("months with a head at their end"),
            R.STAFF,
            _of_records("head_months"),
            _("Have the head appointed."),
        ),
        FactKind(
            "staffed_months",
            _("months with enough staff at their end"),
            R.STAFF,
            _of_records("staffed_months"),
            _(
                "One full-time person or two part-time ones beside the head; record their terms."
            ),
        ),
        FactKind(
            "village_coverage",
            _("villages with a liaison, mean of the month-ends"),
            R.LIAISONS,
            _coverage,
            _("Fill the vacant posts of liaisons before the month ends."),
            is_mean=True,
        ),
        FactKind(
            "duty_team_months",
            _("months with two licensed duty persons at their end"),
            R.LICENCES,
            _of_records("duty_team_months"),
            _("Ask the center for a second licensed duty person."),
        ),
        FactKind(
            "mixed_duty_team",
            _("a lawyer and a grassroots legal-service worker stand duty"),
            R.LICENCES,
            _count_of_records("mixed_duty_team"),
            _("Ask the center for the kind of duty person that is lacking."),
            is_plain=True,
        ),
        FactKind(
            "lapsed_licences",
            _("licences of duty persons that ran out"),
            R.LICENCES,
            _count_of_records("lapsed_licences"),
            _("Have the licences renewed and recorded."),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "staff_trained",
            _("staff with the hours of training wanted"),
            R.TRAINING,
            _of_records("staff_trained"),
            _("Send the staff that lack hours to the next session."),
        ),
        FactKind(
            "liaisons_trained",
            _("liaisons trained this year"),
            R.TRAINING,
            _of_records("liaisons_trained"),
            _("Hold a session for the liaisons that were at none."),
        ),
        FactKind(
            "rule_sets",
            _("rule sets that are in force"),
            R.RULE_DOCUMENTS,
            _of_wanted("rule_sets", len(RuleKind)),
            _("Adopt the rule sets that are lacking."),
        ),
        FactKind(
            "subsidies_on_time",
            _("months whose duty subsidy was paid in time, with a voucher"),
            R.FUNDS,
            _of_records("subsidies_on_time"),
        ),
        # Conduct
        FactKind(
            "duty_attended",
            _("half-days of duty signed in"),
            R.DUTY,
            _of_records("duty_attended"),
            _("Sign in at every half-day; tell absences a day ahead and find a substitute."),
        ),
        FactKind(
            "duty_missed",
            _("absences without notice"),
            R.DUTY,
            _count_of_records("duty_missed"),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "complaints_substantiated",
            _("substantiated complaints"),
            R.COMPLAINTS,
            _count_of_year("complaints_substantiated"),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "satisfied",
            _("satisfied answers"),
            R.SATISFACTION,
            _satisfied,
            _("Hand every visitor the code of the satisfaction page."),
        ),
        FactKind(
            "asked_again",
            _("applications asked again for what could have been asked first"),
            R.APPLICATIONS,
            _count_of_year("asked_again"),
            counts_faults=True,
            is_plain=True,
        ),
        # Business
        FactKind(
            "entries_complete",
            _("entries with everything required"),
            R.REGISTER,
            _of_year("entries_complete"),
            _("Fill in what the entries lack; they can still be corrected."),
        ),
        FactKind(
            "entries_timely",
            _("entries typed in time"),
            R.REGISTER,
            _of_year("entries_timely"),
            _("Type every call and visit on its day or the next working day."),
        ),
        FactKind(
            "silent_months",
            _("months with neither an entry nor a word that nobody came"),
            R.REGISTER,
            lambda figures: Fact(len(figures.year.silent_months)),
            _("State for the silent months that nobody came, if that is so."),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "forwarded_on_time",
            _("applications forwarded within the promised days"),
            R.APPLICATIONS,
            _of_year("forwarded_on_time"),
            _("Review and forward applications by their day."),
        ),
        FactKind(
            "center_made_late",
            _("late forwardings that made the center miss the seven days"),
            R.APPLICATIONS,
            _count_of_year("center_made_late"),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "forwarded_not_returned",
            _("forwardings not returned"),
            R.APPLICATIONS,
            _of_year("forwarded_not_returned"),
            _("Check opinion and papers before forwarding."),
        ),
        FactKind(
            "opinions_agreed",
            _("decisions that went as the station proposed"),
            R.APPLICATIONS,
            _of_year("opinions_agreed"),
            _("Look at the decisions that went another way, and why."),
        ),
        FactKind(
            "refusals_overturned",
            _("refusals corrected that the station had proposed"),
            R.APPLICATIONS,
            _count_of_year("refusals_overturned"),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "months_on_time",
            _("monthly analyses sent in time"),
            R.MONTHS,
            _owed_months("months_on_time"),
            _("Send the monthly analysis by its day."),
        ),
        FactKind(
            "months_a_little_late",
            _("monthly analyses up to ten days late"),
            R.MONTHS,
            _owed_months("months_a_little_late"),
        ),
        FactKind(
            "signals_missed",
            _("months with signals not reported in time"),
            R.SIGNALS,
            _of_year("signals_missed"),
            counts_faults=True,
        ),
        FactKind(
            "signals_missed_each",
            _("signals not reported in time"),
            R.SIGNALS,
            _of_year("signals_missed_each"),
            counts_faults=True,
        ),
        FactKind(
            "slips_answered",
            _("the county's question slips answered in time"),
            R.QUESTION_SLIPS,
            _of_records("slips_answered"),
            _("Answer the slips that wait."),
        ),
        FactKind(
            "publicity_events",
            _("publicity events with a photo"),
            R.PUBLICITY,
            _count_of_records("publicity_events"),
            _("Hold the events that are lacking, and add photos to those without."),
            is_plain=True,
        ),
        FactKind(
            "typical_cases",
            _("typical cases accepted by the county"),
            R.TYPICAL_CASES,
            _count_of_year("typical_cases"),
            _("Write up closed cases as typical cases."),
            is_plain=True,
        ),
        FactKind(
            "cooperation_on_time",
            _("cooperation letters answered in time"),
            R.COOPERATION,
            _of_year("cooperation_on_time"),
            _("Answer letters from elsewhere by their day."),
        ),
        FactKind(
            "files_complete",
            _("files found complete at their first check"),
            R.APPLICATIONS,
            _of_year("files_complete"),
            _("Hand files in whole and in time."),
        ),
        FactKind(
            "files_complete_now",
            _("files complete by their latest check"),
            R.APPLICATIONS,
            _of_year("files_complete_now"),
            _("Mend the files that were sent back, and hand the others in whole."),
        ),
        FactKind(
            "followed_up",
            _("granted cases followed up"),
            R.FOLLOW_UPS,
            _of_year("followed_up"),
            _("Telephone the recipients that were not asked yet."),
        ),
        FactKind(
            "closed_followed_up",
            _("closed cases followed up"),
            R.FOLLOW_UPS,
            _of_year("closed_followed_up"),
            _("Telephone the recipients that were not asked yet."),
        ),
        FactKind(
            "grants",
            _("applications granted"),
            R.APPLICATIONS,
            _count_of_year("grants"),
            is_plain=True,
        ),
        FactKind(
            "grants_before",
            _("applications granted on the same days of the year before"),
            R.APPLICATIONS,
            _count_of_year("grants_before"),
            is_plain=True,
        ),
        # Hardware
        FactKind(
            "premises_there",
            _("premises that are there"),
            R.PREMISES,
            _of_wanted("premises_there", len(PREMISES)),
        ),
        FactKind(
            "signs_there",
            _("signs that are there"),
            R.PREMISES,
            _of_wanted("signs_there", len(SIGNS)),
        ),
        FactKind(
            "equipment_there",
            _("pieces of equipment that are there"),
            R.PREMISES,
            _of_wanted("equipment_there", len(EQUIPMENT)),
        ),
        FactKind(
            "postings_current",
            _("mandatory postings up to date"),
            R.POSTINGS,
            _of_wanted("postings_current", len(MANDATORY_ITEMS)),
            _("Put up, renew or look at the postings that are out of date."),
        ),
        FactKind(
            "applicants_on_wall",
            _("data of applicants found on the wall"),
            R.POSTINGS,
            _count_of_records("applicants_on_wall"),
            counts_faults=True,
            is_plain=True,
        ),
        FactKind(
            "active_days",
            _("working days on which the system was used"),
            R.REGISTER,
            lambda figures: Fact(len(figures.year.used_days), figures.year.working_days),
            _("Type on the day itself, and state it when nobody came."),
        ),
    ]
}

# Where the words of the standard can be read in more than one way, a county chooses which is
# counted (rules 5.2, B6 and B10): facts that may stand for each other in a rule.
READINGS = [
    ("signals_missed", "signals_missed_each"),
    ("files_complete", "files_complete_now"),
    ("followed_up", "closed_followed_up"),
]


def readings(name) -> tuple[str, ...]:
    """The facts that may stand in a rule in place of one, itself included."""
    return next((each for each in READINGS if name in each), (name,))


def facts_of(figures: Figures) -> dict[str, Fact]:
    """Count every fact of a station's year."""
    return {name: kind.find(figures) for name, kind in FACTS.items()}
