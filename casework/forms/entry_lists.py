"""What the lists of an entry offer: matters with their keys, and who may receive."""

from django.utils import timezone

from stations.models import User
from stations.roles import MAY, Ability

from ..models import Matter

ETHNIC_GROUPS = ("汉", "回", "满", "蒙古", "藏", "维吾尔", "苗", "彝", "壮", "土家", "畲")


def matters_of(county, day):
    """Return (leaves in order, {number key: leaf}); a county's own item takes its key over."""
    leaves = list(Matter.objects.leaves().for_county(county).on(day).select_related("parent"))
    leaves.sort(key=lambda leaf: (leaf.parent.position, leaf.position, leaf.pk))
    keyed = {}
    for leaf in sorted(leaves, key=lambda leaf: leaf.county_id is None):
        if leaf.number_key:
            keyed.setdefault(leaf.number_key, leaf)
    return leaves, dict(sorted(keyed.items()))


def receivers_of(station):
    """The people who may receive at a station today: whoever records there."""
    recording = [role for role, abilities in MAY.items() if Ability.RECORD in abilities]
    today = timezone.localdate()
    return User.objects.filter(
        pk__in=station.appointments.current(today).filter(role__in=recording).values("user")
    )


def grouped(leaves):
    """Return choices of matters under their classes."""
    groups = {}
    for leaf in leaves:
        groups.setdefault(leaf.parent.name, []).append((leaf.pk, leaf.name))
    return list(groups.items())
