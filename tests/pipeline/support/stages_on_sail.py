"""Runs stages of `entrypoint.py` one after the other in a process that has Sail inside, and so can be killed with it.

    python stages_on_sail.py --lake DIR [options of all stages] -- STAGE[=WINDOW-START=WINDOW-END] …

A stage that fails is run again, as Data Factory does, up to `TRIES` times. Ends with the exit status of the last.
"""

from __future__ import annotations

import os
import sys

from pysail.spark import SparkConnectServer

from pipeline import cli

TRIES = 20


def main(arguments: list[str]) -> int:
    """Runs the stages; returns the exit status."""
    os.environ.setdefault("RUST_LOG", "error")
    server = SparkConnectServer(port=0)
    server.start(background=True)
    os.environ["SPARK_REMOTE"] = f"sc://127.0.0.1:{server.listening_address[1]}"
    print("ready", flush=True)
    at = arguments.index("--")
    for stage in arguments[at + 1 :]:
        name, *span = stage.split("=")
        options = [part for pair in zip(("--window-start", "--window-end"), span) for part in pair]
        for left in reversed(range(TRIES)):
            status = cli.main([*arguments[:at], "--stage", name, *options])
            if status == 0:
                break
            print("refused", name, flush=True)
            if not left:
                return status
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # at once: a Connect client waits for a server that has gone
