"""What the parts of a training take: seconds of the clock, and tokens."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Timing:
    """Seconds and tokens by part since they were last taken. A part within another counts for itself alone."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._tokens: dict[str, int] = defaultdict(int)
        self._inner: list[float] = []

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[int], None]]:
        def counted(tokens: int) -> None:
            self._tokens[name] += tokens

        began = time.perf_counter()
        self._inner.append(0.0)
        try:
            yield counted
        finally:
            whole = time.perf_counter() - began
            self._seconds[name] += whole - self._inner.pop()
            if self._inner:
                self._inner[-1] += whole

    def take(self) -> dict[str, float]:
        """As the trainer logs them, `seconds/PART` and `tokens/PART`; they begin anew."""
        taken = {f"seconds/{name}": round(seconds, 3) for name, seconds in self._seconds.items()}
        taken |= {f"tokens/{name}": tokens for name, tokens in self._tokens.items()}
        self._seconds.clear()
        self._tokens.clear()
        return taken
