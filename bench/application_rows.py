"""The rows an invented application leaves in each table as it goes its way, for COPY."""

from datetime import timedelta

from django.db import connection

from bench.application_ways import CLOCKS, PAPERS
from casework.letters.issuing import SERIES, TEMPLATE_VERSION
from casework.models import (
    Application,
    ApplicationEvent,
    Assignment,
    Closing,
    Deadline,
    Decision,
    HouseholdMember,
    Letter,
    Material,
    Opinion,
    Party,
    Pause,
    ProgressNote,
    SupplementNotice,
    Upload,
)
from casework.models.papers import SERVED_FORMS
from casework.rules import deadlines as limits
from casework.terms import ApplicationMove as M
from casework.terms import LetterKind as L
from casework.terms import Status
from stations.roles import Role

# A decision against the applicant is proposed by one and made by another.
AGAINST = {
    "refuse": (M.PROPOSE_REFUSAL, M.REFUSE),
    "terminate": (M.PROPOSE_TERMINATION, M.TERMINATE),
}
DECISION_PAPERS = {L.GRANT, L.REFUSAL, L.TERMINATION}
GROUNDS = {
    "refuse": (["no_hardship"], ["no_hardship"], ["out_of_scope"], ["has_agent", "other"]),
    "terminate": (["48-5"], ["48-7"], ["48-4"]),
}
RESULTS = ["won", "won", "mediated", "mediated", "settled", "award", "lost", "dropped"]
# Who makes a move; the center's reviewer all others.
BY = {M.COUNTERSIGN: Role.HEAD, M.FORWARD: Role.HEAD} | dict.fromkeys(
    (M.REFUSE, M.TERMINATE), Role.DIRECTOR
)
BY |= dict.fromkeys((M.RECEIVE, M.ASK, M.SUPPLY, M.REVIEW, M.WITHDRAW), Role.CLERK)

# What differs from row to row; all other columns hold what an empty row holds.
COLUMNS = {
    Application: "id station_id county_id intake_county_id status year serial receipt_code name sex"
    " birth_on id_number id_hash phone phone_hash address people_groups village_id aid_matter_id"
    " matter_id aid_kind position claims amount facts hardship_track jurisdiction_basis asked_from"
    " received_at received_by_id",
    ApplicationEvent: "application_id move from_status to_status reason note made_by_id made_at",
    Deadline: "application_id number started_at statutory_due_on promised_due_on due_on set_days"
    " is_paused stopped_at",
    Pause: "application_id reason from_on to_on",
    SupplementNotice: "application_id items served_on due_on supplied_on asked_by_id",
    Party: "application_id side kind name name_key phone",
    HouseholdMember: "application_id relation name age monthly_income",
    Material: "id application_id kind name state given_on pages is_original_seen",
    Upload: "material_id name media_type size sha256 content uploaded_at uploaded_by_id",
    Opinion: "application_id conclusion words no_recusal reviewed_by_id reviewed_at signed_by_id"
    " signed_at",
    Decision: "application_id kind state grounds reason rules_version proposed_by_id proposed_at"
    " made_by_id made_at served_on",
    Letter: "application_id kind county_id station_id series year serial template_version content"
    " made_on made_by_id made_at printed_at served_on service_method received_by_name served_by_id",
    Assignment: "application_id worker_id assigned_on assigned_by_id suggested_as engaged_on",
    ProgressNote: "application_id happened_on words written_by_id written_at",
    Closing: "application_id closed_on result summary recovered wages_recovered recorded_by_id"
    " materials_on checked_on checked_by_id file_check subsidy paid_on paid voucher paid_by_id"
    " archive_number archive_county_id archive_year",
}


class Rows:
    """The rows of one table on their way into it."""

    def __init__(self, model):
        self.table, self.columns = model._meta.db_table, COLUMNS[model].split()
        empty = model()
        self.constants = {
            field.column: field.get_db_prep_save(getattr(empty, field.attname), connection)
            for field in model._meta.concrete_fields
            if not field.primary_key and field.column not in self.columns
        }
        self.waiting = []

    def add(self, *values):
        self.waiting.append(values)

    def flush(self, cursor):
        columns = ", ".join(f'"{name}"' for name in [*self.columns, *self.constants])
        rest = tuple(self.constants.values())
        with cursor.copy(f"COPY {self.table} ({columns}) FROM STDIN") as copy:
            for row in self.waiting:
                copy.write_row(row + rest)
        self.waiting.clear()


class Way:
    """One application on its way: what each of its moves leaves behind."""

    def __init__(self, writer, pk, station, by):
        self.writer, self.pk, self.station, self.by = writer, pk, station, by
        self.rows, self.chance, self.until = writer.rows, writer.chance, writer.until
        # {number: when it began} of the clocks that run; the span in which the review stood still.
        self.running = {}
        self.pause = ()

    def go(self, way):
        """Leave all rows of these moves."""
        at = {move: moment for move, _after, moment in way}
        if M.ASK in at:
            self._supplement(at[M.ASK].date(), at[M.SUPPLY].date() if M.SUPPLY in at else None)
        before = Status.RECEIVED
        for move, after, moment in way:
            by = self.by[BY.get(move, Role.REVIEWER)]
            reason = "facts_unclear" if move == M.RETURN else ""
            self.rows[ApplicationEvent].add(
                self.pk, move, before, after, reason, "情况属实，按规定办理。", by, moment
            )
            self._clocks(move, moment)
            if kind := PAPERS.get(move):
                self._letter(kind, moment, by)
            before = after
        for number, started_at in self.running.items():
            self._deadline(number, started_at, None)
        if M.REVIEW in at:
            self._opinion(at)
        self._decisions(at)
        if M.ASSIGN in at:
            self._handling(at)

    def _supplement(self, asked_on, supplied_on):
        self.pause = (limits.Span(asked_on, supplied_on),)
        self.rows[Pause].add(self.pk, "supplement", asked_on, supplied_on)
        self.rows[SupplementNotice].add(
            self.pk, ["与申请事项有关的材料"], asked_on, asked_on + timedelta(days=10),
            supplied_on, self.by[Role.CLERK],
        )  # fmt: skip

    # ── Clocks ──────────────────────────────────────────────────────────────────────────

    def _clocks(self, move, moment):
        stops, starts = CLOCKS.get(move, ((), ()))
        for number in stops:
            if started_at := self.running.pop(number, None):
                self._deadline(number, started_at, moment)
        for number in starts:
            self.running[number] = moment

    def _deadline(self, number, started_at, stopped_at):
        limit, is_asked = limits.LIMITS[number], number == limits.SUPPLEMENT
        pauses = self.pause if limit.is_pausable else ()

        def ends(length):
            return limits.count(
                started_at.date(), length, limit.counting, self.writer.calendar,
                pauses=pauses, today=self.until,
            ).due_on  # fmt: skip

        statutory = ends(limit.length) if limit.is_statutory else None
        promised = self.writer.promises.get(number, None if statutory else limit.length)
        promised = promised and ends(promised)
        is_paused = any(pause.to_on is None for pause in pauses) and stopped_at is None
        self.rows[Deadline].add(
            self.pk, number, started_at, statutory, promised,
            min(day for day in (statutory, promised) if day), 10 if is_asked else None,
            is_paused, stopped_at,
        )  # fmt: skip

    # ── Papers ──────────────────────────────────────────────────────────────────────────

    def _letter(self, kind, moment, by):
        made_on, served_on = moment.date(), None
        at_station = by not in (self.by[Role.REVIEWER], self.by[Role.DIRECTOR])
        if kind in SERVED_FORMS and self.chance.random() < 0.95:
            served_on = made_on + timedelta(days=self.chance.randint(0, 3))
        if served_on and served_on <= self.until:
            served = served_on, "in_person", "本人", by
            self._served(kind, moment + (served_on - made_on))
        else:
            served = None, "", "", None
        county = self.writer.county.pk
        self.rows[Letter].add(
            self.pk, kind, county, self.station.pk if at_station else None, SERIES[kind],
            made_on.year, self.writer.serial(SERIES[kind], made_on.year), TEMPLATE_VERSION,
            self.chance.choice(self.writer.content), made_on, by, moment,
            None if (self.until - made_on).days < 2 else moment + timedelta(hours=1), *served,
        )  # fmt: skip

    def _served(self, kind, served_at):
        """Its clock stops; against a refusal or termination the applicant's own time begins."""
        if kind not in DECISION_PAPERS:
            return
        if started_at := self.running.pop(limits.SERVICE, None):
            self._deadline(limits.SERVICE, started_at, served_at)
        if kind != L.GRANT:
            lapses_at = served_at + timedelta(days=16)
            if lapses_at.date() > self.until:
                self.running[limits.OBJECTION_PERIOD] = served_at
            else:
                self._deadline(limits.OBJECTION_PERIOD, served_at, lapses_at)

    def _opinion(self, at):
        signed = (
            (self.by[Role.HEAD], at[M.COUNTERSIGN]) if M.COUNTERSIGN in at else (None, None)
        )
        self.rows[Opinion].add(
            self.pk, "refuse" if M.REFUSE in at else "grant", "材料齐全，建议按规定办理。", True,
            self.by[Role.CLERK], at[M.REVIEW], *signed,
        )  # fmt: skip

    def _decisions(self, at):
        reviewer, director = self.by[Role.REVIEWER], self.by[Role.DIRECTOR]
        if granted_at := at.get(M.GRANT):
            kind = "provide_first" if self.chance.random() < 0.03 else "grant"
            grounds = ["44-1"] if kind == "provide_first" else []
            self._decision(kind, "made", grounds, reviewer, granted_at, reviewer, granted_at)
        for kind, (proposing, making) in AGAINST.items():
            if proposing in at:
                made = (director, at[making]) if making in at else (None, None)
                grounds = self.chance.choice(GROUNDS[kind])
                state = "made" if making in at else "proposed"
                self._decision(kind, state, grounds, reviewer, at[proposing], *made)

    def _decision(self, kind, state, grounds, by, proposed_at, made_by, made_at):
        served_on = made_at.date() + timedelta(days=1) if made_at else None
        self.rows[Decision].add(
            self.pk, kind, state, grounds, "理由见审查表。", "2023-09", by, proposed_at,
            made_by, made_at, served_on if served_on and served_on <= self.until else None,
        )  # fmt: skip

    # ── Handling ────────────────────────────────────────────────────────────────────────

    def _handling(self, at):
        chance, by = self.chance, self.by[Role.REVIEWER]
        engaged_on = at[M.ENGAGE].date() if M.ENGAGE in at else None
        self.rows[Assignment].add(
            self.pk,
            chance.choice(self.writer.workers).pk,
            at[M.ASSIGN].date(),
            by,
            1,
            engaged_on,
        )
        for _n in range(chance.randint(0, 3)):
            moment = at[M.ASSIGN] + timedelta(days=chance.randint(0, 20))
            if moment.date() <= self.until:
                self.rows[ProgressNote].add(
                    self.pk, moment.date(), "与受援人见面，整理证据。", by, moment
                )
        if M.CLOSE in at:
            self._closing(at, by)

    def _closing(self, at, by):
        chance, closed_on = self.chance, at[M.CLOSE].date()
        recovered = chance.choice((0, 0, chance.randint(10, 900) * 100))
        archived = (None, None, "", None, None, None, "", None, "", None, None)
        if M.ARCHIVE in at:
            checked_on, year = at[M.ARCHIVE].date(), at[M.ARCHIVE].year
            archived = (
                checked_on, by, "good", 1200, checked_on, 1200, "凭证", by,
                f"测援档〔{year}〕{self.writer.serial('档', year)}号", self.writer.county.pk, year,
            )  # fmt: skip
        handed_in_on = at[M.HAND_IN_FILE].date() if M.HAND_IN_FILE in at else None
        self.rows[Closing].add(
            self.pk, closed_on, chance.choice(RESULTS), "经办理结案。", recovered,
            recovered // 2, by, handed_in_on, *archived,
        )  # fmt: skip
