"""The fonts of paper: Noto's Chinese faces, cut once per process to the characters of every day.

A face of Noto CJK holds 65,000 glyphs, and every PDF cut it down to its few hundred anew: a fifth
of the time a report takes, and most of its bytes. So paper is set in faces cut to GB 2312; a rarer
character (a name from extension B) is taken from the whole face, which every list of fonts in
`print.css` names next.
"""

import subprocess
from functools import cache

# Our name of a cut face, its weight, and how fontconfig finds the whole one.
FACES = {
    "serif.otf": ("Paper Serif", 400, "Noto Serif CJK SC"),
    "serif-bold.otf": ("Paper Serif", 700, "Noto Serif CJK SC:bold"),
    "sans.otf": ("Paper Sans", 400, "Noto Sans CJK SC"),
    "sans-bold.otf": ("Paper Sans", 700, "Noto Sans CJK SC:bold"),
}


def everyday_characters():
    """Return Latin letters, the punctuation of print, and GB 2312: what most papers need, no more."""
    latin = {chr(code) for code in range(0x20, 0x180)}
    # Dashes, quotes and dots as Unicode has them; the old tables know only one of each.
    punctuation = {chr(code) for code in range(0x2010, 0x2028)}
    # The area of GB 2312 within its successor GBK.
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return latin | punctuation | {pair.decode("gbk", "ignore") for pair in pairs} - {""}


def whole_face(pattern):
    """Return the file and the index in it of an installed face, or None where it is missing."""
    found = subprocess.run(
        ["fc-match", "--format=%{family}\n%{file}\n%{index}", pattern],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    family, file, index = found
    return (file, int(index)) if pattern.partition(":")[0] in family.split(",") else None


@cache
def cut_face(name):
    """Return the bytes of a face of FACES cut to everyday characters, or None without Noto."""
    import uharfbuzz

    whole = whole_face(FACES[name][2])
    if whole is None:
        return None
    file, index = whole
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(map(ord, everyday_characters()))
    wanted.flags = (
        uharfbuzz.SubsetFlags.DESUBROUTINIZE | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(file), index)
    return uharfbuzz.subset(face, wanted).blob.data


def font_faces(prefix):
    """Return a style sheet that declares the cut faces there are, each at `prefix` + its name."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url({prefix}{name}) }}'
        for name, (family, weight, _whole) in FACES.items()
        if cut_face(name)
    )
