"""The lines of JSON that the editor and a model's child process exchange; read and written by both sides.

One message is one line of ASCII (JSON escapes the rest, lone surrogates included). To the child: ``rewrite`` (a batch),
``cancel``, and ``learn`` (confirmed pairs) if it said when ready that it learns. From the child: ``ready`` or
``fatal``, then per batch one ``suggestion`` per segment and ``done``, and after each ``learn`` a ``learned``.
"""

import json
from typing import Any

from posteditor.core.segment import Neighbour, Segment
from posteditor.rewriters.protocol import MemoryPair

Message = dict[str, Any]


def encode(message: Message) -> bytes:
    """The message as one line, line feed included."""
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> Message | None:
    """The message on a line; None when the line is none of ours."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and isinstance(value.get("type"), str) else None


def segment_to_json(segment: Segment) -> dict[str, Any]:
    """What a rewriter may look at; a target or a reference is none of its business."""
    value: dict[str, Any] = {"position": segment.position, "mt": segment.mt, "source": segment.source}
    for name, neighbours in (("before", segment.before), ("after", segment.after)):
        if neighbours:
            value[name] = [[each.text, each.source] for each in neighbours]
    return value


def segment_from_json(value: dict[str, Any]) -> Segment:
    """The segment that ``segment_to_json`` wrote."""
    before, after = (
        tuple(Neighbour(str(text), source) for text, source in value.get(name, ())) for name in ("before", "after")
    )
    return Segment(int(value["position"]), str(value["mt"]), source=value["source"], before=before, after=after)


def pair_to_json(pair: MemoryPair) -> list[Any]:
    """A confirmed pair as plain JSON values."""
    return [pair.mt, pair.target, pair.source, pair.position]


def pair_from_json(value: list[Any]) -> MemoryPair:
    """The pair that ``pair_to_json`` wrote."""
    return MemoryPair(*value)
