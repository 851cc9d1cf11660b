"""What the address of a return asks for: a period, whose return, by which rule, which issue of it."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from stations.addresses import row_number
from stations.models import County
from stations.roles import Ability

from ..analysis.return_rows import Rule
from ..periods import parse_period
from ..reports import submissions

# No return is older than the system could be.
EARLIEST = date(2000, 1, 1)
# The sources of the columns about applications, and about complaints, whose rows are the bureau's alone.
OF_APPLICATIONS = ("received", "granted", "refused", "terminated", "ended", "closed", "paid")
COMPLAINTS = ("complaints", "complaints_decided", "complaints_reviewed")


@dataclass(frozen=True)
class Asked:
    """What an address asks for: whose return, by which rule, and which issue if not the one in force."""

    counties: tuple[County, ...]
    is_whole_city: bool
    rule: Rule
    issue: int | None = None

    @property
    def query(self):
        """The same question for another period or figure."""
        county = "" if self.is_whole_city else f"&county={self.counties[0].pk}"
        return f"rule={self.rule}{county}"

    @property
    def query_of_issue(self):
        """The same question for the same issue of the same period."""
        return f"{self.query}&issue={self.issue}" if self.issue else self.query


def counties_of(user):
    """The counties a person reads returns of, in the order of their codes."""
    return list(
        County.objects.visible_to(user)
        .select_related("division__parent")
        .order_by("division__code")
    )


def asked_of(parameters, reached, period):
    """Read an address; without a rule in it, it is the one the return was submitted by."""
    if not reached:
        raise Http404
    number = row_number(parameters.get("county"))
    chosen = [county for county in reached if county.pk == number]
    if number and not chosen:
        raise Http404
    counties = tuple(chosen or reached)
    rule, issue = parameters.get("rule"), row_number(parameters.get("issue"))
    submitted = None
    if len(counties) == 1 and (issue or rule not in Rule):
        submitted = submissions.submitted_of(counties[0], period, issue=issue)
    if issue and submitted is None:
        raise Http404
    if submitted:
        rule = submitted.rule
    return Asked(
        counties=counties,
        is_whole_city=not chosen,
        rule=Rule(rule) if rule in Rule else Rule.INTAKE,
        issue=issue,
    )


def period_of_address(code, today):
    """The period of an address that has begun; 404 for nonsense and for what is to come."""
    try:
        period = parse_period(code)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= period.first <= today:
        raise Http404
    return period


def openable(user):
    """The sources whose rows this person may see."""
    sources = set()
    if user.may(Ability.SEE_REGISTER):
        sources.add("entries")
    if user.may(Ability.SEE_APPLICATIONS):
        sources |= set(OF_APPLICATIONS) | {"units", "workers"}
    if user.may(Ability.SEE_NETWORK):
        sources |= {"stations", "sessions", "trained", "media"}
    if user.may(Ability.HANDLE_COMPLAINT):
        sources |= set(COMPLAINTS)
    return sources
