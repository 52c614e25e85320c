"""Running notebooks through papermill in kernels that stay, so that libraries are imported once."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from os import cpu_count, environ
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Self, TypeVar

import psutil
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill import execute_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from analysis.core.scratch import scratch

_ENGINE = "warm"
_AFRESH = Path(__file__).with_name("afresh.py").read_text(encoding="utf-8")
# A kernel that has come to take more bytes than this is replaced before the next notebook.
MOST_MEMORY = 1_500_000_000
# What one usually takes; there are no more of them than this machine has room for.
USUAL_MEMORY = 700_000_000
# Seconds until a kernel counts as not heard yet, how often it is tried again, and the seconds that
# all a cell has put out takes at the most to arrive.
HEARD, _TRIES, _ARRIVED = 1.0, 60, 60
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

# papermill warns of each parameter that a notebook does not declare, and logs what failed; both
# are told by us, once.
logger.setLevel(logging.CRITICAL)


class _Client(PapermillNotebookClient):
    """papermill's client, which first makes the kernel as if new."""

    afresh = ""

    def papermill_execute_cells(self) -> None:
        # What a kernel puts out before it is heard is lost, and a page would lack it.
        if not any(self._made_afresh() for _ in range(_TRIES)):
            raise DeadKernelError("the kernel is not heard")
        super().papermill_execute_cells()

    def _made_afresh(self) -> bool:
        """Make the kernel as if new, and return whether it was heard to be done."""
        asked = self.kc.execute(self.afresh, silent=True, store_history=False)
        if self.wait_for_reply(asked)["content"]["status"] != "ok":
            raise DeadKernelError("the kernel could not be made as if new")
        try:
            while True:
                heard = run_sync(self.kc.get_iopub_msg)(timeout=HEARD)
                is_own = heard["parent_header"].get("msg_id") == asked
                if is_own and heard["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False


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
            iopub_timeout=_ARRIVED,
            raise_on_iopub_timeout=True,
        )
        client.afresh = f"{_AFRESH}\nafresh({str(folder)!r})"
        if not client.km.has_kernel:
            # Each has a core; with more threads they would wait for each other.
            client.start_new_kernel(env={"OMP_NUM_THREADS": "1"} | environ)
        kernel.go_on()
        # Another would wait a fifth of a second to see that it is connected.
        try:
            client.kc = kernel.client = kernel.client or client.start_new_kernel_client()
        except RuntimeError as error:
            # It never answered: another program may have taken a port that was free.
            raise DeadKernelError(str(error)) from error
        client.execute()


papermill_engines.register(_ENGINE, _Engine)


class EndedError(BaseException):
    """A notebook was cut short, since all that runs is to end."""


class WarmKernel:
    """A kernel that runs one notebook after another; nothing but loaded modules stays between.

    A kernel in which a notebook failed, which died, or which has grown large, is replaced before
    the next. It is used by one thread, and ended by any.
    """

    def __init__(self) -> None:
        self.client: AsyncKernelClient | None = None
        self._manager: AsyncKernelManager | None = None
        self._folder = ExitStack()
        self._is_ended = False

    def manager(self, kernel_name: str) -> AsyncKernelManager:
        """Return the running kernel's manager, or one that has yet to start its kernel."""
        if self._manager and not run_sync(self._manager.is_alive)():
            self.close()
        if not self._manager:
            # What a kernel is reached by is nobody else's, and gone though we are killed.
            folder = self._folder.enter_context(scratch("barometer-kernel-"))
            self._manager = AsyncKernelManager(
                kernel_name=kernel_name, connection_file=str(folder / "kernel.json")
            )
        return self._manager

    def close(self) -> None:
        """End the kernel, if one runs."""
        client, self.client = self.client, None
        manager, self._manager = self._manager, None
        if client:
            client.stop_channels()
        if not manager:
            return
        try:
            if manager.has_kernel:
                run_sync(_end)(manager)
        finally:
            self._folder.close()

    def end(self) -> None:
        """Cut short what runs in another thread, where EndedError is raised."""
        self._is_ended = True
        manager = self._manager
        if manager and manager.has_kernel:
            run_sync(manager.provisioner.kill)()

    def go_on(self) -> None:
        """Raise EndedError where all is to end."""
        if self._is_ended:
            raise EndedError

    def run(self, notebook: Path, output: Path, parameters: Mapping[str, object]) -> NotebookNode:
        """Run a notebook in its own folder, as papermill alone would, and write it to `output`.

        Where the kernel dies, or what it put out does not arrive, it is run once more in a new one.
        Raises what papermill raises where a cell fails (the notebook is written up to there), or
        where that kernel dies too (no notebook is written).
        """
        try:
            return self._run(notebook, output, parameters)
        except (CellTimeoutError, DeadKernelError):
            return self._run(notebook, output, parameters)

    def _run(self, notebook: Path, output: Path, parameters: Mapping[str, object]) -> NotebookNode:
        self.go_on()
        try:
            found = execute_notebook(
                _as_it_is(notebook),
                _as_it_is(output),
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
            self.close()
            self.go_on()
            raise
        if self._manager and _memory(self._manager) > MOST_MEMORY:
            self.close()
        return found


async def _end(manager: AsyncKernelManager) -> None:
    """End a kernel, and what an interrupted run left waiting for it."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    # Else asyncio prints the error of each.
    await asyncio.gather(*waiting, return_exceptions=True)
    await manager.shutdown_kernel(now=True)


def _as_it_is(file: Path) -> str:
    """Return a path in which papermill takes no name in braces for a parameter's value."""
    return str(file).replace("{", "{{").replace("}", "}}")


def _memory(manager: AsyncKernelManager) -> int:
    """Return how many bytes a running kernel takes."""
    try:
        return psutil.Process(manager.provisioner.pid).memory_info().rss
    except psutil.Error:
        return 0


class WarmKernels:
    """Warm kernels side by side, one a core where memory allows, each in a thread of its own.

    Where something is raised inside the `with`, what runs is cut short.
    """

    def __init__(self, most: int | None = None) -> None:
        """Start no more than `most`, and no kernel before it has something to run."""
        room = psutil.virtual_memory().available // USUAL_MEMORY
        self._pool = ThreadPoolExecutor(max(1, min(most or cpu_count() or 1, room)))
        self._own = threading.local()
        self._kernels: list[WarmKernel] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind:
            self._pool.shutdown(wait=False, cancel_futures=True)
            for kernel in self._kernels:
                kernel.end()
        self._pool.shutdown()
        for kernel in self._kernels:
            kernel.close()

    def each(
        self, work: Callable[[WarmKernel, _Given], _Made], given: Sequence[_Given]
    ) -> Iterator[tuple[_Given, _Made]]:
        """Yield each of `given` with what `work` made of it in a warm kernel, as it is done."""
        begun = {self._pool.submit(self._work, work, one): one for one in given}
        for done in as_completed(begun):
            yield begun[done], done.result()

    def _work(self, work: Callable[[WarmKernel, _Given], _Made], one: _Given) -> _Made:
        if not hasattr(self._own, "kernel"):
            self._own.kernel = WarmKernel()
            self._kernels.append(self._own.kernel)
        return work(self._own.kernel, one)
