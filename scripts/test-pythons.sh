#!/bin/sh
# Runs the tests that need neither a browser nor Node on each Python from 3.11 to 3.14 that this machine has, and says which it lacks.
# Interpreters outside of PATH can be named: PYTHONS="/opt/python3.13/bin/python3 …" scripts/test-pythons.sh
# Arguments go to pytest, and replace that choice of tests: scripts/test-pythons.sh tests/test_jcs.py
set -eu
cd "$(dirname "$0")/.."

# A name in PATH may be a shim that leads nowhere, so each is asked for its version.
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# $1: an interpreter, $2: the folder of its environment. The stamp lets a second run begin at once.
environment() {
    if [ -f "$2/.ready" ] && cat requirements-dev.lock pyproject.toml | cmp -s - "$2/.ready"; then
        return
    fi
    rm -rf "$2"
    "$1" -m venv "$2"
    "$2/bin/pip" install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
    "$2/bin/pip" install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
    cat requirements-dev.lock pyproject.toml > "$2/.ready"
}

[ $# -gt 0 ] || set -- $(grep -LwE 'playwright|demo_site|life_site|node|servers|serving' tests/test_*.py)
tested=
for python in ${PYTHONS:-python3.11 python3.12 python3.13 python3.14}; do
    if ! version=$(version_of "$python"); then
        echo "not tested: $python is not on this machine" >&2
        continue
    fi
    environment "$python" "build/pythons/$version"
    echo "Python $version" >&2
    "build/pythons/$version/bin/python" -m pytest -q -m "not alone" "$@"
    tested="$tested $version"
done
echo "tested on Python:${tested:- none}" >&2
[ -n "$tested" ]
