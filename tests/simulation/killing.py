"""A process killed in the middle of something, at any of its queries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Killed(BaseException):
    """Not an Exception: nothing that handles errors may handle this one."""


@contextmanager
def killed_at_query(number: int) -> Iterator[list[bool]]:
    """Whatever runs inside dies at that query, before the database sees it. Yields a list that tells whether it did."""
    left, died = number, []

    def count(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left == 0:
            died.append(True)
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            yield died
    except Killed:
        pass
