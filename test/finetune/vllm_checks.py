"""Trains by grpo.py with `--engine vllm`, in place of vLLM something that says what was written for it; says as JSON what TRL
asked of it.

python vllm_checks.py FOLDER_OF_A_BASE URL OUT
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[2] / "finetune" / "trl"))

import trl.trainer.grpo_trainer  # noqa: E402

import grpo  # noqa: E402
from dialect import Dialect  # noqa: E402
from running import device_settings  # noqa: E402

TURNS = [("list_servers", {}), ("finish", {"answer": "done"})]
SEEN = {"syncs": 0, "drawn": [], "settings": {}}


class Scripted:
    """As VLLMGeneration, with the same turns for every episode."""

    def __init__(self, model, accelerator, processing_class, **settings):
        kept = ("mode", "gpu_memory_utilization", "max_model_length", "max_num_seqs", "enable_sleep_mode", "generation_kwargs")
        SEEN["settings"] = {name: settings[name] for name in kept} | {"base": Path(model.name_or_path).name}
        config = SimpleNamespace(max_model_len=settings["max_model_length"])
        self.llm = SimpleNamespace(llm_engine=SimpleNamespace(model_config=config))
        dialect = Dialect.in_template(processing_class.chat_template)
        calls = [dialect.calls_text([{"name": name, "arguments": arguments}]) for name, arguments in TURNS]
        # TRL asks for a turn after the result of the last call, too
        self._turns = [processing_class(text + dialect.end, add_special_tokens=False)["input_ids"] for text in [*calls, "Bye."]]
        self._turn = 0

    def sync_weights(self):
        SEEN["syncs"] += 1
        self._turn = 0

    def generate(self, prompts, **_):
        SEEN["drawn"].append(len(prompts))
        said = self._turns[self._turn]
        self._turn += 1
        return prompts, [list(said) for _ in prompts], [[[-5.0] for _ in said] for _ in prompts], None


def main(base: str, url: str, out: Path) -> None:
    trl.trainer.grpo_trainer.VLLMGeneration = Scripted
    grpo.check_engine = lambda engine: None
    # as on a graphics card, where prompts are scored with their padding, too
    grpo.device_settings = lambda: device_settings() | {"gradient_checkpointing": True}
    step = ["--steps", "2", "--prompts", "2", "--generations", "2", "--batch", "2", "--limit", "2", "--threads", "1", "--plain"]
    engine = ["--engine", "vllm", "--engine-memory", "0.4", "--context-tokens", "4000", "--completion-tokens", "3000"]
    sys.argv = ["grpo.py", "--base", base, "--url", url, "--out", str(out), *step, *engine]
    with contextlib.redirect_stdout(sys.stderr):
        grpo.main()
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    names = ("step", "reward", "tools/call_frequency", "episodes/finished")
    ratios = [any(name.startswith("sampling/importance_sampling_ratio") for name in line) for line in lines]
    print(json.dumps(SEEN | {"steps": [{name: line[name] for name in names} for line in lines], "ratios": ratios}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
