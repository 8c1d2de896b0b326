#!/bin/sh
# What CI runs: style, types, the browser bundles rebuilt and compared, its verifier on every case, every test in two processes.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff check
.venv/bin/ruff format --check
.venv/bin/mypy
node_modules/.bin/eslint
node_modules/.bin/tsc
node scripts/build-browser.mjs --check
node --test --test-reporter=dot tests/browser/verification.test.mjs
.venv/bin/pytest -q --numprocesses=2 --dist=loadfile -m "not alone" "$@"
exec .venv/bin/pytest -q -m alone
