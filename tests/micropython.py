"""MicroPython as the built page has it, for tests: one Node process that stays."""

import json
import subprocess
from pathlib import Path
from typing import Any


class MicroPythonError(Exception):
    """What was raised in MicroPython, with its traceback there."""


class MicroPython:
    """MicroPython with the page's files: ``with MicroPython() as python: python.run("...")``."""

    def __enter__(self) -> "MicroPython":
        self._node = subprocess.Popen(
            ["node", Path(__file__).with_suffix(".mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *error: object) -> None:
        assert self._node.stdin and self._node.stdout
        self._node.stdin.close()
        self._node.stdout.close()
        self._node.wait(10)

    def run(self, code: str) -> str:
        """Run `code` and return what it printed."""
        return str(self._ask("run", code))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what the page's worker answers to `request` (see ``live.page.reply``)."""
        answer, html = self._ask("answer", json.dumps(request))
        reply: dict[str, Any] = json.loads(answer)
        return {**reply, "html": html} if html else reply

    def _ask(self, verb: str, given: str) -> Any:
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(json.dumps({verb: given}) + "\n")
        self._node.stdin.flush()
        reply = json.loads(self._node.stdout.readline())
        if "error" in reply:
            raise MicroPythonError(reply["error"])
        return reply["value"]
