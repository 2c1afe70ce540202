#!/usr/bin/env bash
# Makes the two locks anew: hashes for every platform, no host names. Needs uv.
set -euo pipefail
cd "$(dirname "$0")"
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q)
uv pip compile pyproject.toml --group build "${common[@]}" -o requirements.lock
uv pip compile pyproject.toml --group build --group dev "${common[@]}" -c requirements.lock -o requirements-dev.lock
# A package whose marker can never hold (an override in pyproject.toml) need not be named at all.
python3 - <<'PY'
import pathlib, re
for name in ("requirements.lock", "requirements-dev.lock"):
    path = pathlib.Path(name)
    path.write_text(re.sub(r"(?m)^\S+ ; sys_platform == 'never'(?: \\\n    --hash=\S+)*\n", "", path.read_text()))
PY
