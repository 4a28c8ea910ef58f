"""Character data of XML as text, and text as character data.

Source: Extensible Markup Language (XML) 1.0, sections 2.2, 2.4, 2.11, 3.3.3 and 4.6.
"""

import re

ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 document can hold, not even as a reference."""

_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]+)|#x([0-9A-Fa-f]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_PLAIN_REFERENCES = (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # & comes last
_SPECIAL_IN_ATTRIBUTE = re.compile('[&<>"\r\n\t]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def text_of(data: str) -> str:
    """What character data that is known to be well-formed, without tags, says."""
    if "\r" in data:
        data = with_plain_line_ends(data)
    if "&" not in data:
        return data
    if "&#" in data:
        return _REFERENCE.sub(_character, data)
    for reference, character in _PLAIN_REFERENCES:  # several times as fast
        data = data.replace(reference, character)
    return data


def with_plain_line_ends(data: str) -> str:
    """The data with ``\\n`` for each line end."""
    return data.replace("\r\n", "\n").replace("\r", "\n")


def escaped(text: str) -> str:
    """A text without illegal characters as the content of an element."""
    for character in "&<>\r":  # & comes first
        if character in text:
            text = text.replace(character, _ESCAPES[character])
    return text


def escaped_attribute(text: str) -> str:
    """The same between the double quotes of an attribute."""
    return _SPECIAL_IN_ATTRIBUTE.sub(_escape, text)


def without_illegal(text: str) -> tuple[str, int]:
    """The text without what XML can't hold, and how many characters were taken out."""
    return ILLEGAL.subn("", text)


def _character(match: re.Match[str]) -> str:
    named, decimal, hexadecimal = match.groups()
    if named:
        return _NAMED[named]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]
