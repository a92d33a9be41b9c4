"""What the driver reads of a training: one JSON object a line, as each step ends."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

import torch
from transformers import TrainerCallback, set_seed


def prepare_process(threads: int, seed: int) -> None:
    """To be called before anything else. A driven process ends with its driver, which standard input tells of."""
    torch.set_num_threads(threads)
    set_seed(seed)
    if os.environ.get("TOOLSTONE_DRIVEN") == "1":
        threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(143)


class Reporter(TrainerCallback):
    """Appends what the trainer logs, with step, steps, seconds and tokens read so far, to a file."""

    def __init__(self, path: Path, tokens_per_step: float | None = None):
        self._path = path
        self._tokens_per_step = tokens_per_step
        self._started = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)

    def on_train_begin(self, args, state, control, **_):
        self._started = time.monotonic()
        if not state.global_step:
            self._path.unlink(missing_ok=True)

    def on_log(self, args, state, control, logs=None, **_):
        line = {"step": state.global_step, "steps": state.max_steps, "seconds": round(time.monotonic() - self._started, 2)}
        if self._tokens_per_step is not None:
            line["tokens"] = round(state.global_step * self._tokens_per_step)
        line.update({key: value for key, value in (logs or {}).items() if isinstance(value, (int, float))})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
