"""Text from people's files inside sentences that are shown as Markdown."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """A name from a file, safe inside Markdown: no link, picture, formula or emoji comes out of it, so nothing is fetched by it.

    Examples
    --------
    >>> print(plain("![x](y)"))
    \\!\\[x\\](y)
    """
    one_line = " ".join(text.split())
    escaped = re.sub(r"([\\`*_{}\[\]<>#!|$:~@])", r"\\\1", one_line)
    return re.sub(r"\b(www)\.", r"\1\\.", escaped, flags=re.IGNORECASE)
