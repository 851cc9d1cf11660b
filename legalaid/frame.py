"""What every page's frame shows: the place, the day, the navigation by role."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Value
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.models import MonthlyReport
from casework.periods import month_of
from casework.terms import ReportStatus
from casework.waiting import late_duties, waiting_for
from stations.models import Lead
from stations.roles import Ability

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
                _("Applications"),
            ),
            ("stations:lead_list", "lead", _("Liaisons' leads"), _("Leads")),
            ("casework:letter_list", "print", _("Official papers"), ""),
            ("casework:clock_wall", "c-half", _("Time limits"), ""),
            ("casework:cooperation_list", "send", _("Cooperation"), ""),
            ("casework:worker_list", "people", _("Legal-aid workers"), ""),
            ("casework:follow_up_list", "phone", _("Follow-up calls"), ""),
            ("casework:typical_case_list", "mark", _("Typical cases"), ""),
            ("casework:entry_grid", "sheet", _("Type up from paper"), ""),
            ("casework:import_list", "import", _("Import from files"), ""),
        ],
    ),
    (
        _("Stations"),
        [
            ("stations:network", "board", _("Coverage"), _("Coverage")),
            ("stations:liaison_list", "people", _("Village liaisons"), ""),
            ("casework:matter_list", "mark", _("Matters"), ""),
            ("casework:aid_matter_list", "mark", _("Matters of legal aid"), ""),
            ("casework:hardship_standard_list", "pay", _("Standard of hardship"), ""),
            ("stations:county_parameters", "gear", _("County's rules"), ""),
        ],
    ),
    (
        _("Sums"),
        [
            (
                "casework:report_list",
                "chart",
                _("Monthly analysis"),
                pgettext_lazy("pin", "Months"),
            ),
            ("casework:return_list", "sheet", _("Statistical returns"), ""),
        ],
    ),
    (
        _("Administration"),
        [
            ("stations:account_list", "people", _("Accounts"), _("Accounts")),
            ("stations:look_list", "eye", _("Who looked"), _("Who looked")),
        ],
    ),
]
PINS = 4


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
        """[(heading, [Link])] of what this person may open."""
        groups, links = [], []
        for heading, pages in NAVIGATION:
            shown = [link for page in pages if (link := self._link(*page))]
            if shown:
                groups.append((heading, shown))
                links += shown
        self._mark_current(links)
        pinned = [link for link in links if link.pin]
        # Where there are too many, coverage gives way first.
        for extra in sorted(pinned, key=lambda link: link.name == "stations:network")[PINS:]:
            extra.pin = ""
        return groups

    @property
    def pins(self):
        return [link for _heading, links in self.navigation for link in links if link.pin]

    def _link(self, name, icon, label, pin):
        url = reverse(name)
        abilities = getattr(resolve(url).func, "abilities", ())
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
        if not asked:
            return {}
        first, *others = asked
        return {
            page: (count, is_late) for page, count, is_late in first.union(*others, all=True)
        }

    def _owed_months(self):
        return (
            MonthlyReport.objects.visible_to(self.user)
            .of_stations()
            .filter(
                status__in=[ReportStatus.OPEN, ReportStatus.RETURNED],
                month__lt=month_of(self.today),
            )
        )


def _counted(page, rows, late=None):
    """One row, (page, how many, whether some are late), of a question asked with others.

    Whether any of the `late` rows is there ends with the first one found.
    """
    return (
        rows.order_by()
        .values(page=Value(page))
        .annotate(
            all=Count("pk"), is_late=Value(False) if late is None else Exists(late.order_by())
        )
        .values_list("page", "all", "is_late")
    )
