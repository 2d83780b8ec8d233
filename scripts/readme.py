"""The README's tables, which are written by what measures them."""

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def put(name: str, lines: list[str]) -> None:
    """Put `lines` between the README's marks ``<!-- name -->`` and ``<!-- /name -->``."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    README.write_text("\n".join([before + begin, *lines, "", end + after]), encoding="utf-8")
