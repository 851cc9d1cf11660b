"""The desk of the administrators: accounts, appointments, and who looked."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from stations.looks import unusual
from stations.models import Appointment, Look, LookKind, SealCheck, User
from stations.roles import Ability
from stations.seals import checking

# Looks are counted over so long.
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True)
class LookCount:
    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class OfficeDesk:
    """Accounts, appointments and looks, counted for whoever keeps them."""

    accounts: int = 0
    must_change: int = 0
    without_post: int = 0
    looks: tuple[LookCount, ...] = ()
    # Sealed days that no longer agree, and what stands out: for the audit administrator.
    wrong: tuple[checking.Finding, ...] = ()
    unusual: int = 0


def office_desk(user, today):
    figures, looks = {}, ()
    if user.may(Ability.MANAGE_ACCOUNTS) or user.may(Ability.APPOINT):
        holders = Appointment.objects.current(today).values("user")
        figures = (
            User.objects.visible_to(user)
            .filter(is_active=True)
            .aggregate(
                accounts=Count("pk"),
                must_change=Count("pk", filter=Q(must_change_password=True)),
                without_post=Count("pk", filter=~Q(pk__in=holders)),
            )
        )
    if user.may(Ability.SEE_LOOKS):
        counts = dict(
            Look.objects.visible_to(user)
            .filter(at__gte=timezone.now() - LOOKED_BACK)
            .order_by()
            .values_list("kind")
            .annotate(Count("pk"))
        )
        looks = tuple(
            LookCount(kind.value, kind.label, counts.get(kind.value, 0)) for kind in LookKind
        )
        check = SealCheck.objects.visible_to(user).exclude(finished_at=None).first()
        figures["wrong"] = tuple(checking.findings_of(check)) if check else ()
        figures["unusual"] = len(
            unusual.find(Look.objects.visible_to(user), user.county, today)
        )
    return OfficeDesk(looks=looks, **figures)
