"""How often something open to everybody may be tried: counted in Redis, forgotten after a while.

Failed sign-ins of one account are counted by axes, in the database.
"""

from django.core.cache import cache

from ..privacy import keyed_hash


def count_attempt(what, who, *, within):
    """Count one attempt; return how many there were in the running span of so many seconds.

    `who` (an address, a code) is kept only as its keyed hash. Raises the errors of Redis when it
    does not answer: whoever asks then decides whether to go on.
    """
    key = _key(what, who)
    if cache.add(key, 1, timeout=within):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # forgotten between the two
        cache.set(key, 1, timeout=within)
        return 1


def account_key(request, credentials=None):
    """Return what failed sign-ins of an account are counted under: the keyed hash of what was typed.

    People type their telephone number there, or their password.
    """
    typed = (credentials or request.POST).get("username")
    return typed and keyed_hash(typed)


def attempts(what, who):
    """Return how many attempts were counted in the running span, without counting one."""
    return cache.get(_key(what, who), 0)


def _key(what, who):
    return f"attempts:{what}:{keyed_hash(who)}"
