"""Trains a judge: the words in which it gives its verdicts on recorded episodes, all replies about an episode in one sequence.

python judge.py --base BASE --rows VERDICTS.jsonl --out FOLDER
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path

from model import base_folder, load_tokenizer
from packing import Segment, pack
from rows import MASKED
from running import prepare_process
from sft import row_arguments, train


def read_replies(path: Path, tokenizer) -> list[list[Segment]]:
    """The replies about each episode. Stops the program where what would be trained is not the verdicts."""
    episodes = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = json.loads(line)
            ids, labels = row["ids"]["input_ids"], row["ids"]["labels"]
            text = tokenizer.decode([label for label in labels if label != MASKED])
            if text != row["trained"]:
                raise SystemExit(f"{path}:{number}: what would be trained is {text!r}, not the verdicts {row['trained']!r}.")
            episodes[row["episode"]].append(Segment(ids, labels))
    if not episodes:
        raise SystemExit(f"{path} holds no rows.")
    return list(episodes.values())


def sequences_of(episodes: list[list[Segment]], count: int, chance: random.Random) -> list[dict[str, list[int]]]:
    """`count` sequences, an episode each; every episode once before any comes again."""
    order: list[list[Segment]] = []
    while len(order) < count:
        order += chance.sample(episodes, len(episodes))
    return [pack(one) for one in order[:count]]


def main() -> None:
    args = row_arguments(__doc__).parse_args()
    prepare_process(args.threads, args.seed)
    episodes = read_replies(args.rows, load_tokenizer(base_folder(args.base)))
    train(sequences_of(episodes, args.sequences, random.Random(args.seed)), args)


if __name__ == "__main__":
    main()
