"""How our trainer scores sequences beside how TRL does: logarithms of probabilities, entropies, and what is gone through for them.

python scoring_checks.py FOLDER_OF_A_BASE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import torch  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402
from trl import GRPOTrainer  # noqa: E402

from group_trainer import GroupTrainer  # noqa: E402
from model import upper_layers  # noqa: E402
from shared_layers import SharedLayers  # noqa: E402
from timing import Timing  # noqa: E402


def scored_by_trl(_, model, input_ids, attention_mask, logits_to_keep, **__):
    """In place of TRL's own, whose kernels ask for a whole trainer."""
    logits = model(input_ids=input_ids, attention_mask=attention_mask).logits[:, -logits_to_keep - 1 : -1]
    all_scores = logits.log_softmax(-1)
    ids = input_ids[:, -logits_to_keep:, None]
    return all_scores.gather(-1, ids)[..., 0], -(all_scores.exp() * all_scores).sum(-1), None


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    policy, reference, plain = (AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32) for _ in range(3))
    upper_layers(policy, 1)
    shared = SharedLayers(policy, reference, 1)
    passes = []
    policy.get_decoder().layers[0].self_attn.register_forward_hook(lambda *_: passes.append(1))
    GRPOTrainer._get_per_token_logps_and_entropies = scored_by_trl
    trainer = GroupTrainer.__new__(GroupTrainer)
    trainer.timing, trainer._is_plain, trainer._shared = Timing(), False, shared
    chance = torch.Generator().manual_seed(3)
    ids = torch.randint(6, policy.config.vocab_size, (3, 30), generator=chance)
    mask = torch.ones_like(ids)
    mask[0, :4] = mask[1, 25:] = mask[2, :2] = mask[2, 28:] = 0
    of = lambda model, by: by(trainer, model, ids, mask, 20)  # noqa: E731
    is_said = mask[:, -20:].bool()
    with torch.no_grad():
        expected, entropies, _ = of(plain, scored_by_trl)
        by_reference, _, _ = of(reference, GroupTrainer._get_per_token_logps_and_entropies)
    by_policy, ours, _ = of(policy, GroupTrainer._get_per_token_logps_and_entropies)
    by_policy[is_said].sum().backward()
    plain_scores, _, _ = of(plain, scored_by_trl)
    plain_scores[is_said].sum().backward()
    last = [model.get_decoder().layers[1].mlp.down_proj.weight.grad for model in (policy, plain)]
    near = lambda one, other: torch.allclose(one, other, atol=1e-4)  # noqa: E731
    print(
        json.dumps(
            {
                "reference": near(by_reference[is_said], expected[is_said]),
                "policy": near(by_policy[is_said], expected[is_said]),
                "entropies": near(ours[is_said], entropies[is_said]),
                "gradient": near(*last),
                "padding": float(by_policy[~is_said].detach().abs().sum()),
                "passes": len(passes),
                "tokens": trainer.timing.take()["tokens/forward"],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
