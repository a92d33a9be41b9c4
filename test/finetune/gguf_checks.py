"""Compares a grafted GGUF file with its base and with the folder it was made of, and grafts what does not fit.

python gguf_checks.py BASE.gguf TUNED.gguf MODEL [gemma3|llama]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import load_file as load_torch
from safetensors.torch import save_file as save_torch
from transformers import AutoModelForCausalLM, GgufConfig

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import tensors  # noqa: E402
import to_gguf  # noqa: E402
from tiny_model import HEAD_SIZE, in_gguf  # noqa: E402


def values(reader: gguf.GGUFReader) -> dict[str, np.ndarray]:
    return {one.name: gguf.quants.dequantize(one.data, one.tensor_type) for one in reader.tensors}


def is_read_as(tuned: Path, weights: dict[str, torch.Tensor]) -> bool:
    """Whether transformers, which has transforms of its own, reads the weights out of the file that were written into it."""
    plain = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        tuned.parent, gguf_file=tuned.name, dtype=torch.float32, quantization_config=plain
    )
    read = model.state_dict()
    return all((read[name] - weight).abs().max() <= weight.abs().max() / 100 for name, weight in weights.items())


def outcome(model: Path, change, onto: Path) -> str:
    """What a graft of changed weights says."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "model"
        copy.mkdir()
        for file in model.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        change(copy)
        try:
            to_gguf.graft(copy, onto, Path(folder) / "out.gguf", "Q8_0")
        except SystemExit as end:
            return str(end)
    return "grafted"


def is_file_last(model: Path, onto: Path) -> bool:
    """Whether a graft that breaks off before all stands beside the file leaves no file that would be taken for whole."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.gguf"
        out.with_name("Modelfile").mkdir()
        try:
            to_gguf.graft(model, onto, out, "Q8_0")
        except IsADirectoryError:
            return not out.exists()
    return False


def narrower(model: Path) -> None:
    weights = load_file(model / "model.safetensors")
    name = "model.layers.0.mlp.down_proj.weight"
    save_file(weights | {name: np.ascontiguousarray(weights[name][:, :32])}, model / "model.safetensors")


def other_tokens(model: Path) -> None:
    file = model / "tokenizer.json"
    tokenizer = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = {text: (place + 7) % len(vocabulary) for text, place in vocabulary.items()}
    file.write_text(json.dumps(tokenizer), encoding="utf-8")


def other_order(model: Path) -> None:
    """The rows of a head turned by one."""
    weights = load_file(model / "model.safetensors")
    name = "model.layers.1.self_attn.q_proj.weight"
    turned = np.roll(weights[name].reshape(-1, HEAD_SIZE, weights[name].shape[1]), 1, axis=1)
    save_file(weights | {name: np.ascontiguousarray(turned.reshape(weights[name].shape))}, model / "model.safetensors")


def other_norm(model: Path) -> None:
    weights = load_file(model / "model.safetensors")
    name = "model.layers.0.input_layernorm.weight"
    save_file(weights | {name: weights[name] + 1}, model / "model.safetensors")


def halved(model: Path) -> None:
    """Nothing is wrong with weights as bf16, in two files."""
    weights = {name: weight.bfloat16() for name, weight in load_torch(model / "model.safetensors").items()}
    names = sorted(weights)
    (model / "model.safetensors").unlink()
    save_torch({name: weights[name] for name in names[::2]}, model / "model-1.safetensors")
    save_torch({name: weights[name] for name in names[1::2]}, model / "model-2.safetensors")


def unchanged(_model: Path) -> None:
    pass


def without_transform(model: Path, onto: Path, architecture: str) -> str:
    """What is said where the table has a wrong entry."""
    right = tensors.TRANSFORMS[architecture]
    tensors.TRANSFORMS[architecture] = tensors.as_they_are
    try:
        return outcome(model, unchanged, onto)
    finally:
        tensors.TRANSFORMS[architecture] = right


def main(base: Path, tuned: Path, model: Path, architecture: str) -> None:
    readers = gguf.GGUFReader(base), gguf.GGUFReader(tuned)
    tokens = [one.fields["tokenizer.ggml.tokens"].contents() for one in readers]
    before, after = map(values, readers)
    weights = load_torch(model / "model.safetensors")
    names = {
        "token_embd.weight": "model.embed_tokens.weight",
        "blk.1.attn_norm.weight": "model.layers.1.input_layernorm.weight",
        "blk.1.attn_q.weight": "model.layers.1.self_attn.q_proj.weight",
        "blk.1.attn_k.weight": "model.layers.1.self_attn.k_proj.weight",
        "blk.1.attn_v.weight": "model.layers.1.self_attn.v_proj.weight",
    }
    pairs = [(after[own], in_gguf(architecture, own, weights[name]).numpy()) for own, name in names.items()]
    changes = (narrower, other_tokens, other_order, other_norm)
    said = {
        "sameTokens": tokens[0] == tokens[1],
        "name": readers[1].fields["general.name"].contents(),
        "endOfTurn": tokens[1][readers[1].fields["tokenizer.ggml.eos_token_id"].contents()],
        "template": readers[1].fields["tokenizer.chat_template"].contents(),
        "sameNames": before.keys() == after.keys(),
        "isTrained": bool(np.abs(before["blk.1.attn_q.weight"] - after["blk.1.attn_q.weight"]).max() > 0.005),
        # eight bits a weight: within a hundredth of the largest
        "isNear": all(np.abs(a - b).max() <= np.abs(b).max() / 100 for a, b in pairs),
        "isReadAsTrained": is_read_as(tuned, weights),
        "halved": outcome(model, halved, base),
        "isFileLast": is_file_last(model, base),
        "refusals": [*(outcome(model, change, base) for change in changes), without_transform(model, base, architecture)],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), sys.argv[4] if len(sys.argv) > 4 else "gemma3")
