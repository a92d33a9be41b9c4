"""Counts what the stages of a recipe take: builds the whole model without its numbers (torch's device `meta`), adds the recipe's
adapter, and goes one step forward and back through a sequence. Says it as JSON.

python commands/figures/finetune_memory.py finetune/recipes/*.yaml >reports/reference/finetune-memory.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import torch  # noqa: E402
import yaml  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402
from transformers import AutoModelForCausalLM, Qwen3Config  # noqa: E402

from model import upper_layers, with_adapter  # noqa: E402
from packing import attention_masks  # noqa: E402
from segmented_attention import segments_of, use_segments  # noqa: E402

QWEN3 = {"vocab_size": 151936, "head_dim": 128, "num_key_value_heads": 8, "tie_word_embeddings": True, "max_position_embeddings": 40960}
CONFIGS = {
    "Qwen/Qwen3-0.6B": QWEN3 | {"hidden_size": 1024, "num_hidden_layers": 28, "num_attention_heads": 16, "intermediate_size": 3072},
    "Qwen/Qwen3-4B": QWEN3 | {"hidden_size": 2560, "num_hidden_layers": 36, "num_attention_heads": 32, "intermediate_size": 9728},
}
"""As the models' own config.json has it."""

TOKENS = 2300
"""Of an episode of the suite `broad`."""


def counted(base: str, stage: dict) -> dict:
    """Of one stage: weights, what is trained of them, bytes of each, and operations a token. Activations are computed a second
    time on the way back, as on a graphics card; only what is trained of the sequence, a fifth, meets the output layer."""
    config = Qwen3Config(**CONFIGS[base], attn_implementation="sdpa")
    with torch.device("meta"):
        model = use_segments(AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16))
        parameters = sum(one.numel() for one in model.parameters())
        model = upper_layers(model, stage["layers"]) if "layers" in stage else with_adapter(model, stage["rank"])
    model.gradient_checkpointing_enable()
    model.train()
    trained = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(trained)
    with FlopCounterMode(display=False) as operations:
        step(model, config)
    optimizer.step()
    moments = [value for state in optimizer.state.values() for value in state.values() if value.dim() > 0]
    own = {id(one) for one in trained}
    return {
        "parameters": parameters,
        "trained": sum(one.numel() for one in trained),
        "bytes": {
            "weights": bytes_of(one for one in model.parameters() if id(one) not in own),
            "trained": bytes_of(trained),
            "gradients": bytes_of(one.grad for one in trained),
            "moments": bytes_of(moments),
            "keysAndValuesOfToken": 2 * 2 * config.num_hidden_layers * config.num_key_value_heads * config.head_dim,
            # what is kept of a token for the way back: the input of each layer
            "layerInputsOfToken": 2 * config.num_hidden_layers * config.hidden_size,
        },
        "operationsOfToken": round(operations.get_total_flops() / TOKENS),
    }


def step(model: torch.nn.Module, config: Qwen3Config) -> None:
    ids = torch.zeros((1, TOKENS), dtype=torch.long, device="meta")
    segment = torch.zeros((1, TOKENS), dtype=torch.long)
    places = torch.arange(TOKENS)[None]
    masks = attention_masks(segment.to("meta"), places.to("meta"), config, torch.bfloat16)
    kept = torch.zeros(TOKENS // 5, dtype=torch.long, device="meta")
    made = model(
        input_ids=ids, position_ids=places.to("meta"), attention_mask=masks, segments=segments_of(segment[0]), logits_to_keep=kept
    )
    torch.nn.functional.cross_entropy(made.logits[0].float(), kept).backward()


def bytes_of(tensors) -> int:
    return sum(one.numel() * one.element_size() for one in tensors)


def main(paths: list[Path]) -> None:
    seen = {}
    for path in paths:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
        base = recipe.pop("base")
        seen[path.stem] = {name: counted(base, stage) for name, stage in recipe.items()}
    print(json.dumps(seen, indent=2))


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
