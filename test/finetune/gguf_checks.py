"""Compares a grafted GGUF file with its base and with the folder it was made of, and grafts what does not fit.

python gguf_checks.py BASE.gguf TUNED.gguf MODEL
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file, save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import to_gguf  # noqa: E402


def values(reader: gguf.GGUFReader) -> dict[str, np.ndarray]:
    return {one.name: gguf.quants.dequantize(one.data, one.tensor_type) for one in reader.tensors}


def refusal(model: Path, change, onto: Path) -> str:
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


def main(base: Path, tuned: Path, model: Path) -> None:
    readers = gguf.GGUFReader(base), gguf.GGUFReader(tuned)
    tokens = [one.fields["tokenizer.ggml.tokens"].contents() for one in readers]
    before, after = map(values, readers)
    weights = load_file(model / "model.safetensors")
    embedding, norm = "model.embed_tokens.weight", "model.layers.1.input_layernorm.weight"
    projection = "model.layers.1.self_attn.q_proj.weight"
    pairs = [
        (after["token_embd.weight"], weights[embedding]),
        (after["blk.1.attn_norm.weight"], weights[norm] + 1),
        (after["blk.1.attn_q.weight"], weights[projection]),
    ]
    said = {
        "sameTokens": tokens[0] == tokens[1],
        "name": readers[1].fields["general.name"].contents(),
        "endOfTurn": tokens[1][readers[1].fields["tokenizer.ggml.eos_token_id"].contents()],
        "template": readers[1].fields["tokenizer.chat_template"].contents(),
        "sameNames": before.keys() == after.keys(),
        "isTrained": bool(np.abs(before["blk.1.attn_q.weight"] - after["blk.1.attn_q.weight"]).max() > 0.005),
        # eight bits a weight: within a hundredth of the largest
        "isNear": all(np.abs(a - b).max() <= np.abs(b).max() / 100 for a, b in pairs),
        "refusals": [refusal(model, change, base) for change in (narrower, other_tokens)],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
