#!/usr/bin/env bash
# Makes .venv-bench: what the benches compare MTA with, from a hash-pinned lock of its own, away from the product.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements-bench.lock
stamp=.venv-bench/lock
wanted=$({ pwd; .venv/bin/python --version; cat "$lock"; } 2>&1 | sha256sum)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

echo "Installing $(grep -c == "$lock") Python packages of $lock into .venv-bench ..."
.venv/bin/python -m venv --clear .venv-bench
if ! .venv-bench/bin/python -m pip install --no-input --disable-pip-version-check --progress-bar off \
    --require-hashes --no-deps -r "$lock" >.venv-bench/setup.log 2>&1; then
    tail -n 15 .venv-bench/setup.log >&2
    echo "pip could not install them (all its lines: .venv-bench/setup.log). The row crawlee is left out." >&2
    exit 1
fi
printf '%s\n' "$wanted" >"$stamp"
