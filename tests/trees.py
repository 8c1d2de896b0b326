"""What lies in a folder, to see whether a command changed anything."""

from __future__ import annotations

from pathlib import Path

__all__ = ["tree_of", "write_tree"]


def tree_of(root: Path) -> dict[str, bytes]:
    """Every file below root, hidden ones too, but not the empty lock file: path and bytes."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def write_tree(root: Path, tree: dict[str, bytes]) -> None:
    """Puts back what tree_of saw, and takes away every other file and folder."""
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.relative_to(root).as_posix() not in tree:
            path.unlink()
    for name, raw in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(raw)
