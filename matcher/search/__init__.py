"""Local search over the arrays of a board, compiled by numba."""
