"""Writes the weights of a finetuned folder over those of the GGUF that is served, which keeps its tokenizer and all else.

python to_gguf.py --model FOLDER --onto BASE.gguf --out TUNED.gguf [--type Q8_0|F16]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import gguf

from dialect import Dialect
from full_disk import naming_full_disk
from tensors import grafts, read_gguf

TYPES = {"F16": gguf.GGMLQuantizationType.F16, "Q8_0": gguf.GGMLQuantizationType.Q8_0}
# The writer states these itself.
OWN_FIELDS = {"general.architecture", "general.file_type", "tokenizer.ggml.eos_token_id", "tokenizer.chat_template"}


def type_of(tensor: gguf.ReaderTensor, wanted: gguf.GGMLQuantizationType) -> gguf.GGMLQuantizationType:
    """Vectors stay in fp32, and so does what cannot be cut into blocks of 32."""
    is_vector = len(tensor.shape) == 1
    has_blocks = int(tensor.shape[0]) % 32 == 0
    return wanted if not is_vector and has_blocks else gguf.GGMLQuantizationType.F32


def graft(model: Path, onto: Path, out: Path, kind: str) -> None:
    reader, architecture = read_gguf(onto)
    dialect = dialect_of_folder(model)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    check_tokens(model, tokens, dialect.end)
    part = out.with_suffix(".part")
    writer = gguf.GGUFWriter(part, architecture)
    for field in reader.fields.values():
        if field.name in OWN_FIELDS or field.name.startswith("GGUF."):
            continue
        value_type, *inner = field.types
        writer.add_key_value(field.name, field.contents(), value_type, inner[-1] if inner else None)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if kind == "F16" else gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_eos_token_id(tokens.index(dialect.end))
    writer.add_chat_template(dialect.template())
    for tensor, values in grafts(model, reader, architecture):
        target = type_of(tensor, TYPES[kind])
        writer.add_tensor(tensor.name, gguf.quants.quantize(values, target), raw_dtype=target)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    # the engine in the harness takes the template that lies beside a file first
    out.with_name("chat_template.jinja").write_text(dialect.template(), encoding="utf-8")
    out.with_name("Modelfile").write_text(dialect.modelfile(out.name), encoding="utf-8")
    # last, since whoever finds the file takes all of it for written
    part.rename(out)


def dialect_of_folder(model: Path) -> Dialect:
    """A model of ours says it in its template; another one is asked."""
    template = model / "chat_template.jinja"
    own = Dialect.in_template(template.read_text(encoding="utf-8")) if template.is_file() else None
    if own:
        return own
    from model import load_tokenizer  # takes seconds, and few need it

    return Dialect.in_template(load_tokenizer(model).chat_template)


def check_tokens(model: Path, tokens: list[str], end: str) -> None:
    """A few ids must mean the same in both; with other ids the model would read nonsense."""
    given = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary = given["model"]["vocab"]
    # a unigram tokenizer lists its tokens with their scores
    known = dict(vocabulary) if isinstance(vocabulary, dict) else {one[0]: place for place, one in enumerate(vocabulary)}
    known |= {one["content"]: one["id"] for one in given["added_tokens"]}
    if end not in known or end not in tokens:
        raise SystemExit(f"The tokenizer of {model if end not in known else 'the base GGUF'} has no {end}, which ends a turn.")
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
    with naming_full_disk(args.out.parent):
        graft(args.model, args.onto, args.out, args.type)


if __name__ == "__main__":
    main()
