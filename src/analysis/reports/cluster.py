"""The same runs on more machines than one, each with warm kernels of its own: a Dask cluster.

Workers read the notebooks and the database, or the lake, from where we do, and write where we do.
"""

import atexit
import threading
from collections.abc import Iterator, Sequence

from analysis.reports.kernel import WarmKernel
from analysis.reports.make import Made, Order, make
from analysis.reports.parameters import ParameterError

# How often an order is sent again whose worker is gone.
_RETRIES = 3
# Seconds to wait for the scheduler.
_PATIENCE = 30
# Of a worker's thread.
_own = threading.local()


def each(address: str, orders: Sequence[Order]) -> Iterator[tuple[Order, Made]]:
    """Yield each order with what a worker of the scheduler at an address made of it, as it is done.

    Raises ParameterError where there is no such scheduler, or no Dask.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ParameterError(
            "--scheduler kræver Dask: installér »distributed« (tilvalget cluster)."
        ) from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError):
        raise ParameterError(f"Der svarer ingen Dask-planlægger på {address}.") from None
    with client:
        # By its place: the same order may be sent in another run.
        begun = client.map(_made, orders, pure=False, retries=_RETRIES)
        of = {future.key: order for future, order in zip(begun, orders, strict=True)}
        try:
            for done in as_completed(begun, loop=client.loop):
                yield of[done.key], done.result()
        finally:
            client.cancel(begun)


def _made(order: Order) -> Made:
    if not hasattr(_own, "kernel"):
        _own.kernel = WarmKernel()
        atexit.register(_own.kernel.close)
    return make(_own.kernel, order)
