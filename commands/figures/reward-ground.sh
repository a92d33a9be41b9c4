#!/usr/bin/env bash
# What a group-relative training has to learn from: how often sparse and rubric rewards tell eight episodes of one task apart, at temperature
# 1, from a start that seldom succeeds and one that sometimes does; and what sixty steps of eight episodes cost. Two hours on two cores.
#
#   commands/figures/reward-ground.sh BASE.gguf FOLDER         the two starts, their episodes, and the tables
#   commands/figures/reward-ground.sh BASE.gguf FOLDER steps   sixty steps from the second start, stopped and resumed twice
#
# test/live/setup-smollm2.sh gets a base, docs/finetune.md says what else is needed. What stands in FOLDER is not made again. Run it from
# the repository's root. LOW and HIGH are the sequences that the starts learn from, TASKS the number of groups.
set -euo pipefail
base="$(realpath "$1")"
mkdir -p "$2"
study="$(realpath "$2")"

start() { # NAME SEQUENCES
  [ -e "$study/$1/training.json" ] || node toolstone.ts finetune sft --suite micro --base "$base" --layers 16 --learning-rate 5e-4 \
    --steps "$2" --seed 1 --threads 1 --out "$study/$1"
}
start low "${LOW:-10}"
start high "${HIGH:-16}"

if [ "${3:-}" != steps ]; then
  sampled='temperature=1&outputTokens=80' # as a training samples
  [ -e "$study/sampled/report.html" ] || node toolstone.ts run --suite micro --split train --limit "${TASKS:-24}" --repeat 8 \
    --policy "low=llama:$study/low/tuned.gguf?$sampled" "high=llama:$study/high/tuned.gguf?$sampled" --out "$study/sampled"
  node toolstone.ts judge "$study/sampled" --judge code --rubric end-state --out "$study/judged"
  node commands/figures/reward-ground.ts "$study/judged" "$study/tables"
  exit
fi

for until in 20 40 60; do # the first two are stopped by Ctrl-C's signal as soon as so many steps are done
  node toolstone.ts finetune grpo --suite micro --base "$study/high/model" --onto "$base" --rubric end-state --layers 8 --prompts 1 \
    --generations 8 --steps 60 --seed 1 --threads 1 --out "$study/steps" &
  training=$!
  while [ "$until" -lt 60 ] && kill -0 "$training" && [ "$(wc -l < "$study/steps/metrics.jsonl" || echo 0)" -lt "$until" ]; do sleep 2; done
  [ "$until" -eq 60 ] || kill -INT "$training"
  wait "$training" || [ "$until" -lt 60 ]
done
node toolstone.ts run --suite micro --split validation --limit 52 --out "$study/steps-measured" \
  --policy "high=llama:$study/high/tuned.gguf?outputTokens=80" "steps=llama:$study/steps/tuned.gguf?outputTokens=80"
