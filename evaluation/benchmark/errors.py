"""Errors of the benchmarks.

BenchmarkFailed   something that is measured did not train, start or answer; the text says what to do
"""


class BenchmarkFailed(Exception):
    """A measurement cannot go on."""
