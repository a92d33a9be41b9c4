#!/usr/bin/env bash
# What a language model that reads its prompt gains by views and programs: one supervised training for each view and execution, each measured in
# its own, among the few tools of its tasks and among hundreds, and the one by `tool` and calls on an Ollama server as well.
#
#   commands/figures/finetune-contexts.sh BASE.gguf FOLDER
#
# test/live/setup-smollm2.sh gets a base, docs/finetune.md says what else is needed; OLLAMA_HOST names the server. What stands in FOLDER is not
# made again. Run it from the repository's root. VIEWS, SEQUENCES, TASKS and SERVED (tasks
# on Ollama, which may read ten times as slowly) make it smaller.
set -euo pipefail
base="$(realpath "$1")"
mkdir -p "$2"
study="$(realpath "$2")"
greedily='outputTokens=256' # the longest program of the oracle has some two hundred
read -ra views <<< "${VIEWS:-tool search eager}"

measure() { # NAME FLAGS...
  [ -e "$study/$1/report.html" ] || node toolstone.ts run --suite micro --split test --out "$study/$1" --limit "${TASKS:-52}" "${@:2}"
}

runs=()
for view in "${views[@]}"; do
  for execution in calls programs; do
    name="$view-$execution"
    [ -e "$study/$name/training.json" ] || node toolstone.ts finetune sft --suite micro --base "$base" --view "$view" --execution "$execution" \
      --layers 16 --learning-rate 5e-4 --steps "${SEQUENCES:-80}" --seed 1 --threads 1 --out "$study/$name"
    measure "run-$name" --view "$view" --execution "$execution" --policy "tuned=llama:$study/$name/tuned.gguf?$greedily" oracle
    runs+=("$study/run-$name")
  done
done
for execution in calls programs; do # all schemas of 300 tools leave no room in this model's window
  name="tool-$execution"
  measure "run-$name-300" --view tool --execution "$execution" --tools 300 --policy "tuned=llama:$study/$name/tuned.gguf?$greedily" oracle
  runs+=("$study/run-$name-300")
done
node commands/figures/finetune-contexts.ts "$study/tables" "${runs[@]}"

# the same file on a server, call by call
ollama create toolstone-contexts -f "$study/tool-calls/Modelfile"
measure ollama --concurrency 1 --limit "${SERVED:-12}" --policy "tuned-ollama=ollama:toolstone-contexts?$greedily"
node commands/figures/finetune-served.ts "$study/run-tool-calls" tuned "$study/ollama" "$study/tables"
