"""Trains a judge: the words in which it gives its verdicts on recorded episodes, several replies about an episode in one
sequence.

python judge.py --base BASE --rows VERDICTS.jsonl --out FOLDER
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from model import load_tokenizer
from packing import Segment, pack
from rows import MASKED
from running import prepare_process, process_count
from sft import row_arguments, train


@dataclass(frozen=True)
class Episode:
    """What is to be said of an episode."""

    together: list[Segment]
    """About all criteria at once."""
    apart: list[Segment]
    """About one each."""
    yes: float
    """Share among its verdicts."""


def read_episodes(path: Path, tokenizer) -> list[Episode]:
    """Stops the program where what would be trained is not the verdicts."""
    rows = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = json.loads(line)
            text = tokenizer.decode([label for label in row["ids"]["labels"] if label != MASKED])
            if text != row["trained"]:
                raise SystemExit(f"{path}:{number}: what would be trained is {text!r}, not the verdicts {row['trained']!r}.")
            rows[row["episode"]].append(row)
    if not rows:
        raise SystemExit(f"{path} holds no rows.")
    return [episode_of(own) for own in rows.values()]


def episode_of(rows: list[dict]) -> Episode:
    def segments(are_together: bool) -> list[Segment]:
        own = [row["ids"] for row in rows if (len(row["criteria"]) > 1) == are_together]
        return [Segment(ids["input_ids"], ids["labels"]) for ids in own]

    words = "".join(row["trained"] for row in rows)
    yes, no = words.count("yes"), words.count("no")
    return Episode(segments(True), segments(False), yes / (yes + no))


def sequences_of(episodes: list[Episode], count: int, chance: random.Random) -> list[dict[str, list[int]]]:
    """`count` sequences of one episode each, in pairs of which one has the more yes the fewer the other has: alone, each
    would teach above all to say the same of everything. Pairs take turns at replies about all criteria and about one each,
    and every episode comes before any comes again; the middle one of an odd number is its own partner."""
    chosen: list[list[Segment]] = []
    while len(chosen) < count:
        by_share = sorted(chance.sample(episodes, len(episodes)), key=lambda one: one.yes)
        pairs = [(by_share[place], by_share[-1 - place]) for place in range((len(by_share) + 1) // 2)]
        for number, pair in enumerate(chance.sample(pairs, len(pairs))):
            is_together = (number + len(chosen) // len(episodes)) % 2 == 0
            chosen += [(is_together and one.together) or one.apart for one in pair]
    return [pack(one) for one in chosen[:count]]


def main() -> None:
    parser = row_arguments(__doc__)
    parser.set_defaults(batch=2)
    args = parser.parse_args()
    prepare_process(args.threads, args.seed)
    episodes = read_episodes(args.rows, load_tokenizer(args.base))
    train(sequences_of(episodes, args.sequences * process_count(), random.Random(args.seed)), args)


if __name__ == "__main__":
    main()
