"""Writes the chat template in which a base model is trained and served.

python template.py --base BASE --out FOLDER   → FOLDER/chat_template.jinja
"""

from __future__ import annotations

import argparse
from pathlib import Path

from model import load_tokenizer
from running import prepare_process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="GGUF file, or folder with safetensors")
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    prepare_process(threads=1, seed=1)
    template = load_tokenizer(args.base).chat_template
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "chat_template.jinja").write_text(template, encoding="utf-8")


if __name__ == "__main__":
    main()
