"""python word_vectors_golden.py ../../core/word-vectors > word-vectors.golden.json: the same means by numpy, in float64."""

import json
import re
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
words = (folder / "words.txt").read_text().split()
rows = np.frombuffer((folder / "vectors.int8").read_bytes(), np.int8).reshape(len(words), -1).astype(np.float64)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
rank = {word: place for place, word in enumerate(words)}


def mean(text: str) -> list[float]:
    known = [rank[word] for word in re.findall("[a-z]+", text.lower()) if word in rank]
    shares = 0.1 / (np.array(known) + 1)
    vector = (3e-4 / (3e-4 + shares)) @ rows[known]
    return (vector / np.linalg.norm(vector)).round(7).tolist()


texts = ["folder", "Delete the old spreadsheet", "the file that this path leads to", "no word is xqzzyv"]
json.dump({text: mean(text) for text in texts}, sys.stdout, indent=0)
