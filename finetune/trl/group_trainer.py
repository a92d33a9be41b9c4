"""TRL's group-relative trainer, which says what its parts take, and neither reads, scores nor goes through anything twice that it
need not."""

from __future__ import annotations

from contextlib import nullcontext

import torch
from trl import GRPOTrainer
from trl.models.utils import unwrap_model_for_generation

from drawing import Drawing, can_keep
from measured import Measured
from shared_layers import SharedLayers


class GroupTrainer(Measured, GRPOTrainer):
    """The parts of a step are reading, drawing, environment (its tools), reward (what ends episodes, and the judge), forward
    (of policy and reference) and backward.

    plain: reads and scores as TRL does, to be compared with.
    layers: how many upper layers are trained, 0 where it is an adapter.
    """

    def __init__(self, *args, plain: bool = False, layers: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self._is_plain = plain or self.accelerator.device.type != "cpu"
        self._keeps = not plain and not self.use_vllm and can_keep(self.model.config.get_text_config())
        self._drawing: Drawing | None = None
        is_apart = layers > 0 and self.ref_model is not None and not self._is_plain
        self._shared = SharedLayers(self.model, self.ref_model, layers) if is_apart else None

    def _generate(self, prompts):
        self._drawing = None  # the weights are others
        if self._shared:
            self._shared.forget()
        return super()._generate(prompts)

    def _tool_call_loop(self, *args):
        with self.timing.part("environment"):
            return super()._tool_call_loop(*args)

    def _generate_single_turn(self, prompt_ids, *others, **named):
        if self._keeps:
            return self._drawn(prompt_ids), None
        with self.timing.part("drawing") as counted:
            completions, probabilities = super()._generate_single_turn(prompt_ids, *others, **named)
            counted(sum(map(len, completions)))
        return completions, probabilities

    def _drawn(self, prompt_ids: list[list[int]]) -> list[list[int]]:
        with unwrap_model_for_generation(
            self.model_wrapped,
            self.accelerator,
            gather_deepspeed3_params=self.args.ds3_gather_for_generation,
            generation_kwargs=self.generation_kwargs,
            gradient_checkpointing_kwargs=self.args.gradient_checkpointing_kwargs,
        ) as model:
            self._drawing = self._drawing or Drawing(
                model, self.generation_config, self.eos_token_ids, self._tokenizer.pad_token_id, self.timing
            )
            return self._drawing.draw(prompt_ids)

    def _calculate_rewards(self, *args):
        with self.timing.part("reward"):
            return super()._calculate_rewards(*args)

    def _get_per_token_logps_and_entropies(self, model, input_ids, attention_mask, logits_to_keep, *others, **named):
        with self.timing.part("forward") as counted:
            counted(int(attention_mask.sum()))
            if self._is_plain:
                return super()._get_per_token_logps_and_entropies(
                    model, input_ids, attention_mask, logits_to_keep, *others, **named
                )
            rows = [
                self._scored(model, ids, mask, logits_to_keep, *others, **named)
                for ids, mask in zip(input_ids, attention_mask)
            ]
            scores, entropies = ([one for one in column if one is not None] for column in zip(*rows))
            return torch.cat(scores), torch.cat(entropies) if entropies else None, None

    def _scored(self, model, ids, mask, logits_to_keep, *others, **named) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Of one sequence alone: a processor does not go through the padding faster than through what is said."""
        places = mask.nonzero()[:, 0]
        begin, end = int(places[0]), int(places[-1]) + 1
        padding = len(ids) - end
        with self._shared.through(ids[begin:end]) if self._shared else nullcontext():
            scores, entropies, _ = super()._get_per_token_logps_and_entropies(
                model, ids[None, begin:end], mask[None, begin:end], logits_to_keep - padding, *others, **named
            )
        padded = (None if one is None else torch.nn.functional.pad(one, (0, padding)) for one in (scores, entropies))
        return tuple(padded)
