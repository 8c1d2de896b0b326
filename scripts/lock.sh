#!/bin/sh
# Writes the two lock files anew: exact versions with hashes, and no address of any registry. Needs `uv`.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-annotate --no-header --quiet "$@"
}
compile --extra build --output-file requirements.lock
compile --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
