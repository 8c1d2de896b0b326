#!/bin/sh
# Sets up what a command needs, and does nothing when it is there: setup.sh site | cairo | test
set -eu
cd "$(dirname "$0")/.."
venv=.venv

say() { printf '%s\n' "$*" >&2; }

# Installs Debian packages, or says in one sentence who must.
system_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "This machine has no apt-get. Please install with its own package manager what Debian calls: $*"
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        run=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        run=sudo
    else
        say "You may not install packages on this machine. Please ask for, or run: sudo apt-get install $*"
        exit 1
    fi
    say "Installing $* …"
    $run apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python_is_new() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# $1: lock file. The stamp holds what was installed, so that a second run returns at once.
virtual_environment() {
    stamp="$venv/.ready-$1"
    # A folder that was moved has commands that point to where it was.
    if [ -f "$stamp" ] && ! "$venv/bin/laurels" --version >/dev/null 2>&1; then
        rm -rf "$venv"
    fi
    if [ -f "$stamp" ] && cat "$1" pyproject.toml | cmp -s - "$stamp"; then
        return
    fi
    command -v python3 >/dev/null 2>&1 || system_packages python3 python3-venv
    if ! python_is_new; then
        say "Laurels needs Python 3.11 or newer; python3 here is $(python3 --version 2>&1)."
        exit 1
    fi
    if [ ! -x "$venv/bin/pip" ]; then
        python3 -m venv "$venv" >/dev/null 2>&1 || {
            rm -rf "$venv"
            system_packages python3-venv
            python3 -m venv "$venv"
        }
    fi
    say "Installing Python packages ($1) …"
    "$venv/bin/pip" install -qq --disable-pip-version-check --require-hashes -r "$1"
    "$venv/bin/pip" install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
    cat "$1" pyproject.toml > "$stamp"
}

cairo() {
    "$venv/bin/python" -c 'import cairocffi' >/dev/null 2>&1 || system_packages libcairo2
}

# $1: where Debian puts it. $2: a family of it, by which other systems are asked.
has_font() { [ -d "/usr/share/fonts/$1" ] || fc-list : family 2>/dev/null | grep -q "$2"; }

browser() {
    command -v faketime >/dev/null 2>&1 || system_packages faketime
    command -v chromium >/dev/null 2>&1 || system_packages chromium
    # Turns what a printer would get into pictures.
    command -v pdftoppm >/dev/null 2>&1 || system_packages poppler-utils
    # The driver that Playwright ships is linked against libatomic.
    ls /usr/lib/*/libatomic.so.1 /usr/lib64/libatomic.so.1 2>/dev/null | grep -q . || system_packages libatomic1
    # One font for each script that the tests look at; without them Chromium draws boxes.
    has_font truetype/noto 'Noto Sans Arabic' || system_packages fonts-noto-core
    has_font opentype/noto 'Noto Serif CJK' || system_packages fonts-noto-cjk
}

# The web servers of the manual's page on hosts, for its tests: unpacked and not installed, since Debian would start them.
web_servers() {
    folder=build/servers
    [ -x $folder/usr/sbin/nginx ] && [ -x $folder/usr/bin/caddy ] && return
    # The tests take the machine's own, too.
    command -v nginx >/dev/null 2>&1 && command -v caddy >/dev/null 2>&1 && return
    command -v apt-get >/dev/null 2>&1 || system_packages nginx caddy
    mkdir -p $folder
    if ! (cd $folder && apt-get download -qq nginx nginx-common caddy >/dev/null 2>&1); then
        system_packages ca-certificates
        (cd $folder && apt-get download -qq nginx nginx-common caddy >/dev/null)
    fi
    for package in $folder/*.deb; do
        dpkg-deb --extract "$package" $folder
        rm "$package"
    done
}

# Lets system calls fail, for the tests of what is left then. Linux only: elsewhere those tests say so.
tracer() {
    [ "$(uname)" != Linux ] || command -v strace >/dev/null 2>&1 || system_packages strace
}

node_packages() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || system_packages nodejs npm
    if [ -f node_modules/.ready ] && cmp -s package-lock.json node_modules/.ready; then
        return
    fi
    say "Installing npm packages …"
    npm ci --no-audit --no-fund --loglevel=error >/dev/null
    cp package-lock.json node_modules/.ready
}

case "${1:-}" in
    site) virtual_environment requirements.lock ;;
    cairo) cairo ;;
    test)
        virtual_environment requirements.lock
        virtual_environment requirements-dev.lock
        cairo
        browser
        tracer
        web_servers
        node_packages
        ;;
    *)
        say "usage: setup.sh site | cairo | test"
        exit 2
        ;;
esac
