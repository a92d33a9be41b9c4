"""Stored episodes, one JSON object a line as `toolstone export` writes them, as ids and labels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dialect import Dialect

MASKED = -100
# TRL asks for another turn after the last call's result; a model that was shown none would ramble on.
CLOSING = {"role": "assistant", "content": "Done."}


@dataclass(frozen=True)
class Row:
    episode: str
    task: str
    family: str
    system: str  # of those with the same one the same tools were shown by the same names
    solved: bool
    reward: float | None
    input_ids: list[int]
    labels: list[int]

    def trained_text(self, tokenizer) -> str:
        return tokenizer.decode([label for label in self.labels if label != MASKED])


def read_rows(path: Path, tokenizer) -> list[Row]:
    """All rows of a file. Stops the program where the trained text would not be exactly the assistant's turns."""
    dialect = Dialect.in_template(tokenizer.chat_template)
    rows = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            # plain json: a data set would give every call the arguments of all others, as nulls
            given = json.loads(line)
            if "ids" in given:
                ids, labels = given["ids"]["input_ids"], given["ids"]["labels"]
            else:
                ids, labels = rendered(given["conversation"], tokenizer)
            solved = bool(given["verified"] and given["properFinish"])  # null where only a judge can tell
            row = Row(given["episode"], given["task"], given["family"], given.get("system", ""), solved, given["reward"], ids, labels)
            if "conversation" in given and row.trained_text(tokenizer) != assistant_text(given["conversation"]["messages"], dialect):
                raise SystemExit(
                    f"{path}:{number}: what would be trained is not the assistant's turns: {row.trained_text(tokenizer)!r}"
                )
            rows.append(row)
    if not rows:
        raise SystemExit(f"{path} holds no rows.")
    return rows


def rendered(conversation: dict, tokenizer) -> tuple[list[int], list[int]]:
    out = tokenizer.apply_chat_template(
        [*conversation["messages"], CLOSING],
        tools=conversation["tools"],
        return_dict=True,
        return_assistant_tokens_mask=True,
    )
    ids, mask = out["input_ids"], out["assistant_masks"]
    end = max(place for place, is_trained in enumerate(mask) if is_trained) + 1
    return ids[:end], [token if is_trained else MASKED for token, is_trained in zip(ids[:end], mask[:end])]


def assistant_text(messages: list[dict], dialect: Dialect) -> str:
    """The assistant's turns of a conversation, written without the template."""
    return "".join(
        message["content"] + dialect.calls_text([call["function"] for call in message.get("tool_calls", [])]) + dialect.end
        for message in [*messages, CLOSING]
        if message["role"] == "assistant"
    )
