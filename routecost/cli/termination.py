"""Termination by signals: a run that is asked to end removes its temporary files first."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from typing import NoReturn

_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(BaseException):
    """The process was asked to end; no handler of errors may catch this."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number
        super().__init__(f"ended by signal {number}")


def terminate_on_signals() -> None:
    """Raise Terminated upon a signal to end; one that is ignored, as under nohup, stays ignored."""
    if threading.current_thread() is threading.main_thread():
        for name in _SIGNALS:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                with suppress(OSError, ValueError):
                    signal.signal(number, _raise)


def _raise(number: int, _: object) -> NoReturn:
    raise Terminated(number)
