"""What is found out about the chat templates that TRL knows, and of others; says it as JSON. Reads on standard input
{NAME: {"template": Jinja, "tokenizer": file}} of others.

python dialect_checks.py
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

import trl
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from trl import chat_template_utils as trl_templates

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

from dialect import Dialect  # noqa: E402
from probing import dialect_of  # noqa: E402
from rows import assistant_text, rendered  # noqa: E402

MARK = r"<\|[\w/:-]+\|>|<\w+_of_\w+>|<｜[^｜]+｜>|<\|?turn\|?>|</s>"
CALLS = [{"type": "function", "function": {"name": "call_tool", "arguments": {"b": {"c": "</ü> \n}"}, "a": 1}}}]
CONVERSATION = {
    "messages": [
        {"role": "system", "content": "Servers."},
        {"role": "user", "content": "Go."},
        {"role": "assistant", "content": "", "tool_calls": CALLS},
        {"role": "tool", "name": "call_tool", "content": 'It is "done".\n'},
    ],
    "tools": [{"type": "function", "function": {"name": "call_tool", "parameters": {"properties": {"b": {}, "a": {}}}}}],
}


def byte_tokenizer(template: str) -> PreTrainedTokenizerFast:
    """With the marks that a template writes as tokens."""
    marks = sorted({*re.findall(MARK, template), "<first>", "</s>"})
    letters = {letter: place for place, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    tokenizer = Tokenizer(models.BPE(letters, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    last = next((mark for mark in marks if "end" in mark or "eot" in mark), "</s>")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<first>", eos_token=last, chat_template=template)


def given_tokenizer(template: str, file: str) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_file=file, chat_template=template)


def seen(tokenizer, name: str) -> dict:
    told: list[str] = []
    try:
        dialect = dialect_of(tokenizer, name, told.append)
    except SystemExit as end:
        return {"refused": str(end)}
    tokenizer.eos_token = dialect.end
    tokenizer.chat_template = dialect.template()
    tokenizer.response_template = dialect.response_template()
    prompt = tokenizer.apply_chat_template(CONVERSATION["messages"][:2], add_generation_prompt=True)["input_ids"]
    reply = tokenizer(dialect.calls_text([CALLS[0]["function"]]) + dialect.end, add_special_tokens=False)["input_ids"]
    ids, labels = rendered(CONVERSATION, tokenizer)
    return {
        "dialect": asdict(dialect),
        "told": told,
        "again": asdict(dialect_of(tokenizer, name)) == asdict(dialect),
        "parsed": trl_templates.parse_response(tokenizer, reply, prefix=prompt).get("tool_calls") == CALLS,
        "trained": tokenizer.decode([one for one in labels if one != -100]) == assistant_text(CONVERSATION["messages"], dialect),
        "endIsOneToken": len(tokenizer(dialect.end, add_special_tokens=False)["input_ids"]) == 1,
        "demands": [
            trl_templates.supports_tool_calling(tokenizer),
            trl_templates.is_chat_template_prefix_preserving(tokenizer),
            trl_templates.is_chat_template_stop_token_trained(tokenizer),
            trl_templates.get_training_chat_template(tokenizer) is None,
        ],
    }


def main() -> None:
    folder = Path(trl.__file__).parent / "chat_templates"
    files = [file for file in sorted(folder.glob("*.jinja")) if not file.stem.endswith("_training")]
    said = {file.stem: seen(byte_tokenizer(file.read_text(encoding="utf-8")), file.stem) for file in files}
    for name, one in json.load(sys.stdin).items():
        file = one.get("tokenizer")
        tokenizer = given_tokenizer(one["template"], file) if file else byte_tokenizer(one["template"])
        if one["template"] == "":
            tokenizer.chat_template = None
        said[name] = seen(tokenizer, name)
    print(json.dumps(said))


if __name__ == "__main__":
    main()
