"""A headless Chromium for tests of the web page, spoken to over its debugging socket.

Belongs here: starting it, opening a local file at a size and in a colour scheme, asking the page. Does not belong
here: what is expected of the page.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from pipeline.report.fonts import use_pinned_fonts

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_SECONDS = 30


class Page:
    """One open page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol; what the page reports meanwhile is kept in ``events``."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def open(
        self, path: Path, width: int, height: int = 800, *, dark: bool = False, script: bool = True, still: bool = False
    ) -> None:
        """Load a local file at a size in pixels, light or dark, with or without its script, for one who wants no motion."""
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        wishes = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
        }
        self.call("Emulation.setEmulatedMedia", features=[{"name": n, "value": v} for n, v in wishes.items()])
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        until = time.monotonic() + START_SECONDS
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            if time.monotonic() > until:
                raise RuntimeError("the page does not load")
            self.events.append(json.loads(self.socket.recv(timeout=START_SECONDS)))

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression (a promise is awaited)."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def requested(self) -> list[str]:
        """Addresses that the page asked for since it was opened."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def errors(self) -> list[str]:
        """Errors that its script threw."""
        return [str(e["params"]) for e in self.events if e.get("method") == "Runtime.exceptionThrown"]

    def picture(self) -> bytes:
        """A screenshot of what is in view, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def printed(self, pages: str) -> bytes:
        """What comes out of the printer (A4) as PDF; ``pages`` such as ``1-2``."""
        paper = {"paperWidth": 8.27, "paperHeight": 11.69, "pageRanges": pages}
        return base64.b64decode(self.call("Page.printToPDF", **paper)["data"])


@contextmanager
def chromium() -> Iterator[Page]:
    """A browser with one empty page, ended with the block; it knows the pinned fonts only, as every machine has them."""
    if PROGRAM is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory(prefix="jiance-browser-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"FONTCONFIG_FILE": str(use_pinned_fonts())},
        )  # fmt: skip
        try:
            with connect(_address(Path(profile)), max_size=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _address(profile: Path) -> str:
    """The socket of the browser's first page, as soon as it is there."""
    import urllib.request

    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        told = profile / "DevToolsActivePort"
        if told.is_file() and (lines := told.read_text("utf-8").split()):
            with urllib.request.urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=START_SECONDS) as answer:
                pages = [p for p in json.load(answer) if p["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise RuntimeError("the browser does not start")
