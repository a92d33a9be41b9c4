"""Reward-filtered finetuning, one round: trains on sampled episodes that earned enough, beside oracle episodes, since what
is not rehearsed is forgotten.

python rft.py --base FOLDER --sampled SAMPLED.jsonl --rows ORACLE.jsonl --out FOLDER
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path

from model import load_tokenizer
from rows import Row, read_rows
from running import is_first_process, prepare_process
from sft import sequences_of, sft_arguments, train


def kept(sampled: list[Row], least: float, of_task: int, chance: random.Random) -> list[Row]:
    """Of each task the best episodes, if they earned `least`; equal ones once. A task that every try solved teaches little,
    so that its share is one."""
    tasks = defaultdict(list)
    for row in sampled:
        tasks[row.task].append(row)
    chosen = []
    for rows in tasks.values():
        good = [row for row in rows if row.reward is not None and row.reward >= least]
        different = list({tuple(row.input_ids): row for row in chance.sample(good, len(good))}.values())
        different.sort(key=lambda row: -row.reward)
        chosen += different[: 1 if len(good) == len(rows) else of_task]
    return chosen


def balanced(rows: list[Row], rehearsal: list[Row], share: float, chance: random.Random) -> list[Row]:
    """Kept and oracle rows: the latter fill every family up to the largest, and are at least `share` of all."""
    families = defaultdict(list)
    for row in rehearsal:
        families[row.family].append(row)
    counts = {family: sum(row.family == family for row in rows) for family in families}
    most = max([1, *counts.values()])
    floor = round(most * share / (1 - share))
    mixed = list(rows)
    for family, own in families.items():
        mixed += chance.sample(own, min(len(own), most - counts[family] + floor))
    return mixed


def tally(rows: list[Row]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.family] += 1
    return dict(sorted(counts.items()))


def main() -> None:
    parser = sft_arguments(__doc__)
    parser.add_argument("--sampled", required=True, type=Path, help="sampled episodes, as `toolstone export` writes them")
    parser.add_argument("--least", type=float, default=1.0, help="reward from which an episode is kept")
    parser.add_argument("--of-task", type=int, default=2, help="episodes kept of one task at most")
    parser.add_argument("--rehearsal", type=float, default=0.5, help="least share of oracle episodes, below 1")
    args = parser.parse_args()
    prepare_process(args.threads, args.seed)
    chance = random.Random(args.seed)
    tokenizer = load_tokenizer(args.base)
    sampled = read_rows(args.sampled, tokenizer)
    good = kept(sampled, args.least, args.of_task, chance)
    if not good:
        raise SystemExit(
            f"None of {len(sampled)} sampled episodes earned {args.least}: there is nothing to keep. "
            "Train the model with sft first, sample more, or lower --least."
        )
    rows = balanced(good, [row for row in read_rows(args.rows, tokenizer) if row.solved], args.rehearsal, chance)
    told = {"sampled": tally(sampled), "kept": tally(good), "trained": tally(rows)}
    if is_first_process():
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "selection.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told), flush=True)
    train(sequences_of(rows, args), args)


if __name__ == "__main__":
    main()
