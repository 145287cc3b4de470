"""People at their browsers, each in a thread: what they ask, what they are answered, and how long it took."""

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bench.stage import HOST, Candidate

PATIENCE = 120
"""Seconds somebody waits for a page. nginx waits 60 for ours: the figures say how far from it we stay."""
FORM = "application/x-www-form-urlencoded"


@dataclass
class Notes:
    """What everybody was answered, as (what was asked, status, seconds), and what went wrong."""

    answers: list[tuple[str, int, float]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, what: str, status: int, seconds: float) -> None:
        with self.lock:
            self.answers.append((what, status, seconds))

    def trouble(self, sentence: str) -> None:
        with self.lock:
            self.troubles.append(sentence)


@dataclass
class Answer:
    """One page, whole."""

    status: int
    location: str
    cookies: list[str]
    body: str

    def field(self, name: str) -> str:
        """What a hidden input of the page holds."""
        found = re.search(rf'name="{name}" value="([^"]+)"', self.body)
        return found[1] if found else ""


@dataclass
class Person:
    """One candidate, signed in, with one browser."""

    candidate: Candidate
    port: int
    notes: Notes
    chance: random.Random
    cookies: dict[str, str] = field(default_factory=dict)
    kept: str = ""
    """The last words that she was told are saved."""

    def path(self, page: str) -> str:
        return f"/candidature/{self.candidate.reference}/{page}"

    # --- Asking -----------------------------------------------------------------------------------

    def ask(self, what: str, method: str, path: str, data: dict | None = None, **headers) -> Answer:
        """One request and its whole answer."""
        began = time.monotonic()
        connection = self._request(method, path, data, headers)
        try:
            response = connection.getresponse()
            body = response.read().decode()
        finally:
            connection.close()
        self.notes.answered(what, response.status, time.monotonic() - began)
        answer = Answer(
            response.status, response.getheader("Location", ""), response.headers.get_all("Set-Cookie"), body
        )
        for cookie in answer.cookies or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def _request(self, method, path, data, headers) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        known = "; ".join([self.candidate.cookie, *[f"{name}={value}" for name, value in self.cookies.items()]])
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Cookie": known,
            "Referer": f"https://{HOST}{path}",
            **({"Content-Type": FORM} if data is not None else {}),
            **headers,
        }
        connection.request(method, path, urlencode(data) if data is not None else None, headers)
        return connection

    def get(self, what: str, path: str) -> Answer:
        return self.ask(what, "GET", urlsplit(path).path)

    # --- The evening of the deadline --------------------------------------------------------------

    def send(self) -> None:
        """Check one's answers, send, read the receipt. Some click twice; some lose the network and try again."""
        mood = self.chance.random()
        page = self.get("check", self.path("verifier/"))
        if page.status != 200:
            return self.notes.trouble(f"{self.candidate.reference}: {page.status} instead of the page to check")
        form = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken")}
        if mood < 0.05:
            self._lose_network(form)
            page = self.get("check again", self.path("verifier/"))
            if page.status == 302:  # it had arrived
                return self._read_receipt(page)
            form = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken")}
        if mood > 0.9:
            second = threading.Thread(target=self._click, args=[form])
            second.start()
            self._click(form)
            second.join()
        else:
            self._click(form)

    def _lose_network(self, form: dict) -> None:
        """The request leaves, the answer never comes."""
        connection = self._request("POST", self.path("envoyer/"), form, {})
        time.sleep(self.chance.choice([0, 0.01, 0.1]))
        connection.close()
        time.sleep(self.chance.uniform(0.5, 2))

    def _click(self, form: dict) -> None:
        try:
            self._read_receipt(self.ask("send", "POST", self.path("envoyer/"), form))
        except Exception as error:
            self.notes.trouble(f"{self.candidate.reference}: {error!r}")

    def _read_receipt(self, answer: Answer) -> None:
        if answer.status != 302:
            return self.notes.trouble(f"{self.candidate.reference}: {answer.status} after sending")
        receipt = self.get("receipt", answer.location)
        if receipt.status != 200 or self.candidate.project not in receipt.body:
            self.notes.trouble(f"{self.candidate.reference}: {receipt.status}, a receipt without her words")

    # --- An evening of writing --------------------------------------------------------------------

    def write(self, until: float, every: float) -> None:
        """Write on one step, saved by the page's script again and again, as long as the call is open."""
        path = self.path("etape/projet/")
        page = self.get("step", path)
        words = self.candidate.project
        form = {name: page.field(name) for name in ("csrfmiddlewaretoken", "seen")} | {"hopes": "Un regard"}
        self.kept = words
        while time.monotonic() < until:
            words += self.chance.choice([" encore", " un mot", " et puis", " 🎬", " l’image"])
            answer = self.ask("autosave", "POST", path, form | {"project": words}, **{"X-Enregistrement": "1"})
            told = json.loads(answer.body) if answer.body.startswith("{") else {}
            if answer.status != 200 or "seen" not in told:
                return self.notes.trouble(f"{self.candidate.reference}: {answer.status} while writing")
            form["seen"], self.kept = told["seen"], words
            time.sleep(every)
