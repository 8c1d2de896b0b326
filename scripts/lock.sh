#!/bin/sh
# Writes the lock files again: exact versions with hashes, and no address of any registry. Needs `uv`.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-annotate --no-header --quiet "$@"
}
compile pyproject.toml --extra build --output-file requirements.lock
compile pyproject.toml --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
compile --group release --constraint requirements.lock --output-file requirements-release.lock
