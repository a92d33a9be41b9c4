"""Several episodes in one sequence, behind the beginning that all of them share, so that it is worked through once."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from rows import MASKED, Row

BEGINNING = -1


@dataclass(frozen=True)
class Segment:
    input_ids: list[int]
    labels: list[int]


def opening(row: Row) -> Segment:
    """A row up to the end of its first assistant turn: where the words of the task are heeded most."""
    start = next(place for place, label in enumerate(row.labels) if label != MASKED)
    end = next((place for place in range(start, len(row.labels)) if row.labels[place] == MASKED), len(row.labels))
    return Segment(row.input_ids[:end], row.labels[:end])


def whole(row: Row) -> Segment:
    return Segment(row.input_ids, row.labels)


def shared_length(segments: list[Segment]) -> int:
    """Leading ids that all have, none of them trained and none the last before a trained one."""
    first, length = segments[0], min(len(one.input_ids) for one in segments)
    for one in segments:
        trained = next((place for place, label in enumerate(one.labels) if label != MASKED), len(one.labels))
        length = min(length, trained - 1)
        same = (place for place in range(length) if one.input_ids[place] != first.input_ids[place])
        length = next(same, length)
    return max(0, length)


def pack(segments: list[Segment]) -> dict[str, list[int]]:
    """One sequence: the shared beginning, then what each segment has beyond it, at the places it would have alone."""
    shared = shared_length(segments)
    packed = {
        "input_ids": segments[0].input_ids[:shared],
        "labels": [MASKED] * shared,
        "position_ids": list(range(shared)),
        "segment_ids": [BEGINNING] * shared,
    }
    for number, one in enumerate(segments):
        packed["input_ids"] += one.input_ids[shared:]
        packed["labels"] += one.labels[shared:]
        packed["position_ids"] += range(shared, len(one.input_ids))
        packed["segment_ids"] += [number] * (len(one.input_ids) - shared)
    return packed


def attention_masks(segment_ids: torch.Tensor, position_ids: torch.Tensor, config, dtype) -> torch.Tensor | dict:
    """Who sees whom (batch × 1 × tokens × tokens, 0 or −∞): the beginning, and what came before in the own segment."""
    own, seen = segment_ids[:, None, :, None], segment_ids[:, None, None, :]
    distance = position_ids[:, None, :, None] - position_ids[:, None, None, :]
    full = (distance >= 0) & ((own == seen) | (seen == BEGINNING))
    kinds = set(getattr(config, "layer_types", None) or [])
    if not kinds:
        return added(full, dtype)
    window = getattr(config, "sliding_window", None)
    near = full & (distance < window) if window else full
    masks = {"full_attention": added(full, dtype), "sliding_attention": added(near, dtype)}
    if not kinds <= masks.keys():
        raise SystemExit(f"Layers of the kinds {sorted(kinds)} cannot be trained on packed rows.")
    return masks


def added(is_seen: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """As every attention takes it: to be added to the scores."""
    scores = torch.zeros(is_seen.shape, dtype=dtype, device=is_seen.device)
    return scores.masked_fill(~is_seen, torch.finfo(dtype).min)
