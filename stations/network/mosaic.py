"""The picture of the network: a large square for a township's station, small ones for villages.

All squares of one kind in a township are one SVG path, so a county of 1,500 villages stays a
small page. Colours are attributes in the template: page and paper print one picture.
"""

from dataclasses import dataclass

from .coverage import State, TownshipPosts

COLUMNS = 7
# Distance between small squares, their size, and where they begin beside the large one.
STEP, SIZE, LEFT, LARGE = 17, 13, 36, 30


@dataclass(frozen=True)
class Tile:
    """One township of the picture; the paths are SVG path data."""

    township: TownshipPosts
    height: int
    full: str
    # Outline and filled half of the acting posts.
    half_edge: str
    half: str
    # Outline and cross of the vacant posts.
    empty: str
    cross: str

    @property
    def viewbox(self):
        return f"0 0 {LEFT + COLUMNS * STEP} {self.height}"


def mosaic(coverage):
    return [_tile(township) for township in coverage.townships]


def _tile(township):
    places = {state: [] for state in State}
    for n, village in enumerate(township.villages):
        row, column = divmod(n, COLUMNS)
        places[village.state].append((LEFT + column * STEP, row * STEP))
    rows = -(-len(township.villages) // COLUMNS)
    return Tile(
        township,
        height=max(LARGE, rows * STEP - STEP + SIZE),
        # One smaller than the square on each side: the template's round stroke fills it up.
        full=_squares(places[State.IN_POST], inset=1),
        half_edge=_squares(places[State.ACTING], inset=0.75),
        half="".join(f"M{x + 1.5} {y + 11.5}v-10l10 10z" for x, y in places[State.ACTING]),
        empty=_squares(places[State.VACANT], inset=0.75),
        cross="".join(f"M{x + 4} {y + 4}l5 5m0 -5l-5 5" for x, y in places[State.VACANT]),
    )


def _squares(places, *, inset):
    side = SIZE - 2 * inset
    return "".join(f"M{x + inset} {y + inset}h{side}v{side}h-{side}z" for x, y in places)
