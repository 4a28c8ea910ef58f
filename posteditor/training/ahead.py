"""Making the next batches in a thread of its own, so that an accelerator never waits for them."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

_DEPTH = 8
_END: Final = object()

_Item = TypeVar("_Item")


def ahead(items: Iterable[_Item], *, depth: int = _DEPTH) -> Iterator[_Item]:
    """``items`` in their order, up to ``depth`` of them made before they are asked for.

    What making one raises is raised here when its turn comes. The thread ends with the iterator.
    """
    source = iter(items)
    pool = ThreadPoolExecutor(1)
    try:
        made: deque[Future[_Item | object]] = deque(pool.submit(next, source, _END) for _ in range(depth))
        while (item := made.popleft().result()) is not _END:
            made.append(pool.submit(next, source, _END))
            yield item  # type: ignore[misc]  # what is not the end is an item
    finally:
        pool.shutdown(cancel_futures=True)
