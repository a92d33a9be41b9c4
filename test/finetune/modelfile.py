"""What Ollama makes a model of that writes in the dialect given on standard input as JSON. Needs nothing but Python."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

from dialect import HEAD, TAIL, Dialect  # noqa: E402

print(Dialect.in_template(f"{HEAD}{sys.stdin.read()}{TAIL}\n").modelfile("tuned.gguf"), end="")
