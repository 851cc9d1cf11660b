import os
import subprocess
import sys

from stations.papers.fonts import cut_face, everyday_characters

# A process that makes one paper and ends.
ONE_PAPER = """
import django
django.setup()
from stations.papers.pdf import render_pdf
assert render_pdf("print.html", {}).startswith(b"%PDF")
"""


def test_the_characters_of_everyday_papers_are_there_and_rare_ones_are_not():
    everyday = everyday_characters()
    assert set("霍山县法律援助中心〔2026〕№1—“”·①【】") <= everyday
    # 6,763 characters of GB 2312, as its title page counts them.
    assert sum("\u4e00" <= sign <= "\u9fff" for sign in everyday) == 6763
    assert not everyday & set("镕喆𠮷")


def test_a_cut_face_is_a_font_a_tenth_of_the_whole_one():
    assert cut_face("sans.otf")[:4] == b"OTTO"
    assert len(cut_face("sans.otf")) < 2_500_000


def test_the_fonts_of_a_process_that_ends_leave_nothing_behind(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ONE_PAPER],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert list(tmp_path.glob("weasyprint-*")) == []
