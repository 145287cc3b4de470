"""Mail servers that misbehave as real ones do."""

import asyncio
import email
import email.policy
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller

from tests.smtp import SmtpSink, free_port

HANG_UP = "hang up"

Mood = Callable[["Moody", object, object], str | None]


@dataclass
class Moody(SmtpSink):
    """`on_rcpt` and `on_data` are asked first; what they return is the answer, None lets things go their way."""

    on_rcpt: Mood | None = None
    on_data: Mood | None = None
    sessions: list = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.on_rcpt and (answer := self.on_rcpt(self, server, address)):
            return answer
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        self.sessions.append(server.transport)
        answer = self.on_data(self, server, envelope) if self.on_data else None
        if answer == HANG_UP:
            server.transport.abort()
            await asyncio.sleep(5)  # never comes back: aiosmtpd cancels what a lost connection was doing
        return answer or await super().handle_DATA(server, session, envelope)

    def keep(self, envelope) -> None:
        """Take a letter in."""
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))

    def forget_idle_connections(self, controller: Controller) -> None:
        """What a mail server does after some minutes of silence, without a word."""
        for transport in self.sessions:
            controller.loop.call_soon_threadsafe(transport.abort)


@contextmanager
def moody(**moods: Mood) -> Iterator[tuple[Moody, Controller]]:
    """Such a server, on a free port."""
    sink = Moody(free_port(), **moods)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, server_hostname="localhost")
    controller.start()
    try:
        yield sink, controller
    finally:
        controller.stop()


def answers(text: str) -> Mood:
    """Always this answer."""
    return lambda sink, server, what: text


def keep_and_hang_up(sink: Moody, server, envelope) -> str:
    """The letter is kept, and the connection breaks before anybody can say so."""
    sink.keep(envelope)
    return HANG_UP


def hang_up(sink: Moody, server, what) -> str:
    """The connection breaks, and nothing is kept."""
    return HANG_UP


def kill_at(number: int, victims: list[int]) -> Mood:
    """Kills the client (the last of `victims`, by process id) the n-th time; the answer never reaches it."""
    count = 0

    def mood(sink, server, what) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(victims[-1], signal.SIGKILL)

    return mood
