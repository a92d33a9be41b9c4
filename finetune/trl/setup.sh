#!/usr/bin/env bash
# Adds what test/finetune/outside-client.test.ts needs, once: a virtual environment in the user's cache with the official
# `openreward` client and TRL's environment adapter, unmodified, as finetune/trl/ pins them (580 MB, a minute or two).
# With the word `trainer` it adds what trains too: PyPI has torch for Linux with its CUDA libraries only, 6 GB in all and
# some minutes; they are needed to load it even where there is no GPU. Needs python3 (3.11 or newer) with venv.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
pins="$here/../../finetune/trl"
base="${XDG_CACHE_HOME:-$HOME/.cache}/toolstone/python"
part="${1:-client}"
pinned="$(cat "$pins/requirements.txt" "$pins/constraints.txt" | sha256sum | cut -d' ' -f1)"

if [ "$(cat "$base/ready-$part" 2>/dev/null)" = "$pinned" ]; then
  echo "ready: $base"
  exit
fi

python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
if [ "$(cat "$base/ready-client" 2>/dev/null)" != "$pinned" ]; then
  rm -rf "$base"
  python3 -m venv "$base"
fi
install() { "$base/bin/pip" install --quiet --constraint "$pins/constraints.txt" "$@"; }
case "$part" in
  client)
    install openreward datasets
    # its adapter for environments imports nothing of what trains
    install --no-deps trl
    ;;
  trainer) install --requirement "$pins/requirements.txt" ;;
  *)
    echo "usage: $0 [client|trainer]" >&2
    exit 2
    ;;
esac
echo "$pinned" >"$base/ready-client"
echo "$pinned" >"$base/ready-$part"
echo "ready: $base"
