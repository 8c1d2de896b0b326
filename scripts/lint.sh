#!/bin/sh
# Style and types: ruff and mypy for Python, ESLint and TypeScript for what browsers and Node run.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff check
.venv/bin/ruff format --check
.venv/bin/mypy
node_modules/.bin/eslint
node_modules/.bin/tsc
.venv/bin/python -m scripts.generate_release --check
