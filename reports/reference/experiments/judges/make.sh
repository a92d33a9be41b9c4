#!/usr/bin/env bash
# Makes the figures beside it: 24 episodes of suite basic with planted defects, their 239 labels, and how far an untrained
# model of 270 million parameters agrees with them when it is asked for all twelve criteria at once (288 verdicts).
#
#   reports/reference/experiments/judges/make.sh llama:FOLDER/gemma-3-270m-q4_k_m.gguf   # a few minutes of CPU
#   reports/reference/experiments/judges/make.sh ollama:toolstone-gemma                        # much longer
#
# test/live/setup-ollama.sh gets the model. In this process it needs Gemma's turns, as that script's Modelfile has them:
# copy chat_template.jinja beside the model file. Run it from the repository's root.
set -euo pipefail
judge="$1"
here="$(dirname "$0")"
planted="$(mktemp -d)/judges-planted"
settings='evidenceTokens=500&criterionTokens=60&contextTokens=2048&threads=1&timeoutSeconds=280'
node toolstone.ts defects --suite basic --limit 12 --per-task 2 --out "$planted"
node toolstone.ts calibrate --labels "$planted/labels.jsonl" --judge "$judge?$settings" --concurrency 1 --out "$here/${judge%%:*}"
