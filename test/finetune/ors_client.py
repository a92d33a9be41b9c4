"""The outside programs themselves on a server of ours: what they see is printed as one line of JSON.

Usage: ors_client.py SCENARIO URL [JSON]. The official client and TRL are imported unmodified.
"""

import json
import logging
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

scenario, url = sys.argv[1:3]
given = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None
os.environ |= {
    "OPENREWARD_API_URL": url,
    "OPENREWARD_SESSION_URL": url,
    "OPENREWARD_DISABLE_UPDATE_CHECK": "1",
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "HF_HUB_OFFLINE": "1",
}
logging.disable(logging.CRITICAL)

from openreward import OpenReward  # noqa: E402  (the environment comes first)


def attempt(work):
    """What `work` returns, or the type and words of what it raises."""
    try:
        return work()
    except Exception as error:
        return {"raised": type(error).__name__, "words": str(error)}


def shown(output):
    if isinstance(output, dict):
        return output
    text = "\n".join(block.text for block in output.blocks)
    metadata = output.metadata["toolstone"]
    return {"text": text, "reward": output.reward, "finished": output.finished, "metadata": metadata}


def call(session, name, arguments):
    return shown(attempt(lambda: session.call_tool(name, arguments)))


def solve(session, solution):
    return [call(session, name, arguments) for name, arguments in solution]


def contract():
    """Everything of the official client that a trainer or a harness uses, at bare and at prefixed paths."""
    client = OpenReward(base_url=url)
    env, prefixed = client.environments.get("smoke"), client.environments.get("smoke", variant="smoke")
    task = env.get_task("test", 1)
    seen = {
        "splits": env.list_splits(),
        "same_splits": prefixed.list_splits() == env.list_splits(),
        "num_tasks": env.num_tasks("test"),
        "range": [one.task_spec["index"] for one in env.get_task_range("test", -2)],
        "all": len(env.list_tasks("test")),
        "spec": dict(task.task_spec),
        "tools": [tool.name for tool in env.list_tools()],
        "openai_tools": env.list_tools("openai"),
        "terminal": env.terminal_tool().name,
        "groups": env.supports_score_group(),
        "unknown_split": attempt(lambda: env.num_tasks("dev")),
        "unknown_index": attempt(lambda: env.get_task("test", 99)),
        "unknown_environment": attempt(lambda: client.environments.get("smoke", variant="attic").list_splits()),
    }
    with prefixed.session(task=task, secrets={"key": ("hush-hush", ["localhost"])}) as session:
        seen["prompt"] = [block.text for block in session.get_prompt()]
        seen["messages"] = [message.role for message in session.get_messages()]
        seen["task_tools"] = [tool.name for tool in session.list_tools()]
        seen["version"] = session.version()
        seen["solved"] = solve(session, given[1])
        seen["late"] = call(session, "finish", {})
        seen["scored"] = attempt(lambda: session.score_group([]))
    with env.session(split="test", index=1) as session:
        seen["wrong"] = call(session, "call_tool", {"server": "attic", "tool": "x", "arguments": {}})
        seen["still_alive"] = call(session, "list_servers", {})
        seen["left"] = shown(session.call_terminal_tool())
    return seen


def trl():
    """TRL's dataset, tools and episodes: eight at once, one of them left without finish, one that does nothing."""
    from trl.experimental.openreward import OpenRewardSpec

    spec = OpenRewardSpec(url, split="test", num_tasks=8)
    plain = OpenRewardSpec(url, split="test", indices=[0], discover_task_tools=False)
    environments = [spec.environment_factory() for _ in range(8)]
    bound = [name for name in dir(environments[0]) if not name.startswith("_")]
    rows = list(spec.train_dataset)
    prompts = [env.reset(**row) for env, row in zip(environments, rows)]
    ninth = plain.environment_factory()
    full = attempt(lambda: ninth.reset(task_index=0))

    def play(number):
        env, last = environments[number], None
        solution = given[number]
        if number == 6:
            solution = [["finish", {}]]
        if number == 7:
            solution = solution[:-1]
        for name, arguments in solution:
            last = getattr(env, name)(**arguments)
        return last

    with ThreadPoolExecutor(8) as pool:
        last = list(pool.map(play, range(8)))
    rewards = spec.reward_funcs(environments=environments)
    left = environments[7]._session.call_terminal_tool()
    criteria = [env.metadata[-1]["toolstone"]["criteria"] if env.finished else None for env in environments]
    late = environments[0].finish()
    again = environments[0].reset(**rows[0])
    for env in environments:
        env._close()
    return {
        "columns": spec.train_dataset.column_names,
        "bound": bound,
        "prompts": prompts,
        "full": full,
        "last": last,
        "rewards": rewards,
        "rewards_after": spec.reward_funcs(environments=environments[1:]),
        "late": late,
        "left": shown(left),
        "criteria": [len(one) if one else 0 for one in criteria],
        "same_prompt": again == prompts[0],
    }


def faults():
    """Connections that a proxy cuts (the deployment's name says how), and a tool that is silent for long."""
    client = OpenReward(base_url=url)

    def suffer(kind):
        started = time.monotonic()
        with client.environments.get(kind).session(split="test", index=0) as session:
            session.call_tool("load_tools", {"server": "memory", "tools": ["create_entities"]})
            entity = {"name": kind, "entityType": "fault", "observations": []}
            write = {"server": "memory", "tool": "create_entities", "arguments": {"entities": [entity]}}
            seen = [call(session, "call_tool", write)]
            seconds = time.monotonic() - started
            seen.append(call(session, "list_servers", {}))
            return kind, {"calls": seen, "seconds": seconds}

    with ThreadPoolExecutor(len(given)) as pool:
        return dict(pool.map(suffer, given))


def doomed():
    """Opens sessions, begins a call in each, says so, and waits to be killed."""
    env = OpenReward(base_url=url).environments.get("smoke")
    sessions = [env.session(split="train", index=index).__enter__() for index in range(given)]
    for session in sessions:
        session.get_prompt()
        session.call_tool("load_tools", {"server": "memory", "tools": ["read_graph"]})
        session.call_tool("call_tool", {"server": "memory", "tool": "read_graph", "arguments": {}})
    print(json.dumps("open"), flush=True)
    time.sleep(600)


def token():
    """Without the token, and with it."""
    env = OpenReward(base_url=url).environments
    wrong = attempt(lambda: env.get("smoke").list_splits())
    right = attempt(lambda: OpenReward(base_url=url, api_key=given).environments.get("smoke").list_splits())
    with OpenReward(base_url=url, api_key=given).environments.get("smoke").session(split="test", index=0) as session:
        return {"wrong": wrong, "right": right, "finish": call(session, "finish", {"answer": None})}


scenarios = {one.__name__: one for one in (contract, trl, faults, doomed, token)}
print(json.dumps(scenarios[scenario]()), flush=True)
