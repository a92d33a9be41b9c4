"""How a model writes a conversation, and what follows from it: chat template, parser of replies, and file for Ollama."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Turn:
    """What stands before and behind the content of a turn."""

    open: str
    close: str


@dataclass(frozen=True)
class Call:
    """What stands before the name of a tool, between name and arguments (JSON), behind them, and between two calls."""

    before: str
    middle: str
    after: str
    between: str

    def example(self) -> str:
        return f"{self.before}NAME{self.middle}{{…}}{self.after}"


@dataclass(frozen=True)
class Dialect:
    """The turns of a conversation. A system prompt and the list of tools stand in the user's first turn, where every
    model takes them and where TRL puts them, so that all trainers and servers show the model the same text."""

    begin: bool
    """Whether the conversation begins with the tokenizer's first token."""
    user: Turn
    assistant: Turn
    """`close` is what follows `end`."""
    tool: Turn
    """A tool's result."""
    end: str
    """The token with which the assistant ends its turn."""
    call: Call

    def template(self) -> str:
        """The chat template, in Jinja."""
        form = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return f"{HEAD}{form}{TAIL}\n" + (HERE / "template.jinja").read_text(encoding="utf-8")

    @staticmethod
    def in_template(template: str) -> Dialect | None:
        """The dialect of a chat template of ours; none in any other."""
        head = template.partition("\n")[0]
        if not (head.startswith(HEAD) and head.endswith(TAIL)):
            return None
        given = json.loads(head.removeprefix(HEAD).removesuffix(TAIL))
        turns = {name: Turn(**given[name]) for name in ("user", "assistant", "tool")}
        return Dialect(**(given | turns | {"call": Call(**given["call"])}))

    def modelfile(self, gguf: str) -> str:
        """What `ollama create` makes a model of: the same text as the template's, token by token."""
        text = (HERE / "Modelfile").read_text(encoding="utf-8").replace("tuned.gguf", gguf)
        for name, turn in (("user", self.user), ("assistant", self.assistant), ("tool", self.tool)):
            text = text.replace(f"[{name}.open]", quoted(turn.open)).replace(f"[{name}.close]", quoted(turn.close))
        for name in ("before", "middle", "after"):
            # bare, since Ollama looks for the mark of a call in the text between its actions
            text = text.replace(f"[call.{name}]", getattr(self.call, name))
        return text.replace("[call.between]", quoted(self.call.between)).replace("[end]", quoted(self.end))

    def calls_text(self, calls: list[dict]) -> str:
        """Calls as the template writes them, written without it."""
        texts = (
            f"{self.call.before}{one['name']}{self.call.middle}"
            + json.dumps(one["arguments"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            + self.call.after
            for one in calls
        )
        return self.call.between.join(texts)

    def response_template(self) -> dict:
        """What turns an assistant's text back into a message; TRL asks for it where it does not know the template."""
        end = re.escape(self.end) + r"\s*"
        return {
            "defaults": {"role": "assistant"},
            "start_anchor": self.assistant.open,
            "fields": {
                "tool_calls": {**self._call_field(), "repeats": True, "content": "json"},
                "content": {"close_pattern": end, "content": "text"},
            },
        }

    def _call_field(self) -> dict:
        opened = re.fullmatch(r'(.*?)\s*\{\s*"name":\s*"', self.call.before, re.DOTALL)
        keyed = re.fullmatch(r'",\s*"(\w+)":\s*', self.call.middle)
        closed = re.fullmatch(r"\s*\}\s*(.*?)\s*", self.call.after, re.DOTALL)
        if opened and keyed and closed and opened[1] and closed[1]:
            # one JSON object between marks, in which spaces and the order of keys do not matter
            function = {"name": "{content.name}", "arguments": f"{{content.{keyed[1]}}}"}
            transform = "{content}" if keyed[1] == "arguments" else function
            close = re.escape(closed[1]) + (r"\s*" if self.call.between else "")
            return {"open": opened[1], "close_pattern": close, "transform": {"type": "function", "function": transform}}
        name = r"(?P<name>[\w.-]+)"
        # braces alone end no call, since arguments have them too
        is_marked = self.call.after.strip("}\n ") != ""
        return {
            "open_pattern": re.escape(self.call.before) + name + re.escape(self.call.middle),
            "close_pattern": re.escape(self.call.after) + (r"\s*" if is_marked else re.escape(self.end) + r"\s*"),
            "transform": {"type": "function", "function": {"name": "{name}", "arguments": "{content}"}},
        }


HEAD, TAIL = "{%- set form = ", " -%}"


def quoted(text: str) -> str:
    """A string of Go's."""
    return json.dumps(text, ensure_ascii=False)


HOUSE_CALL = Call('<tool_call>{"name":"', '","arguments":', "}</tool_call>", "")
"""For models whose template has no form for calls."""


def stand_in(turn: str, assistant: str, end: str, begin: bool) -> Dialect:
    """Turns that begin with `turn` and a role."""

    def of(role: str) -> Turn:
        return Turn(f"{turn}{role}\n", f"{end}\n")

    return Dialect(begin, of("user"), Turn(f"{turn}{assistant}\n", "\n"), of("tool"), end, HOUSE_CALL)


STAND_INS = (
    stand_in("<start_of_turn>", "model", "<end_of_turn>", begin=True),
    stand_in("<|im_start|>", "assistant", "<|im_end|>", begin=False),
)
"""For base models without a chat template, whose vocabulary has the marks of its family."""
