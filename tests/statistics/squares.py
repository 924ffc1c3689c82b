"""Areas in squares, with their neighbours."""

from __future__ import annotations


def lattice(side: int) -> tuple[tuple[int, ...], ...]:
    """Squares of a chessboard, row by row, each with those that share a border or a corner."""
    places = [(at // side, at % side) for at in range(side * side)]
    return tuple(
        tuple(
            other
            for other, (down, across) in enumerate(places)
            if (down, across) != here and max(abs(down - here[0]), abs(across - here[1])) == 1
        )
        for here in places
    )
