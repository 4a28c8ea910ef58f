"""The names of XML as XLIFF files use them: which namespace is whose, and what a prefix means at a place."""

from collections.abc import Mapping

XLIFF_1 = frozenset({"", "urn:oasis:names:tc:xliff:document:1.1", "urn:oasis:names:tc:xliff:document:1.2"})
"""Namespaces of XLIFF 1.0 (which has none), 1.1 and 1.2."""
XLIFF_2 = frozenset({"urn:oasis:names:tc:xliff:document:2.0", "urn:oasis:names:tc:xliff:document:2.2"})
"""Namespaces of XLIFF 2.0 and 2.1, which share one, and of 2.2."""
MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
SDL = "http://sdl.com/FileTypes/SdlXliff/1.0"
MEMOQ = "MQXliff"
PHRASE = "http://www.memsource.com/mxlf/2.0"

OURS = "posteditor"
"""Marks the notes, phases and metadata that we have put into a file."""
GIVEN_ID = f"{OURS}-"
"""Before its number in its unit, the id that we give to a segment of version 2 that has none but needs one."""

_XML = "http://www.w3.org/XML/1998/namespace"
_KNOWN = {MATCHES: "mtc", METADATA: "mda", SDL: "sdl", MEMOQ: "mq", PHRASE: "m", _XML: "xml"}


class Scope:
    """What prefixes mean at one place of a file."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = dict(prefixes)
        self._elements: dict[str, str] = {}
        self._by_uri = {meant: prefix for prefix, meant in self.prefixes.items() if prefix}

    def element(self, name: str) -> str:
        """What an element is: ``source`` for one of XLIFF, ``sdl:seg`` for a known one, else ``{namespace}name``."""
        found = self._elements.get(name)
        if found is None:
            prefix, _, local = name.rpartition(":")
            uri = self.prefixes.get(prefix, "")
            if uri in XLIFF_1 or uri in XLIFF_2:
                found = local
            else:
                found = f"{_KNOWN[uri]}:{local}" if uri in _KNOWN else f"{{{uri}}}{local}"
            if len(self._elements) < 1000:
                self._elements[name] = found
        return found

    def prefix_of(self, uri: str) -> str | None:
        """A prefix that means a namespace; None where there is none. The default namespace is none for attributes."""
        return self._by_uri.get(uri)

    def inner(self, declared: Mapping[str, str]) -> "Scope":
        """The scope of an element with declarations of its own."""
        return Scope({**self.prefixes, **declared})
