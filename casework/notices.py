"""Messages inside the office: tasks that wait on a desk for whoever holds the post that day."""

from stations.models import Station

from .models import Notice


def tell(role, place, words, *, kind, application=None, deadline=None):
    """Put a task on the desk of a role at a station or county. Returns the `Notice`.

    `words` never hold personal data beyond a name; `kind` says what it is (warning, move, call).
    """
    where = {"station": place} if isinstance(place, Station) else {"county": place}
    return Notice.objects.create(
        role=role,
        kind=kind,
        words=words[:300],
        application=application,
        deadline=deadline,
        **where,
    )
