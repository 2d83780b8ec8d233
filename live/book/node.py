"""Where Node is: on the path, or beside this Python, where ``make`` put it."""

import os
import shutil
import sys
from pathlib import Path


def node_command() -> str:
    beside = str(Path(sys.prefix) / "bin")
    command = shutil.which("node", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if command is None:
        raise FileNotFoundError("Node is not installed; `make .venv` in the book's folder does it.")
    return command
