"""What draws the turns of episodes: transformers in the trainer itself, or vLLM beside it on the same graphics card.

python engine.py transformers|vllm   → says in a sentence what keeps the engine from running here
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from importlib.util import find_spec

import torch

ENGINES = ["transformers", "vllm"]


def engine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=ENGINES, default="transformers", help="what draws turns")
    parser.add_argument("--engine-memory", type=float, default=0.3, help="vllm: share of the card's memory, weights and keys and values")
    parser.add_argument("--context-tokens", type=int, help="vllm: longest prompt it keeps room for; else the model's own limit")


def check_engine(engine: str) -> None:
    """Stops the program where an engine cannot run here."""
    if engine != "vllm":
        return
    if not torch.cuda.is_available():
        raise SystemExit(
            "--engine vllm needs an NVIDIA graphics card, and torch finds none here (CUDA). Run it on a machine with one, or leave "
            "out --engine, and transformers draws the episodes."
        )
    if find_spec("vllm") is None:
        raise SystemExit(
            f"--engine vllm needs the Python package vllm, which {sys.executable} lacks. Add it with "
            f"\"{sys.executable} -m pip install 'trl[vllm]=={version('trl')}'\", or leave out --engine, and transformers draws the episodes."
        )


def engine_settings(args: argparse.Namespace, end: int) -> dict:
    """What TRL is told about drawing turns; each engine has its own word for the tokens of one, without which a single turn may
    take the whole budget. `end`: the token that ends a turn."""
    if args.engine == "transformers":
        return {"generation_kwargs": {"max_new_tokens": args.turn_tokens}}
    return {
        "use_vllm": True,
        "vllm_mode": "colocate",
        "vllm_gpu_memory_utilization": args.engine_memory,
        "vllm_max_model_length": args.context_tokens and args.context_tokens + args.turn_tokens,
        # asleep it would drop its weights after every turn, and be sent all of them before the next
        "vllm_enable_sleep_mode": False,
        # a base may state another end than the one that is trained
        "generation_kwargs": {"max_tokens": args.turn_tokens, "stop_token_ids": [end]},
    }


if __name__ == "__main__":
    check_engine(sys.argv[1])
