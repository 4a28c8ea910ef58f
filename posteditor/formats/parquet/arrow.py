"""pyarrow, which only those need who have Parquet files."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from posteditor.errors import CorpusError, UsageError


def load_arrow(name: str) -> tuple[ModuleType, ModuleType]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Args:
        name: The file, for the message.

    Raises:
        UsageError: They are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            f"{name}: Parquet files need pyarrow, which is not installed", hint="pip install 'posteditor[parquet]'"
        ) from error
    return pyarrow, pyarrow.parquet


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turns what pyarrow says of a file that it can't read into an error for the person.

    Raises:
        CorpusError: It can't.
    """
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError) as error:
        if isinstance(error, CorpusError):
            raise
        told = " ".join(str(error).split())[:200]
        raise CorpusError(
            name, f"the file is no Parquet that can be read ({told})", hint="it may be cut off: fetch or make it again"
        ) from error
