#!/bin/sh
# Checks, issues what is pending, builds, verifies. libcairo is asked for only when a drawing must be rendered.
set -eu
cd "$(dirname "$0")/.."
if .venv/bin/laurels issue --dry-run --json 2>/dev/null | grep -q '"renderings": \[$'; then
    scripts/setup.sh cairo
fi
exec .venv/bin/laurels site
