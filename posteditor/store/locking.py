"""One editor per project: a lock on a side file which the kernel frees when the process dies, however it dies."""

from pathlib import Path

from filelock import FileLock, Timeout

from posteditor.errors import StoreError


class EditorLock:
    """The right to change one project file, until ``release``."""

    def __init__(self, project: Path) -> None:
        self.path = project.with_name(f"{project.name}.lock")
        # Not per thread: the editor may be closed from another thread than the one that opened it.
        self._lock = FileLock(self.path, timeout=0, thread_local=False)

    def acquire(self) -> bool:
        """Take the lock if nobody has it; False when another process has.

        Raises:
            StoreError: The side file can't be made.
        """
        while True:
            try:
                self._lock.acquire()
            except Timeout:
                return False
            except OSError as error:
                raise StoreError(
                    f"{self.path}: the project can't be locked for editing ({error.strerror or error})",
                    hint="copy the project to a folder you may write to and open it there",
                ) from error
            if self.path.exists():
                return True
            # The previous owner removed the file between our opening and our locking it: what we hold has no name.
            self._lock.release()

    def release(self) -> None:
        """Give the lock back and remove the side file; releasing twice does nothing."""
        if self._lock.is_locked:
            self.path.unlink(missing_ok=True)  # while we still hold it, so that nobody else's is removed
            self._lock.release()
