"""Store what PyTorch prints for the lecture's program and its variants, in lecture_logs.json.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/lecture_logs.py
"""

import contextlib
import io
import json
from pathlib import Path

import torch
from variants import VARIANTS, program


def printed(text):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(text, {})
    return out.getvalue().splitlines()


if __name__ == "__main__":
    runs = [{"variant": variant, "log": printed(program(**variant))} for variant in VARIANTS]
    stored = {"torch": torch.__version__.split("+")[0], "runs": runs}
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(stored, indent=1) + "\n", encoding="utf-8"
    )
