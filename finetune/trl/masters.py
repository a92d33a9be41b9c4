"""Training weights that are held in bf16, without an adapter."""

from __future__ import annotations

from collections.abc import Iterable

import torch


class AdamOnMasters(torch.optim.AdamW):
    """AdamW on copies in fp32, from which the weights are rounded after each step: in bf16 steps of its size would vanish."""

    def __init__(self, weights: Iterable[torch.nn.Parameter], lr: float):
        self._weights = list(weights)
        super().__init__([one.detach().float().clone() for one in self._weights], lr=lr, weight_decay=0.0)

    @property
    def _masters(self) -> list[torch.Tensor]:
        return self.param_groups[0]["params"]

    @torch.no_grad()
    def step(self, closure=None):
        for master, weight in zip(self._masters, self._weights):
            master.grad = None if weight.grad is None else weight.grad.float()
        loss = super().step(closure)
        self._round()
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        for weight in self._weights:
            weight.grad = None

    def state_dict(self) -> dict:
        return super().state_dict() | {"masters": [one.detach().clone() for one in self._masters]}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict) -> None:
        super().load_state_dict({key: value for key, value in state_dict.items() if key != "masters"})
        for master, held in zip(self._masters, state_dict["masters"], strict=True):
            master.copy_(held)
        self._round()

    def _round(self) -> None:
        for master, weight in zip(self._masters, self._weights):
            weight.copy_(master)
