"""Which episodes share a sequence."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import cycle, islice
from typing import Iterator

from rows import Row


def mixed(rows: list[Row], count: int, size: int, chance: random.Random) -> list[list[Row]]:
    """`count` lists of `size` rows each, all rows equally often, in an order of chance."""
    order: list[Row] = []
    while len(order) < count * size:
        order += chance.sample(rows, len(rows))
    return [order[start : start + size] for start in range(0, count * size, size)]


def contrasted(rows: list[Row], count: int, size: int, chance: random.Random) -> list[list[Row]]:
    """`count` lists of `size` rows each, those of a list shown the same tools by the same names, of as many families as there
    are: what tells one from another is the words of the task. Stops the program where no two families share their names."""
    offers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.system:  # files exported by earlier versions do not say
            offers[row.system].append(row)
    able = [own for own in offers.values() if len({row.family for row in own}) > 1]
    if not able:
        raise SystemExit(
            "No two families were shown the same tools by the same names, so that there is nothing to contrast. "
            "Record episodes of several families, with --alias by numbers: --alias '1?per=number'."
        )
    dealt = [in_turns(own, chance) for own in chance.sample(able, len(able))]
    return [list(islice(own, size)) for own in islice(cycle(dealt), count)]


def in_turns(rows: list[Row], chance: random.Random) -> Iterator[Row]:
    """The rows again and again, families in turns, each family's own in an order of chance."""
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    decks = [cycle(chance.sample(own, len(own))) for own in families.values()]
    while True:
        yield from (next(deck) for deck in chance.sample(decks, len(decks)))
