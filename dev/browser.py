"""A headless Chromium, driven through its DevTools protocol."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
]


class Browser:
    """One page of one browser."""

    def __init__(self, width: int = 1440, height: int = 900, language: str = "nl-NL"):
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = next(filter(None, map(shutil.which, NAMES)))
        size = [f"--window-size={width},{height}", f"--lang={language}"]
        profile = f"--user-data-dir={self._profile.name}"
        self._process = subprocess.Popen(
            [program, *OPTIONS, *size, profile, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = itertools.count(1)
        self._socket = websocket.create_connection(self._page_address(), timeout=60)
        self.call("Page.enable")
        self.resize(width, height)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait()
        self._profile.cleanup()

    def _page_address(self) -> str:
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        wait_until(lambda: port_file.is_file() and port_file.read_text(), "browser")
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = json.load(answer)
        return next(
            page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"
        )

    def call(self, method: str, **parameters) -> dict:
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression: str):
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, address: str, selector: str = "body") -> None:
        self.call("Page.navigate", url=address)
        self.wait_for(selector)

    def wait_for(self, selector: str, seconds: float = 60) -> None:
        """Wait until the page has an element, its images and its fonts."""
        condition = (
            f"document.readyState === 'complete'"
            f" && !!document.querySelector({json.dumps(selector)})"
            " && [...document.images].every((image) => image.complete)"
        )
        wait_until(lambda: self.evaluate(condition), selector, seconds)
        self.evaluate("document.fonts.ready.then(() => true)")

    def click(self, selector: str) -> None:
        self.wait_for(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector: str, text: str) -> None:
        target = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(
            f"{target}.value = {json.dumps(text)};"
            f"{target}.dispatchEvent(new Event('input', {{bubbles: true}}))"
        )

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(picture))

    def login(self, address: str, user: str, password: str) -> None:
        self.open(f"{address}/web/login", "input[name=password]")
        self.fill("input[name=login]", user)
        self.fill("input[name=password]", password)
        self.click("form.oe_login_form button[type=submit]")
        self.wait_for(".o_web_client .o_main_navbar")


def wait_until(condition, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not there after {seconds:.0f} s: {what}")
        time.sleep(0.1)
