"""Supervised finetuning on stored episodes: trains the assistant's turns of those that were solved.

python sft.py --base BASE --rows ROWS.jsonl --out FOLDER
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from datasets import Dataset
from trl import SFTConfig, SFTTrainer

from full_disk import naming_full_disk
from measured import Measured
from mixing import contrasted, mixed
from model import base_folder, compute_type, decoder_of, load_model, load_tokenizer, save_merged, upper_layers, with_adapter
from packing import attention_masks, opening, pack, whole
from rows import MASKED, Row, read_rows
from running import Reporter, common_arguments, device_settings, is_first_process, last_checkpoint, prepare_process, process_count
from segmented_attention import segments_of, use_segments


class PackedTrainer(Measured, SFTTrainer):
    """Applies the output layer where there is something to learn: a vocabulary of 262,144 costs more than all layers."""

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        with self.timing.part("forward") as counted:
            counted(inputs["input_ids"].numel())
            loss = self._loss(model, inputs, num_items_in_batch)
        return (loss, {}) if return_outputs else loss

    def _loss(self, model, inputs, num_items_in_batch) -> torch.Tensor:
        causal = decoder_of(self.accelerator.unwrap_model(model))
        masks = attention_masks(inputs["segment_ids"], inputs["position_ids"], causal.config, causal.dtype)
        labels = inputs["labels"][0, 1:]
        places = (labels != MASKED).nonzero()[:, 0]
        # called as a whole, since this is where several processes bring their gradients together
        made = model(
            input_ids=inputs["input_ids"],
            position_ids=inputs["position_ids"],
            attention_mask=masks,
            segments=segments_of(inputs["segment_ids"][0]),
            logits_to_keep=places,
        )
        loss = torch.nn.functional.cross_entropy(made.logits[0].float(), labels[places], reduction="sum")
        if num_items_in_batch is None:
            return loss / len(places)
        # which counts the tokens of all processes, whose gradients are then averaged
        return loss * self.accelerator.num_processes / num_items_in_batch


def one_at_a_time(features: list[dict]) -> dict[str, torch.Tensor]:
    """No padding: a batch is one packed sequence."""
    (only,) = features
    return {key: torch.tensor([value]) for key, value in only.items()}


def train(sequences: list[dict[str, list[int]]], args: argparse.Namespace) -> None:
    """Trains an adapter on packed sequences in their order and writes the merged model to `args.out`/model."""
    folder = base_folder(args.base)
    tokenizer = load_tokenizer(args.base)
    steps = -(-len(sequences) // (args.batch * process_count()))
    tokens = sum(len(one["input_ids"]) for one in sequences)
    config = SFTConfig(
        output_dir=str(args.out / "checkpoints"),
        per_device_train_batch_size=1,
        gradient_accumulation_steps=args.batch,
        max_steps=steps,
        learning_rate=args.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=max(1, steps // 20),
        max_length=None,
        logging_steps=1,
        save_steps=max(1, steps // 4),
        save_total_limit=1,
        seed=args.seed,
        report_to=[],
        disable_tqdm=True,
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        **device_settings(),
    )
    model = use_segments(load_model(folder, tokenizer))
    trainer = PackedTrainer(
        model=upper_layers(model, args.layers) if args.layers else with_adapter(model, args.rank),
        args=config,
        train_dataset=Dataset.from_list(sequences),
        data_collator=one_at_a_time,
        processing_class=tokenizer,
        callbacks=[Reporter(args.out, args.stop_after, tokens_per_step=tokens / steps)],
    )
    print(f"{len(sequences)} sequences, {tokens / len(sequences):.0f} tokens each, {compute_type()}", flush=True)
    with naming_full_disk(args.out):
        trainer.train(resume_from_checkpoint=last_checkpoint(args.out) if args.resume else None)
        if is_first_process():
            save_merged(trainer.accelerator.unwrap_model(trainer.model), tokenizer, folder, args.out / "model")


def sequences_of(rows: list[Row], args: argparse.Namespace) -> list[dict[str, list[int]]]:
    """`args.sequences` a process, of `args.wholes` whole episodes and the first turns of `args.openings` others, families mixed."""
    choose = contrasted if args.contrasts else mixed
    groups = choose(rows, args.sequences * process_count(), args.wholes + args.openings, random.Random(args.seed))
    return [pack([*map(whole, one[: args.wholes]), *map(opening, one[args.wholes :])]) for one in groups]


def row_arguments(description: str | None) -> argparse.ArgumentParser:
    parser = common_arguments(description)
    parser.add_argument("--rows", required=True, type=Path, help="JSON Lines to train on")
    parser.add_argument("--sequences", type=int, default=85, help="sequences that each process trains on")
    parser.add_argument("--batch", type=int, default=1, help="sequences per step, in each process")
    parser.add_argument("--learning-rate", type=float, default=6e-4)
    return parser


def sft_arguments(description: str | None) -> argparse.ArgumentParser:
    """Rows are episodes, as `toolstone export` writes them."""
    parser = row_arguments(description)
    parser.add_argument("--wholes", type=int, default=2, help="whole episodes in each sequence")
    parser.add_argument("--openings", type=int, default=3, help="first turns of other episodes in each sequence")
    parser.add_argument(
        "--contrasts", action="store_true", help="all of a sequence were shown the same tools by the same names, families in turns"
    )
    return parser


def main() -> None:
    args = sft_arguments(__doc__).parse_args()
    prepare_process(args.threads, args.seed)
    tokenizer = load_tokenizer(args.base)
    rows = [row for row in read_rows(args.rows, tokenizer) if row.solved]
    if not rows:
        raise SystemExit(f"No episode in {args.rows} was solved: there is nothing to imitate.")
    train(sequences_of(rows, args), args)


if __name__ == "__main__":
    main()
