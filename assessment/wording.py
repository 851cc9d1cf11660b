"""The sum of a score in words, as a clerk can check it by hand."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from . import rules
from .counting.facts import FactKind
from .rules import Fact, PartScore, RuleScore, rounded


def plain(number, places=2):
    """A number as people write it: 6, 2.5, 0.67."""
    text = f"{rounded(number, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def flag_label(flag):
    """A flag of a computed score, as a page says it."""
    return {
        rules.NO_SAMPLE: _("no sample"),
        rules.SMALL_SAMPLE: _("sample too small, to be scored by hand"),
        rules.NOTHING_THERE: _("nothing in the year"),
        rules.NOT_COUNTED: _("cannot be counted"),
    }.get(flag, flag)


def in_words(kind: FactKind, scored: PartScore) -> str:
    """Return one part's sum in words: what was counted, and the points it gives."""
    label = {"label": kind.label, "points": plain(scored.points)}
    if scored.flag == rules.NOT_COUNTED:
        return _("%(label)s: cannot be counted, a person scores it") % label
    if scored.flag == rules.NO_SAMPLE:
        return _("%(label)s: nothing to count, full marks %(points)s") % label
    if scored.flag == rules.NOTHING_THERE:
        return _("%(label)s: none in the year, 0 points") % label
    if scored.fact.is_empty:
        return _("%(label)s: nothing to count") % label
    if scored.flag == rules.SMALL_SAMPLE:
        return _(
            "%(figures)s: too few answers for %(population)s visits, a person scores it"
        ) % {
            "figures": _counted(kind, scored.fact),
            "population": scored.fact.population,
        }
    return _BY_FUNCTION[scored.part.function](kind, scored)


def _counted(kind: FactKind, fact: Fact):
    """What was counted, without its points."""
    label = {"label": kind.label}
    if fact.of is None:
        if kind.counts_faults and not fact.value:
            return _("%(label)s: none") % label
        return _("%(label)s: %(value)s") % (label | {"value": plain(fact.value)})
    return _("%(label)s %(value)s of %(of)s") % (
        label | {"value": plain(fact.value), "of": fact.of}
    )


def _points(words, scored):
    return _("%(words)s: %(points)s points") % {
        "words": words,
        "points": plain(scored.points),
    }


def _of_share(kind, scored):
    fact = scored.fact
    if kind.is_mean:
        words = _("%(label)s %(percent)s%% (%(months)s month-ends)") % {
            "label": kind.label,
            "percent": plain(fact.ratio * 100),
            "months": fact.of,
        }
    elif scored.part.function in {"ramp", "step"}:
        words = _("%(counted)s = %(percent)s%%") % {
            "counted": _counted(kind, fact),
            "percent": plain(fact.ratio * 100),
        }
    else:
        words = _counted(kind, fact)
    return _points(words, scored)


def _of_step(kind, scored):
    """A step that only takes away says so, rather than that it gives 0 points."""
    if scored.part.numbers["points"]:
        return _of_share(kind, scored)
    words = {
        "counted": _counted(kind, scored.fact),
        "percent": plain(scored.fact.ratio * 100),
        "points": plain(-scored.points),
    }
    if scored.points:
        return _("%(counted)s = %(percent)s%%: less %(points)s points") % words
    return _("%(counted)s = %(percent)s%%: nothing taken off") % words


def _of_count(kind, scored):
    words = _("%(label)s: %(value)s, wanted %(wanted)s") % {
        "label": kind.label,
        "value": plain(scored.fact.value),
        "wanted": plain(scored.part.numbers["wanted"]),
    }
    return _points(words, scored)


def _of_deduction(kind, scored):
    counted = _counted(kind, scored.fact)
    numbers = scored.part.numbers
    if not scored.fact.value:
        return _points(counted, scored) if numbers["points"] else counted
    return _("%(counted)s: %(from)s − %(value)s × %(each)s = %(points)s points") % {
        "counted": counted,
        "from": plain(numbers["points"]),
        "value": plain(scored.fact.value),
        "each": plain(numbers["each"]),
        # A minus as the sum before it has one.
        "points": plain(scored.points).replace("-", "−"),
    }


def _of_presence(kind, scored):
    words = _("%(label)s: yes") if scored.fact.value >= 1 else _("%(label)s: no")
    return _points(words % {"label": kind.label}, scored)


def _of_void(kind, scored):
    counted = _counted(kind, scored.fact)
    if scored.fact.value >= 1:
        return _("%(counted)s: the whole line gets 0 points") % {"counted": counted}
    return counted


_BY_FUNCTION = {
    "ramp": _of_share,
    "step": _of_step,
    "share": _of_share,
    "months": _of_share,
    "makes_up": _of_share,
    "count": _of_count,
    "deduct": _of_deduction,
    "presence": _of_presence,
    "void": _of_void,
    "shown": lambda kind, scored: _counted(kind, scored.fact),
}


def whole_in_words(scored: RuleScore, parts: Sequence[str], points) -> str:
    """Return the sum of a line in words, from those of its parts."""
    if not parts:
        return _("A person scores this line.")
    words = _("; ").join(parts)
    given = sum(part.points for part in scored.parts)
    if scored.points is None or (len(parts) == 1 and rounded(given, 2) == scored.points):
        return words
    if scored.is_void:
        return words
    values = {"words": words, "points": plain(scored.points), "most": plain(points)}
    if given > points:
        return _("%(words)s; together no more than %(most)s points") % values
    if given < 0:
        return _("%(words)s; together no less than 0 points") % values
    return _("%(words)s; together %(points)s points") % values
