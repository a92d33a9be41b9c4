"""What is said of base models that cannot be trained, as JSON.

python base_checks.py FOLDER   (an empty one)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import gguf
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

from model import base_folder  # noqa: E402


def gguf_file(path: Path, architecture: str, kind: gguf.GGMLQuantizationType) -> Path:
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(1)
    _, size = gguf.GGML_QUANT_SIZES[kind]
    writer.add_tensor("token_embd.weight", np.zeros((2, size), np.uint8), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def file_with(path: Path, content: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def said_of(base: Path) -> str:
    try:
        base_folder(str(base))
    except SystemExit as end:
        return str(end)
    return "taken"


def main(folder: Path) -> None:
    kinds = gguf.GGMLQuantizationType
    quantised = json.dumps({"quantization_config": {"quant_method": "gptq"}}).encode()
    for name, config in (("quantised", quantised), ("plain", b"{}")):
        file_with(folder / name / "config.json", config)
        file_with(folder / name / "model.safetensors", b"")
    (folder / "empty").mkdir()
    said = {
        "absent": said_of(folder / "nowhere.gguf"),
        "no GGUF": said_of(file_with(folder / "page.gguf", b"<html>")),
        "broken": said_of(file_with(folder / "broken.gguf", b"GGUF" + bytes(40))),
        "unknown architecture": said_of(gguf_file(folder / "mamba.gguf", "mamba", kinds.Q8_0)),
        "unreadable weights": said_of(gguf_file(folder / "q8k.gguf", "llama", kinds.Q8_K)),
        "quantised folder": said_of(folder / "quantised"),
        "empty folder": said_of(folder / "empty"),
        "plain folder": said_of(folder / "plain"),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
