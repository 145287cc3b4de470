"""A person before her browser. Wherever she goes, the page is checked: accessibility, console, hosts, answers."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Browser, Page, TimeoutError

STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "preload": False}
"""Without `preload` axe asks for no stylesheet itself: every request on the page is the page's own."""


class Visitor:
    """One person, one browser context. `page` is Playwright's; `look` checks where she is."""

    def __init__(self, browser: Browser, site: str, email: str = "", **options):
        self.site, self.email = site, email
        self.has_scripts = options.get("java_script_enabled", True)
        self.context = browser.new_context(base_url=site, locale="fr-FR", timezone_id="Europe/Paris", **options)
        self.context.set_default_timeout(8000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.looked_at: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)

    def _note_request(self, request):
        if urlsplit(request.url).netloc != urlsplit(self.site).netloc and not request.url.startswith("data:"):
            self.complaints.append(f"asked another host: {request.url}")

    def _note_response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def go(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self.look()

    def look(self) -> "Visitor":
        """axe on this page, once per address; nothing may have been complained about until here."""
        path = urlsplit(self.page.url).path
        if self.has_scripts and path not in self.looked_at:  # axe is a script
            self.looked_at.append(path)
            results = Axe().run(self.page, options=STANDARD)
            assert results.violations_count == 0, f"{path}\n{results.generate_report()}"
            width = self.page.viewport_size["width"]
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
        assert not self.complaints, self.complaints
        return self

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

    def fill(self, **values: str) -> "Visitor":
        """Fill fields by their names in the form."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
        return self

    def sign_in(self) -> "Visitor":
        """From the sign-in page: the address, then the code that was sent to it."""
        self.page.get_by_label("Adresse e-mail").fill(self.email)
        self.click("Recevoir mon code")
        self.page.get_by_label("Code").fill(code_sent_to(self.email))
        return self.click("Entrer")

    def reads(self, text: str) -> "Visitor":
        """She sees these words on the page."""
        self.page.get_by_text(text).first.wait_for(timeout=5000)
        return self

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()


def code_sent_to(email: str) -> str:
    """The sign-in code in the last letter sent to this address."""
    letters = [message for message in mail.outbox if message.to == [email]]
    return re.search(r"^\s*([0-9A-Z]{3,4}-?[0-9A-Z]{3,4})\s*$", letters[-1].body, re.MULTILINE)[1]


def letters_to(email: str) -> list[str]:
    """Subjects of the outbox's letters that were sent to this address: sign-in codes do not pass through it."""
    return [m.subject for m in mail.outbox if m.to == [email] and "Message-ID" in m.extra_headers]
