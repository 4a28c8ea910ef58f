"""What all that runs on Ray Data shares: one task that reads on this machine, and what goes from process to process.

Imports Ray: only for those who asked for that engine.
"""

import logging
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow
import ray
import ray.data
from ray.data import Datasource, ReadTask
from ray.data.block import BlockMetadata

from posteditor.errors import PostEditorError

_STORE_BYTES = 64 << 20
"""How much may wait between reading, working and taking."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def configure() -> None:
    """Keep the order, hold the reading up when nobody takes what comes out, and be silent."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.target_max_block_size = 1  # every block is a task of its own, none are joined
    context.execution_no_progress_timeout_s = -1  # a large model may take its time
    context.execution_options.preserve_order = True
    context.execution_options.resource_limits = ray.data.ExecutionResources(object_store_memory=_STORE_BYTES)
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)


class SingleSource(Datasource):  # type: ignore[misc]  # Ray's annotations are not looked at
    """A single task on the driver's machine, which has the files."""

    supports_distributed_reads = False

    def __init__(self, read: Callable[[], Iterator[pyarrow.Table]]) -> None:
        super().__init__()
        self._read = read

    def estimate_inmemory_data_size(self) -> int | None:
        """Nobody knows."""
        return None

    def get_read_tasks(self, *_: Any, **__: Any) -> list[ReadTask]:
        """The one task."""
        unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [ReadTask(self._read, unknown)]


def packed(value: Any) -> pyarrow.Table:
    """What goes from process to process: our own objects, made and read by the same version of this program."""
    return pyarrow.table({"packed": [pickle.dumps(value)]})


def unpacked(table: pyarrow.Table) -> Iterator[Any]:
    """What is in lists that were packed.

    Raises:
        PostEditorError: One was packed.
    """
    for cell in table["packed"]:
        found = pickle.loads(cell.as_py())
        if isinstance(found, PostEditorError):
            raise found
        yield from found


def gist(error: ray.exceptions.RayError) -> str:
    """The last line of Ray's account, where a traceback has its point."""
    lines = _COLOURS.sub("", str(error)).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__
