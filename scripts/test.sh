#!/bin/sh
# What CI runs: style, types, the browser bundles rebuilt and compared, its verifier on every case, every test.
# Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

# pytest ends with 5 when it has nothing to run: with arguments that is no failure.
pytest_with() { .venv/bin/pytest -q "$@" || [ $? = "${nothing:-0}" ]; }

[ $# = 0 ] || nothing=5
scripts/lint.sh
node scripts/build-browser.mjs --check
node --test --test-reporter=dot tests/browser/verification.test.mjs
# A file stays in one process, for what its tests share; the heaviest begin, so that none is left for the end.
pytest_with --numprocesses=2 --dist=loadfile --no-loadscope-reorder -m "not alone" "$@"
pytest_with -m alone $(grep -l "mark.alone" tests/test_*.py) "$@"
