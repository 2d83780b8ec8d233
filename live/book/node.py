"""Where Node is: on the path, or beside this Python, where ``make`` put it; and asking it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def node_command() -> str:
    beside = str(Path(sys.prefix) / "bin")
    command = shutil.which("node", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if command is None:
        raise FileNotFoundError("Node is not installed; `make .venv` in the book's folder does it.")
    return command


def ask(script: Path, question: Any) -> str:
    """Return what `script` writes when it is given `question` as JSON."""
    done = subprocess.run(
        [node_command(), script], input=json.dumps(question), capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{script.name} failed; is node_modules there?\n{done.stderr}")
    return done.stdout
