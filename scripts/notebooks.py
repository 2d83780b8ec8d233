"""Collects the executed notebooks of the built book, and what they import, into _build/notebooks.

    python scripts/notebooks.py

After `make book`. It is published as the branch `notebooks`, which Colab and Binder read (see
`live/book/repository.py`): the notebooks, a wheel of `autograd`, `figures` and `live` with the
figures' front end, and the `requirements.txt` by which Binder installs it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "_build" / "html" / "_sources"
TARGET = ROOT / "_build" / "notebooks"


def main() -> None:
    found = [SOURCES / "index.ipynb", *sorted(SOURCES.glob("chapters/*.ipynb"))]
    if not found[0].is_file():
        sys.exit("There are no notebooks yet: make book")
    shutil.rmtree(TARGET, ignore_errors=True)
    for notebook in found:
        copy = TARGET / notebook.relative_to(SOURCES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook, copy)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", TARGET]
    subprocess.run([*pip, *options, ROOT], check=True)
    [wheel] = TARGET.glob("*.whl")
    (TARGET / "requirements.txt").write_text(f"./{wheel.name}[notebook]\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} has {len(found)} notebooks and {wheel.name}")


if __name__ == "__main__":
    main()
