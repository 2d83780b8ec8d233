"""Which of our own files a chapter's outputs depend on, so that exactly those chapters run again.

Imports are followed without running anything; ``figure("NAME")`` counts as an import of
``figures.NAME``, and the key of an exercise as one of its chapter's exercises. Sphinx compares the
files' times; a chapter that is out of date is read again, and a chapter that is read is run.
"""

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from myst_nb.core.read import create_nb_reader
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
PACKAGES = ("autograd", "figures", "live")

# What a module reads besides its imports: a notebook's widget carries its front end.
READ = {
    "live/widget.py": ("live/static/figure.js", "live/static/figure.css"),
    "reference/published.py": ("tests/reference/tables.json",),
}


def setup(app: Sphinx) -> None:
    app.connect("env-before-read-docs", forget)
    app.connect("source-read", note)
    app.connect("env-get-updated", rewrite_if_names_changed, priority=900)  # after the numbers
    app.connect("env-get-outdated", remove_pages)


def forget(app: Sphinx, env: object, docnames: list[str]) -> None:
    """Forget all that is to be read before any of it is: a label may have moved to another page."""
    for docname in docnames:
        app.emit("env-purge-doc", app.env, docname)
        app.env.clear_doc(docname)


def note(app: Sphinx, docname: str, content: list[str]) -> None:
    """Tell Sphinx on which files the notebook `docname` depends."""
    env = app.env
    reader = create_nb_reader(
        env.doc2path(docname),
        env.myst_config,  # type: ignore[attr-defined]
        env.mystnb_config,  # type: ignore[attr-defined]
        content[0],
    )
    if reader:
        cells = [cell.source for cell in reader.read(content[0]).cells if cell.cell_type == "code"]
        folder = Path(env.doc2path(docname)).parent
        for path in dependencies(cells, ROOT, folder) | files_named(cells, folder):
            env.note_dependency(str(path))


def rewrite_if_names_changed(app: Sphinx, env: object) -> list[str]:
    """Have all pages written again, without a run, if what they say of one another has changed.

    Every page shows the titles of all in its margin, and any may name a section, an equation, a
    figure, a word of the glossary or a source that stands in another.
    """
    domains = app.env.domaindata
    names = {
        "titles": {docname: title.astext() for docname, title in app.env.titles.items()},
        "numbers": deepcopy([app.env.toc_secnumbers, app.env.toc_fignumbers]),  # purged in place
        "labels": [dict(domains["std"][kind]) for kind in ("labels", "anonlabels", "objects")],
        "equations": dict(domains["math"]["objects"]),
        "sources": [(c.key, c.citation_id, repr(c.entry)) for c in domains["cite"]["citations"]],
    }
    if names == getattr(app.env, "live_names", names):
        changed: list[str] = []
    else:
        changed = sorted(app.env.found_docs)
    app.env.live_names = names  # type: ignore[attr-defined]
    return changed


def remove_pages(
    app: Sphinx, env: object, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Take the pages of documents that are gone out of the built book."""
    for docname in removed:
        for page in (f"{docname}.html", f"_sources/{docname}.md", f"_sources/{docname}.ipynb"):
            (Path(app.outdir) / page).unlink(missing_ok=True)
    return []


def dependencies(cells: list[str], root: Path, folder: Path | None = None) -> set[Path]:
    """Return the files below `root` that code in `cells`, of a notebook in `folder`, depends on."""
    found: set[Path] = set()
    waiting: list[str] = []
    for tree in map(parsed, cells):
        shown = figures_shown(tree, root)
        waiting += [*imported(tree, package=""), *shown, *exercises_asked(tree, root)]
    while waiting:
        for path in files(waiting.pop(), root, folder) - found:
            found.add(path)
            place = path.relative_to(root)
            found.update(root / name for name in READ.get(place.as_posix(), ()))
            package = ".".join(place.parent.parts)
            waiting += imported(parsed(path.read_text(encoding="utf-8")), package)
    return found


def files_named(cells: list[str], folder: Path) -> set[Path]:
    """Return the files that code in `cells` names, or matches: a table, a style of drawing.

    The style of a package is named as matplotlib has it: ``live.print`` is `live/print.mplstyle`.
    """
    strings = {
        node.value
        for tree in map(parsed, cells)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = [name for name in strings if re.fullmatch(r"[\w./*-]+\.\w+", name) and name[0] != "/"]
    found = [path for name in names for path in folder.glob(name)]
    found += [ROOT / f"{name.replace('.', '/')}.mplstyle" for name in names]
    return {path for path in found if path.is_file()}


@cache  # all chapters ask for the same modules
def parsed(code: str) -> ast.Module:
    """Return the syntax tree; a cell that shows a syntax error on purpose has none."""
    try:
        manager = TransformerManager()  # type: ignore[no-untyped-call]
        return ast.parse(manager.transform_cell(code))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the names of all modules that code imports; some may be names in a module instead."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


def figures_shown(tree: ast.Module, root: Path) -> Iterator[str]:
    """Yield the modules of the figures that code shows; a name that is computed may be any."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("figure", "live.figure"):
            match node.args:
                case [ast.Constant(value=str(name)), *_]:
                    yield f"figures.{name}"
                case _:
                    yield from (f"figures.{path.stem}" for path in root.glob("figures/*.py"))


def exercises_asked(tree: ast.Module, root: Path) -> Iterator[str]:
    """Yield the modules of the exercises that code shows or checks by key, or lists."""
    modules = {
        f"figures.exercises.{path.stem}": path.read_text(encoding="utf-8")
        for path in root.glob("figures/exercises/chapter_*.py")
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="all_exercises")):
                yield from modules
            case ast.Constant(value=str(key)) if re.fullmatch(r"\d+-\d+", key):
                yield from (name for name, text in modules.items() if f'"{key}"' in text)


def files(module: str, root: Path, folder: Path | None) -> set[Path]:
    """Return the files that are run when `module` is imported, if it is one of ours.

    Ours are the packages, and what stands in the notebook's own `folder`.
    """
    parts = module.split(".")
    if parts[0] not in PACKAGES:
        beside = folder / f"{parts[0]}.py" if folder and folder.is_relative_to(root) else None
        return {beside} if beside and beside.is_file() else set()
    places = [root.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)]
    candidates = [place / "__init__.py" for place in places] + [places[-1].with_suffix(".py")]
    return {path for path in candidates if path.is_file()}
