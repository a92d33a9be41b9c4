"""What would be trained of exported rows: the decoded text of the labels of each, as JSON.

python trained_texts.py FOLDER_OF_A_BASE ROWS.jsonl
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

from model import load_tokenizer  # noqa: E402
from rows import read_rows  # noqa: E402

tokenizer = load_tokenizer(Path(sys.argv[1]))
print(json.dumps([row.trained_text(tokenizer) for row in read_rows(Path(sys.argv[2]), tokenizer)]))
