"""A person before her browser. Wherever she goes, the page is checked: accessibility, console, hosts, answers."""

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, TimeoutError

from tests import factories

STANDARD = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
"""Without `preload` axe asks for no stylesheet itself: every request on the page is the page's own."""

SHOWN_THOUGH_HIDDEN = (
    "[...document.querySelectorAll('[hidden]')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML)"
)
"""A `display` of our own wins over the attribute: what is said to be hidden is looked at."""

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}


class Visitor:
    """One person, one browser context. `page` is Playwright's; `look` checks where she is.

    She does what a hand does: `click`, `follow`, `write`, `tick`, `pick`, `choose`, each by the words that she reads.
    """

    def __init__(self, browser: Browser, site: str, email: str = "", **options):
        self.browser, self.site, self.email, self.options = browser, site, email, options
        self.context = browser.new_context(base_url=site, locale="fr-FR", timezone_id="Europe/Paris", **options)
        self.context.set_default_timeout(8000)
        self.page: Page = self.context.new_page()
        self.reader = self.page if options.get("java_script_enabled", True) else _reader(browser, options)
        self.complaints: list[str] = []
        self.looked_at: list[str] = []
        self.answers_met: list[int] = []
        self.awaited = 0
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)

    def _note_console(self, message):
        if message.type in ("error", "warning") and not (self.awaited and f"status of {self.awaited}" in message.text):
            self.complaints.append(message.text)

    def _note_request(self, request):
        if urlsplit(request.url).netloc != urlsplit(self.site).netloc and not request.url.startswith("data:"):
            self.complaints.append(f"asked another host: {request.url}")

    def _note_response(self, response):
        if response.status == self.awaited:
            self.answers_met.append(response.status)
        elif response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    @contextmanager
    def meets(self, status: int):
        """Within, this answer is no accident; it must come."""
        self.awaited, self.answers_met = status, []
        yield self
        assert status in self.answers_met, f"no answer {status} here"
        self.awaited = 0

    def close(self) -> None:
        self.context.close()
        if self.reader is not self.page:
            self.reader.context.close()

    # --- Where she is -----------------------------------------------------------------------------

    def go(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self.look()

    def look(self) -> "Visitor":
        """axe on this page, once per address and title; nothing may have been complained about until here."""
        path = urlsplit(self.page.url).path
        place = f"{path} {self.page.title()}"  # a page with errors says so in its title
        if place not in self.looked_at:
            self.looked_at.append(place)
            self._read_as_is()
            results = Axe().run(self.reader, options=STANDARD)
            assert results.violations_count == 0, f"{path}\n{results.generate_report()}"
            width = self.page.viewport_size["width"]
            assert self.reader.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
            assert self.reader.evaluate(SHOWN_THOUGH_HIDDEN) == [], f"{path} shows what it hides"
        assert not self.complaints, self.complaints
        return self

    def _read_as_is(self) -> None:
        """axe is a script: where scripts are off, it reads the same page in another window, where its own are empty."""
        if self.reader is self.page:
            return
        url, html = self.page.url, self.page.content()
        self.reader.unroute_all()
        self.reader.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        self.reader.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.reader.goto(url)

    def reads(self, text: str) -> "Visitor":
        """She sees these words on the page."""
        self.page.get_by_text(text).first.wait_for(timeout=5000)
        return self

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def state_of(self, task: str) -> str:
        """What the task list says of a step."""
        link = self.page.get_by_role("link", name=task, exact=True)
        return self.page.locator(f"#{link.get_attribute('aria-describedby')}").inner_text()

    # --- What she does ----------------------------------------------------------------------------

    def click(self, name: str, *, role: str = "button", nth: int = 0) -> "Visitor":
        """Click what is so named, and look at the page that follows."""
        try:
            self.page.get_by_role(role, name=name).nth(nth).click()
        except TimeoutError as error:
            raise AssertionError(f"no {role} « {name} » on {self.page.url}:\n{self.words}") from error
        self.page.wait_for_load_state()
        return self.look()

    def follow(self, name: str, *, nth: int = 0) -> "Visitor":
        return self.click(name, role="link", nth=nth)

    def write(self, label: str, text: str) -> "Visitor":
        """Write into the box of that label, instead of what stands there."""
        self.box(label).fill(text)
        return self

    def choose(self, label: str, option: str, *, of: str = "") -> "Visitor":
        """One of a long list; `of` names the group that it is in, where several have one so named."""
        within = self.page.get_by_role("group", name=of, exact=True) if of else self.page
        self.box(label, within).select_option(label=option)
        return self

    def tick(self, name: str) -> "Visitor":
        self.page.get_by_role("checkbox", name=name, exact=True).check()
        return self

    def pick(self, question: str, option: str) -> "Visitor":
        """One of a few, under their question."""
        group = self.page.get_by_role("group", name=question, exact=True)
        group.get_by_role("radio", name=option, exact=True).check()
        return self

    def box(self, label: str, within: Page | Locator | None = None) -> Locator:
        """The box of that label, with or without the star of what is required."""
        words = r"\s+".join(map(re.escape, label.split()))
        return (within or self.page).get_by_label(re.compile(rf"^\s*{words}\s*\*?\s*$"))

    def fill(self, **values: str) -> "Visitor":
        """Fill fields by their names in the form."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
        return self

    def sign_in(self) -> "Visitor":
        """From the sign-in page: the address, then the code that was sent to it."""
        self.write("Votre adresse e-mail", self.email).click("Recevoir mon code")
        return self.write("Code reçu par courriel", code_sent_to(self.email)).click("Entrer")

    def come_back(self, person) -> "Visitor":
        """She signed in another day: her browser remembers it."""
        cookie = factories.sign_in(Client(), person).cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.site}])
        return self


def _reader(browser: Browser, options: dict) -> Page:
    context = browser.new_context(locale="fr-FR", **{**options, "java_script_enabled": True})
    return context.new_page()


def code_sent_to(email: str) -> str:
    """The sign-in code in the last letter sent to this address."""
    letters = [message for message in mail.outbox if message.to == [email]]
    return re.search(r"^\s*([0-9A-Z]{3,4}-?[0-9A-Z]{3,4})\s*$", letters[-1].body, re.MULTILINE)[1]


def letters_to(email: str) -> list[str]:
    """Subjects of the outbox's letters that were sent to this address: sign-in codes do not pass through it."""
    return [m.subject for m in mail.outbox if m.to == [email] and "Message-ID" in m.extra_headers]
