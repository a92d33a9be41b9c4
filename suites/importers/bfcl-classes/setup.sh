#!/usr/bin/env bash
# Adds the optional part of `tasks import --format bfcl`, once: a virtual environment in the user's cache with BFCL's own Python
# classes and data (PyPI bfcl-eval, Apache-2.0), as requirements.txt pins them (30 MB, seconds). Needs python3 (3.10 or newer)
# with venv. Ends by naming the interpreter and the folder with BFCL's data.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
base="${XDG_CACHE_HOME:-$HOME/.cache}/toolstone/bfcl"
pinned="$(sha256sum <"$here/requirements.txt" | cut -d' ' -f1)"

if [ "$(cat "$base/ready" 2>/dev/null)" != "$pinned" ]; then
  python3 -c 'import sys; sys.exit("Python 3.10 or newer is needed." if sys.version_info < (3, 10) else 0)'
  rm -rf "$base"
  python3 -m venv "$base"
  "$base/bin/pip" install --quiet --no-deps --requirement "$here/requirements.txt"
  echo "$pinned" >"$base/ready"
fi
echo "ready: $base/bin/python"
"$base/bin/python" -c 'import bfcl_eval, pathlib; print("data: ", pathlib.Path(bfcl_eval.__path__[0]) / "data")'
