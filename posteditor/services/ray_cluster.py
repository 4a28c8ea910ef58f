"""A connection to a Ray cluster for the length of a run, and how its machines are divided among workers.

Ray is an extra: it is imported only here and in ``ray_answers``, and only when somebody asks for that engine.
"""

import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

from posteditor.errors import UsageError

_CPUS_PER_WORKER = 4
"""At most so many where nobody said: more workers fit more copies of a model into memory, fewer leave cores idle."""
_LOCAL_STORE_BYTES = 256 << 20
"""Of a cluster that we start ourselves; what passes through it is a few batches of text."""
_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class RayOptions:
    """Which cluster to work on, and how."""

    address: str | None = None
    """``HOST:PORT``, or ``auto`` for one that runs on this machine. None: that of RAY_ADDRESS, else a new one."""
    cpus: int | None = None
    """Processors for each worker, and threads of its rewriter; None chooses by the machines."""
    gpus: float = 0
    """GPUs for each worker."""
    shard_segments: int = 1 << 16
    """Segments in each shard of OUT; a multiple of the window."""


@dataclass(frozen=True, slots=True)
class Workers:
    """How a cluster is divided."""

    count: int
    """As many as fit into it now."""
    cpus: int
    gpus: float


def check_ray(options: RayOptions) -> None:
    """See that Ray is there, and something at the address: Ray itself tries for minutes.

    Raises:
        UsageError: Ray is not installed, or there can be no cluster at that address.
    """
    address = _address(options)
    if address.startswith("ray://"):
        raise UsageError(
            f"--ray-address {address}: the files would have to be on the cluster",
            hint="Start posteditor on a machine of the cluster, with its HOST:PORT or auto.",
        )
    if address not in ("local", "auto"):
        host, _, port = address.rpartition(":")
        if not (host and port.isdecimal()):
            raise UsageError(f"--ray-address {address}: is not HOST:PORT", hint="Ray's own port is 6379: HOST:6379.")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise _unreachable(address, error) from error
    _import_ray()


@contextmanager
def ray_cluster(options: RayOptions) -> Iterator[Workers]:
    """Connect, and disconnect in the end; a cluster that was started for it is ended.

    Raises:
        UsageError: Ray is not installed, there is no such cluster, or no machine of it has room for a worker.
    """
    ray = _import_ray()
    address = _address(options)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its logs go to its files, not between ours
    settings = {"object_store_memory": _LOCAL_STORE_BYTES} if address == "local" else {}
    try:
        with _silent_descriptor():
            ray.init(address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR, **settings)
    except (OSError, ValueError, RuntimeError) as error:  # what it raises for a wrong address or another version
        raise _unreachable(address, error) from error
    try:
        yield divided([node["Resources"] for node in ray.nodes() if node["Alive"]], options)
    finally:
        ray.shutdown()


def divided(machines: Sequence[Mapping[str, float]], options: RayOptions) -> Workers:
    """The workers for machines with these resources.

    Raises:
        UsageError: None of them has room for one.
    """
    cpus = options.cpus or _cpus([int(machine.get("CPU", 0)) for machine in machines])
    count = sum(_fitting(machine, cpus, options.gpus) for machine in machines)
    if not count:
        wanted = f"{cpus} processors" + (f" and {options.gpus:g} GPUs" if options.gpus else "")
        raise UsageError(
            f"no machine of the Ray cluster has {wanted} for a worker", hint="Ask for less, or add machines."
        )
    return Workers(count, cpus, options.gpus)


def _cpus(machines: Sequence[int]) -> int:
    """So many that the smallest machine that has any is divided without a remainder, or nearly so."""
    smallest = min((cpus for cpus in machines if cpus), default=1)
    return ceil(smallest / ceil(smallest / _CPUS_PER_WORKER))


def _fitting(machine: Mapping[str, float], cpus: int, gpus: float) -> int:
    by_cpus = int(machine.get("CPU", 0) // cpus)
    return min(by_cpus, int(machine.get("GPU", 0) // gpus)) if gpus else by_cpus


def _address(options: RayOptions) -> str:
    return options.address or os.environ.get("RAY_ADDRESS") or "local"


def _unreachable(address: str, error: Exception) -> UsageError:
    return UsageError(
        f"Ray at {address}: can't be reached: {' '.join(str(error).split())}",
        hint="Check the address with ray status; the same version of Ray has to be on all machines.",
    )


@contextmanager
def _silent_descriptor() -> Iterator[None]:
    """Without standard error: Ray's core talks about its own settings there; what goes wrong is raised."""
    real = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(real, 2)
        os.close(real)
        os.close(nowhere)


def _import_ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UsageError(
            f"--engine ray needs Ray Data, which can't be loaded: {error}", hint="pip install 'posteditor[ray]'"
        ) from error
    return ray
