"""Opens a page in headless Chromium and prints what an expression of it gives, as JSON.

usage: browser.py PAGE WIDTH EXPRESSION [USER_AGENT]

PAGE is a file or an address (http://...). Fails when the page writes an error to the console, when its policy is
violated, or when it asks the network for anything but, of an address, what its own server has. Talks to the browser over a pipe (--remote-debugging-pipe), so that no port is opened.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

READ_BYTES = 65536


class Browser:
    def __init__(self, folder):
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()
        self.pending = b""
        self.events = []
        self.number = 0

        def take_pipes():
            # The browser reads commands from 3 and answers on 4.
            os.dup2(to_browser, 30)
            os.dup2(from_browser, 31)
            os.dup2(30, 3)
            os.dup2(31, 4)
            os.close(30)
            os.close(31)

        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
                   f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen(command, preexec_fn=take_pipes, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)

    def receive(self):
        while b"\0" not in self.pending:
            more = os.read(self.input, READ_BYTES)
            if not more:
                raise SystemExit("the browser ended")
            self.pending += more
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())


def complaints(events, page):
    found = []
    own = "/".join(page.split("/")[:3]) + "/" if page.startswith("http") else None
    for event in events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found.append("exception: " + json.dumps(parameters["exceptionDetails"].get("text")))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            found.append("console: " + json.dumps([each.get("value") for each in parameters["args"]]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            found.append("log: " + parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if url != page and not url.startswith(("blob:", "data:")) and not (own and url.startswith(own)):
                found.append("asks for " + url)
    return found


def main():
    page = sys.argv[1] if "://" in sys.argv[1] else pathlib.Path(sys.argv[1]).resolve().as_uri()
    width, expression = int(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(domain + ".enable", session)
            browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=900,
                         deviceScaleFactor=1, mobile=width < 600)
            if len(sys.argv) > 4:
                browser.call("Emulation.setUserAgentOverride", session, userAgent=sys.argv[4])
            browser.events.clear()
            browser.call("Page.navigate", session, url=page)
            browser.wait_for("Page.loadEventFired")
            answer = browser.call("Runtime.evaluate", session, expression=expression, returnByValue=True,
                                  awaitPromise=True)
            found = complaints(browser.events, page)
            if "exceptionDetails" in answer:
                found.append("expression: " + str(answer["exceptionDetails"].get("exception", {}).get("description")))
        finally:
            browser.process.kill()
            browser.process.wait()
    for each in found:
        print(each, file=sys.stderr)
    if found:
        raise SystemExit(1)
    print(json.dumps(answer["result"].get("value")))


main()
