#!/bin/sh
# Renews the lock files. Needs uv; the locks hold names, versions and hashes, no address.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url "$@"; }
lock --group build pyproject.toml --output-file requirements.lock
lock --group build --group dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock
# What the benches compare with never meets the product; the browser driver is to be the same.
lock --group pyproject.toml:peers --constraints requirements.lock --output-file requirements-bench.lock
