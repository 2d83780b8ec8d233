"""Store what PyTorch prints for the cases of texts.py, in texts.json.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/make_texts.py
"""

import json
from pathlib import Path

import texts
import torch
from operations import made


def leaf(numbers, dtype, requires_grad):
    def array(x, dtype):
        return torch.tensor(x, dtype=getattr(torch, dtype))

    return made(numbers, dtype, array).requires_grad_(requires_grad)


if __name__ == "__main__":
    printed = [texts.text(case, leaf) for case in texts.texts()]
    stored = {"torch": torch.__version__.split("+")[0], "texts": printed}
    Path(__file__).with_name("texts.json").write_text(
        json.dumps(stored, indent=1) + "\n", encoding="utf-8"
    )
