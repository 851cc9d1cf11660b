"""Folders for half-made files: gone with the block, and gone after a killed worker."""

import os
import signal
import subprocess
import sys

import pytest
from celery.signals import worker_process_init

from stations.files import passing

HOLDER = """
import sys, tempfile, time
tempfile.tempdir = sys.argv[1]
from stations.files import passing
with passing.folder() as folder:
    (folder / "register.xlsx").write_text("13900002648")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_a_folder_lives_as_long_as_its_block_also_when_that_fails():
    with passing.folder() as folder:
        assert passing.clear_left_behind() == 0
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
    with pytest.raises(ValueError, match="half"), passing.folder() as folder:
        raise ValueError("half made")
    assert not folder.exists()


def test_what_a_killed_worker_leaves_is_removed_by_the_next(tmp_path):
    worker = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    left = worker.stdout.readline().strip()
    assert "register.xlsx" in os.listdir(left)
    # While it lives nobody touches it.
    assert passing.clear_left_behind() == 0

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    assert "register.xlsx" in os.listdir(left)
    worker_process_init.send(sender=None)
    assert not os.path.exists(left)
