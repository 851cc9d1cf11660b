"""Read the nation's statistical divisions from files and add what is missing.

Five files, one per level, as gzip'd csv: code, name and the code of the parent. Rows stream
through COPY into a temporary table; a few set-wise statements add the codes we do not have.
A code that exists is never changed here: a name that differs is reported, and becomes a dated
rename only on request. Everything is one transaction.
"""

import csv
import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from ..models import Division
from ..terms import Level
from . import divisions

# Level: the file's name, and its column with the parent's code.
FILES = {
    Level.PROVINCE: ("divisions_provinces.csv.gz", None),
    Level.CITY: ("divisions_cities.csv.gz", "provinceCode"),
    Level.COUNTY: ("divisions_areas.csv.gz", "cityCode"),
    Level.TOWNSHIP: ("divisions_streets.csv.gz", "areaCode"),
    Level.VILLAGE: ("divisions_villages.csv.gz", "streetCode"),
}
CHUNK = 50_000


class FileRefused(Exception):
    """A plain sentence: which file, which line, what is wrong. Nothing was loaded."""


@dataclass
class LevelCount:
    """What became of the rows of one level."""

    level: Level
    read: int = 0
    added: int = 0
    unchanged: int = 0
    renamed: int = 0

    @property
    def skipped(self):
        """Codes that ended here, children of ended codes, and names that differ."""
        return self.read - self.added - self.unchanged - self.renamed


@dataclass(frozen=True)
class Differing:
    """A current code whose name in the file is another one."""

    division: Division
    new_name: str
    # Why it was not renamed, when a rename was asked for.
    refusal: str = ""


@dataclass
class Loaded:
    """What one run did."""

    counts: list[LevelCount] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)

    @property
    def changed(self):
        return sum(count.added + count.renamed for count in self.counts)


@transaction.atomic
def load(folder, *, county_code="", rename_on=None, by=None, show_progress=False):
    """Add the divisions of a folder's five files that are missing; return what was done.

    With `county_code`, only that county, its province and city, and what lies in it. With
    `rename_on`, names that differ become renames of that day, recorded by the user `by`.

    Raises FileRefused when a file cannot be read or a row is wrong; then nothing is loaded.
    """
    folder = Path(folder)
    for name, _parent in FILES.values():
        if not (folder / name).is_file():
            raise FileRefused(
                _("%(folder)s has no file %(file)s.") % {"folder": folder, "file": name}
            )
    loaded = Loaded()
    with connection.cursor() as cursor:
        # Two loads at once would add the same codes; readers are not held up.
        cursor.execute("LOCK TABLE stations_division IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "CREATE TEMPORARY TABLE loaded (n integer, level smallint, code text, name text,"
            " parent_code text)"
        )
        loaded.counts = _copy_files(cursor, folder, county_code, show_progress)
        cursor.execute("CREATE INDEX ON loaded (n)")
        cursor.execute("ANALYZE loaded")
        differing = _take_out_known(cursor, loaded.counts)
        _add_missing(cursor, loaded.counts, show_progress)
        cursor.execute("DROP TABLE loaded")
    names = dict(differing)
    for division in Division.objects.filter(pk__in=names).order_by("code"):
        loaded.differing.append(_rename(division, names[division.pk], rename_on, by))
    for row in loaded.differing:
        if rename_on and not row.refusal:
            next(c for c in loaded.counts if c.level == row.division.level).renamed += 1
    return loaded


def _copy_files(cursor, folder, county_code, show_progress):
    """Copy the checked rows of all files into the temporary table; return counts per level."""
    counts, parents, n = [], {""}, 0
    size = sum((folder / name).stat().st_size for name, _parent in FILES.values())
    with tqdm(
        total=size,
        unit="B",
        unit_scale=True,
        desc=_("reading"),
        disable=not show_progress,
    ) as bar:
        for level, (name, parent_column) in FILES.items():
            count = LevelCount(level)
            codes = set()
            with cursor.copy("COPY loaded FROM STDIN") as copy:
                for code, label, parent_code in _rows(
                    folder / name, level, parent_column, parents, county_code, bar
                ):
                    codes.add(code)
                    n += 1
                    copy.write_row((n, level.value, code, label, parent_code))
            count.read = len(codes)
            counts.append(count)
            if level == Level.COUNTY and county_code and not codes:
                raise FileRefused(
                    _("%(file)s has no county %(code)s.") % {"file": name, "code": county_code}
                )
            parents = codes
    return counts


def _rows(path, level, parent_column, parents, county_code, bar):
    """Yield (code, name, parent code) of one file's rows that are wanted, each checked."""

    def refused(sentence, *, line=None, **values):
        raise FileRefused(
            _("%(file)s, line %(line)d: ")
            % {"file": path.name, "line": line or reader.line_num}
            + sentence % values
        )

    seen = set()
    with path.open("rb") as raw, gzip.open(raw) as unpacked:
        reader = csv.reader(line.decode() for line in unpacked)
        try:
            header = [cell.lstrip("\ufeff") for cell in next(reader, [])]
            wanted = ["code", "name", *([parent_column] if parent_column else [])]
            missing = [column for column in wanted if column not in header]
            if missing:
                raise FileRefused(
                    _("%(file)s has no column %(column)s.")
                    % {"file": path.name, "column": missing[0]}
                )
            at = [header.index(column) for column in wanted]
            read = 0
            for row in reader:
                if reader.line_num % 4096 == 0:
                    bar.update(raw.tell() - read)
                    read = raw.tell()
                if len(row) < len(header):
                    if not row:
                        continue
                    refused(
                        _("the row has %(n)d cells, not %(of)d."), n=len(row), of=len(header)
                    )
                code, name = row[at[0]].strip(), row[at[1]].strip()
                parent_code = row[at[2]].strip() if parent_column else ""
                if len(code) != level or not (code.isascii() and code.isdigit()):
                    refused(
                        _("the code “%(code)s” should be %(length)d digits."),
                        code=code[:40],
                        length=level.value,
                    )
                if county_code and not (
                    code.startswith(county_code) or county_code.startswith(code)
                ):
                    continue
                if not 0 < len(name) <= 60:
                    refused(_("the name of %(code)s is empty or too long."), code=code)
                if parent_code not in parents or not code.startswith(parent_code):
                    refused(
                        _("%(code)s has the unknown parent “%(parent)s”."),
                        code=code,
                        parent=parent_code[:40],
                    )
                if code in seen:
                    refused(_("the code %(code)s stands here twice."), code=code)
                seen.add(code)
                yield code, name, parent_code
            bar.update(raw.tell() - read)
        except UnicodeDecodeError:
            refused(_("this is not UTF-8 text."), line=reader.line_num + 1)
        except csv.Error:
            refused(_("this is not a csv row."))
        except (gzip.BadGzipFile, EOFError, zlib.error):
            refused(_("the gz file is broken."), line=reader.line_num + 1)


def _take_out_known(cursor, counts):
    """Take the codes we ever had out of the temporary table, and count the unchanged.

    Returns [(id, new name)] of current codes that the file names otherwise.
    """
    cursor.execute(
        """
        SELECT l.level, count(*) FROM loaded l
        JOIN stations_division d ON d.code = l.code AND d.name = l.name AND d.valid_to IS NULL
        GROUP BY l.level
        """
    )
    same = dict(cursor.fetchall())
    for count in counts:
        count.unchanged = same.get(count.level.value, 0)
    cursor.execute(
        """
        SELECT d.id, l.name FROM loaded l
        JOIN stations_division d ON d.code = l.code AND d.name <> l.name AND d.valid_to IS NULL
        """
    )
    differing = cursor.fetchall()
    cursor.execute("DELETE FROM loaded l USING stations_division d WHERE d.code = l.code")
    return differing


def _add_missing(cursor, counts, show_progress):
    """Add the codes that we never had, parents before children."""
    with tqdm(
        total=sum(count.read for count in counts),
        unit_scale=True,
        desc=_("adding"),
        disable=not show_progress,
    ) as bar:
        last = 0
        for count in counts:
            first, last = last + 1, last + count.read
            if count.level == Level.VILLAGE:
                # The planner should know of the townships it joins with.
                cursor.execute("ANALYZE stations_division")
            for start in range(first, last + 1, CHUNK):
                end = min(start + CHUNK - 1, last)
                cursor.execute(
                    """
                    INSERT INTO stations_division (code, name, level, parent_id, county_code)
                    SELECT l.code, l.name, l.level, p.id,
                           CASE WHEN l.level >= 6 THEN left(l.code, 6) ELSE '' END
                    FROM loaded l
                    LEFT JOIN stations_division p ON p.code = l.parent_code AND p.valid_to IS NULL
                    WHERE l.n BETWEEN %s AND %s AND (l.parent_code = '' OR p.id IS NOT NULL)
                    """,
                    [start, end],
                )
                count.added += cursor.rowcount
                bar.update(end - start + 1)


def _rename(division, new_name, rename_on, by):
    refusal = ""
    if rename_on:
        try:
            divisions.rename(
                division,
                name=new_name,
                on=rename_on,
                paper=_("statistical division codes"),
                by=by,
            )
        except divisions.ChangeRefused as sentence:
            refusal = str(sentence)
    return Differing(division, new_name, refusal)
