"""A mail server that delivers nothing: it keeps each message as a file.

Usage: mail_sink.py PORT FOLDER
"""

import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller


class Keeper:
    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = self.folder / f"{self.count:04}-{envelope.rcpt_tos[0]}.eml"
        path.write_bytes(envelope.original_content)
        return "250 kept"


def main(port: str, folder: str) -> None:
    handler = Keeper(Path(folder))
    size = 50 * 1024 * 1024
    controller = Controller(
        handler, hostname="127.0.0.1", port=int(port), data_size_limit=size
    )
    controller.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
