"""The machine that measures, in words that name no host."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["machine"]


def machine() -> dict[str, str]:
    """Processor, cores, memory, system and languages, and the day."""
    return {
        "day": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": f"{_processor()}, {os.cpu_count()} cores, {_memory_gb()} GB",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "node": _version("node"),
    }


def _processor() -> str:
    """Its maker's name for it; virtual machines often hide the model, so with its family and number."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    known = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
    values = {name.strip(): value.strip() for name, value in known.items()}
    name = values.get("model name", platform.machine())
    return f"{name} (model {values['model']})" if "model" in values else name


def _memory_gb() -> int:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError):
        return 0


def _version(command: str) -> str:
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True)  # noqa: S603
    except OSError:
        return "none"
    return done.stdout.strip().lstrip("v")
