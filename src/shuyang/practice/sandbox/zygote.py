"""A small process that has the engine loaded and forks a child for every query: a fork costs milliseconds, a start a quarter
of a second. It lives as long as its standard input is open: when the server dies, so does it."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys

import msgspec

from shuyang.practice.sandbox import child
from shuyang.practice.sandbox.contracts import Failure, Outcome, Request
from shuyang.practice.sandbox.framing import receive, send

LARGEST_REQUEST = 2_000_000


def serve(path: str) -> None:
    """Fork a child for each connection on the socket at `path`, until standard input closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen(256)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _answer(connection)
            connection.close()


def _answer(connection: socket.socket) -> None:
    """In the child: read the request, say who is working on it, work, answer, and leave without cleaning up."""
    code = 1
    try:
        connection.settimeout(10)
        request = msgspec.json.decode(receive(connection, LARGEST_REQUEST), type=Request)
        send(connection, str(os.getpid()).encode())
        child.confine(request.limits)
        reply = msgspec.json.encode(child.run(request))
        if len(reply) > request.limits.reply_bytes:
            reply = msgspec.json.encode(Outcome(failure=Failure.TOO_MUCH))
        send(connection, reply)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
