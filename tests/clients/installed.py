"""Clients that somebody else wrote, each installed apart from the product, once a session.

They come from the registry that pip and npm of the machine are set up for. Where one cannot be
installed, its tests are skipped with its name and what its installer said.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

CACHE = Path(tempfile.gettempdir()) / f"equality-clients-{os.getuid()}"
_SECONDS = 300


@functools.cache
def python_package(requirement: str) -> Path:
    """Return the folder of a package installed apart; ``PYTHONPATH`` makes it importable."""
    folder = CACHE / f"python{sys.version_info.minor}" / requirement.replace("==", "-")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return _installed(requirement, folder, [*command, "--target", ".", requirement])


@functools.cache
def node_package(name: str) -> Path:
    """Return the folder beside whose ``node_modules`` a script of that package runs."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip(f"{name} cannot be installed: there is no node and npm here")
    folder = CACHE / "node" / name.replace("/", "-")
    return _installed(name, folder, ["npm", "install", "--silent", "--no-audit", name])


def _installed(name: str, folder: Path, command: list[str]) -> Path:
    CACHE.mkdir(mode=0o700, exist_ok=True)
    # What lies there is run: a folder that another account has made in this place will not do.
    assert CACHE.stat().st_uid == os.getuid(), f"{CACHE} belongs to another account"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            done = subprocess.run(
                command,
                cwd=unfinished,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            pytest.skip(f"{name} cannot be installed: it took more than {_SECONDS} seconds")
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            pytest.skip(f"{name} cannot be installed: {last}")
        if not folder.exists():
            unfinished.rename(folder)
    return folder


def ran(command: list[object], **environment: str) -> str:
    """Return what a program printed; its own words are the failure where it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True, text=True, timeout=_SECONDS, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
