"""Layers that are not trained make the same of the same tokens, in the policy and in the model that it is held near: they are
gone through once, and are one and the same in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


class SharedLayers:
    """The layers below the `trained` upper ones, of a policy and of its reference. What they made of a sequence is kept until
    `forget`: (tokens, width) a sequence."""

    def __init__(self, policy: torch.nn.Module, reference: torch.nn.Module, trained: int):
        self._known: dict[bytes, torch.Tensor] = {}
        self._sequence: bytes | None = None
        ours, theirs = policy.get_decoder(), reference.get_decoder()
        lower = list(ours.layers[:-trained])
        theirs.set_input_embeddings(ours.get_input_embeddings())
        for place, layer in enumerate(lower):
            theirs.layers[place] = layer
            layer.forward = self._passing(layer.forward, is_last=layer is lower[-1])

    @contextmanager
    def through(self, ids: torch.Tensor) -> Iterator[None]:
        """Within it the models are given this one sequence, from its beginning."""
        self._sequence = ids.numpy().tobytes()
        try:
            yield
        finally:
            self._sequence = None

    def forget(self) -> None:
        self._known.clear()

    def _passing(self, forward, is_last: bool):
        def passed(hidden_states: torch.Tensor, *others, **named) -> torch.Tensor:
            known = self._known.get(self._sequence) if self._sequence is not None else None
            if known is not None:
                return known if is_last else hidden_states
            made = forward(hidden_states, *others, **named)
            if is_last and self._sequence is not None:
                self._known[self._sequence] = made.detach()
            return made

        return passed
