"""A person who has no mouse: she moves with Tab, Shift+Tab and the arrows, and the focus is checked at every stop."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.journeys.visitor import Visitor

FOCUS = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const spoken = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  const isRinged = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const legend = element.closest("fieldset")?.querySelector("legend");
  return {
    tag: element.tagName.toLowerCase(),
    name: element.labels?.length ? spoken(element.labels[0]) : spoken(element).slice(0, 200),
    group: legend ? spoken(legend) : "",
    value: element.matches("select") ? element.selectedOptions[0].text : element.value || "",
    checked: Boolean(element.checked),
    outlined: element.matches(":focus-visible") && [element, ...(element.labels || [])].some(isRinged),
    within: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    content: element.closest("main") !== null && element.tagName !== "MAIN",
    top: box.top + scrollY,
    bottom: box.bottom + scrollY,
    left: box.left,
    right: box.right,
  };
}"""


@dataclass(frozen=True)
class Focus:
    """Where the focus is, as it is heard and seen."""

    tag: str
    name: str
    group: str
    value: str
    checked: bool
    outlined: bool
    within: bool
    content: bool
    top: float
    bottom: float
    left: float
    right: float

    def comes_after(self, other: "Focus", *, in_columns: bool = False) -> bool:
        """Further down, or on the same line further right, as one reads; or in the next column, where there are any."""
        if in_columns and self.left >= other.right:
            return True
        is_same_line = self.top < other.bottom and other.top < self.bottom
        return self.left >= other.left if is_same_line else self.top >= other.bottom


class AtTheKeyboard(Visitor):
    """The same verbs as `Visitor`, by the keyboard alone, in the order in which the page is read."""

    PARTS = ("a", "button", "summary", "input", "select", "textarea")
    in_columns = False
    """Whether her pages are read one column after the other."""

    @property
    def focus(self) -> Focus:
        return Focus(**self.page.evaluate(FOCUS))

    def press(self, keys: str) -> "AtTheKeyboard":
        self.page.keyboard.press(keys)
        return self

    def tab(self) -> Focus:
        """One stop further. It must be seen where it is, and come after the last one."""
        before = self.focus
        self.press("Tab")
        now = self.focus
        assert now.tag in self.PARTS, f"after « {before.name} » the focus left {self.page.url}:\n{self.words}"
        assert now.outlined, f"« {now.name} » has the focus and does not show it, on {self.page.url}"
        assert now.within, f"« {now.name} » has the focus out of sight, on {self.page.url}"
        if before.content and now.content:
            assert now.comes_after(before, in_columns=self.in_columns), (
                f"from « {before.name} » the focus jumps back to « {now.name} »"
            )
        return now

    def stops(self) -> list[str]:
        """The names of all the stops from here to the end of the page's content."""
        names = []
        while not self.page.evaluate("document.activeElement.closest('footer') !== null"):
            names.append(self.tab().name)
        return names[:-1]

    def reach(self, name: str, *, tags=PARTS, group: str = "") -> Focus:
        """Tab until the focus is on what bears that name."""
        passed = []
        while True:
            now = self.focus
            if now.tag in tags and _names(now, name) and group in ("", now.group):
                return now
            passed.append(now.name)
            assert len(passed) < 90, f"no « {name} » on {self.page.url}, only {passed}"
            self.tab()

    # --- Arriving -------------------------------------------------------------------------------

    def go(self, path: str) -> "AtTheKeyboard":
        super().go(path)
        return self.skip()

    def skip(self) -> "AtTheKeyboard":
        """On a page where nothing took the focus, the first stop leads past the header."""
        if self.focus.tag == "body" and not urlsplit(self.page.url).fragment:
            link = self.tab()
            assert link.name == "Aller au contenu"
            self.press("Enter")
            assert self.focus.tag == "main"
        return self

    # --- The verbs ------------------------------------------------------------------------------

    def click(self, name: str, *, role: str = "button", nth: int = 0) -> "AtTheKeyboard":
        tags = ("a",) if role == "link" else ("button",)
        self.reach(name, tags=tags)
        for _other in range(nth):
            self.tab()
            self.reach(name, tags=tags)
        with self.page.expect_navigation():
            self.press("Enter")
        self.look()
        return self.skip()

    def write(self, label: str, text: str) -> "AtTheKeyboard":
        self.reach(label, tags=("input", "textarea"))
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        return self

    def tick(self, name: str) -> "AtTheKeyboard":
        if not self.reach(name, tags=("input",)).checked:
            self.press("Space")
        assert self.focus.checked
        return self

    def pick(self, question: str, option: str) -> "AtTheKeyboard":
        """Tab leads to the group, the arrows go round in it."""
        now = self.reach("", tags=("input",), group=question)
        if now.name == option:
            self.press("Space")
        for _other in range(12):
            if self.focus.name == option:
                break
            self.press("ArrowDown")
        now = self.focus
        assert (now.group, now.name, now.checked, now.outlined) == (question, option, True, True)
        return self

    def choose(self, label: str, option: str) -> "AtTheKeyboard":
        """The first letters of an option select it."""
        self.reach(label, tags=("select",))
        self.page.keyboard.type(option)
        assert self.focus.value == option
        return self


def _names(focus: Focus, name: str) -> bool:
    """A box bears exactly that name, a star apart; links and buttons may say more of it to a screen reader."""
    if focus.tag in ("a", "button", "summary"):
        return name in focus.name
    return name in ("", focus.name.rstrip(" *"))
