"""The base model, its tokenizer with our template, and the adapter that is trained; what sft.py, rft.py and grpo.py share."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from functools import cache
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig

from probing import dialect_of
from tensors import check_readable, check_same

def compute_type() -> torch.dtype:
    """bf16 where the processor multiplies it itself; elsewhere it would be slower than fp32 and no smaller in effect."""
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    has_bf16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if has_bf16 else torch.float32


@cache
def base_folder(base: str) -> Path:
    """The folder of a base model; a GGUF file is dequantised into the cache, once (minutes). Stops the program where it is
    not one that can be trained."""
    path = Path(base)
    if path.is_dir():
        check_trainable(path)
        return path
    if not path.is_file():
        raise SystemExit(f"There is no base model at {base}. Give a GGUF file or a folder with safetensors.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise SystemExit(f"{base} is no GGUF file. Give a GGUF file or a folder with safetensors.")
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "toolstone" / "bases" / digest
    cache.parent.mkdir(parents=True, exist_ok=True)
    with cache.with_suffix(".lock").open("w") as lock:
        # processes that train together would each read it back, and hold its weights in fp32
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cache.is_dir():
            read_back(path, cache)
    return cache


def read_back(path: Path, cache: Path) -> None:
    """Writes the weights of a GGUF file into the folder `cache`, once they have proved to be the same."""
    check_readable(path)
    print(f"reading the weights of {path} back from GGUF into {cache} (once)", flush=True)
    part = cache.with_name(f"{cache.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        write_folder(path, part)
        # before hours of training: what is written back must land where it was read
        check_same(part, path)
        part.rename(cache)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_trainable(folder: Path) -> None:
    """Stops the program where a folder holds no weights that an adapter can be added to."""
    if not any(folder.glob("*.safetensors")) or not (folder / "config.json").is_file():
        raise SystemExit(f"{folder} holds no model: config.json and safetensors are needed.")
    quantised = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("quantization_config")
    if quantised:
        raise SystemExit(
            f"The weights in {folder} are quantised ({quantised.get('quant_method', 'method unknown')}), and an adapter "
            "cannot be added to them. Take the model's folder of plain weights, or a GGUF file."
        )


def write_folder(gguf: Path, folder: Path) -> None:
    # transformers reads a GGUF by its name in a folder
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    plain = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, quantization_config=plain
    )
    # else it would be saved as a quantised model, which it is no more
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def load_tokenizer(base: str | Path):
    """The tokenizer of a base model, with our template in its own dialect; an assistant's turn ends the sequence. A file
    chat_template.jinja beside a GGUF file takes the place of the file's own template, as it does in the engine."""
    tokenizer = AutoTokenizer.from_pretrained(base_folder(str(base)))
    beside = Path(base).with_name("chat_template.jinja")
    if Path(base).is_file() and beside.is_file():
        tokenizer.chat_template = beside.read_text(encoding="utf-8")
    dialect = dialect_of(tokenizer, str(base))
    tokenizer.eos_token = dialect.end
    if tokenizer.pad_token is None:
        tokenizer.pad_token = dialect.end
    tokenizer.chat_template = dialect.template()
    tokenizer.response_template = dialect.response_template()
    tokenizer.padding_side = "left"
    return tokenizer


def load_model(folder: Path, tokenizer) -> torch.nn.Module:
    """Plain weights, in the type that is fastest here."""
    attention = {} if torch.cuda.is_available() else {"attn_implementation": attention_on_processor(folder)}
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=compute_type(), **attention)
    model.config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model


def attention_on_processor(folder: Path) -> str:
    """Fused attention where heads are narrow. In the wide heads of Gemma (256) the fused kernel of processors makes a step
    slower, by a fifth and more; in those of SmolLM2 (64) it makes it faster."""
    config = AutoConfig.from_pretrained(folder)
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return "sdpa" if width <= WIDEST_FUSED_HEAD else "eager"


WIDEST_FUSED_HEAD = 128


def lora_config(rank: int) -> LoraConfig:
    return LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")


def with_adapter(model: torch.nn.Module, rank: int) -> PeftModel:
    """A fresh adapter on frozen weights, in fp32, since steps of its size vanish in bf16."""
    peft = get_peft_model(model, lora_config(rank))
    for parameter in peft.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return peft


def upper_layers(model: torch.nn.Module, count: int) -> torch.nn.Module:
    """The model with nothing to train but its last `count` layers and what stands above them: what is below is neither
    adapted nor gone back through, which makes a step cheaper."""
    decoder = model.get_decoder()
    if count > len(decoder.layers):
        raise SystemExit(f"The base has {len(decoder.layers)} layers, fewer than the {count} that are to be trained.")
    model.requires_grad_(False)
    for part in [*decoder.layers[-count:], decoder.norm]:
        part.requires_grad_(True)
    return model


def decoder_of(model: torch.nn.Module) -> torch.nn.Module:
    """The model itself, without what PEFT has put around it."""
    return model.get_base_model() if isinstance(model, PeftModel) else model


def save_merged(model: torch.nn.Module, tokenizer, base: Path, out: Path) -> None:
    """Weights with the adapter added in fp32, as a folder that is a base model itself."""
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    if isinstance(model, PeftModel):
        adapter = out.with_name(f"{out.name}.adapter")
        model.save_pretrained(adapter)
        plain = PeftModel.from_pretrained(plain, adapter).merge_and_unload()
        shutil.rmtree(adapter)
    else:
        plain.load_state_dict(model.float().state_dict())
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    plain.save_pretrained(part)
    tokenizer.save_pretrained(part)
    shutil.rmtree(out, ignore_errors=True)
    part.rename(out)
