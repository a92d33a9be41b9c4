"""Starts a script in several processes that train together, one for each graphics card, and ends when one of them fails.

python several.py PROCESSES SCRIPT ARGUMENTS...
"""

from __future__ import annotations

import logging
import sys

from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.run import main


def start(processes: str, command: list[str]) -> None:
    logging.disable()  # what went wrong the script says itself, in its last line
    try:
        main(["--standalone", "--nproc-per-node", processes, *command])
    except ChildFailedError as error:
        sys.exit(max(1, error.get_first_failure()[1].exitcode))


if __name__ == "__main__":
    start(sys.argv[1], sys.argv[2:])
