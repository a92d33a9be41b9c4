"""What every trainer here needs around its training: arguments, threads, metrics, and an end together with its driver."""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import sys
import threading
import time
from pathlib import Path

import torch
from transformers import TrainerCallback, set_seed


def common_arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="GGUF file, or folder with safetensors")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints, metrics.jsonl and the merged model")
    parser.add_argument("--rank", type=int, default=16, help="of the adapter")
    parser.add_argument("--layers", type=int, default=0, help="train the weights of so many upper layers, in place of an adapter")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--stop-after", type=int, help="end after so many steps of those that there would be")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    return parser


def prepare_process(threads: int, seed: int) -> None:
    """To be called before anything else. A driven process ends with its driver, which standard input tells of; of several
    that train together the first alone prints."""
    if os.environ.get("TOOLSTONE_DRIVEN") == "1":
        threading.Thread(target=_end_with_driver, daemon=True).start()
    torch.set_num_threads(max(1, threads // process_count()))
    set_seed(seed)
    if not is_first_process():
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    if torch.cuda.is_available() and process_count() > torch.cuda.device_count():
        raise SystemExit(
            f"{process_count()} processes need a graphics card each, and {torch.cuda.device_count()} can be seen here. "
            "Lower --processes."
        )


def process_count() -> int:
    """Processes that train together, as several.py starts them; each goes through sequences or episodes of its own."""
    return int(os.environ.get("WORLD_SIZE", 1))


def is_first_process() -> bool:
    """Whether this one reports and writes what is written once."""
    return os.environ.get("RANK", "0") == "0"


def device_settings() -> dict:
    """What the settings of every trainer say about the device and the processes."""
    has_card = torch.cuda.is_available()
    return {
        "use_cpu": not has_card,
        "bf16": False,  # the weights have their type already, and the adapter is fp32
        "gradient_checkpointing": has_card,
        "ddp_backend": "gloo" if process_count() > 1 and not has_card else None,
        "ddp_find_unused_parameters": False,  # all that is trained takes part in every pass
    }


def _end_with_driver() -> None:
    # straight from the descriptor: a lock of the buffer would keep the interpreter from ending by itself
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(143)


def last_checkpoint(out: Path) -> str | None:
    """The newest that is whole. What was stopped or found no room while it was written lacks its last file, and is passed over."""
    whole = [one for one in (out / "checkpoints").glob("checkpoint-*") if _is_json(one / "trainer_state.json")]
    newest = max(whole, key=lambda one: int(one.name.split("-")[-1]), default=None)
    return None if newest is None else str(newest)


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


class Reporter(TrainerCallback):
    """Appends what the trainer logs to `metrics.jsonl`, a line a step, with step, steps, seconds of training and tokens so
    far (resumptions included), threads, and the most memory that this process has held. Of several processes the first does."""

    def __init__(self, out: Path, stop_after: int | None = None, tokens_per_step: float | None = None):
        self._path = out / "metrics.jsonl"
        self._stop_after = stop_after
        self._tokens_per_step = tokens_per_step
        self._started = time.monotonic()
        out.mkdir(parents=True, exist_ok=True)

    def on_train_begin(self, args, state, control, **_):
        if not is_first_process():
            return
        self._started = time.monotonic()
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        # steps after the checkpoint are done again
        kept = [line for line in lines if json.loads(line)["step"] <= state.global_step]
        self._path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        if kept:
            self._started -= json.loads(kept[-1])["seconds"]

    def on_step_end(self, args, state, control, **_):
        if self._stop_after is not None and state.global_step >= self._stop_after:
            control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **_):
        if not is_first_process():
            return
        # no number where there is none, since JSON has no NaN: the mean reward where every episode was void
        given = {key: _number(value) for key, value in (logs or {}).items() if value is None or isinstance(value, (int, float))}
        if "train_runtime" in given:
            return  # a summary, no step
        seconds = round(time.monotonic() - self._started, 2)
        line = {"step": state.global_step, "steps": state.max_steps, "seconds": seconds, **given}
        line |= {"threads": torch.get_num_threads(), "peak_mebibytes": _peak_mebibytes()}
        if torch.cuda.is_available():
            line["peak_card_mebibytes"] = round(torch.cuda.max_memory_allocated() / 2**20)
        if self._tokens_per_step is not None:
            line["num_tokens"] = round(state.global_step * self._tokens_per_step)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _peak_mebibytes() -> int:
    """Of resident memory, up to now."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20)


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
