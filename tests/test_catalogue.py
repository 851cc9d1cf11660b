"""Every string of the code and the templates has its Chinese, and no Chinese is left over."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
CATALOGUE = Path("legalaid/locale/zh_Hans/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The catalogue as Django would write it today, from a copy of the tree."""
    copy = tmp_path_factory.mktemp("catalogue") / "site"
    for part in ("legalaid", "stations", "casework", "assessment", "templates", "static"):
        if (ROOT / part).exists():
            shutil.copytree(
                ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__")
            )
    shutil.copy(ROOT / "manage.py", copy)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale=zh_Hans", "--no-location"],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    return polib.pofile(copy / CATALOGUE)


def test_every_string_has_its_chinese(collected):
    assert [entry.msgid for entry in collected.untranslated_entries()] == []
    # msgmerge guesses at what is missing; a guess is marked fuzzy.
    assert [entry.msgid for entry in collected.fuzzy_entries()] == []


def test_no_chinese_is_left_over(collected):
    assert [entry.msgid for entry in collected.obsolete_entries()] == []


def test_catalogue_changes_only_where_words_do():
    """No line numbers, and sorted, so that two people's words seldom meet on one line."""
    catalogue = polib.pofile(ROOT / CATALOGUE)
    words = [entry.msgid for entry in catalogue if not entry.obsolete]

    assert not any(entry.occurrences for entry in catalogue)
    assert words == sorted(words)
