"""What a poster's text means: plain lines that a county writes, read into blocks (上墙公示内容).

    > A sentence under the title.
    # Heading | what it takes, such as 7日内 | the article
    A paragraph of the block.
    - A point of the block.
    ! A note at the foot: its title before the first colon | the article

Pure: text in, blocks out. Whatever is none of these signs is a paragraph, so no text is wrong but
one that names a person's number.
"""

from dataclasses import dataclass, field

from ..privacy import without_numbers


@dataclass
class Block:
    """A heading with what belongs to it; the first may have none."""

    title: str = ""
    limit: str = ""
    basis: str = ""
    paragraphs: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Note:
    title: str
    text: str
    basis: str


@dataclass(frozen=True)
class Board:
    lead: str
    blocks: list[Block]
    notes: list[Note]


def read(text: str) -> Board:
    """Return the blocks of a poster's text."""
    lead, blocks, notes = "", [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        sign, rest = line[0], line[1:].strip()
        if sign == ">":
            lead = rest
        elif sign == "!":
            words, basis = _parts(rest, 2)
            title, colon, said = words.partition("：")
            notes.append(Note(title if colon else "", said if colon else words, basis))
        elif sign == "#":
            blocks.append(Block(*_parts(rest, 3)))
        else:
            if not blocks:
                blocks.append(Block())
            if sign == "-":
                blocks[-1].points.append(rest)
            else:
                blocks[-1].paragraphs.append(line)
    return Board(lead, blocks, notes)


def _parts(text, count):
    parts = [part.strip() for part in text.replace("｜", "|").split("|", count - 1)]
    return parts + [""] * (count - len(parts))


def names_a_person(text: str) -> bool:
    """Whether a mobile or identity number stands in it: never on a wall (PIPL 25, rules 4.5)."""
    return without_numbers(text) != text
