"""TMX files as tests need them."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
    '<header creationtool="Foreign" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" '
    'srclang="en" datatype="plaintext"/>\n<body>\n'
)
TAIL = "</body>\n</tmx>\n"


def tmx(*units: str, head: str = HEAD, tail: str = TAIL) -> str:
    return head + "".join(units) + tail


def unit(
    source: str, target: str, *, attributes: str = "", notes: str = "", langs: tuple[str, str] = ("en", "de")
) -> str:
    return (
        f'  <tu{attributes}>{notes}\n    <tuv xml:lang="{langs[0]}">\n      <seg>{source}</seg>\n    </tuv>\n'
        f'    <tuv xml:lang="{langs[1]}">\n      <seg>{target}</seg>\n    </tuv>\n  </tu>\n'
    )
