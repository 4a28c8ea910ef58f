"""Which kind of file system a path lies on, as far as it matters: SQLite's WAL mode does not work across machines."""

import re
from pathlib import Path

# Shared between machines, or user-space file systems that don't promise shared memory between processes.
_NETWORK = re.compile(r"nfs\d*|cifs|smb\w*|9p|afs|ceph|lustre|gpfs|glusterfs|beegfs|ncpfs|davfs|fuse\.(?!fuseext2$).*")
_MOUNTS = Path("/proc/self/mountinfo")


def on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """True if the file (or the folder it is to be made in) lies on a network file system.

    Where the system has no list of mounts in Linux's form the answer is False; whether SQLite refuses WAL then decides.

    Source: proc_pid_mountinfo(5): fields "mount ID, parent, device, root, mount point, options, ... - type, source".
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    target = path.resolve()
    kind, depth = "", -1
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = Path(_unescape(fields[4]))
        # Later mounts on the same point hide earlier ones, hence >=.
        if len(point.parts) >= depth and target.is_relative_to(point):
            kind, depth = after.split(" ", 1)[0], len(point.parts)
    return _NETWORK.fullmatch(kind) is not None


def _unescape(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), field)
