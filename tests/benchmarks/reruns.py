"""What a change of filter costs on each page, beside an empty Streamlit page with default settings, measured in one run.

    python tests/benchmarks/reruns.py [--changes 40] [--memory 2000]

Prints for each page the median wall and CPU milliseconds and the bytes sent after the filter "Boroughs" changes, as ratios to the
same change on the empty page, and the time from the server's start to its first complete page. ``--memory N`` then reruns N times
and prints how the server's memory moved, since its full garbage collection after each run is switched off.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("overview", "your_data", "unmet_need", "need_measures", "investment_and_activity", "variation", "progress")
EMPTY = 'import streamlit as st\nst.multiselect("Boroughs", ["Brent", "Ealing", "Harrow", "Hounslow", "Hillingdon", "Westminster"])\n'
CHOICES = [
    list(chosen)
    for size in (1, 2, 3)
    for chosen in combinations(("Brent", "Ealing", "Harrow", "Hounslow", "Hillingdon", "Westminster"), size)
]
"""Views to change between. The first round through them meets each for the first time."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(script: Path, folder: Path) -> Iterator[tuple[int, psutil.Process, float]]:
    """A Streamlit server of its own: its port, its process, and when it was started."""
    port, started = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.address", "localhost",
               "--server.headless", "true", "--browser.gatherUsageStats", "false"]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.02)
        yield port, psutil.Process(process.pid), started
    finally:
        process.terminate()
        process.wait()


def cpu_ms(process: psutil.Process) -> float:
    used = process.cpu_times()
    return (used.user + used.system) * 1000


async def measure(port: int, process: psutil.Process, page: str, changes: int) -> dict[str, float]:
    """Medians over changes of the filter on one page."""
    visitor = Visitor(port, page)
    await visitor.open()
    await visitor.choose("Boroughs", CHOICES[-1])
    before, runs = cpu_ms(process), []
    for number in range(changes):
        runs.append(await visitor.choose("Boroughs", CHOICES[number % len(CHOICES)]))
    used = (cpu_ms(process) - before) / changes
    await visitor.close()
    if visitor.errors:
        raise SystemExit(f"{page}: {visitor.errors[0]}")
    return {
        "wall": statistics.median(run["wall_ms"] for run in runs),
        "cpu": used,
        "bytes": statistics.median(run["bytes"] for run in runs),
    }


async def memory(port: int, process: psutil.Process, reruns: int) -> None:
    """Rerun many times on one page and print how resident memory moves."""
    visitor = Visitor(port, "unmet_need")
    await visitor.open()
    for number in range(reruns + 1):
        if number % max(1, reruns // 8) == 0:
            print(f"  after {number:>6,} reruns: {process.memory_info().rss / 1e6:,.0f} MB")
        await visitor.choose("Boroughs", CHOICES[number % len(CHOICES)])
    await visitor.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--changes", type=int, default=40)
    options.add_argument("--memory", type=int, default=0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY)
        with server(script, Path(folder)) as (port, process, _):
            empty = asyncio.run(measure(port, process, "", chosen.changes))
    print(f"{'page':<26}{'wall ms':>9}{'ratio':>7}{'CPU ms':>9}{'ratio':>7}{'bytes':>9}{'ratio':>7}")
    print(f"{'empty page, defaults':<26}{empty['wall']:>9.1f}{1:>7.2f}{empty['cpu']:>9.1f}{1:>7.2f}{empty['bytes']:>9,.0f}{1:>7.1f}")
    with server(ROOT / "app.py", ROOT) as (port, process, started):
        visitor = Visitor(port)
        asyncio.run(visitor.open())
        first = time.perf_counter() - started
        for page in PAGES:
            found = asyncio.run(measure(port, process, page, chosen.changes))
            ratios = {name: found[name] / empty[name] for name in found}
            print(f"{page:<26}{found['wall']:>9.1f}{ratios['wall']:>7.2f}{found['cpu']:>9.1f}{ratios['cpu']:>7.2f}"
                  f"{found['bytes']:>9,.0f}{ratios['bytes']:>7.1f}")  # fmt: skip
        print(f"from the server's start to its first complete page: {first:.1f} s")
        if chosen.memory:
            asyncio.run(memory(port, process, chosen.memory))


if __name__ == "__main__":
    main()
