"""What is said where nothing more can be written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEAST_ROOM = 2**20


@contextmanager
def naming_full_disk(out: Path) -> Iterator[None]:
    """Ends the program with a sentence where something could not be written into the folder `out` for want of room, which each
    library says in words of its own."""
    try:
        yield
    except Exception as error:
        if "No space left" not in str(error) and shutil.disk_usage(out).free > LEAST_ROOM:
            raise
        raise SystemExit(
            f"The disk is full: there is no room for what is to be written into {out}. Free some space, and enter the same command "
            "again: what was written whole is kept, and a training goes on from its last whole checkpoint."
        ) from error
