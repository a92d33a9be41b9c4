"""Writes a model with random weights and a byte-level tokenizer as folder and as GGUF file: enough to train on without
downloading anything, and for nothing else.

python tiny_model.py FOLDER [gemma3|llama|qwen3]   → FOLDER/base, FOLDER/base.gguf
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
)

SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>"]
CHATML = ["<|im_start|>", "<|im_end|>"]
TURNS = {"gemma3": ["<start_of_turn>", "<end_of_turn>"], "llama": CHATML, "qwen3": CHATML}
WIDTH, KEY_HEADS, HEAD_SIZE, LAYERS = 64, 1, 32, 2
HEADS = {"gemma3": 2, "llama": 2, "qwen3": 4}
"""Those of Qwen3 are together wider than the model."""


def tiny_tokenizer(architecture: str) -> PreTrainedTokenizerFast:
    special = SPECIAL + TURNS[architecture]
    vocabulary = special + sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({token: place for place, token in enumerate(vocabulary)}, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>", unk_token="<unk>"
    )


def tiny_model(architecture: str, vocabulary: int) -> PreTrainedModel:
    torch.manual_seed(1)
    sizes = {
        "vocab_size": vocabulary,
        "hidden_size": WIDTH,
        "intermediate_size": 96,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS[architecture],
        "num_key_value_heads": KEY_HEADS,
        "head_dim": HEAD_SIZE,
        "max_position_embeddings": 8192,
        "tie_word_embeddings": True,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
    }
    if architecture == "llama":
        return AutoModelForCausalLM.from_config(LlamaConfig(**sizes))
    if architecture == "qwen3":
        return AutoModelForCausalLM.from_config(Qwen3Config(**sizes))
    kinds = ["sliding_attention", "full_attention"]
    return AutoModelForCausalLM.from_config(Gemma3TextConfig(sliding_window=64, layer_types=kinds, **sizes))


def in_gguf(architecture: str, name: str, weight: torch.Tensor) -> torch.Tensor:
    """A weight as a GGUF file has it, row by row where rows have another order."""
    if architecture == "gemma3":
        return weight + 1.0 if name.endswith("norm.weight") else weight
    if architecture == "qwen3":
        return weight
    if not name.endswith(("attn_q.weight", "attn_k.weight")):
        return weight
    written = torch.empty_like(weight)
    for row in range(weight.shape[0]):
        head, place = divmod(row, HEAD_SIZE)
        half, pair = divmod(place, HEAD_SIZE // 2)
        written[head * HEAD_SIZE + 2 * pair + half] = weight[row]
    return written


def write_gguf(path: Path, architecture: str, model: PreTrainedModel, tokens: list[str]) -> None:
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("tiny")
    writer.add_block_count(LAYERS)
    writer.add_context_length(8192)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(96)
    writer.add_head_count(HEADS[architecture])
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_key_length(HEAD_SIZE)
    writer.add_value_length(HEAD_SIZE)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    special = len(SPECIAL) + len(TURNS[architecture])
    writer.add_token_types([3] * special + [1] * (len(tokens) - special))
    writer.add_eos_token_id(1)
    names = gguf.get_tensor_name_map({name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}[architecture], LAYERS)
    for name, weight in model.state_dict().items():
        if name != "lm_head.weight":
            own = names.get_name(name, (".weight",))
            writer.add_tensor(own, in_gguf(architecture, own, weight).float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(folder: Path, architecture: str) -> None:
    tokenizer = tiny_tokenizer(architecture)
    model = tiny_model(architecture, len(tokenizer))
    model.save_pretrained(folder / "base")
    tokenizer.save_pretrained(folder / "base")
    tokens = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    write_gguf(folder / "base.gguf", architecture, model, tokens)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "gemma3")
