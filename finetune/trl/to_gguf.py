"""Writes the weights of a finetuned folder over those of the GGUF that is served, which keeps its tokenizer and all else.

python to_gguf.py --model FOLDER --onto BASE.gguf --out TUNED.gguf [--type Q8_0|F16]
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import gguf
import numpy as np
from safetensors import safe_open

END_OF_TURN = "<end_of_turn>"
TYPES = {"F16": gguf.GGMLQuantizationType.F16, "Q8_0": gguf.GGMLQuantizationType.Q8_0}
# GGUF files of these architectures hold the scale of a norm where the folder holds scale − 1
NORMS_PLUS_ONE = {"gemma", "gemma2", "gemma3"}
# The writer states these itself.
OWN_FIELDS = {"general.architecture", "general.file_type", "tokenizer.ggml.eos_token_id", "tokenizer.chat_template"}


def names_by_gguf(reader: gguf.GGUFReader, architecture: str, weights) -> dict[str, str]:
    """GGUF tensor → weight of the folder. Stops the program where the two are not the same model."""
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    layers = int(reader.fields[f"{architecture}.block_count"].contents())
    mapping = gguf.get_tensor_name_map(kinds[architecture], layers)
    found = {mapping.get_name(name, (".weight", ".bias")): name for name in weights.keys()}
    # a tied output layer is written once, as the embedding
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    if "output.weight" not in tensors:
        found.pop("output.weight", None)
    problems = [f"{name} is missing" for name in tensors if name not in found]
    problems += [f"{own} fits no tensor" for name, own in found.items() if name not in tensors]
    for name, tensor in tensors.items():
        shape = tuple(int(size) for size in reversed(tensor.shape))
        if name in found and tuple(weights.get_slice(found[name]).get_shape()) != shape:
            problems.append(f"{found[name]} has the shape {weights.get_slice(found[name]).get_shape()}, not {list(shape)}")
    if problems:
        raise SystemExit(f"The base GGUF does not fit the weights: {'; '.join(map(str, problems[:5]))}.")
    return found


def type_of(tensor: gguf.ReaderTensor, wanted: gguf.GGMLQuantizationType) -> gguf.GGMLQuantizationType:
    """Vectors stay in fp32, and so does what cannot be cut into blocks of 32."""
    is_vector = len(tensor.shape) == 1
    has_blocks = int(tensor.shape[0]) % 32 == 0
    return wanted if not is_vector and has_blocks else gguf.GGMLQuantizationType.F32


def graft(model: Path, onto: Path, out: Path, kind: str) -> None:
    reader = gguf.GGUFReader(onto)
    architecture = str(reader.fields["general.architecture"].contents())
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    check_tokens(model, tokens)
    writer = gguf.GGUFWriter(out.with_suffix(".part"), architecture)
    for field in reader.fields.values():
        if field.name in OWN_FIELDS or field.name.startswith("GGUF."):
            continue
        value_type, *inner = field.types
        writer.add_key_value(field.name, field.contents(), value_type, inner[-1] if inner else None)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if kind == "F16" else gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_eos_token_id(tokens.index(END_OF_TURN))
    writer.add_chat_template((model / "chat_template.jinja").read_text(encoding="utf-8"))
    with safe_open(model / "model.safetensors", "numpy") as weights:
        names = names_by_gguf(reader, architecture, weights)
        for tensor in reader.tensors:
            values = weights.get_tensor(names[tensor.name]).astype(np.float32)
            if architecture in NORMS_PLUS_ONE and tensor.name.endswith("norm.weight"):
                values = values + 1.0
            target = type_of(tensor, TYPES[kind])
            writer.add_tensor(tensor.name, gguf.quants.quantize(values, target), raw_dtype=target)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    out.with_suffix(".part").rename(out)
    # the engine in the harness takes the template that lies beside a file first
    shutil.copyfile(model / "chat_template.jinja", out.with_name("chat_template.jinja"))
    served = Path(__file__).with_name("Modelfile").read_text(encoding="utf-8")
    out.with_name("Modelfile").write_text(served.replace("./tuned.gguf", f"./{out.name}"), encoding="utf-8")


def check_tokens(model: Path, tokens: list[str]) -> None:
    """A few ids must mean the same in both; with other ids the model would read nonsense."""
    vocabulary = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    known = dict(vocabulary["model"]["vocab"])
    known |= {one["content"]: one["id"] for one in vocabulary["added_tokens"]}
    if END_OF_TURN not in known:
        raise SystemExit(f"The tokenizer of {model} has no {END_OF_TURN}.")
    other = [text for text, place in known.items() if place >= len(tokens) or tokens[place] != text]
    if len(other) > len(known) // 100:
        raise SystemExit(f"The base GGUF does not fit the weights: {len(other)} of {len(known)} tokens are others.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path, help="folder with the finetuned weights")
    parser.add_argument("--onto", required=True, type=Path, help="the GGUF file of the base model")
    parser.add_argument("--out", required=True, type=Path, help="GGUF file to write")
    parser.add_argument("--type", default="Q8_0", choices=sorted(TYPES), help="of the large weights")
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    graft(args.model, args.onto, args.out, args.type)


if __name__ == "__main__":
    main()
