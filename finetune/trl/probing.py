"""Finds out how a model's own chat template writes turns, calls and results, by having it write a few conversations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from dialect import HOUSE_CALL, STAND_INS, Call, Dialect, Turn

ASKED, ANSWERED, THEN, RESULT, LAST = "Qaa", "Qbb", "Qcc", 'Q"dd"', "Qee"
NAME, ARGUMENTS, CALL_ID = "qff", {"qgg": "Qhh"}, "qid000001"

Render = Callable[..., str]


def said(role: str, content: str, **more) -> dict:
    return {"role": role, "content": content, **more}


def calling(*names: str) -> dict:
    """An assistant's turn of calls alone."""
    calls = [
        {"id": CALL_ID, "type": "function", "function": {"name": name, "arguments": ARGUMENTS}} for name in names
    ]
    return said("assistant", "", tool_calls=calls)


def result() -> dict:
    return said("tool", RESULT, name=NAME, tool_call_id=CALL_ID)


class Unreadable(Exception):
    """What a template does that keeps its form from being taken over; the end of a sentence."""


def dialect_of(tokenizer, where: str, told: Callable[[str], None] = print) -> Dialect:
    """The dialect of a tokenizer's own template, or of its family where it has none. `where` names the model in sentences.
    Stops the program, with the reason, where there is neither."""
    vocabulary = tokenizer.get_vocab()
    if not tokenizer.chat_template:
        found = next((one for one in STAND_INS if one.end in vocabulary), None)
        if found is None:
            known = ", ".join(one.end for one in STAND_INS)
            raise SystemExit(
                f"{where} has no chat template, and none of the tokens {known} to end a turn with. Take the variant that was "
                f"trained for chats, or write its template to {PLACE}."
            )
        return found
    ours = Dialect.in_template(tokenizer.chat_template)
    if ours:
        return ours

    def render(*messages: dict) -> str:
        return tokenizer.apply_chat_template(list(messages), tokenize=False)

    special = {str(token) for token in [*tokenizer.added_tokens_decoder.values(), *tokenizer.all_special_tokens]}
    try:
        turns = turns_of(render, tokenizer.bos_token, special)
    except Unreadable as why:
        raise SystemExit(f"The chat template of {where} {why}. {REMEDY}") from why
    call, tool = call_of(render, turns), result_of(render, turns)
    if call is None:
        told(f"The chat template of {where} has no form for calls that is a name and JSON: they are written as {HOUSE_CALL.example()}.")
        # a result inside a user's turn is part of the form of calls that is not taken over
        tool = tool if tool and tool.close == turns["user"].close else None
    found = Dialect(**turns, call=call or HOUSE_CALL, tool=tool or result_like(turns["user"]))
    check_round_trip(render, tokenizer, found, has_calls=call is not None and tool is not None, where=where)
    return found


PLACE = "chat_template.jinja beside a GGUF file or in a folder"
REMEDY = f"Write another to {PLACE}."


def turns_of(render: Render, first: str | None, special: set[str]) -> dict:
    """Turns of user and assistant, and what ends them. Raises `Unreadable`."""
    try:
        alone = render(said("user", ASKED))
        answered = render(said("user", ASKED), said("assistant", ANSWERED))
        whole = render(said("user", ASKED), said("assistant", ANSWERED), said("user", THEN))
    except Exception as error:  # a template may raise whatever it likes
        raise Unreadable(f"cannot write a plain conversation ({error})") from error
    for text in (ASKED, ANSWERED, THEN):
        if whole.count(text) != 1:
            raise Unreadable("does not write each message of a plain conversation once")
    before, rest = whole.split(ASKED)
    to_answer, rest = rest.split(ANSWERED)
    to_next = rest.split(THEN)[0]
    end = first_of(special, answered.split(ANSWERED)[1])
    if end is None:
        raise Unreadable("ends the assistant's turn with no token of its own, so that its replies could not be told apart")
    user_close = closing(alone.split(ASKED)[1], to_answer, special)
    assistant_close = closing(answered.split(ANSWERED)[1], to_next, special)
    user_open, assistant_open = to_next.removeprefix(assistant_close), to_answer.removeprefix(user_close)
    if not before.endswith(user_open) or not assistant_close.startswith(end):
        raise Unreadable("writes the first turn in another form than later ones")
    if not (assistant_open.strip() and (user_open or user_close)):
        raise Unreadable("does not mark where a turn begins")
    return {
        # SmolLM2 has a first token too, which is but the mark of a turn
        "begin": bool(first) and before.startswith(first) and not user_open.startswith(first),
        "user": Turn(user_open, user_close),
        "assistant": Turn(assistant_open, assistant_close.removeprefix(end)),
        "end": end,
    }


def first_of(special: set[str], text: str) -> str | None:
    """The special token that a text begins with; the longest of several."""
    return max((token for token in special if token and text.startswith(token)), key=len, default=None)


def closing(at_end: str, before_next: str, special: set[str]) -> str:
    """What closes a turn, by what stands behind it at the end of a conversation and before another turn: some templates end
    a conversation with one more token."""
    if before_next.startswith(at_end):
        return at_end
    token = first_of(special, before_next) or ""
    return token + re.match(r"\s*", before_next.removeprefix(token))[0]


def call_of(render: Render, turns: dict) -> Call | None:
    """None where the template has no form for calls, or none that consists of a name and JSON."""
    text = written(render, said("user", ASKED), calling(NAME), result(), said("user", LAST))
    found = re.search(arguments_pattern(), text) if text else None
    if found is None or text.count(NAME) > 2 or CALL_ID in text:
        return None
    at = text[: found.start()].rfind(turns["assistant"].open)
    if at < 0:
        return None
    end = text.find(turns["end"], found.end())
    before, name, middle = text[at + len(turns["assistant"].open) : found.start()].partition(NAME)
    if not name or NAME in middle or end < 0:
        return None
    after = text[found.end() : end]
    two = written(render, said("user", ASKED), calling(NAME, NAME), result(), result(), said("user", LAST)) or ""
    between = two.split(ARGUMENTS["qgg"])[1].partition(after)[2].partition(before)[0] if two.count(before + NAME) == 2 else ""
    return Call(before, middle, after, between)


def arguments_pattern() -> str:
    """JSON of the arguments, however it is spaced."""
    ((key, value),) = ARGUMENTS.items()
    return rf'\{{\s*"{key}"\s*:\s*"{value}"\s*\}}'


def result_of(render: Render, turns: dict) -> Turn | None:
    """None where the template leaves results out, or refuses them."""
    text = written(render, said("user", ASKED), calling(NAME), result(), said("user", LAST))
    if text is None:
        return None
    # some write a result as JSON
    form = next((one for one in (json.dumps(RESULT), RESULT) if one in text), None)
    if form is None:
        return None
    before, after = text.split(form)
    start = before.rfind(turns["end"])
    if start < 0:
        return None
    close = after.split(LAST)[0]
    if not close.endswith(turns["user"].open):
        return None
    opened = before[start + len(turns["end"]) :].removeprefix(turns["assistant"].close)
    return Turn(opened, close.removesuffix(turns["user"].open)) if NAME not in opened and CALL_ID not in opened else None


def result_like(user: Turn) -> Turn:
    """The user's turn under the name of a tool, where it has a name."""
    return Turn(user.open.replace("user", "tool"), user.close)


def written(render: Render, *messages: dict) -> str | None:
    """None where the template refuses the conversation."""
    try:
        return render(*messages)
    except Exception:  # a template may raise whatever it likes
        return None


def check_round_trip(render: Render, tokenizer, dialect: Dialect, has_calls: bool, where: str) -> None:
    """The template that is trained must write a conversation as the model's own does."""
    with_calls = [calling(NAME), result(), said("assistant", "Qii"), said("user", LAST)] if has_calls else []
    messages = [said("user", ASKED), said("assistant", ANSWERED), said("user", THEN), *with_calls]
    own = render(*messages)
    own = re.sub(arguments_pattern(), lambda _: json.dumps(ARGUMENTS, separators=(",", ":")), own)
    own = own.replace(json.dumps(RESULT), RESULT)
    ours = tokenizer.apply_chat_template(messages, chat_template=dialect.template(), tokenize=False)
    # what it says by itself before the first turn is left out
    own, ours = (text[text.index(dialect.user.open + ASKED) :] for text in (own, ours))
    # some end a conversation with one more token
    if not own.startswith(ours):
        raise SystemExit(
            f"The chat template of {where} does not write every turn alike: it writes {own!r}, where {ours!r} would be "
            f"trained. {REMEDY}"
        )
