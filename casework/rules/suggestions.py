"""Whom to assign: the panel in order for one case, each with reasons, and who may not be (指派).

Pure: a case, a panel and a day go in. Order 148 art. 25 names speciality and experience; the county
wants even load and short ways. What the law forbids stands apart and is never suggested.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.templatetags.words import full_day
from stations.terms import AidWorkerKind, Speciality

from ..terms import PartySide

# Life or death cases ask for so many full years of criminal defence (LAL 26, Order 148 art. 26).
YEARS_FOR_LIFE_OR_DEATH = 3
# What speaks for a person, in cases of open load: a fitting speciality outweighs three cases in
# hand, one's own township one. Who is good with minors comes first for a minor.
KNOWS_MINORS = 6
FITS = 3
SAME_TOWNSHIP = 1

# By the matter of legal aid, where it tells the speciality by itself.
SPECIALITY_OF_AID = {
    "31-1": Speciality.ADMINISTRATIVE,
    "31-2": Speciality.ADMINISTRATIVE,
    "31-3": Speciality.ADMINISTRATIVE,
    "31-4": Speciality.FAMILY,
    "31-5": Speciality.LABOUR,
    "31-6": Speciality.FAMILY,
    "31-7": Speciality.TRAFFIC,
    "32-3": Speciality.ADMINISTRATIVE,
    "32-4": Speciality.FAMILY,
    "24": Speciality.CRIMINAL,
    "29": Speciality.CRIMINAL,
    "33": Speciality.CRIMINAL,
}
# By the matter of the register's dictionary, which is nearer to the case.
SPECIALITY_OF_MATTER = {
    "civil.labour_pay": Speciality.LABOUR,
    "civil.work_injury": Speciality.LABOUR,
    "civil.marriage": Speciality.FAMILY,
    "civil.parental_support": Speciality.FAMILY,
    "civil.child_support": Speciality.FAMILY,
    "civil.spousal_support": Speciality.FAMILY,
    "civil.domestic_violence": Speciality.FAMILY,
    "civil.traffic": Speciality.TRAFFIC,
    "civil.land_forest": Speciality.LAND,
    "civil.homestead": Speciality.LAND,
    "civil.medical": Speciality.MEDICAL,
    "economic.loan": Speciality.CONTRACT,
    "economic.contract": Speciality.CONTRACT,
    "economic.consumer": Speciality.CONTRACT,
    "economic.farm_supplies": Speciality.CONTRACT,
}


def speciality_of(aid_code: str, matter_code: str = "") -> str:
    """Return the speciality a matter asks for, or "" where none stands out."""
    if matter_code.startswith("criminal."):
        return Speciality.CRIMINAL
    return SPECIALITY_OF_MATTER.get(matter_code) or SPECIALITY_OF_AID.get(aid_code, "")


@dataclass(frozen=True)
class Somebody:
    """A person or organisation in the case: how they are told apart, and on which side."""

    # "" for the applicant and the applicant's agent.
    side: str
    name_key: str
    id_hash: str = ""


@dataclass(frozen=True)
class Case:
    speciality: str = ""
    is_criminal: bool = False
    is_life_or_death: bool = False
    is_minor: bool = False
    township_code: str = ""
    people: tuple[Somebody, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One person of the panel, as they stand on the day."""

    worker: int
    name: str
    kind: str
    unit_name: str = ""
    # Names as `casework.rules.sentiment.same_name` makes them.
    name_key: str = ""
    unit_key: str = ""
    id_hash: str = ""
    has_licence_number: bool = False
    licence_to: date | None = None
    practising_since: date | None = None
    criminal_defence_since: date | None = None
    joined_on: date | None = None
    left_on: date | None = None
    specialities: frozenset[str] = field(default_factory=frozenset)
    knows_minors: bool = False
    township_code: str = ""
    open_cases: int = 0
    # Cases assigned this year, closed ones too: who had fewer comes first among equals.
    cases_this_year: int = 0
    # Handles an open case for somebody who is on the other side here; or somebody of the unit does.
    acts_for_other_side: bool = False
    unit_acts_for_other_side: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A person who may be assigned: what speaks for it, and what to look at first."""

    candidate: Candidate
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Excluded:
    """A person who may not be assigned, and why."""

    candidate: Candidate
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suggestions:
    ranked: tuple[Suggestion, ...]
    excluded: tuple[Excluded, ...]

    def place_of(self, worker: int) -> int | None:
        """Return the place of a person among the suggested, 1 for the first, or None."""
        return next(
            (n for n, each in enumerate(self.ranked, 1) if each.candidate.worker == worker),
            None,
        )


def years_between(since: date | None, on: date) -> int:
    """Return the full years from a day to another; 0 when the first is not known."""
    if since is None or since > on:
        return 0
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def suggest(case: Case, panel: Iterable[Candidate], on: date) -> Suggestions:
    """Return the panel in the order in which to assign the case on a day, and who may not be.

    First who needs no second look, then what fits less what is in hand, then who had fewer cases
    this year. The order in which the panel is given changes nothing.
    """
    ranked, excluded = [], []
    for candidate in panel:
        why_not = exclusions(case, candidate, on)
        if why_not:
            excluded.append(Excluded(candidate, why_not))
        else:
            ranked.append(
                Suggestion(candidate, _reasons(case, candidate, on), _cautions(case, candidate))
            )
    ranked.sort(key=lambda each: _place(case, each))
    excluded.sort(key=lambda each: (each.candidate.name, each.candidate.worker))
    return Suggestions(tuple(ranked), tuple(excluded))


def _place(case, suggestion):
    candidate = suggestion.candidate
    fit = (
        KNOWS_MINORS * (case.is_minor and candidate.knows_minors)
        + FITS * _fits(case, candidate)
        + SAME_TOWNSHIP * _is_near(case, candidate)
    )
    return (
        bool(suggestion.cautions),
        candidate.open_cases - fit,
        candidate.open_cases,
        candidate.cases_this_year,
        candidate.worker,
    )


def exclusions(case: Case, candidate: Candidate, on: date) -> tuple[str, ...]:
    """Return every reason why a person may not be assigned the case on a day; none when they may."""
    return tuple(_why_not(case, candidate, on))


def _why_not(case, candidate, on):
    if candidate.left_on and candidate.left_on <= on:
        yield _("has left the panel")
    if candidate.joined_on and candidate.joined_on > on:
        yield _("is not on the panel yet")
    if candidate.licence_to and candidate.licence_to < on:
        yield _("the licence ended on %(day)s") % {"day": full_day(candidate.licence_to)}
    if conflict := _conflict(case, candidate):
        yield conflict
    if not case.is_criminal:
        return
    if candidate.kind == AidWorkerKind.GRASSROOTS:
        yield _("a grassroots legal-service worker does not defend in criminal cases")
    elif candidate.kind == AidWorkerKind.STAFF and not candidate.has_licence_number:
        yield _("has no lawyer's licence number on file, so no criminal cases")
    if case.is_life_or_death:
        years = years_between(candidate.criminal_defence_since, on)
        if years < YEARS_FOR_LIFE_OR_DEATH:
            yield _(
                "less than three years of criminal defence (Legal Aid Law article 26, Order 148 article 26)"
            )


def _conflict(case, candidate):
    """A conflict of interest that is certain enough to forbid the assignment."""
    for somebody in case.people:
        is_same_id = bool(candidate.id_hash) and candidate.id_hash == somebody.id_hash
        if is_same_id and somebody.side == PartySide.OPPONENT_AGENT:
            return _("is the agent of the other side: conflict of interest")
        if is_same_id:
            return _("is a party or an agent in this case: conflict of interest")
        if not somebody.side:
            continue
        if candidate.unit_key and candidate.unit_key == somebody.name_key:
            return _("the unit is on the other side: conflict of interest")
        # An agent of the same name in one county is taken for the same lawyer, unless the
        # numbers say otherwise; a party of the same name is only to be looked at.
        if somebody.side == PartySide.OPPONENT_AGENT and _is_namesake(candidate, somebody):
            return _("is the agent of the other side: conflict of interest")
    if candidate.acts_for_other_side:
        return _("handles another case for the other side: conflict of interest")
    return ""


def _is_namesake(candidate, somebody):
    if not candidate.name_key or candidate.name_key != somebody.name_key:
        return False
    return not (candidate.id_hash and somebody.id_hash)


def _cautions(case, candidate):
    """What does not forbid the assignment and has to be looked at before it."""
    cautions = []
    if any(_is_namesake(candidate, somebody) for somebody in case.people):
        cautions.append(_("has the name of a party: make sure it is somebody else"))
    if candidate.unit_acts_for_other_side:
        cautions.append(_("the unit handles another case for the other side"))
    if case.is_minor and case.is_criminal and not candidate.knows_minors:
        cautions.append(_("not known as familiar with minors (Order 148 article 26)"))
    return tuple(cautions)


def _fits(case, candidate):
    return bool(case.speciality) and case.speciality in candidate.specialities


def _is_near(case, candidate):
    return bool(case.township_code) and case.township_code == candidate.township_code


def _reasons(case, candidate, on):
    reasons = []
    if _fits(case, candidate):
        reasons.append(
            _("speciality fits: %(speciality)s")
            % {"speciality": Speciality(case.speciality).label}
        )
    if case.is_minor and candidate.knows_minors:
        reasons.append(_("familiar with minors"))
    if _is_near(case, candidate):
        reasons.append(_("same township"))
    if case.is_criminal and (years := years_between(candidate.criminal_defence_since, on)):
        reasons.append(
            ngettext(
                "%(count)d year of criminal defence",
                "%(count)d years of criminal defence",
                years,
            )
            % {"count": years}
        )
    elif years := years_between(candidate.practising_since, on):
        reasons.append(
            ngettext("%(count)d year in practice", "%(count)d years in practice", years)
            % {"count": years}
        )
    if candidate.open_cases:
        reasons.append(
            ngettext("%(count)d case in hand", "%(count)d cases in hand", candidate.open_cases)
            % {"count": candidate.open_cases}
        )
    else:
        reasons.append(_("no case in hand"))
    return tuple(reasons)
