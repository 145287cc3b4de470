"""A little clamd: speaks INSTREAM on a real socket, knows EICAR's test text, and can be slow, full or mad."""

import contextlib
import socketserver
import struct
import threading
import time

# EICAR's, in two pieces so that no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        if self.server.mood == "slow":
            time.sleep(3)
            return
        assert self._word() == b"zINSTREAM"
        received = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            received += self.rfile.read(size)
            if len(received) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.received.append(received)
        self.wfile.write(self._answer(received))

    def _word(self) -> bytes:
        return b"".join(iter(lambda: self.rfile.read(1), b"\0"))

    def _answer(self, received: bytes) -> bytes:
        if self.server.mood == "silent":
            return b""
        if self.server.mood == "mad":
            return b"stream: perhaps\0"
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in received else b"stream: OK\0"


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def running(path=None, *, mood="well", most=25 * 1024 * 1024):
    """(its address, what it was given); on a Unix socket when `path` is given."""
    server = _Unix(str(path), _Conversation) if path else _Tcp(("127.0.0.1", 0), _Conversation)
    server.mood, server.most, server.received = mood, most, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield (f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"), server.received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
