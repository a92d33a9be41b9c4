"""TRL's group-relative trainer with two changes: it says what its parts take, and reads every token of an episode once."""

from __future__ import annotations

from trl import GRPOTrainer
from trl.models.utils import unwrap_model_for_generation

from drawing import Drawing, can_keep
from measured import Measured


class GroupTrainer(Measured, GRPOTrainer):
    """The parts of a step are reading, drawing, environment (its tools), reward (what ends episodes, and the judge), forward
    (of policy and reference) and backward.

    keeps: whether what an episode has read is kept for its next turn, where the model's layers allow it.
    """

    def __init__(self, *args, keeps: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self._keeps = keeps and not self.use_vllm and can_keep(self.model.config.get_text_config())
        self._drawing: Drawing | None = None

    def _generate(self, prompts):
        self._drawing = None  # the weights are others
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

    def _get_per_token_logps_and_entropies(self, model, input_ids, attention_mask, *others, **named):
        with self.timing.part("forward") as counted:
            counted(int(attention_mask.sum()))
            return super()._get_per_token_logps_and_entropies(model, input_ids, attention_mask, *others, **named)
