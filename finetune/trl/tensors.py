"""Which weight of a model's folder a tensor of its GGUF file holds, in what order, and whether the two are the same model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import gguf
import numpy as np
from safetensors import safe_open

Transform = Callable[[str, np.ndarray, Callable[[str], int]], np.ndarray]
"""Name of a tensor, values as the folder has them, and a reader of whole numbers in the GGUF file's head → its values."""


def as_they_are(_name: str, values: np.ndarray, _number: Callable[[str], int]) -> np.ndarray:
    return values


def norms_plus_one(name: str, values: np.ndarray, _number: Callable[[str], int]) -> np.ndarray:
    """The folder holds the scale of a norm − 1."""
    return values + 1.0 if name.endswith("norm.weight") else values


def rows_in_pairs(name: str, values: np.ndarray, number: Callable[[str], int]) -> np.ndarray:
    """The folder holds the rows of queries and keys, which rotate in pairs, by halves of a head."""
    kind = name.split(".")[-2]
    if kind not in ("attn_q", "attn_k"):
        return values
    heads = number("attention.head_count" if kind == "attn_q" else "attention.head_count_kv")
    halves = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
    return halves.swapaxes(1, 2).reshape(values.shape)


TRANSFORMS: dict[str, Transform] = {
    "gemma2": norms_plus_one,
    "gemma3": norms_plus_one,
    "llama": rows_in_pairs,
    "phi3": as_they_are,
    "qwen2": as_they_are,
    "qwen3": as_they_are,
}
"""By the architecture that a GGUF file states."""

DERIVED = {"rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"}
"""Tensors that follow from a model's settings, and are no weights."""

LEAST_CORRELATION = 0.25
"""Of a matrix with the one that it replaces: training leaves far more, rows in another order next to none."""
MOST_DISTANCE = 0.25
"""Of a vector from the one that it replaces, as a share of that one's length; adapters do not change vectors at all."""


def read_gguf(path: Path) -> tuple[gguf.GGUFReader, str]:
    """With its architecture. Stops the program where the file is broken, or of an architecture without a transform."""
    try:
        reader = gguf.GGUFReader(path)
        architecture = str(reader.fields["general.architecture"].contents())
    except (KeyError, ValueError, IndexError) as error:
        raise SystemExit(f"{path} is a broken GGUF file ({error}). Download or convert it again.") from error
    if architecture not in TRANSFORMS:
        raise SystemExit(
            f"{path} has the architecture {architecture}, for which it is not known how weights are written back. Known: "
            f"{', '.join(sorted(TRANSFORMS))}."
        )
    return reader, architecture


def check_readable(path: Path) -> None:
    """Stops the program where the weights of a GGUF file cannot be turned back into numbers."""
    for tensor in read_gguf(path)[0].tensors:
        try:
            gguf.quants.dequantize(tensor.data[:1], tensor.tensor_type)
        except NotImplementedError as error:
            raise SystemExit(
                f"{path} holds {tensor.name} as {tensor.tensor_type.name}, which cannot be turned back into weights to train. "
                "Take the model as F16, BF16, Q8_0 or one of the K-quants."
            ) from error


def check_same(model: Path, onto: Path) -> None:
    """Stops the program where the folder's weights are not those of the GGUF file, named tensor by tensor."""
    reader, architecture = read_gguf(onto)
    for _ in grafts(model, reader, architecture):
        pass


def grafts(model: Path, reader: gguf.GGUFReader, architecture: str) -> Iterator[tuple[gguf.ReaderTensor, np.ndarray]]:
    """Every tensor of a GGUF file with the folder's values (fp32) in its order. Stops the program at one that does not fit."""

    def number(name: str) -> int:
        return int(reader.fields[f"{architecture}.{name}"].contents())

    with ExitStack() as stack:
        # torch, since numpy has no bf16
        files = [stack.enter_context(safe_open(path, "pt")) for path in sorted(model.glob("*.safetensors"))]
        sources = {name: file for file in files for name in file.keys()}
        names = names_by_tensor(reader, architecture, sources)
        for tensor in reader.tensors:
            old = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            if tensor.name in DERIVED:
                yield tensor, old
                continue
            name = names[tensor.name]
            new = TRANSFORMS[architecture](tensor.name, sources[name].get_tensor(name).float().numpy(), number)
            check_alike(tensor.name, name, new, old)
            yield tensor, new


def names_by_tensor(reader: gguf.GGUFReader, architecture: str, sources: dict) -> dict[str, str]:
    """GGUF tensor → weight of the folder. Stops the program where the two are not the same model."""
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    mapping = gguf.get_tensor_name_map(kinds[architecture], int(reader.fields[f"{architecture}.block_count"].contents()))
    found = {mapping.get_name(name, (".weight", ".bias")): name for name in sources}
    tensors = {tensor.name: tensor for tensor in reader.tensors if tensor.name not in DERIVED}
    # a tied output layer is written once, as the embedding
    if "output.weight" not in tensors:
        found.pop("output.weight", None)
    elif "output.weight" not in found and "token_embd.weight" in found:
        found["output.weight"] = found["token_embd.weight"]
    problems = [f"{name} is missing" for name in tensors if name not in found]
    problems += [f"{own} fits no tensor" for name, own in found.items() if name not in tensors]
    for name, tensor in tensors.items():
        shape = [int(size) for size in reversed(tensor.shape)]
        own = list(sources[found[name]].get_slice(found[name]).get_shape()) if name in found else shape
        if own != shape:
            problems.append(f"{found[name]} has the shape {own}, not {shape}")
    if problems:
        raise SystemExit(f"The base GGUF does not fit the weights: {'; '.join(problems[:5])}.")
    return found


def check_alike(tensor: str, name: str, new: np.ndarray, old: np.ndarray) -> None:
    """With a weight in the place of another, or in another order, a model would be served that speaks nonsense."""
    if new.ndim == 1:
        distance = float(np.linalg.norm(new - old) / max(np.linalg.norm(old), 1e-12))
        fault = f"differs from it by {distance:.2f} of its length" if not distance <= MOST_DISTANCE else None
    else:
        correlation = correlation_of(new, old)
        fault = f"has a correlation of {correlation:.3f} with it" if not correlation >= LEAST_CORRELATION else None
    if fault:
        raise SystemExit(
            f"The base GGUF does not fit the weights: {name} would replace {tensor}, but {fault}. "
            "Give the GGUF file that these weights were trained from."
        )


def correlation_of(new: np.ndarray, old: np.ndarray) -> float:
    """Of two matrices of the same shape, both fp32 and so centred here, since a large vocabulary's would take twice its memory in
    fp64; 0 where one is constant."""
    centred = new.ravel() - new.mean(), old.ravel() - old.mean()
    lengths = [float(np.linalg.norm(one)) for one in centred]
    return float(np.dot(*centred)) / max(lengths[0] * lengths[1], 1e-12)
