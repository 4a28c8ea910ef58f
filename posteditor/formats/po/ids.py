"""Ids of segments and the contexts of entries, which make them unique.

Source: GNU gettext manual, section "Using contexts for solving ambiguities": context and msgid together are the key.
"""

_MADE_UP = "#"


def foreign_id(context: str | None, msgid: str, number: int | None) -> str:
    """The id of a segment in a file of another tool: ``context|msgid``, and ``[n]`` behind a plural form."""
    name = msgid if context is None else f"{context}|{msgid}"
    return name if number is None else f"{name}[{number}]"


def own_id(context: str | None) -> str | None:
    """The id of a segment in a file of ours."""
    if context is None or not context.startswith(_MADE_UP):
        return context
    return context[1:] if context.startswith(_MADE_UP * 2) else None


def context_of(name: str) -> str:
    """The context that says an id."""
    return _MADE_UP + name if name.startswith(_MADE_UP) else name


def made_up_context(position: int) -> str:
    """A context for a segment without id whose source was there before."""
    return f"{_MADE_UP}{position}"
