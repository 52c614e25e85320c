"""Notebooks as they are stored: alike whoever looked at them, and with a picture of each chart."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import nbformat

from analysis.core.database import ROOT

# JupyterLab draws this type by itself, offline, and no v6 type; notebook tools keep it.
CHART_TYPE = "application/vnd.vegalite.v5+json"
FOLDER = ROOT / "notebooks"
# In place of a panel that somebody can click, its notebook is stored with what stands here.
UNCLICKED = "application/vnd.barometer.unclicked+json"

PICTURE = "image/png"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
# The pixels of a picture for each of a chart's, and its colours: small, and its text is read.
SCALE = 1.2
COLOURS = 64


def _load_jupyter_server_extension(server: object) -> None:
    """Let JupyterLab's server save the project's notebooks as they are stored."""
    server.contents_manager.register_pre_save_hook(_on_save)


def _on_save(model: dict, path: str, contents_manager: object, **_: object) -> None:
    # A chart keeps the picture that is stored beside it; one that is new gets its own by on_store.
    file = Path(contents_manager.root_dir, path)
    if model["type"] == "notebook" and file.resolve().parent == FOLDER:
        _settle(model["content"])
        _add_pictures(model["content"], _stored_pictures(file))


def on_store(notebook: dict, resources: dict) -> tuple[dict, dict]:
    """Let nbconvert store a notebook of the project, a picture beside each of its charts."""
    _settle(notebook)
    pictures = _stored_pictures(FOLDER / f"{resources['metadata']['name']}.ipynb")
    drawn = {_key(data): data[CHART_TYPE] for data in _charts(notebook)}
    _add_pictures(notebook, {key: pictures.get(key) or _picture(drawn[key]) for key in drawn})
    return notebook, resources


def _settle(notebook: dict) -> None:
    """Leave of a notebook what does not depend on who looked at it, when, and on which machine."""
    notebook["metadata"] = METADATA
    run = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {key: tags for key, tags in cell["metadata"].items() if key == "tags"}
        if cell["cell_type"] != "code":
            continue
        if cell["execution_count"]:
            run += 1
            cell["execution_count"] = run
        cell["outputs"] = [each for output in cell["outputs"] for each in _unclicked(output)]
        for output in cell["outputs"]:
            if "execution_count" in output:
                output["execution_count"] = cell["execution_count"]
            if "data" in output:
                output["data"] = _as_saved(output["data"])


def _unclicked(output: dict) -> list[dict]:
    """Return an output, or what stands for it where nobody can click."""
    return output.get("data", {}).get(UNCLICKED, [output])


def _as_saved(value: object) -> object:
    """Return JSON as JavaScript writes it again: it knows no decimals of whole numbers."""
    if isinstance(value, dict):
        return {key: _as_saved(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_saved(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _charts(notebook: dict) -> Iterator[dict]:
    """Yield the data of each output that is a chart."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if CHART_TYPE in output.get("data", {}):
                yield output["data"]


def _key(data: dict) -> str:
    return json.dumps(data[CHART_TYPE], sort_keys=True)


def _stored_pictures(file: Path) -> dict[str, str]:
    """Return the pictures that are stored in a notebook's file, by their chart."""
    if not file.exists():
        return {}
    stored = nbformat.read(file, as_version=4)
    return {_key(data): data[PICTURE] for data in _charts(stored) if PICTURE in data}


def _add_pictures(notebook: dict, pictures: dict[str, str]) -> None:
    for data in _charts(notebook):
        if picture := pictures.get(_key(data)):
            data[PICTURE] = picture


def _picture(spec: dict) -> str:
    """Return a small picture of a chart, for those who see the notebook where no chart is drawn."""
    from PIL import Image

    from analysis.show.drawing import png

    with Image.open(io.BytesIO(png(spec, SCALE))) as drawn:
        small = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=0)
    saved = io.BytesIO()
    small.save(saved, "PNG", optimize=True)
    return b64encode(saved.getvalue()).decode()
