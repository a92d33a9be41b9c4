"""Compares what our checks say of plans with what BFCL's own checker says: every gold plan, whole and with each of its calls left out.

Given the folder of suites/importers/bfcl-classes and BFCL's file of questions; prints JSON: `plans`, `both`, `neither`, `onlyOurs`, `onlyTheirs`.
"""

import copy
import inspect
import json
import pathlib
import sys

classes, questions = map(pathlib.Path, sys.argv[1:])
sys.path.insert(0, str(classes))

from bfcl_class import Instance
from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_checker import multi_turn_checker
from follow import call_in, follow


def ours(record, wanted, turns):
    instances = {name: Instance(name, {"config": record["config"].get(name)}) for name in record["classes"]}
    for text in (text for calls in turns for text in calls):
        tool, positional, named = call_in(text)
        instance = next(instance for instance in instances.values() if tool in instance.methods())
        instance.call(tool, inspect.signature(instance.methods()[tool]).bind(*positional, **named).arguments)
    if any(instance.state() != wanted["end"][name] for name, instance in instances.items()):
        return False
    return all(f"{one['line']}\n" in instances[one["class"]].log() for one in wanted["reached"] + wanted["shown"])


def variants(turns):
    yield turns
    for turn, calls in enumerate(turns):
        for place in range(len(calls)):
            fewer = copy.deepcopy(turns)
            del fewer[turn][place]
            yield fewer


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


gold = {one["id"]: one["ground_truth"] for one in lines(questions.parent / "possible_answer" / questions.name)}
counts = {"plans": 0, "both": 0, "neither": 0, "onlyOurs": 0, "onlyTheirs": 0}
for entry in lines(questions):
    turns = gold[entry["id"]]
    record = {"classes": entry["involved_classes"], "config": entry["initial_config"], "longContext": False, "turns": turns}
    wanted = follow(record)
    for played in variants(turns):
        counts["plans"] += 1
        # Its instances are kept by the name of the model.
        theirs = multi_turn_checker([[calls] for calls in played], turns, entry, "multi_turn_base", f"plan{counts['plans']}")
        mine, said = ours(record, wanted, played), theirs["valid"]
        counts["both" if mine and said else "onlyOurs" if mine else "onlyTheirs" if said else "neither"] += 1
print(json.dumps(counts))
