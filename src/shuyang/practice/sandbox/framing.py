"""Messages over a stream socket: four bytes of length, then the body."""

from __future__ import annotations

import socket
import struct

LENGTH = struct.Struct("!I")


def send(connection: socket.socket, body: bytes) -> None:
    """Send one message."""
    connection.sendall(LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket, largest: int) -> bytes:
    """Receive one message. Raises `EOFError` when the other side has gone, `ValueError` when the message is too large."""
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    if length > largest:
        raise ValueError("message too large")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(1 << 16, count - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
