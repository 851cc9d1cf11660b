"""New counts that a county's running clocks are owed: asked for by an act, done by a worker.

The row says what is owed and how far it is; each portion is one transaction, so that a worker that
dies loses one portion at most and the next goes on behind it.
"""

from django.db import transaction
from django.utils import timezone

from stations.errands import hand_over

from ..models import Recount
from . import clocks

WORK = "casework.tasks.work_on_recount"


def ask_for(county, *, why, numbers, by):
    """Owe a county a new count of its clocks, and send it to a worker after the commit.

    Call inside the transaction of the act that causes it. Returns the `Recount`.
    """
    recount = Recount.objects.create(
        county=county,
        numbers=list(numbers),
        why=why,
        asked_by=by,
        total=clocks.running_in(county, numbers).count(),
    )
    transaction.on_commit(lambda: hand_over(WORK, recount.pk))
    return recount


def work_on(recount_id):
    """Count what is owed, portion by portion. Safe to run twice, and two at once share the work."""
    while _count_portion(recount_id):
        pass


@transaction.atomic
def _count_portion(recount_id):
    """Count the next portion; return whether there may be another."""
    recount = (
        Recount.objects.owed()
        .select_for_update(of=("self",))
        .select_related("county__division")
        .filter(pk=recount_id)
        .first()
    )
    if recount is None:
        return False
    portion = clocks.recount_portion(
        recount.county, why=recount.why, numbers=recount.numbers, after=recount.last_id
    )
    if portion is None:
        recount.finished_at = timezone.now()
    else:
        recount.done += portion.counted
        recount.moved += portion.moved
        recount.last_id = portion.last_id
    recount.save()
    return portion is not None
