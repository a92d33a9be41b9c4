"""Attention in a packed sequence, each segment by itself: what it cannot see takes no time either."""

from __future__ import annotations

from itertools import pairwise

import torch
from transformers import AttentionInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from packing import BEGINNING

NAME = "by_segments"


def use_segments(model: PreTrainedModel) -> PreTrainedModel:
    """The model, which heeds a further argument `segments` if it has fused attention; any other ignores it."""
    if model.config._attn_implementation == "sdpa":
        AttentionInterface.register(NAME, attend)
        model.set_attn_implementation(NAME)
    return model


def segments_of(segment_ids: torch.Tensor) -> list[slice]:
    """Where one sequence (tokens) has the beginning that all share, which may be empty, and where each segment."""
    shared = int((segment_ids == BEGINNING).sum())
    bounds = (segment_ids[shared:].diff().nonzero()[:, 0] + shared + 1).tolist()
    return [slice(*ends) for ends in pairwise([0, shared, *bounds, len(segment_ids)])]


def attend(module, query, key, value, attention_mask, segments=None, **others):
    """As fused attention does (batch × heads × tokens × width). The mask still says who sees whom within what a segment can
    see at all, the beginning and itself."""
    if segments is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **others)
    beginning = segments[0].stop

    def seen_by(own: slice, whole: torch.Tensor, dim: int) -> torch.Tensor:
        part = whole.narrow(dim, own.start, own.stop - own.start)
        return part if own.start < beginning else torch.cat([whole.narrow(dim, 0, beginning), part], dim)

    made = [
        sdpa_attention_forward(
            module,
            query[:, :, own],
            seen_by(own, key, 2),
            seen_by(own, value, 2),
            seen_by(own, attention_mask[:, :, own], 3),
            **others,
        )[0]
        for own in segments
        if own.start < own.stop
    ]
    return torch.cat(made, dim=1), None
