"""What a browser would send if somebody changed nothing on a page."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._textarea = self._select = ""
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name", "")
        if tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attrs:
            self._add(self._select, attrs.get("value", ""))
        elif tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            self._input(name, attrs)

    def _input(self, name, attrs):
        is_box = attrs.get("type") in ("checkbox", "radio")
        if not is_box or "checked" in attrs:
            self._add(name, attrs.get("value", "on" if is_box else ""))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._add(self._textarea, self._text.removeprefix("\r\n").removeprefix("\n"))
            self._textarea = ""

    def handle_data(self, data):
        if self._textarea:
            self._text += data

    def _add(self, name, value):
        self.values.setdefault(name, []).append(value)


def unchanged(response) -> dict[str, list[str]]:
    """Every field of the page's forms as it stands, for a test client's `post`."""
    return _Forms(response.content.decode()).values
