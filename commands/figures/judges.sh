#!/usr/bin/env bash
# Makes figures.json and figures.md in reports/reference/experiments/judges: how far judges agree with the labels of 48
# episodes of suite basic, one planted defect each, tasks that no training has seen.
#
#   commands/figures/judges.sh FOLDER/gemma-3-270m-q4_k_m.gguf   # trains a judge; an hour of one core
#   commands/figures/judges.sh ollama:toolstone-gemma             # adds the untuned one on a server
#
# test/live/setup-ollama.sh gets the model, finetune/trl/setup.sh trainer what trains it. WORK names a folder for
# what is made on the way (episodes, the tuned model, verdicts); by default a temporary one.
set -euo pipefail
given="$1"
[ -f "$given" ] && given="$(realpath "$given")"
root="$(realpath "$(dirname "$0")/../..")"
work="$(realpath "${WORK:-$(mktemp -d)}")"
settings='evidenceTokens=400&criterionTokens=80'
toolstone() { node "$root/toolstone.ts" "$@"; }
# verdicts are cached in the folder that one stands in
cd "$work"

[ -d test ] || toolstone defects --suite basic --split test --limit 48 --per-task 1 --out test
measure() { # measure NAME JUDGE [EPISODES]
  [ -d "$1/run/tables" ] && return
  toolstone calibrate --labels "${3:-test}/labels.jsonl" --judge "$2" --concurrency 1 --out "$1"
  # from the cache, for the single verdicts
  toolstone judge "${3:-test}" --judge "$2" --concurrency 1 --fresh --out "$1/run"
}

if [ -f "$given" ]; then
  [ -d train ] || toolstone defects --suite basic --split train --limit 80 --per-task 2 --out train
  [ -f tuned/tuned.gguf ] ||
    toolstone finetune judge --base "$given" --labels train/labels.jsonl --steps 200 --learning-rate 1.5e-4 --threads 1 --out tuned
  # the same prompts for the untuned one
  mkdir -p base
  ln -sf "$given" base/untuned.gguf
  cp tuned/chat_template.jinja base/
  for scope in criterion all; do
    measure "tuned-$scope" "llama:tuned/tuned.gguf?scope=$scope&threads=1&timeoutSeconds=280"
    measure "untuned-$scope" "llama:base/untuned.gguf?$settings&scope=$scope&threads=1&timeoutSeconds=280"
  done
  measure embedded embedded
else
  # the first of the same episodes: a call takes a server two minutes of one core
  [ -d test-server ] || toolstone defects --suite basic --split test --limit 17 --per-task 1 --out test-server
  measure "${given%%:*}-all" "$given?$settings&contextTokens=2048&threads=1&timeoutSeconds=280" test-server
fi
node "$root/commands/figures/judges.ts" "$work" "$root/reports/reference/experiments/judges"
