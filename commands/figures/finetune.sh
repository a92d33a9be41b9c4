#!/usr/bin/env bash
# The finetuning study from its first step to its tables: a base of 270 million parameters, supervised, half-trained, and from
# there reward-filtered and group-relative under sparse and under rubric reward; then all of them greedily on new instances,
# unseen wording and the held-out server. Hours on two cores.
#
#   commands/figures/finetune.sh BASE.gguf FOLDER
#
# test/live/setup-ollama.sh gets a base, docs/finetune.md says what else is needed. What stands in FOLDER is not made again,
# and what was stopped goes on; delete a part to have it remade. Run it from the repository's root. The tables and the page
# end in FOLDER/run; the tables of record are reports/reference/experiments/finetune.
set -euo pipefail
base="$(realpath "$1")"
mkdir -p "$2"
study="$(realpath "$2")"

tune() { # NAME KIND FLAGS...
  [ -e "$study/$1/training.json" ] || node toolstone.ts finetune "$2" --suite micro --out "$study/$1" "${@:3}"
}
from_half=(--base "$study/half/model" --onto "$base")
by_groups=(--steps 4 --prompts 1 --turns 6 --generations 8 --learning-rate 4e-5 --beta 0 --threads 1)

tune sft sft --base "$base" --limit 600 --steps 100
tune half sft --base "$base" --limit 600 --steps 24
tune rft rft "${from_half[@]}" --limit 120 --steps 40 --threads 1
tune grpo-sparse grpo "${from_half[@]}" --reward sparse "${by_groups[@]}"
tune grpo-rubric grpo "${from_half[@]}" --reward rubric "${by_groups[@]}"

greedily='outputTokens=96' # a call has some seventy
measure() { # NAME FLAGS...
  node toolstone.ts run --suite micro --limit 52 --out "$study/$1" "${@:2}"
}
measure run --split test --split wording --split held-out-server \
  --policy "sft=llama:$study/sft/tuned.gguf?$greedily" \
  --policy "half=llama:$study/half/tuned.gguf?$greedily" \
  --policy "rft=llama:$study/rft/round-1/tuned.gguf?$greedily" \
  --policy "grpo-sparse=llama:$study/grpo-sparse/tuned.gguf?$greedily" \
  --policy "grpo-rubric=llama:$study/grpo-rubric/tuned.gguf?$greedily"
node toolstone.ts report "$study/run" --trainings "$study"/{sft,half,rft,grpo-sparse,grpo-rubric}

# the base never ends a turn and takes five times as long: with room for the longest call of the oracle and no more
mkdir -p "$study/base"
ln -sf "$base" "$study/base/base.gguf"
cp "$study/sft/chat_template.jinja" "$study/base/"
measure base-run --split test --split wording --split held-out-server --policy "base=llama:$study/base/base.gguf?outputTokens=64"

record=reports/reference/experiments/finetune
cp "$study"/run/tables/{comparison,policy-differences,trainings,views,families}.{md,csv,json} "$study"/run/tables/comparison.svg "$record"
for form in md csv json svg; do cp "$study/base-run/tables/comparison.$form" "$record/base.$form"; done

# the same file on an Ollama server, which OLLAMA_HOST names
ollama create toolstone-micro -f "$study/sft/Modelfile"
measure ollama --split test --concurrency 1 --policy "sft-ollama=ollama:toolstone-micro?$greedily"
node commands/figures/finetune-served.ts "$study/run" sft "$study/ollama" "$record"
