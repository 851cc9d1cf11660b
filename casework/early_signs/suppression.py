"""What of an early sign may leave the county (rules 8.1, PIPL 25): small counts and names stay. Pure."""

from dataclasses import dataclass

from ..applications.typical_cases import is_body

# Below so many persons somebody could be told from the number, the village and the matter.
LEAST_PERSONS = 5


@dataclass(frozen=True)
class Outside:
    """A sign as the city sees it. An empty text or None is what stays in the county."""

    name: str
    # None: fewer than `LEAST_PERSONS`.
    persons: int | None
    rows: int | None
    places: tuple[str, ...]

    @property
    def is_small(self):
        return self.persons is None


def outside(
    *, name: str, persons: int, rows: int, places: tuple[str, ...], is_opponent: bool
) -> Outside:
    """Return what of a sign the city may see.

    Of fewer than five persons neither the number nor the name nor a place. Of more, an opponent is
    named when it is a body; a private person never is.
    """
    if persons < LEAST_PERSONS:
        return Outside("", None, None, ())
    is_private = is_opponent and not is_body(name)
    return Outside("" if is_private else name, persons, rows, places)
