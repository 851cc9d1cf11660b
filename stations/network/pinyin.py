"""Pinyin initials of a name, for whoever types 霍山 as hs. Pure."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=20_000)
def initials(name):
    """吴秋菊 → wqj; signs without a reading are left out."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()
