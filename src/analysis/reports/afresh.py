"""What a warm kernel runs before each notebook, so that it sees nothing of the one before.

Its text is run in the kernel; only what is imported there already is put back.
"""


def afresh(folder: str) -> None:
    """Make the kernel as if new, standing in a folder; loaded modules stay."""
    import gc
    import os
    import sys
    import warnings

    from IPython import get_ipython

    shell = get_ipython()
    # As they were before the first notebook.
    environment, path, filters = shell.__dict__.setdefault(
        "as_new", (dict(os.environ), list(sys.path), list(warnings.filters))
    )
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:], warnings.filters[:] = path, filters
    modules = sys.modules
    if pandas := modules.get("pandas"):
        # Not of plotting, which would ask for a library that is not there.
        for group in ("compute", "display", "future", "mode", "styler"):
            pandas.reset_option(rf"^{group}\.")
    if altair := modules.get("altair"):
        altair.data_transformers.enable("default")
        altair.theme.enable("default")
        altair.renderers.enable("default")
    if theme := modules.get("analysis.show.charts.theme"):
        theme.enable()
    if duckdb := modules.get("duckdb"):
        # In the place of one that is closed another is made when it is asked for.
        if "closed" not in shell.__dict__:
            shell.closed = duckdb.connect()
            shell.closed.close()
        duckdb.set_default_connection(shell.closed)
    shell.reset(new_session=True)
    # What the libraries made is looked through once, not each time that memory is tidied.
    gc.freeze()
