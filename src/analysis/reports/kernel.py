"""Running notebooks through papermill in one kernel, so that libraries are imported once."""

import asyncio
import logging
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbformat import NotebookNode
from papermill import execute_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

_ENGINE = "warm"
# Empties the namespace, the output history and the counter, as in a new kernel; modules stay.
_RESET = "import os; os.chdir({folder!r}); get_ipython().reset(new_session=True)"

# papermill warns of each parameter that a notebook does not declare, and logs what failed; both
# are told by us, once.
logger.setLevel(logging.CRITICAL)


class _Client(PapermillNotebookClient):
    """papermill's client, which first makes the kernel as if new."""

    reset = ""

    def papermill_execute_cells(self) -> None:
        self.wait_for_reply(self.kc.execute(self.reset, silent=True, store_history=False))
        super().papermill_execute_cells()


class _Engine(Engine):
    """papermill's engine over a kernel that outlives the notebook."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        kernel: "WarmKernel",
        folder: Path,
        start_timeout: int,
        **_: object,
    ) -> None:
        client = _Client(
            nb_man,
            km=kernel.manager(kernel_name),
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            # Else the kernel warns that it listens on this machine without encryption.
            extra_arguments=["--log-level=ERROR"],
            log=logger,
        )
        client.reset = _RESET.format(folder=str(folder))
        try:
            with _uninterrupted():
                if not client.km.has_kernel:
                    client.start_new_kernel()
                client.start_new_kernel_client()
            client.execute()
        finally:
            if client.kc:
                client.kc.stop_channels()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interruption wait until what is begun is done.

    A kernel that is cut short while it starts leaves its file behind, and sockets that are waited
    for without end.
    """
    heard: list[int] = []
    before = {
        each: signal.signal(each, lambda number, _: heard.append(number))
        for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        if heard:
            signal.raise_signal(heard[0])


papermill_engines.register(_ENGINE, _Engine)


async def _end(manager: AsyncKernelManager) -> None:
    """End a kernel, and what an interrupted run left waiting for it."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    # Else asyncio prints the error of each.
    await asyncio.gather(*waiting, return_exceptions=True)
    await manager.shutdown_kernel(now=True)


class WarmKernel:
    """A kernel that runs one notebook after another; nothing but loaded modules stays between.

    A kernel in which a notebook failed, or which died, is replaced before the next.
    """

    def __init__(self) -> None:
        self._manager: AsyncKernelManager | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def manager(self, kernel_name: str) -> AsyncKernelManager:
        """Return the running kernel's manager, or one that has yet to start its kernel."""
        if self._manager and not run_sync(self._manager.is_alive)():
            self.stop()
        if not self._manager:
            self._manager = AsyncKernelManager(kernel_name=kernel_name)
        return self._manager

    def stop(self) -> None:
        """End the kernel, if one runs."""
        manager, self._manager = self._manager, None
        if not manager:
            return
        try:
            if manager.has_kernel:
                run_sync(_end)(manager)
        finally:
            # One that ended by itself, or while it was interrupted, leaves its file.
            manager.cleanup_connection_file()

    def run(self, notebook: Path, output: Path, parameters: Mapping[str, object]) -> NotebookNode:
        """Run a notebook in its own folder, as papermill alone would, and write it to `output`.

        Raises what papermill raises where a cell fails (the notebook is written up to there), or
        where the kernel dies (no notebook is written).
        """
        try:
            return execute_notebook(
                notebook,
                output,
                dict(parameters),
                engine_name=_ENGINE,
                progress_bar=False,
                # Written once at the end: twice a cell costs more than the cells themselves.
                request_save_on_cell_execute=False,
                cwd=notebook.parent,
                kernel=self,
                folder=notebook.parent,
            )
        except BaseException:
            self.stop()
            raise
