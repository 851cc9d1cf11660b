"""A kind of document that takes as long as a test wants; a worker of the tests includes it."""

import os
import time
from pathlib import Path

from stations.papers.documents import makes

# A worker whose test is over does not go on for ever.
MOST_SECONDS = 120


@makes("slow")
def make_slow(document, progress):
    """Note who began in the folder, wait for the file `go` there, and give the maker's id."""
    folder = Path(document.parameters["folder"])
    (folder / f"began-{os.getpid()}").touch()
    give_up_at = time.monotonic() + MOST_SECONDS
    while not (folder / "go").exists() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    return f"made by {os.getpid()}".encode()
