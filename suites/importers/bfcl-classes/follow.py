"""Follows gold calls in BFCL's own classes, as the benchmark does to judge: JSON Lines of records on standard input, a line for each out, behind one with
the tools of every class (`tools`: class → as MCP lists them).

In: `id`, `classes`, `config` (class → scenario), `longContext`, `turns` (the texts of their calls).
Out: `id` and either `fault`, or `start` and `end` (class → state), `plan` (`class`, `tool`, `arguments`, `turn`, `text`), and what an episode
must show: `reached` (`class`, `turn`, `line`), the states after the turns that changed one, and `shown` (`class`, `turn`, `tool`,
`line`), the results of calls that changed none. Moving about is a means, and so no result that must be seen; nor is an error.
"""

import ast
import inspect
import json
import sys

from bfcl_class import Instance, reached, tools_of

MEANS = ("cd", "pwd")


def call_in(text):
    """Function and arguments of a call's text, all of them literals."""
    node = ast.parse(text.strip(), mode="eval").body
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        raise ValueError(f"{text} is no plain call")
    positional = [ast.literal_eval(argument) for argument in node.args]
    return node.func.id, positional, {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}


def follow(record):
    instances = {
        name: Instance(name, {"config": record["config"].get(name), "longContext": record["longContext"]})
        for name in record["classes"]
    }
    start = {name: instance.state() for name, instance in instances.items()}
    plan, states, results = [], [], []
    for turn, calls in enumerate(record["turns"]):
        before = {name: instance.state() for name, instance in instances.items()}
        for text in calls:
            tool, positional, named = call_in(text)
            name = next((name for name, instance in instances.items() if tool in instance.methods()), None)
            if name is None:
                raise ValueError(f"{text} is a function of none of its classes")
            instance = instances[name]
            bound = inspect.signature(instance.methods()[tool]).bind(*positional, **named)
            arguments = dict(bound.arguments)
            plan.append({"class": name, "tool": tool, "arguments": arguments, "turn": turn, "text": text})
            state = instance.state()
            _, failed, line = instance.call(tool, arguments)
            if not failed and tool not in MEANS and instance.state() == state:
                results.append({"class": name, "turn": turn, "tool": tool, "line": line})
        for name, instance in instances.items():
            if instance.state() != before[name]:
                states.append({"class": name, "turn": turn, "line": reached(instance.state())})
    return {
        "start": start,
        "end": {name: instance.state() for name, instance in instances.items()},
        "plan": plan,
        "reached": states,
        "shown": results,
    }


def main():
    records = [json.loads(line) for line in sys.stdin]
    classes = sorted({name for record in records for name in record["classes"]})
    print(json.dumps({"tools": {name: tools_of(name) for name in classes}}))
    for record in records:
        try:
            found = follow(record)
            print(json.dumps({"id": record["id"], **found}))
        except Exception as error:
            print(json.dumps({"id": record["id"], "fault": f"{type(error).__name__}: {error}"}))


if __name__ == "__main__":
    main()
