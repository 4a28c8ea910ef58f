"""Output files that appear complete or not at all."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from posteditor.errors import UsageError
from posteditor.formats.compression import ByteSink, Compression, compression_of, compressor


class OutputFile:
    """A file in the making: what is written to it is compressed as its name says.

    Attributes:
        path: The name it will have.
        compression: How it is compressed.
    """

    def __init__(self, path: Path, raw: BinaryIO) -> None:
        self.path = path
        self.compression: Compression = compression_of(path.name)
        self._raw = raw
        # Made with the first bytes: a compressor writes its own first bytes when it is made.
        self._packed: ByteSink | None = None
        self._has_raw_bytes = False

    def write(self, data: bytes, /) -> int:
        """Append bytes.

        Raises:
            UsageError: The disk is full or fails.
        """
        with self._told():
            return self._packing().write(data)

    def write_raw(self, data: bytes) -> None:
        """Append bytes that are compressed already, all of them; not to be mixed with ``write``.

        Raises:
            UsageError: The disk is full or fails.
        """
        self._has_raw_bytes = True
        with self._told():
            self._raw.write(data)

    def flush(self) -> None:
        """Hand what was written to the operating system.

        Raises:
            UsageError: The disk is full or fails.
        """
        with self._told():
            if self._packed is not None:
                self._packed.flush()
            self._raw.flush()

    def finish(self) -> None:
        """Write what is left, wait until a file is on the disk, and close.

        Raises:
            UsageError: The disk is full or fails.
        """
        with self._told():
            if not self._has_raw_bytes:
                self._packing().close()
            self._raw.flush()
            if stat.S_ISREG(os.fstat(self._raw.fileno()).st_mode):
                os.fsync(self._raw.fileno())
            self._raw.close()

    def discard(self) -> None:
        """Close without caring for what is left, which a full disk would not take anyway."""
        for stream in (self._packed, self._raw):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):  # ValueError: the other one is closed
                    stream.close()

    def _packing(self) -> ByteSink:
        if self._packed is None:
            self._packed = compressor(self._raw, self.compression)
        return self._packed

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _cannot_write(self.path, error) from error


@contextmanager
def atomic_output(path: Path, *, force: bool) -> Iterator[OutputFile]:
    """A new file under a temporary name in the same folder, renamed to ``path`` when the block ends without an error.

    A device or a pipe (``/dev/stdout``) is written to directly. A link is followed: the file it points to is replaced.

    Args:
        force: Replace a file that is there already; it keeps its permissions.

    Raises:
        UsageError: The file exists, the folder can't be written to, or the disk is full. Nothing is left behind.
    """
    final = _checked(path, force=force)
    if final.exists() and not final.is_file():
        yield from _into_device(path, final)
        return
    temporary = final.with_name(f".{final.name}.{os.getpid()}.part")
    output = OutputFile(path, _create(path, temporary))
    try:
        yield output
        output.finish()
        _rename(path, temporary, final, force=force)
    except BaseException:
        output.discard()
        temporary.unlink(missing_ok=True)
        raise


def _checked(path: Path, *, force: bool) -> Path:
    try:
        final = path.resolve() if path.is_symlink() else path
        if final.is_dir():
            raise UsageError(f"{path}: this is a folder", hint="name a file in it")
        if not final.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {final.parent}", hint="make it first, or name another one")
        if final.is_file() and not force:
            raise _already_there(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return final


def _into_device(path: Path, device: Path) -> Iterator[OutputFile]:
    try:
        raw = device.open("wb")
    except OSError as error:
        raise _cannot_write(path, error) from error
    output = OutputFile(path, raw)
    try:
        yield output
        output.finish()
    finally:
        output.discard()


def _create(path: Path, temporary: Path) -> BinaryIO:
    try:
        temporary.unlink(missing_ok=True)  # left by a crash of a process with the same number
        return temporary.open("xb")
    except OSError as error:
        raise _cannot_write(path, error) from error


def _rename(path: Path, temporary: Path, final: Path, *, force: bool) -> None:
    try:
        if force:
            if final.exists():
                temporary.chmod(stat.S_IMODE(final.stat().st_mode))
            temporary.replace(final)
        else:
            _rename_to_new(temporary, final)
    except FileExistsError:
        raise _already_there(path) from None
    except OSError as error:
        raise _cannot_write(path, error) from error


def _rename_to_new(temporary: Path, final: Path) -> None:
    """Rename without replacing a file that somebody else made meanwhile; a link, unlike a rename, refuses that."""
    try:
        final.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if final.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from None
        temporary.replace(final)
    else:
        temporary.unlink()


def _already_there(path: Path) -> UsageError:
    return UsageError(f"{path}: there is already a file of that name", hint="add --force to write over it")


def _cannot_write(path: Path, error: OSError) -> UsageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UsageError(f"{path}: the disk is full", hint="free some space, then try again; nothing was changed")
    if error.errno == errno.EFBIG:
        return UsageError(f"{path}: the file is larger than may be written here", hint="raise the limit (ulimit -f)")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UsageError(f"{path}: you may not write here ({error.strerror})", hint="choose another folder with -o")
    return UsageError(f"{path}: it can't be written ({error.strerror or error})", hint="choose another place with -o")
