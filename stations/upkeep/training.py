"""Training: sessions, who was there, five questions."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import chores
from ..files import evidence
from ..models import (
    Appointment,
    Attendance,
    ChoreKind,
    Liaison,
    QuizAttempt,
    QuizQuestion,
    Station,
    TrainingSession,
)
from ..models.training import QUESTIONS
from ..roles import Role

# Whose training counts for a station (rules 5.2, T4): its own people, not those who come in turn.
STAFF_ROLES = (Role.HEAD, Role.CLERK)
# Who may sign in to a session: the staff, and who stands duty.
TRAINED_ROLES = (*STAFF_ROLES, Role.DUTY)


class TrainingRefused(Exception):
    """A plain sentence why this cannot be done now."""


@dataclass(frozen=True)
class Person:
    """Somebody who may be at a session: an account, or a liaison by the post."""

    key: str
    name: str
    station: Station
    role: Role
    user_id: int | None = None
    liaison_id: int | None = None
    village: str = ""

    @property
    def where(self):
        return {"user_id": self.user_id, "liaison_id": self.liaison_id}

    @property
    def is_staff(self):
        return self.role in STAFF_ROLES

    @property
    def role_label(self):
        return self.role.label


def people_of(stations, day):
    """Return the `Person`s of some stations on a day, staff first, station by station; two queries.

    Somebody with several roles or stations is listed once, where they were found first.
    """
    found, seen = [], set()
    order = {role: n for n, role in enumerate(TRAINED_ROLES)}
    posts = (
        Appointment.objects.filter(station__in=stations, role__in=TRAINED_ROLES)
        .current(day)
        .select_related("user", "station__county__division")
    )
    for post in sorted(posts, key=lambda each: (each.station.code, order[each.role])):
        if post.user_id not in seen:
            seen.add(post.user_id)
            found.append(
                Person(
                    f"u{post.user_id}",
                    post.user.name,
                    post.station,
                    Role(post.role),
                    user_id=post.user_id,
                )
            )
    liaisons = Liaison.objects.filter(station__in=stations).in_post_on(day).defer("phone")
    for liaison in liaisons.select_related("village", "station__county__division").order_by(
        "village__code"
    ):
        found.append(
            Person(
                f"l{liaison.pk}",
                liaison.name,
                liaison.station,
                Role.LIAISON,
                liaison_id=liaison.pk,
                village=liaison.village.name,
            )
        )
    return sorted(found, key=lambda person: (person.station.code, person.role == Role.LIAISON))


def stations_of(session):
    """The stations a session is for: its own, or all of its county on the day."""
    if session.station_id:
        return Station.objects.filter(pk=session.station_id)
    return Station.objects.filter(county=session.county_id).open_on(session.on)


def person_of(user, session):
    """Return who the user is at a session, or None: a liaison in post, else an account."""
    stations = set(stations_of(session).values_list("pk", flat=True))
    for liaison in (
        Liaison.objects.filter(user=user, station__in=stations)
        .in_post_on(session.on)
        .select_related("village", "station")
    ):
        return Person(
            f"l{liaison.pk}",
            liaison.name,
            liaison.station,
            Role.LIAISON,
            liaison_id=liaison.pk,
            village=liaison.village.name,
        )
    for post in user.posts:
        if post.station_id in stations and post.role in TRAINED_ROLES:
            return Person(
                f"u{user.pk}", user.name, post.station, Role(post.role), user_id=user.pk
            )
    return None


# ── Acts ────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hold(session, *, by, materials=()):
    """Save a session with its materials (bytes)."""
    session.recorded_by = by
    session.save(force_insert=True)
    place = session.station or session.county
    session.materials.set([evidence.add_bytes(place, each, by=by) for each in materials])
    _refresh_county(session)
    return session


@transaction.atomic
def add_materials(session, materials, *, by):
    """Add materials to a session."""
    place = session.station or session.county
    session.materials.add(*(evidence.add_bytes(place, each, by=by) for each in materials))


@transaction.atomic
def void(session, *, reason, by):
    """Declare a session void. Raises TrainingRefused when it is already."""
    session = _locked(session)
    session.voided_at, session.voided_by, session.void_reason = timezone.now(), by, reason
    session.save()
    _refresh(session)
    _refresh_county(session)
    return session


def _locked(session):
    session = (
        TrainingSession.objects.select_for_update(of=("self",))
        .select_related("county__division", "station__county")
        .get(pk=session.pk)
    )
    if session.voided_at:
        raise TrainingRefused(_("This session is void."))
    return session


def _refresh(session):
    for station in stations_of(session).select_related("county__division"):
        chores.refresh_later(station, ChoreKind.TRAINING)


def _refresh_county(session):
    """The county owes one session a year that it holds itself."""
    if session.station_id is None:
        chores.refresh_later(session.county, ChoreKind.TRAINING)


@transaction.atomic
def sign_in(session, keys, *, people, by):
    """Bring the list of a session to the ticked people, among those whose list it is.

    Who is newly ticked was there, who no longer is is struck out and stays. Returns how many
    changed. Raises TrainingRefused before the day of the session.
    """
    session = _locked(session)
    if session.on > timezone.localdate():
        raise TrainingRefused(_("The session has not been held yet; sign in on the day."))
    there = {
        f"u{row.user_id}" if row.user_id else f"l{row.liaison_id}": row
        for row in session.attendances.filter(struck_at=None)
    }
    changed = 0
    for person in people:
        row = there.get(person.key)
        if person.key in keys and row is None:
            _attend(session, person, by=by, is_own=False)
            changed += 1
        elif person.key not in keys and row is not None:
            row.struck_at, row.struck_by = timezone.now(), by
            row.save()
            changed += 1
    if changed:
        _refresh(session)
    return changed


def _attend(session, person, *, by, is_own):
    return Attendance.objects.create(
        session=session, **person.where, station=person.station, by=by, is_own=is_own
    )


@transaction.atomic
def press_in(session, *, by):
    """Sign in by one's own press, on the day. A second press does no harm.

    Raises TrainingRefused on another day, or for whom the session is not.
    """
    session = _locked(session)
    if session.on != timezone.localdate():
        raise TrainingRefused(_("You can sign in yourself only on the day of the session."))
    person = _person_or_refuse(session, by)
    if not _rows(session.attendances.filter(struck_at=None), person).exists():
        _attend(session, person, by=by, is_own=True)
        chores.refresh_later(person.station, ChoreKind.TRAINING)
    return person


def _person_or_refuse(session, user):
    person = person_of(user, session)
    if person is None:
        raise TrainingRefused(_("This session is for the people of stations and liaisons."))
    return person


def _rows(rows, person):
    return rows.filter(user=person.user_id, liaison=person.liaison_id)


@transaction.atomic
def set_questions(session, questions, *, by):
    """Write the five questions: [(text, options, number of the right one from 0)].

    Raises TrainingRefused once somebody has answered.
    """
    session = _locked(session)
    if session.attempts.exists():
        raise TrainingRefused(_("Somebody has answered already; the questions stay."))
    session.questions.all().delete()
    QuizQuestion.objects.bulk_create(
        QuizQuestion(session=session, number=n, text=text, options=options, right=right)
        for n, (text, options, right) in enumerate(questions, 1)
    )
    return session


@transaction.atomic
def answer(session, answers, *, number, by):
    """Score somebody's answers, one for each question; returns the `QuizAttempt`.

    `number` is the attempt as the page showed it, so that a second press answers nothing twice.
    Raises TrainingRefused for whom the session is not.
    """
    session = _locked(session)
    person = _person_or_refuse(session, by)
    earlier = {attempt.number: attempt for attempt in _rows(session.attempts, person)}
    if number in earlier:
        return earlier[number]
    questions = list(session.questions.all())
    if len(questions) < QUESTIONS:
        raise TrainingRefused(_("There are no questions for this session yet."))
    score = sum(
        chosen == question.right for chosen, question in zip(answers, questions, strict=True)
    )
    try:
        with transaction.atomic():
            return QuizAttempt.objects.create(
                session=session,
                **person.where,
                number=len(earlier) + 1,
                answers=answers,
                score=score,
            )
    except IntegrityError:
        return _rows(session.attempts, person).latest("number")


def attempts_of(session, person):
    """Somebody's attempts, the first first."""
    return list(_rows(session.attempts, person)) if person else []
