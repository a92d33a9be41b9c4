"""What our trainers add to those of TRL, whatever they train."""

from __future__ import annotations

import torch

from masters import AdamOnMasters
from timing import Timing


class Measured:
    """Says what the parts of each step take, as `seconds/PART` and `tokens/PART` in the log, and trains weights in bf16 by
    copies in fp32."""

    def __init__(self, *args, **named):
        self.timing = Timing()
        super().__init__(*args, **named)

    def create_optimizer(self, model: torch.nn.Module | None = None) -> torch.optim.Optimizer:
        trained = [one for one in (model or self.model).parameters() if one.requires_grad]
        if self.optimizer is None and any(one.dtype == torch.bfloat16 for one in trained):
            self.optimizer = AdamOnMasters(trained, lr=self.args.learning_rate)
        return self.optimizer or super().create_optimizer(model)

    def training_step(self, *args, **named) -> torch.Tensor:
        # what no part within it counts is going back and what belongs to it
        with self.timing.part("backward"):
            return super().training_step(*args, **named)

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        super().log(logs | self.timing.take(), start_time)
