"""Draws the turns of a batch of episodes, and keeps what the model has read of each for its next turn, which TRL reads anew.

Kept are keys and values of the very tokens: a turn that does not begin with all of them, in this order, is read from its
beginning.
"""

from __future__ import annotations

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

from timing import Timing


def can_keep(config) -> bool:
    """Whether places in the cache may be left out one by one: layers that look back a window of places count those, too."""
    return all(type(layer) is DynamicLayer for layer in DynamicCache(config=config).layers)


class Drawing:
    """The rows of a batch of episodes, as far as the model has read and drawn them. Weights must not change meanwhile.

    `ids` and `mask`, (rows, places): the token in each place of the cache, and whether it is one of the episode. Others are
    paddings of rows that were shorter, or what was drawn while others went on.
    """

    def __init__(self, model, generation_config, ends: list[int], pad: int, timing: Timing):
        self._model, self._config, self._timing = model, generation_config, timing
        self._ends, self._pad = torch.tensor(ends, device=model.device), pad
        self._cache: DynamicCache | None = None
        self._ids = self._mask = torch.empty((0, 0), dtype=torch.long, device=model.device)

    @torch.no_grad()
    def draw(self, prompts: list[list[int]]) -> list[list[int]]:
        """What the model says after each of the prompts, its mark of the end included where it got so far."""
        self._take_up(prompts)
        with self._timing.part("drawing") as counted:
            drawn = self._model.generate(
                input_ids=self._ids,
                attention_mask=self._mask,
                past_key_values=self._cache,
                generation_config=self._config,
            )[:, self._ids.shape[1] :]
            kept = is_before_end(drawn, self._ends)
            counted(int(kept.sum()))
        # what was drawn last is in no cache yet
        self._ids = torch.cat([self._ids, drawn[:, :-1]], dim=1)
        self._mask = torch.cat([self._mask, kept[:, :-1].long()], dim=1)
        return [row[mask].tolist() for row, mask in zip(drawn, kept)]

    def _take_up(self, prompts: list[list[int]]) -> None:
        """Brings the cache to all tokens of the prompts but the last of each, which drawing begins with."""
        rows = self._rows_of(prompts)
        if rows is None:  # new episodes: those of a group begin alike, and this is read once
            different = list(dict.fromkeys(map(tuple, prompts)))
            self._cache = DynamicCache(config=self._model.config)
            self._ids = self._mask = self._ids.new_empty((len(different), 0))
            self._read([list(one) for one in different])
            place = {one: index for index, one in enumerate(different)}
            self._select([place[tuple(prompt)] for prompt in prompts])
        else:
            self._select(rows)
            lengths = self._mask.sum(dim=1).tolist()
            self._read([prompt[length:] for prompt, length in zip(prompts, lengths)])

    def _rows_of(self, prompts: list[list[int]]) -> list[int] | None:
        """The row that each prompt goes on from, every row once; none where there is not one for each."""
        free = {index: row[mask.bool()].tolist() for index, (row, mask) in enumerate(zip(self._ids, self._mask))}
        rows = []
        for prompt in prompts:
            fitting = [index for index, ids in free.items() if len(ids) < len(prompt) and prompt[: len(ids)] == ids]
            if not fitting:
                return None
            rows.append(max(fitting, key=lambda index: len(free[index])))
            del free[rows[-1]]
        return rows

    def _select(self, rows: list[int]) -> None:
        chosen = torch.tensor(rows, device=self._ids.device)
        self._cache.batch_select_indices(chosen)
        self._ids, self._mask = self._ids[chosen], self._mask[chosen]

    def _read(self, suffixes: list[list[int]]) -> None:
        width = max(map(len, suffixes))
        rows = [[self._pad] * (width - len(one)) + one for one in suffixes]
        masks = [[0] * (width - len(one)) + [1] * len(one) for one in suffixes]
        self._ids = torch.cat([self._ids, self._ids.new_tensor(rows)], dim=1)
        self._mask = torch.cat([self._mask, self._ids.new_tensor(masks)], dim=1)
        if width == 1:
            return
        positions = (self._mask.cumsum(dim=1) - 1).clamp(min=0)
        with self._timing.part("reading") as counted:
            self._model(
                input_ids=self._ids[:, -width:-1],
                attention_mask=self._mask[:, :-1],
                position_ids=positions[:, -width:-1],
                past_key_values=self._cache,
                logits_to_keep=1,
            )
            counted(sum(len(one) - 1 for one in suffixes))


def is_before_end(drawn: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    """(rows, tokens): whether a token stands before the row's first mark of an end, or is it."""
    is_end = torch.isin(drawn, ends).int()
    return is_end.cumsum(dim=1) - is_end == 0
