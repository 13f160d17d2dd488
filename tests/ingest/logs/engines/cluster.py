"""A standalone Spark cluster of one master and two workers, each in processes of its own, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 120.0
_CLASSES = "org.apache.spark.deploy"


@dataclass
class Cluster:
    """``workers`` are the processes of the workers, each the leader of its group."""

    url: str
    workers: list[subprocess.Popen[bytes]]

    def kill_worker(self) -> int:
        """Kill a worker that has an executor, and its executors; returns their number."""
        for worker in self.workers:
            if executors := children(worker.pid):
                for pid in (worker.pid, *executors):  # first the worker, which would start another executor
                    os.kill(pid, signal.SIGKILL)
                worker.wait()
                return len(executors)
        raise AssertionError("no worker has an executor")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster, whose processes are all ended after use."""
    port = free_port()
    url = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        at = ["--host", HOST, "--port", str(port), "--webui-port", str(free_port())]
        stack.enter_context(_process(folder, "master", [f"{_CLASSES}.master.Master", *at]))
        until(lambda: _answers(port), "the master listens")
        workers = []
        for name in ("worker-1", "worker-2"):
            arguments = ["--host", HOST, "--webui-port", str(free_port()), "--cores", "1", "--memory", "1g"]
            command = [f"{_CLASSES}.worker.Worker", *arguments, "--work-dir", str(folder / name), url]
            workers.append(stack.enter_context(_process(folder, name, command)))
        for name in ("worker-1", "worker-2"):
            log = folder / f"{name}.log"
            until(partial(_says, log, b"Successfully registered"), f"{name} is registered")
        yield Cluster(url, workers)


@contextmanager
def _process(folder: Path, name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    import pyspark

    home = Path(pyspark.__file__).parent
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    options = ["-Xmx512m", "-cp", str(home / "jars" / "*"), f"-Dlog4j2.configurationFile={logging(folder)}"]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_SCALA_VERSION": "2.13",
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(java), *options, *command],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        executors = children(process.pid)
        process.kill()
        process.wait()
        for pid in executors:
            _kill(pid)


def logging(folder: Path) -> Path:
    """Return a configuration that logs to stderr from INFO on."""
    file = folder / "log4j2.properties"
    lines = ["rootLogger.level=info", "rootLogger.appenderRef.stderr.ref=console"]
    lines += ["appender.console.type=Console", "appender.console.name=console"]
    lines += ["appender.console.target=SYSTEM_ERR", "appender.console.layout.type=PatternLayout"]
    file.write_text("\n".join([*lines, "appender.console.layout.pattern=%p %c{1}: %m%n", ""]))
    return file


def children(parent: int) -> list[int]:
    """Return the processes that a process started, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"after {PATIENCE:.0f} s it is not so that {what}")
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that nothing uses now."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _says(log: Path, text: bytes) -> bool:
    return text in log.read_bytes()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
