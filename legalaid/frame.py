"""What every page's frame shows: the place, the day, the navigation by role."""

from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, Value
from django.db.models.functions import Concat
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.applications.waiting import late_duties, waiting_for
from casework.models import MonthlyReport
from casework.periods import month_of
from casework.terms import ReportStatus
from stations.models import DutySlot, Lead, QuestionSlip, Station
from stations.roles import Ability
from stations.terms import Half
from stations.upkeep.question_slips import own_side

from . import demo

# Heading, then (page, icon, word, short word for a phone's bottom bar or ""). Whether a person
# sees a link is asked of the page itself: `@allowed` leaves its abilities on the view.
NAVIGATION = [
    (
        _("Work"),
        [
            ("desk", "desk", _("Desk"), _("Desk")),
            ("stations:lead_home", "lead", _("My leads"), _("My leads")),
            ("casework:entry_list", "book", _("Register"), _("Entries")),
            (
                "casework:application_list",
                "file",
                _("Legal aid applications"),
                pgettext_lazy("pin", "Applications"),
            ),
            ("stations:lead_list", "lead", _("Liaisons' leads"), _("Leads")),
            (
                "casework:report_list",
                "chart",
                _("Monthly analysis"),
                pgettext_lazy("pin", "Months"),
            ),
            ("casework:sign_list", "s-watch", _("Early signs"), ""),
            ("casework:complaint_list", "warn", _("Complaints"), ""),
            ("casework:letter_list", "print", _("Official papers"), ""),
            ("casework:clock_wall", "c-half", _("Time limits"), ""),
            ("stations:duty_mine", "cal", _("My own duty"), ""),
        ],
    ),
    (
        _("More work"),
        [
            ("casework:cooperation_list", "send", _("Cooperation"), ""),
            ("casework:complaint_taken_list", "file-add", _("Complaints taken in"), ""),
            ("casework:follow_up_list", "phone", _("Follow-up calls"), ""),
            ("casework:typical_case_list", "mark", _("Typical cases"), ""),
            ("casework:entry_grid", "sheet", _("Type up from paper"), ""),
            ("casework:import_list", "import", _("Import from files"), ""),
        ],
    ),
    (
        _("Sums and assessment"),
        [
            ("casework:return_list", "sheet", _("Statistical returns"), ""),
            ("casework:satisfaction_results", "score", _("Satisfaction"), ""),
            ("assessment:home", "score", _("Annual assessment"), ""),
            ("assessment:standard_list", "mark", _("Assessment standards"), ""),
            ("assessment:demonstration_list", "mark", _("Demonstration stations"), ""),
        ],
    ),
    (
        _("Station life"),
        [
            ("stations:network", "board", _("Coverage"), _("Coverage")),
            ("stations:chore_list", "miss", _("Who lacks what"), ""),
            ("stations:duty_roster", "cal", _("Duty roster"), ""),
            ("casework:worker_list", "people", _("Legal-aid workers"), ""),
            ("stations:liaison_list", "people", _("Village liaisons"), ""),
            ("stations:liaison_work_list", "mark", _("Liaisons' work"), ""),
            ("stations:premises_matrix", "board", _("Premises"), ""),
            ("stations:staffing_list", "pay", _("Staff and funds"), ""),
            ("stations:training_list", "book", _("Training"), ""),
            ("stations:publicity_list", "lead", _("Publicity"), ""),
            ("stations:wall_list", "print", _("Postings"), ""),
            ("stations:rule_library", "file", _("Rule documents"), ""),
            ("stations:question_slip_list", "mark", _("Question slips"), ""),
            ("stations:test_call_list", "phone", _("Test calls"), ""),
        ],
    ),
    (
        _("County's rules"),
        [
            ("casework:matter_list", "mark", _("Matters"), ""),
            ("casework:aid_matter_list", "mark", _("Matters of legal aid"), ""),
            ("casework:hardship_standard_list", "pay", _("Standard of hardship"), ""),
            ("stations:county_parameters", "gear", _("County's rules"), ""),
            ("stations:retention", "file", _("Keeping and destruction"), ""),
        ],
    ),
    (
        _("Administration"),
        [
            ("stations:account_list", "people", _("Accounts"), _("Accounts")),
            ("stations:look_list", "eye", _("Who looked"), _("Who looked")),
            ("stations:seal_list", "lock", _("Check the log"), _("Check the log")),
        ],
    ),
]
PINS = 4
# So many links fit an office's screen of 768 lines. Groups stand open in their order as long as
# they fit; the first one, which is what a day is made of, and the one in use always do.
OPEN_LINKS = 14
# Rows of the same question that name no page: today's duty people.
DUTY, DUTY_ALL, DUTY_STOOD = "duty:", "duty_all", "duty_stood"


@dataclass
class Link:
    name: str
    url: str
    icon: str
    label: str
    pin: str
    count: int = 0
    is_late: bool = False
    current: str = ""


@dataclass
class Group:
    """Links under one heading; folded away where there are many and one is elsewhere."""

    heading: str
    links: list[Link]
    is_open: bool

    @property
    def count(self):
        """What waits behind the heading while the group is folded."""
        return sum(link.count for link in self.links)

    @property
    def is_late(self):
        return any(link.is_late for link in self.links)


def frame(request):
    return {"frame": Frame(request)}


class Frame:
    """Asked only by the pages that show it: a piece sent to htmx costs nothing here."""

    def __init__(self, request):
        self.request = request
        self.user = getattr(request, "user", None) or AnonymousUser()

    @cached_property
    def today(self):
        return timezone.localdate()

    @property
    def demo_accounts(self):
        return demo.ACCOUNTS if settings.DEMO else []

    @property
    def demo_password(self):
        return demo.PASSWORD if settings.DEMO else ""

    @property
    def language(self):
        """The code a browser understands: zh-Hans, en."""
        return "zh-Hans" if translation.get_language() == "zh-hans" else "en"

    @property
    def is_large(self):
        """Kept with the account; before sign-in, with the browser's session."""
        if self.user.is_authenticated:
            return self.user.has_large_print
        session = getattr(self.request, "session", {})
        return session.get("has_large_print", False)

    @cached_property
    def post(self):
        """The appointment the frame names; the first of several."""
        return next(iter(self.user.posts), None) if self.user.is_authenticated else None

    @property
    def place(self):
        if not self.post:
            return ""
        if self.post.county:
            county = self.post.county
            is_center = self.post.role in {"reviewer", "director"}
            return county.center_name if is_center else county.bureau_name
        return self.post.station.name if self.post.station else self.post.city.name

    @property
    def house(self):
        """Whose site this is, under the brand."""
        county = self.user.county if self.user.is_authenticated else None
        return county.bureau_name if county else ""

    @cached_property
    def navigation(self):
        """[Group] of what this person may open."""
        shown = [
            (heading, [link for page in pages if (link := self._link(*page))])
            for heading, pages in NAVIGATION
        ]
        links = [link for _heading, group in shown for link in group]
        self._mark_current(links)
        pinned = [link for link in links if link.pin]
        # Where there are too many, coverage gives way first.
        for extra in sorted(pinned, key=lambda link: link.name == "stations:network")[PINS:]:
            extra.pin = ""
        groups = [Group(heading, group, False) for heading, group in shown if group]
        room = OPEN_LINKS
        for number, group in enumerate(groups):
            is_in_use = any(link.current for link in group.links)
            group.is_open = number == 0 or is_in_use or len(group.links) <= room
            room -= len(group.links)
        return groups

    @property
    def pins(self):
        return [link for group in self.navigation for link in group.links if link.pin]

    def _link(self, name, icon, label, pin):
        url = reverse(name)
        abilities = _abilities(name)
        if abilities and not any(self.user.may(ability) for ability in abilities):
            return None
        count, is_late = self._counts.get(name, (0, False))
        return Link(name, url, icon, label, pin, count, is_late)

    def _mark_current(self, links):
        path = getattr(self.request, "path", "")
        around = [link for link in links if link.url != "/" and path.startswith(link.url)]
        for link in links:
            if path == link.url:
                link.current = "page"
                return
        if around:
            max(around, key=lambda link: len(link.url)).current = "true"

    @cached_property
    def _counts(self):
        """{page: (count, whether late)}, all in one query."""
        asked = []
        if self.user.may(Ability.TAKE_LEAD):
            leads = Lead.objects.visible_to(self.user).waiting()
            asked.append(_counted("stations:lead_list", leads))
        if self.user.may(Ability.SEE_APPLICATIONS):
            waiting = waiting_for(self.user)
            late = waiting.filter(Exists(late_duties(self.today)))
            asked.append(_counted("casework:application_list", waiting, late))
        if self.user.may(Ability.DRAFT_MONTH):
            owed = self._owed_months()
            late = owed.filter(due_on__lt=self.today)
            asked.append(_counted("casework:report_list", owed, late))
        elif self.user.may(Ability.CONFIRM_MONTH):
            months = MonthlyReport.objects.visible_to(self.user).of_stations()
            sent = months.filter(status=ReportStatus.SENT)
            asked.append(_counted("casework:report_list", sent))
        if self.user.may(Ability.EXCHANGE_SLIPS):
            slips = QuestionSlip.objects.of_stations(Station.objects.visible_to(self.user))
            mine = slips.with_side(own_side(self.user))
            asked.append(
                _counted("stations:question_slip_list", mine, mine.overdue(self.today))
            )
        if not asked:
            return {}
        asked += self._duty()
        first, *others = asked
        return {
            page: (count, is_late) for page, count, is_late in first.union(*others, all=True)
        }

    def _duty(self):
        """Who is on duty today, as rows that come along: at a station the names, else how many."""
        slots = DutySlot.objects.filter(day=self.today, worker__isnull=False)
        slots = slots.standing().published()
        if self.user.station:
            named = slots.filter(station=self.user.station).annotate(
                name=Concat(Value(DUTY), "half", Value(":"), "worker__name")
            )
            return [_counted(F("name"), named)]
        if self.user.county:
            slots = slots.filter(station__county=self.user.county)
            stood = slots.filter(signed_in_at__isnull=False)
            return [_counted(DUTY_ALL, slots), _counted(DUTY_STOOD, stood)]
        return []

    @property
    def on_duty(self):
        """{name: [half-day]} of the station's duty people of today, in order."""
        halves = {}
        for page in sorted(page for page in self._counts if page.startswith(DUTY)):
            _page, half, name = page.split(":", 2)
            halves.setdefault(name, []).append(Half(half).label)
        return halves

    @property
    def duty_all(self):
        return self._counts.get(DUTY_ALL, (0, False))[0]

    @property
    def duty_stood(self):
        return self._counts.get(DUTY_STOOD, (0, False))[0]

    def _owed_months(self):
        return (
            MonthlyReport.objects.visible_to(self.user)
            .of_stations()
            .filter(
                status__in=[ReportStatus.OPEN, ReportStatus.RETURNED],
                month__lt=month_of(self.today),
            )
        )


@cache
def _abilities(name):
    """What a page of the navigation asks for; read once, as to resolve forty takes 5 ms a page."""
    return getattr(resolve(reverse(name)).func, "abilities", ())


def _counted(page, rows, late=None):
    """One row, (page, how many, whether some are late), of a question asked with others; where
    `page` is an expression, one row for each of its values.

    Whether any of the `late` rows is there ends with the first one found.
    """
    return (
        rows.order_by()
        .values(page=Value(page) if isinstance(page, str) else page)
        .annotate(
            all=Count("pk"), is_late=Value(False) if late is None else Exists(late.order_by())
        )
        .values_list("page", "all", "is_late")
    )
