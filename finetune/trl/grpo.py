"""Group-relative policy optimisation by TRL, on the environments of a running `toolstone serve`.

python grpo.py --base FOLDER --url http://127.0.0.1:PORT --out FOLDER
"""

from __future__ import annotations

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor

import trl.trainer.utils
from trl import GRPOConfig
from trl.experimental.openreward import OpenRewardSpec

from engine import check_engine, engine_arguments, engine_settings
from full_disk import naming_full_disk
from group_trainer import GroupTrainer
from model import base_folder, compute_type, load_model, load_tokenizer, lora_config, save_merged, upper_layers
from running import Reporter, common_arguments, device_settings, is_first_process, last_checkpoint, prepare_process, process_count

# The server's way to be told that the policy stopped; it is no tool of the model's.
LEAVE = "leave_unfinished"


# On a processor TRL would score prompts, too, against the whole vocabulary, most of the time of a loss; this is how it
# decides to score trained tokens alone. Its kernels ask elsewhere.
trl.trainer.utils._use_triton = lambda device: True


class Environments:
    """Makes the environments of a server, and closes them, which the trainer does not."""

    def __init__(self, spec: OpenRewardSpec):
        self._make = spec.environment_factory
        self._made = []

    def __call__(self):
        self._made.append(self._make())
        return self._made[-1]

    def close(self) -> None:
        for one in self._made:
            one._close()


def settle(environments, log_metric=None) -> None:
    """Ends what the policy left, which then earns what its end state earns, all at once, since a judge may take its time; and
    logs what became of the episodes. A void one (its world failed) has no reward, and neither has one that the judge could not
    score, which excludes both; each kind is counted.

    TRL's own function says `None` of the unfinished too: a policy that forgot how to finish would see no gradient.
    """
    finished = [one.finished for one in environments]
    left = [one for one in environments if not one.finished]
    with ThreadPoolExecutor(max(1, len(left))) as pool:
        list(pool.map(lambda one: one._call_ors_tool(LEAVE, {}), left))
    excluded = [one for one in environments if one.reward is None]
    if len(excluded) == len(environments) and all(one.last_output.startswith("Error: ") for one in excluded):
        raise SystemExit(f"The environment server answers no more: {excluded[0].last_output}")
    if log_metric:
        unjudged = sum(ending_of(one).get("outcome") in ("terminated", "truncated") for one in excluded)
        # of all processes, of whose counts TRL logs the mean
        log_metric("episodes/void", (len(excluded) - unjudged) * process_count())
        log_metric("episodes/unjudged", unjudged * process_count())
        log_metric("episodes/finished", sum(finished) / len(finished))
        for criterion, scores in criterion_scores(environments).items():
            log_metric(f"components/{criterion}", sum(scores) / len(scores))


def components_in(environment) -> list[dict]:
    """What the episode's reward is the sum of, as its last answer says; empty where there is no reward, or it is no sum."""
    return ending_of(environment).get("reward_components") or []


def ending_of(environment) -> dict:
    """What the server said of the whole episode as it ended; empty where it never did."""
    said = (((metadata or {}).get("toolstone") or {}) for metadata in reversed(environment.metadata))
    return next((one for one in said if "reward_components" in one), {})


def criterion_scores(environments) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = {}
    for component in (one for environment in environments for one in components_in(environment)):
        if component["score"] is not None:
            scores.setdefault(component["criterion"], []).append(component["score"])
    return scores


def end_state(environments, log_metric=None, **_) -> list[float | None]:
    """What each episode earned, the whole at once."""
    settle(environments, log_metric)
    return [one.reward for one in environments]


def component_function(place: int, criterion: str, weight: float):
    """The scores of one criterion of this weight; `None` where an episode's task does not have it, or it was not scored."""

    def scores(environments, log_metric=None, **_) -> list[float | None]:
        if place == 0:
            settle(environments, log_metric)
        return [score_of(components_in(one), criterion, weight) for one in environments]

    scores.__name__ = criterion
    return scores


def score_of(components: list[dict], criterion: str, weight: float) -> float | None:
    return next((one["score"] for one in components if (one["criterion"], one["weight"]) == (criterion, weight)), None)


def config_of(args: argparse.Namespace, end: int) -> GRPOConfig:
    """end: the token that ends a turn."""
    by_component = {}
    if args.components:  # each normalised in its group, then summed by weight (GDPO)
        weights = [weight for _, weight in args.components]
        by_component = {"multi_objective_aggregation": "normalize_then_sum", "reward_weights": weights}
    return GRPOConfig(
        output_dir=str(args.out / "checkpoints"),
        per_device_train_batch_size=args.batch,  # what the layers keep of each token is what takes memory
        # a step is all of its episodes, drawn at once
        gradient_accumulation_steps=args.prompts * args.generations // (args.batch * process_count()),
        num_generations=args.generations,
        max_steps=args.steps,
        learning_rate=args.learning_rate,
        lr_scheduler_type="constant",  # a warm-up would leave the first of few steps without effect
        beta=args.beta,
        temperature=args.temperature,
        max_completion_length=args.completion_tokens,
        max_tool_calling_iterations=args.turns,
        logging_steps=1,
        save_steps=args.save_steps,
        save_total_limit=1,
        seed=args.seed,
        report_to=[],
        disable_tqdm=True,
        **engine_settings(args, end),
        **device_settings(),
        **by_component,
    )


def main() -> None:
    parser = common_arguments(__doc__)
    parser.add_argument("--url", required=True, help="of the environment server")
    parser.add_argument("--split", default="train")
    parser.add_argument("--limit", type=int, default=64, help="tasks trained on, at most")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--prompts", type=int, default=1, help="tasks per step")
    parser.add_argument("--generations", type=int, default=8, help="episodes per task and step")
    parser.add_argument("--batch", type=int, default=1, help="episodes scored and trained at a time, in each process")
    parser.add_argument("--learning-rate", type=float, default=1e-5)
    parser.add_argument("--beta", type=float, default=0.02, help="weight of the divergence from the base")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--completion-tokens", type=int, default=768, help="of an episode, results of tools included")
    parser.add_argument("--turn-tokens", type=int, default=80, help="of one turn; the longest of a batch keeps all others waiting")
    parser.add_argument("--turns", type=int, default=10, help="calls of an episode")
    parser.add_argument("--save-steps", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="read and score as TRL itself does, to be compared with")
    parser.add_argument("--components", type=json.loads, default=[], help="criteria to normalise each by itself, as JSON: [[ID, WEIGHT], ...]")
    engine_arguments(parser)
    args = parser.parse_args()
    prepare_process(args.threads, args.seed)
    check_engine(args.engine)
    # one host for both; the client would make two of it by prepending names
    os.environ |= {"OPENREWARD_API_URL": args.url, "OPENREWARD_SESSION_URL": args.url}
    os.environ["OPENREWARD_DISABLE_UPDATE_CHECK"] = "1"
    folder = base_folder(args.base)
    tokenizer = load_tokenizer(args.base)
    spec = OpenRewardSpec(args.url, split=args.split, num_tasks=args.limit, discover_task_tools=False)
    environments = Environments(spec)
    model = load_model(folder, tokenizer)
    trainer = GroupTrainer(
        model=upper_layers(model, args.layers) if args.layers else model,
        reward_funcs=[component_function(place, *one) for place, one in enumerate(args.components)] or end_state,
        args=config_of(args, tokenizer.eos_token_id),
        train_dataset=spec.train_dataset,
        processing_class=tokenizer,
        peft_config=None if args.layers else lora_config(args.rank),
        environment_factory=environments,
        callbacks=[Reporter(args.out, args.stop_after)],
        plain=args.plain,
        layers=args.layers,
    )
    print(f"{len(spec.train_dataset)} tasks, {compute_type()}", flush=True)
    with naming_full_disk(args.out):
        try:
            trainer.train(resume_from_checkpoint=last_checkpoint(args.out) if args.resume else None)
        finally:
            environments.close()
        if is_first_process():
            save_merged(trainer.accelerator.unwrap_model(trainer.model), tokenizer, folder, args.out / "model")


if __name__ == "__main__":
    main()
