#!/usr/bin/env bash
# What a small language model learns on micro-wide by supervision: three trainings by the tools' own names (plain) and three by other
# names (aliased), each in two halves, all of them greedily on what they were not trained on. Hours on two cores.
#
#   commands/figures/finetune-wide.sh BASE.gguf FOLDER           trains, and measures on what choices are made by: validation, server A
#   commands/figures/finetune-wide.sh BASE.gguf FOLDER sealed    once, after all choices: new instances, new words, server B; and the tables
#
# test/live/setup-smollm2.sh gets a base, docs/finetune.md says what else is needed. What stands in FOLDER is not made again, and what was
# stopped goes on; delete a part to have it remade. Run it from the repository's root. These variables make it smaller, to try it:
#
#   SEEDS='1' SEQUENCES=4 LIMIT=26 TASKS=13 commands/figures/finetune-wide.sh BASE.gguf FOLDER
set -euo pipefail
base="$(realpath "$1")"
mkdir -p "$2"
study="$(realpath "$2")"
half=$((${SEQUENCES:-300} / 2))
greedily='outputTokens=128' # the longest call of the oracle has some hundred
read -ra seeds <<< "${SEEDS:-1 2 3}"

tune() { # NAME FLAGS...
  [ -e "$study/$1/training.json" ] || node toolstone.ts finetune sft --suite micro-wide --limit "${LIMIT:-650}" --steps "$half" \
    --openings 5 --contrasts --layers "${LAYERS:-16}" --learning-rate "${RATE:-3e-4}" --threads "${THREADS:-1}" --out "$study/$1" "${@:2}"
}

halves() { # ARM SEED FLAGS...: the second half goes on from the first
  tune "$1-$2-early" --base "$base" --seed "$2" "${@:3}"
  tune "$1-$2" --base "$study/$1-$2-early/model" --onto "$base" --seed "$((100 + $2))" "${@:3}"
}

measure() { # NAME FLAGS...
  node toolstone.ts run --suite micro-wide --limit "${TASKS:-52}" --out "$study/$1" "${@:2}"
}

early=() late=()
for seed in "${seeds[@]}"; do
  halves plain "$seed"
  halves aliased "$seed" --alias '1?per=number'
  for arm in plain aliased; do
    early+=("$arm-$seed-early=llama:$study/$arm-$seed-early/tuned.gguf?$greedily")
    late+=("$arm-$seed=llama:$study/$arm-$seed/tuned.gguf?$greedily")
  done
done

if [ "${3:-}" != sealed ]; then
  measure chosen --split validation --split held-out-server --policy "${early[@]}" "${late[@]}"
  exit
fi
measure sealed --split test --split wording --split sealed-server --policy "${late[@]}"
measure sealed-aliased --split test --split sealed-server --alias 1 --policy "${late[@]}"
trainings=()
for one in "${early[@]}" "${late[@]}"; do trainings+=("$study/${one%%=*}"); done
node toolstone.ts report "$study/sealed" --trainings "${trainings[@]}"
node commands/figures/finetune-wide.ts "$study" "$study/tables"
cp "$study"/sealed/tables/trainings.{md,csv,json} "$study/tables"
