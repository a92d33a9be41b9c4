"""What sequences hold. Reads the settings of a mix on standard input and says what came of it as JSON.

python mixing_checks.py ROWS.jsonl FOLDER_OF_A_BASE
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import random  # noqa: E402

from mixing import contrasted, mixed  # noqa: E402
from model import load_tokenizer  # noqa: E402
from rows import MASKED, read_rows  # noqa: E402
from sft import sequences_of  # noqa: E402


def main(path: Path, base: Path) -> None:
    settings = json.load(sys.stdin)
    began = time.process_time()
    rows = read_rows(path, load_tokenizer(base))
    size = settings["wholes"] + settings["openings"]
    choose = contrasted if settings["contrasts"] else mixed
    try:
        lists = choose(rows, settings["sequences"], size, random.Random(1))
    except SystemExit as refusal:
        print(json.dumps({"refusal": str(refusal)}))
        return
    sequences = sequences_of(rows, argparse.Namespace(**settings, seed=1))
    used = Counter(row.episode for one in lists for row in one)
    print(
        json.dumps(
            {
                "rows": len(rows),
                "families": [len({row.family for row in one}) for one in lists],
                "systems": [len({row.system for row in one}) for one in lists],
                "uses": [min(used[row.episode] for row in rows), max(used.values())],
                "segments": [len(set(one["segment_ids"]) - {-1}) for one in sequences],
                "shared": [one["segment_ids"].count(-1) for one in sequences],
                "trained": [sum(label != MASKED for label in one["labels"]) for one in sequences],
                "tokens": [len(one["input_ids"]) for one in sequences],
                "seconds": time.process_time() - began,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
