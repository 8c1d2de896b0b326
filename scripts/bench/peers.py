"""The programs that Laurels is compared with, installed from their registries at fixed versions into build/bench-peers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["FOLDER", "PACKAGES", "PYTHON_PACKAGES", "PeerMissingError", "hugo", "node_script", "python_command"]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench-peers"
PACKAGES = {
    "@digitalbazaar/vc": "7.3.0",
    "@digitalbazaar/data-integrity": "2.5.0",
    "@digitalbazaar/eddsa-rdfc-2022-cryptosuite": "1.3.0",
    "@digitalbazaar/ed25519-multikey": "1.3.1",
}
PYTHON_PACKAGES = {"openbadgeslib[ldp]": "4.6.3", "mkdocs": "1.6.1"}
SCRIPT = Path(__file__).with_name("peer-vc.mjs")


class PeerMissingError(Exception):
    """A program that is not on this machine, in a sentence."""


def node_script() -> Path:
    """The script that signs and verifies with npm's packages, beside them. Raises PeerMissingError."""
    folder = FOLDER / "npm"
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    if not _is_there(folder, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
        _install(["npm", "install", "--no-audit", "--no-fund", "--save-exact", *wanted], folder, wanted)
    shutil.copyfile(SCRIPT, folder / SCRIPT.name)
    return folder / SCRIPT.name


def python_command(name: str) -> Path:
    """A command of PyPI's packages, in an environment of their own. Raises PeerMissingError."""
    folder = FOLDER / "python"
    wanted = [f"{package}=={version}" for package, version in PYTHON_PACKAGES.items()]
    if not _is_there(folder, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        _install([sys.executable, "-m", "venv", "."], folder, [])
        _install(["bin/pip", "install", "--quiet", "--disable-pip-version-check", *wanted], folder, wanted)
    return folder / "bin" / name


def hugo() -> str:
    """Hugo, if this machine has it. Raises PeerMissingError."""
    found = shutil.which("hugo")
    if found is None:
        raise PeerMissingError("Hugo is not installed on this machine")
    return found


def _is_there(folder: Path, wanted: Sequence[str]) -> bool:
    stamp = folder / "installed"
    return stamp.exists() and stamp.read_text("utf-8").split() == list(wanted)


def _install(command: Sequence[str], folder: Path, wanted: Sequence[str]) -> None:
    # A program beside its folder is found by its path alone.
    first = str(folder / command[0]) if command[0].startswith("bin/") else command[0]
    try:
        done = subprocess.run([first, *command[1:]], cwd=folder, capture_output=True, text=True)  # noqa: S603
    except OSError as error:
        raise PeerMissingError(f"{command[0]} is not installed on this machine") from error
    if done.returncode:
        raise PeerMissingError(f"could not be installed: {' '.join(wanted) or command[0]}")
    if wanted:
        (folder / "installed").write_text("\n".join(wanted) + "\n", "utf-8")
