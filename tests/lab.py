"""A JupyterLab over a copy of the project, and its notebooks opened in Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from analysis.core.database import ROOT

NOTEBOOKS = sorted(file.name for file in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@contextmanager
def running(home, database):
    """Give the address of a JupyterLab over `home`, which is made a copy of the project."""
    for name in ("data", "prose"):
        (home / name).symlink_to(ROOT / name)
    for name in NOTEBOOKS:
        (home / "notebooks").mkdir(exist_ok=True)
        shutil.copy(ROOT / "notebooks" / name, home / "notebooks")
    (home / "build").mkdir()
    (home / "build" / "barometer.duckdb").symlink_to(database)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Nothing of the user's own JupyterLab is read or written.
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own += ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    own = {name: str(home / ".jupyter" / name.lower()) for name in own}
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            *(f"--ServerApp.port={port}", "--ServerApp.token=t", f"--ServerApp.root_dir={home}"),
            "--LabApp.expose_app_in_browser=True",
        ],
        env=os.environ | own | {"BAROMETER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_port(port)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _await_port(port):
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("JupyterLab did not start")


def guarded(context, host):
    """Stop what a page asks of any other host, and return the list that it is written in."""
    asked = []

    def guard(route):
        if route.request.url.startswith((f"http://{host}/", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    return asked


def show(page, host, notebook):
    """Open a notebook in JupyterLab, its kernel ready."""
    page.goto(f"http://{host}/lab/tree/{notebook}?reset&token=t")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
