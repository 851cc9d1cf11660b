"""Papers that a request makes at once: so many for one person, for each keeps a process busy."""

from functools import wraps

from django.template.response import TemplateResponse
from redis.exceptions import RedisError

from ..signing_in.attempts import count_attempt

# A wall has ten posters in two sizes; nobody prints three walls in a quarter of an hour by hand.
MOST_PAPERS, WITHIN = 60, 15 * 60


def few_at_a_time(view):
    """Let the view make its paper unless this person had too many made just now; else 429.

    Redis away is no reason to print nothing.
    """

    @wraps(view)
    def checked(request, *args, **kwargs):
        try:
            count = count_attempt("papers", str(request.user.pk), within=WITHIN)
        except (RedisError, OSError):
            count = 0
        if count > MOST_PAPERS:
            return TemplateResponse(request, "stations/documents/too_many.html", status=429)
        return view(request, *args, **kwargs)

    return checked
