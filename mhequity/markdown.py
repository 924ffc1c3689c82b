"""Text from people's files inside sentences that are shown as Markdown."""

from __future__ import annotations

import re

_JOINER = "\u2060"


def plain(text: str) -> str:
    """A name from a file, safe inside Markdown: no link, picture, formula or emoji comes out of it, so nothing is fetched by it.

    Examples
    --------
    >>> print(plain("![x](y)"))
    \\!\\[x\\](y)
    """
    one_line = " ".join(text.split())
    escaped = re.sub(r"([\\`*_{}\[\]<>#!|$:~])", r"\\\1", one_line)
    # Addresses become links whatever is escaped in them, unless something stands in their midst: a joiner that takes no room.
    return re.sub(r"https?\\:(?=//)|www(?=\.)|@", rf"\g<0>{_JOINER}", escaped, flags=re.IGNORECASE)
