#!/usr/bin/env bash
# Makes judges/code/attacks.json: how often the code judge passes a broken criterion once the episode is dressed up for it.
# The episodes are those on which the embedded judge is measured, too. Run it from the repository's root, about half a minute.
set -euo pipefail
folder="$(mktemp -d)"
node toolstone.ts defects --attacks --suite broad --split test --limit 40 --seed 1 --out "$folder/attacked"
node toolstone.ts calibrate --judge code --labels "$folder/attacked/labels.jsonl" --out "$folder/calibration"
cp "$folder/calibration/attacks.json" judges/code/attacks.json
