"""The lines of a data file, read as a stream, with every fault of the file named by its line."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from posteditor.errors import CorpusError

_AGAIN = "Copy or make the file again."


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Each line with its 1-based number, without its end; a name in .xz is unpacked.

    Only a line feed, or a carriage return and a line feed, ends a line. A byte order mark at the beginning goes.

    Raises:
        CorpusError: The file is missing, empty, cut short, broken, or has a line that is not UTF-8 text.
    """
    number = 0
    try:
        with _open(path) as stream:
            for number, raw in enumerate(stream, start=1):
                yield number, _text(raw, number, path)
    except EOFError as error:
        raise CorpusError(path, "the compressed data ends too early", line=number + 1, hint=_AGAIN) from error
    except lzma.LZMAError as error:
        raise CorpusError(path, f"is no sound xz file: {error}", line=number + 1, hint=_AGAIN) from error
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint="Give the data folder with --data.") from error
    if not number:
        raise CorpusError(path, "is empty", hint=_AGAIN)


def _open(path: Path) -> IO[bytes]:
    return lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb")


def _text(raw: bytes, number: int, path: Path) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise CorpusError(path, problem, line=number, hint="Convert the file to UTF-8 first.") from error
    if "\0" in text:
        raise CorpusError(path, "holds a NUL character", line=number, hint="Is it a text file in UTF-8?")
    return text.removesuffix("\n").removesuffix("\r")
