"""One learner step of the pointer policy in PyTorch, for compare.ts: four passes of forward, clipped surrogate with an entropy
bonus, backward, clipping and Adam over a batch that lies ready. Prints its versions, then the milliseconds of each step asked for.

python learner_step.py BATCH.json
"""

from __future__ import annotations

import json
import sys
import time

import torch
from torch import nn

BUCKETS, WIDTH, HIDDEN, PASSES = 8192, 24, 32, 4


class Head(nn.Module):
    def __init__(self, columns: int) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.candidate = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.product = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.scalars = nn.Linear(columns, HIDDEN, bias=False)
        self.output = nn.Linear(HIDDEN, 1, bias=False)
        self.linear = nn.Linear(columns, 1, bias=False)

    def forward(self, texts: torch.Tensor, batch: dict) -> torch.Tensor:
        queries = nn.functional.embedding_bag(batch["query"], texts, batch["query_offsets"], mode="sum")
        candidate = texts[batch["candidate"]]
        of = batch["question"]
        mixed = self.candidate(candidate) + self.product(candidate * queries[of]) + self.scalars(batch["scalars"])
        activity = nn.functional.softsign(mixed + self.query(queries)[of])
        return (self.output(activity) + self.linear(batch["scalars"])).squeeze(1)


def read(head: dict) -> dict:
    asked, texts = head["asked"], head["texts"]

    def bags(lists: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        lengths = torch.tensor([0] + [len(one) for one in lists[:-1]])
        return torch.tensor([item for one in lists for item in one]), torch.cumsum(lengths, 0)

    ids, offsets = bags([text["ids"] for text in texts])
    query, query_offsets = bags([one["query"] for one in asked])
    sizes = [len(one["candidates"]) for one in asked]
    starts = torch.tensor([0] + sizes[:-1]).cumsum(0)
    columns = len(asked[0]["scalars"]) // sizes[0]
    return {
        "ids": ids,
        "offsets": offsets,
        "weights": torch.tensor([item for text in texts for item in text["weights"]], dtype=torch.float32),
        "query": query,
        "query_offsets": query_offsets,
        "candidate": torch.tensor([row for one in asked for row in one["candidates"]]),
        "question": torch.repeat_interleave(torch.arange(len(asked)), torch.tensor(sizes)),
        "scalars": torch.tensor([item for one in asked for item in one["scalars"]], dtype=torch.float32).view(-1, columns),
        "chosen": starts + torch.tensor([one["chosen"] for one in asked]),
        "old": torch.tensor([one["logProbability"] for one in asked]),
        "advantage": torch.tensor([float(one["advantage"]) for one in asked]),
    }


def log_softmax(logits: torch.Tensor, question: torch.Tensor, count: int) -> torch.Tensor:
    """Over the candidates of each question."""
    largest = torch.full((count,), -torch.inf).scatter_reduce(0, question, logits.detach(), "amax")
    shifted = logits - largest[question]
    return shifted - torch.zeros(count).index_add(0, question, shifted.exp()).log()[question]


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with open(sys.argv[1], encoding="utf-8") as file:
        batches = [read(head) for head in json.load(file)]
    embedding = nn.Parameter(torch.rand(BUCKETS, WIDTH) - 0.5)
    heads = nn.ModuleList(Head(batch["scalars"].shape[1]) for batch in batches)
    parameters = [embedding, *heads.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=0.003, betas=(0.9, 0.99), eps=1e-5)

    def one_pass() -> None:
        loss = torch.zeros(())
        for head, batch in zip(heads, batches, strict=True):
            texts = nn.functional.embedding_bag(
                batch["ids"], embedding, batch["offsets"], mode="sum", per_sample_weights=batch["weights"]
            )
            logs = log_softmax(head(texts, batch), batch["question"], len(batch["old"]))
            ratio = (logs[batch["chosen"]] - batch["old"]).exp()
            advantage = batch["advantage"]
            surrogate = torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.3) * advantage)
            loss = loss - surrogate.sum() / 32 + 0.02 * (logs.exp() * logs).sum() / 32
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 10.0)
        optimiser.step()

    choices = sum(len(batch["old"]) for batch in batches)
    rows = sum(len(batch["candidate"]) for batch in batches)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} thread; {choices} choices, {rows} candidates", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        for _ in range(PASSES):
            one_pass()
        print((time.perf_counter() - started) * 1000, flush=True)


if __name__ == "__main__":
    main()
