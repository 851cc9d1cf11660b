"""What the entry form says while somebody types. Pure: plain values in, plain values out.

Nothing here decides or advises: a hint names what to check, and the person at the desk checks it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from pypinyin import lazy_pinyin

from ..terms import PeopleGroup, Sensitive, SignalLevel

# ── Limitation triage (rules 9.4) ───────────────────────────────────────────────────────

# A period that ends within so many days is marked; one that ends within PROVIDE_FIRST_DAYS may
# open the way of 先行提供 (《法律援助法》第四十四条: fewer than seven days left).
NEAR_DAYS = 30
PROVIDE_FIRST_DAYS = 7


@dataclass(frozen=True)
class Limitation:
    """A period of law that may run from the day of the event, for the matters it may concern.

    `matters` are codes of matters, or of a whole class. Exactly one of the lengths is given.
    """

    name: str
    matters: frozenset[str]
    article: str
    starts: str
    years: int = 0
    months: int = 0
    days: int = 0

    def concerns(self, matter_code):
        return matter_code in self.matters or matter_code.partition(".")[0] in self.matters

    def ends_on(self, event_on: date) -> date:
        """Return the last day, the corresponding day of the month (《民法典》第二百零二条).

        A last day that is a day off is not moved on: the earlier day is the safer one to show.
        """
        if self.days:
            return event_on + timedelta(days=self.days)
        years, zero_based = divmod(event_on.month - 1 + self.months, 12)
        year, month = event_on.year + self.years + years, zero_based + 1
        return date(year, month, min(event_on.day, monthrange(year, month)[1]))


# Appeals (15 and 10 days) run from a judgment, which no matter of the register names.
LIMITATIONS = [
    Limitation(
        name=_("recognition of a work injury, asked for by the employer"),
        matters=frozenset({"civil.work_injury"}),
        article=_("Work Injury Insurance Regulation, art. 17"),
        starts=_("from the injury"),
        days=30,
    ),
    Limitation(
        name=_("recognition of a work injury, asked for by the worker or kin"),
        matters=frozenset({"civil.work_injury"}),
        article=_("Work Injury Insurance Regulation, art. 17"),
        starts=_("from the injury"),
        years=1,
    ),
    Limitation(
        name=_("labour arbitration"),
        matters=frozenset({"civil.labour_pay", "civil.work_injury"}),
        article=_("Labour Dispute Mediation and Arbitration Law, art. 27"),
        starts=_("for pay owed during employment, only from its end"),
        years=1,
    ),
    Limitation(
        name=_("administrative reconsideration"),
        matters=frozenset({"administrative"}),
        article=_("Administrative Reconsideration Law, art. 20"),
        starts=_("from learning of the act"),
        days=60,
    ),
    Limitation(
        name=_("administrative suit"),
        matters=frozenset({"administrative"}),
        article=_("Administrative Litigation Law, art. 46"),
        starts=_("from learning of the act"),
        months=6,
    ),
    Limitation(
        name=_("civil limitation"),
        matters=frozenset(
            {
                "economic",
                "civil.traffic",
                "civil.medical",
                "civil.domestic_violence",
                "civil.land_forest",
                "civil.homestead",
                "civil.courage",
                "civil.other",
            }
        ),
        article=_("Civil Code, art. 188"),
        starts=_("from learning of the harm and who did it"),
        years=3,
    ),
]


@dataclass(frozen=True)
class LimitationHint:
    limitation: Limitation
    ends_on: date
    # Days from today to the last day; negative when it has passed.
    days_left: int

    @property
    def state(self):
        """The state of a clock: calm, near or over."""
        if self.days_left < 0:
            return "over"
        return "near" if self.days_left <= NEAR_DAYS else "calm"

    @property
    def label(self):
        if self.days_left < 0:
            return ngettext("%d day past", "%d days past", -self.days_left) % -self.days_left
        if self.days_left == 0:
            return _("ends today")
        return ngettext("%d day left", "%d days left", self.days_left) % self.days_left

    @property
    def may_provide_first(self):
        return 0 <= self.days_left < PROVIDE_FIRST_DAYS


def limitations_of(matter_code):
    return [rule for rule in LIMITATIONS if rule.concerns(matter_code)]


def limitation_hints(*, matter_code: str, event_on: date, today: date):
    """Return what may run out for this matter, soonest first, the passed ones at the end."""
    hints = [
        LimitationHint(rule, rule.ends_on(event_on), (rule.ends_on(event_on) - today).days)
        for rule in limitations_of(matter_code)
    ]
    return sorted(hints, key=lambda hint: (hint.days_left < 0, abs(hint.days_left)))


# ── What the law says of aid in this matter ─────────────────────────────────────────────

# 《法律援助法》第三十一条: open to application under economic hardship.
ARTICLE_31 = {
    "administrative.state_compensation",
    "administrative.social_insurance",
    "administrative.subsistence",
    "administrative.pension_relief",
    "civil.parental_support",
    "civil.child_support",
    "civil.spousal_support",
    "civil.labour_pay",
    "civil.work_injury",
    "civil.traffic",
    "civil.medical",
}
# 《法律援助法》第三十二条: whatever the economic circumstances.
ARTICLE_32 = {"civil.domestic_violence", "civil.courage"}
# 《法律援助法》第四十二条第三项: migrant workers claiming pay or work-injury compensation.
ARTICLE_42_MATTERS = {"civil.labour_pay", "civil.work_injury"}


@dataclass(frozen=True)
class LawNote:
    sentence: str
    article: str
    is_strong: bool = False


def law_notes(*, matter_code: str, people_groups):
    """Return the sentences of the Legal Aid Law that the matter and the person call up."""
    notes = []
    if matter_code in ARTICLE_32:
        notes.append(
            LawNote(
                _(
                    "Legal aid does not depend on hardship here: no hardship statement is needed."
                ),
                _("Legal Aid Law, art. 32"),
                is_strong=True,
            )
        )
    if matter_code in ARTICLE_31:
        notes.append(
            LawNote(
                _("Open to an application for legal aid, under economic hardship."),
                _("Legal Aid Law, art. 31"),
            )
        )
    if matter_code in ARTICLE_42_MATTERS and PeopleGroup.MIGRANT_WORKER in people_groups:
        notes.append(
            LawNote(
                _("A migrant worker claiming this need not have hardship checked."),
                _("Legal Aid Law, art. 42"),
            )
        )
    return notes


# ── Matters of public sentiment (rules 4.6) ─────────────────────────────────────────────


def sensitive_level(*, sensitive, persons, watch_persons, grave_persons):
    """Return the SignalLevel at which to report at once, or None.

    Grave: extreme words or acts, media, foreign, ethnic, religious or military involvement, or
    at least `grave_persons` on the matter. Watch: many on one matter, or `watch_persons`.
    """
    if sensitive in {Sensitive.EXTREME, Sensitive.MEDIA, Sensitive.SPECIAL}:
        return SignalLevel.GRAVE
    if persons >= grave_persons:
        return SignalLevel.GRAVE
    if sensitive == Sensitive.GROUP or persons >= watch_persons:
        return SignalLevel.WATCH
    return None


# ── Has this person been here before? ───────────────────────────────────────────────────

MOST_MATCHES = 3


@dataclass(frozen=True)
class Match:
    """One earlier entry, how surely it is the same person (0 to 100), and why, in words."""

    entry: object
    score: int
    reason: str


def same_sound(name, other):
    """Whether two names are written differently and read the same (吴秋菊, 伍秋菊)."""
    return name != other and lazy_pinyin(name) == lazy_pinyin(other)


def score(*, same_id, same_phone, same_name, sounds_alike, same_village):
    """Return (score, reason); score 0 for nobody we know.

    A name alone says nothing in a village where half the people share a surname: it counts only
    together with the village, and next to a number it only makes surer.
    """
    if same_id:
        return 100, _("same identity number")
    if same_phone and same_name:
        return 95, _("same phone, same name")
    if same_phone:
        return 60, _("same phone, another name")
    if same_village and same_name:
        return 50, _("same village, same name")
    if same_village and sounds_alike:
        return 30, _("same village, name sounds alike")
    return 0, ""


def best_matches(entries, *, name, phone_hash, id_hash, village_id):
    """Return at most three Matches among earlier entries, the surest and latest first."""
    matches = []
    for entry in entries:
        points, reason = score(
            same_id=bool(id_hash) and entry.id_hash == id_hash,
            same_phone=bool(phone_hash) and entry.phone_hash == phone_hash,
            same_name=bool(name) and entry.name == name,
            sounds_alike=bool(name) and same_sound(name, entry.name),
            same_village=bool(village_id) and entry.village_id == village_id,
        )
        if points:
            matches.append(Match(entry, points, reason))
    matches.sort(key=lambda match: (match.score, match.entry.occurred_at), reverse=True)
    return matches[:MOST_MATCHES]
