"""Where the files that come with the project lie."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
