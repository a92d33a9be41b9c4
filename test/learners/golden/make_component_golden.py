"""Writes component-advantage.json: advantages of rewards that are sums, by TRL's own lines (`normalize_then_sum`, GDPO).

pip install torch; pip install --no-deps trl==1.16.0; python make_component_golden.py > component-advantage.json

The lines are cut out of the installed trainer and run as they are, for importing it needs all that trains.
"""

import ast
import importlib.metadata
import importlib.util
import json
import pathlib
import textwrap
import types

import torch

torch.set_default_dtype(torch.float64)
package = pathlib.Path(importlib.util.find_spec("trl").submodule_search_locations[0])


def definition(file: str, name: str) -> str:
    source = (package / "trainer" / file).read_text()
    found = next(n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef) and n.name == name)
    return textwrap.dedent(ast.get_source_segment(source, found, padded=True))


body = definition("grpo_trainer.py", "_generate_and_score_completions")
first = body.index("    unscorable_mask = ")
last = body.index("advantages = torch.nan_to_num(advantages, nan=0.0)")
lines = textwrap.dedent(body[first : body.index("\n", last)])
names = {"torch": torch}
exec(definition("utils.py", "nanstd"), names)


def advantages(groups, weights):
    """`groups`: scores by group, member and component; None is unscored."""
    rows = [[float("nan") if s is None else float(s) for s in member] for group in groups for member in group]
    trainer = types.SimpleNamespace(
        multi_objective_aggregation="normalize_then_sum",
        reward_funcs=weights,
        reward_weights=torch.tensor(weights),
        scale_rewards="group",
    )
    local = {
        "self": trainer,
        "rewards_per_func": torch.tensor(rows),
        "num_generations": len(groups[0]),
        "device": "cpu",
    }
    exec(lines, names | local, local)
    flat = local["advantages"].tolist()
    size = len(groups[0])
    return [flat[i : i + size] for i in range(0, len(flat), size)]


cases = {
    "equal totals of different make-up": ([[[1, 0], [1, 0], [0.75, 1], [0.75, 1]]], [0.8, 0.2]),
    "equal totals that cancel": ([[[1, 0], [1, 0], [1, 0], [0, 1]]], [0.5, 0.5]),
    "weights": ([[[1, 0.2], [0, 0.4], [0.5, 0.1], [0.5, 0.9]]], [0.8, 0.2]),
    "a fault": ([[[1, 1], [0, 1], [0.5, 0], [1, 0]]], [1.0, -0.3]),
    "two groups, one of them dead": (
        [[[1, 0.3], [0, 0.7], [0, 0.1], [1, 0.9]], [[0.4, 0.2], [0.4, 0.2], [0.4, 0.2], [0.4, 0.2]]],
        [0.6, 0.4],
    ),
    "unscored components and members": (
        [[[1, None], [0, 0.5], [None, 1], [0.25, 0]], [[None, None], [0, 0.5], [1, 1], [1, None]]],
        [0.7, 0.3],
    ),
}
print(
    json.dumps(
        {
            "trl": importlib.metadata.version("trl"),
            "cases": [
                {"name": name, "groups": groups, "weights": weights, "advantages": advantages(groups, weights)}
                for name, (groups, weights) in cases.items()
            ],
        },
        indent=2,
    )
)
