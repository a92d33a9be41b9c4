"""What TRL and transformers make of our chat template. Reads conversations on standard input and says what it saw as JSON.

python trl_checks.py FOLDER_OF_A_BASE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

from trl import chat_template_utils as trl_templates  # noqa: E402

from dialect import Dialect  # noqa: E402
from model import load_tokenizer  # noqa: E402
from packing import opening, pack, whole  # noqa: E402
from rows import CLOSING, MASKED, Row, assistant_text, rendered  # noqa: E402


def seen(conversation: dict, tokenizer) -> dict:
    messages, tools = conversation["messages"], conversation["tools"]
    dialect = Dialect.in_template(tokenizer.chat_template)
    texts = [
        tokenizer.apply_chat_template(messages[:end], tools=tools, tokenize=False, add_generation_prompt=False)
        for end in range(2, len(messages) + 1)
    ]
    parsed = []
    for place, message in enumerate(messages):
        if message["role"] == "assistant":
            prompt = tokenizer.apply_chat_template(messages[:place], tools=tools, add_generation_prompt=True)["input_ids"]
            text = assistant_text([message], dialect).removesuffix(assistant_text([], dialect))
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            parsed.append(trl_templates.parse_response(tokenizer, ids, prefix=prompt))
    ids, labels = rendered(conversation, tokenizer)
    row = Row("", "", "", "", True, 1.0, ids, labels)
    packed = pack([whole(row), opening(row)])
    return {
        "texts": texts,
        "open": tokenizer.apply_chat_template(messages, tools=tools, tokenize=False, add_generation_prompt=True),
        "parsed": parsed,
        "trained": row.trained_text(tokenizer),
        "assistant": assistant_text(messages, dialect),
        "closing": CLOSING["content"],
        "decodes": tokenizer.decode(ids),
        "opening": tokenizer.decode([label for label in opening(row).labels if label != MASKED]),
        "packed_trained": sum(label != MASKED for label in packed["labels"]),
        "trained_tokens": sum(label != MASKED for label in labels + opening(row).labels),
    }


def main(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    conversations = json.load(sys.stdin)
    print(
        json.dumps(
            {
                "supports_tool_calling": trl_templates.supports_tool_calling(tokenizer),
                "prefix_preserving": trl_templates.is_chat_template_prefix_preserving(tokenizer),
                "stop_token_trained": trl_templates.is_chat_template_stop_token_trained(tokenizer),
                "needs_no_other": trl_templates.get_training_chat_template(tokenizer) is None,
                "conversations": [seen(one, tokenizer) for one in conversations],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
