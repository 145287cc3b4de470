"""Finding addresses, links, @names, numbers and dates: anybody's, and those of a file in any spelling."""

import re
from collections.abc import Iterator
from datetime import date

from accounts.folding import plain
from reviews.masking.rules import END, START, Kind, Rule, either, one_of, rule
from reviews.masking.words import COMMON_HANDLES, TRADES

TLDS = one_of("com fr org net eu io tv gg fm info link bio app dev bzh online site ch co uk de es it pt paris")
SHORT_HOSTS = one_of(
    "youtu.be linktr.ee t.me bit.ly wa.me fb.me instagr.am discord.gg lnkd.in vm.tiktok we.tl tinyurl goo.gl"
)
NETWORKS = one_of(
    "insta instagram tiktok snap snapchat twitter facebook fb youtube twitch linkedin discord vimeo soundcloud spotify "
    "letterboxd threads bluesky telegram whatsapp messenger behance pseudo"
)
AT = r"(?:[ ]?[\[({<][ ]?(?:at|a|arobase|@)[ ]?[\])}>][ ]?|[ ](?:arobase|arobas|arrobase)[ ])"
POINT = r"(?:[ ]?\.[ ]?|[ ]?[\[({<][ ]?(?:point|dot)[ ]?[\])}>][ ]?|[ ](?:point|dot)[ ])"
LOCAL = r"[\w.+\-]+(?:[ ](?:point|tiret|dot|underscore)[ ][\w.+\-]+)*"
FIGURE = (
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|"
    r"quarante|cinquante|soixante|septante|huitante|octante|nonante|zero|et)"
)
STREET = one_of(
    "rue avenue av ave boulevard bd bld blvd chemin impasse allee allees quai square lotissement ruelle venelle "
    "faubourg hameau"
)
MAYBE_STREET = one_of("place cours route cite residence passage voie esplanade montee villa")
DOOR = r"(?<!\d)\d{1,4}[ ]?(?:bis|ter|quater)?,?[ ]?"
OF = r"(?:[ '\-](?:de|du|des|d|la|le|les|l|au|aux|saint|sainte|st|ste)\b)*"
TOWN = r"(?:,?[ ]?\d{5}(?:[ '\-][^\W\d_]+){0,3})?"
REST = r"\S*[\w/=&%#~\-]"
"""The rest of a link, without the full stop that ends the sentence."""

ANYBODYS = [
    rule(Kind.ADDRESS, r"(?<![\w.+\-])[\w.+\-]+@[\w.\-]*\w"),
    rule(Kind.ADDRESS, rf"(?<![\w.+\-])[\w.+\-]+[ ]?@[ ]?[\w\-]+[ ]?\.[ ]?{TLDS}{END}"),
    rule(Kind.ADDRESS, rf"(?<![\w.+\-]){LOCAL}{AT}[\w\-]+{POINT}{TLDS}{END}"),
    rule(Kind.LINK, rf"(?:https?|ftp)[ ]?:[ ]?/[ ]?/?[ ]?{REST}"),
    rule(Kind.LINK, rf"(?<!\w)www[ ]?\.[ ]?{REST}"),
    rule(Kind.LINK, rf"(?<![\w@.\-])(?:[\w\-]+\.)+{TLDS}(?!\w)(?:[/?#:]{REST}|/)?"),
    rule(Kind.LINK, rf"(?<![\w@.\-])(?:[\w\-]+\.)+[a-z]{{2,18}}/{REST}"),
    rule(Kind.LINK, rf"(?<!\w){SHORT_HOSTS}(?:/{REST})?"),
    rule(
        Kind.LINK, rf"(?<![\w\-])[\w\-]+[ ](?:point|dot)[ ](?:com|fr|org|net|be|tv)(?:[ ]?(?:slash|/)[ ]?{REST})*{END}"
    ),
    rule(Kind.LINK, r"(?<!\w)@\w(?:[\w.\-]*\w)?"),
    rule(Kind.LINK, r"(?<![\w.])[\w.]+#\d{4}(?!\d)"),
    rule(Kind.LINK, rf"{START}{NETWORKS}\s?(?::|=|->|>)\s?(?P<v>[\w.\-]*[\d_.][\w.\-]*\w)"),
    rule(Kind.LINK, rf"{START}{NETWORKS}\s?(?::|=|->|>)\s?(?P<v>[\w.\-]+)(?=\s*(?:$|\n|[,;.)!?/]|et[ ]|ou[ ]))"),
    rule(
        Kind.NUMBER,
        r"(?<![\d+])(?:(?:\+|00)[ ]?(?:33|262|590|594|596|508|681|687|689)[ .\-]{0,3}(?:\([ ]?0[ ]?\)|0)?|0)"
        r"[ .\-()]{0,3}[1-9](?:[ .\-_()*|]{0,3}\d){8}(?!\d)",
    ),
    rule(Kind.NUMBER, r"(?<!\w)\+[ ]?\d(?:[ .\-()]{0,2}\d){7,13}(?!\d)"),
    rule(Kind.NUMBER, rf"{START}zero[ \-]+{FIGURE}(?:[\s,.\-]+{FIGURE}){{4,16}}{END}"),
    rule(Kind.ADDRESS, rf"{DOOR}{STREET}\b\.?{OF}(?:[ '\-][^\W_]+){{1,2}}{TOWN}"),
    rule(
        Kind.ADDRESS,
        rf"{DOOR}{MAYBE_STREET}{OF}[ '\-](?P<cap>[^\W_]+)(?:[ '\-][^\W_]+)?{TOWN}",
    ),
    rule(Kind.ADDRESS, r"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\d{3}[ ](?!eur)(?P<cap>[^\W\d_]+)(?:[ '\-][^\W\d_]+){0,2}"),
]
"""Whoever's they are: an address, a link or a number of a friend leads to her as well."""

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)


def sign_rules(*, emails, links, phones, postcodes, born: date | None) -> Iterator[Rule]:
    """What finds those of one file in spellings of their own."""
    yield from ANYBODYS
    handles = {handle for address in emails for handle in _handles(address.partition("@")[0])}
    if handles:
        yield rule(Kind.ADDRESS, rf"(?<!\w){either(handles)}(?!\w)")
    hosts, names = _of_links(links)
    if hosts:
        yield rule(Kind.LINK, rf"(?<!\w){either(hosts)}(?!\w)(?:/{REST})?")
    if names:
        yield rule(Kind.LINK, rf"(?<!\w){either(names)}(?!\w)")
    for phone in phones:
        digits = re.sub(r"\D", "", phone)[-9:]
        if len(digits) == 9:
            apart = r"[^\w\n]{0,3}"
            yield rule(Kind.NUMBER, rf"(?<!\d)(?:(?:\+|00)?\d{{2,3}}{apart})?0?{apart}{apart.join(digits)}(?!\d)")
    for postcode in filter(None, postcodes):
        yield rule(Kind.ADDRESS, rf"(?<!\d){postcode[:2]}[ ]?{postcode[2:]}(?!\d)")
    if born:
        yield from _birthday(born)


def _handles(local: str) -> Iterator[str]:
    """What stands before the @, when it looks like somebody's."""
    handle = plain(local.partition("+")[0])
    if len(handle) > 4 and handle not in COMMON_HANDLES and handle not in TRADES:
        yield handle


def _of_links(links) -> tuple[set[str], set[str]]:
    """The sites of these links, and the parts of their paths that look like somebody's."""
    hosts, names = set(), set()
    for link in links:
        host, *path = re.sub(r"^[a-z]+://(?:www\.)?", "", plain(link).strip()).split("/")
        host = host.partition(":")[0]
        if "." in host:
            hosts.add(host)
        for part in path:
            name = re.split(r"[?#]", part)[0].lstrip("@")
            is_own = len(name) > 4 and (re.search(r"\d", name) or any(net in host for net in ("insta", "tiktok", "tw")))
            if is_own and name not in COMMON_HANDLES:
                names.add(name)
    return hosts, names


def _birthday(born: date) -> Iterator[Rule]:
    """« 9 mars », « 09/03/2006 », « 2006-03-09 »: the year alone says no more than her age."""
    day, month, year = born.day, born.month, born.year
    apart = r"[ ]?[/.\- ][ ]?"
    years = rf"(?:{year}|{year % 100:02})"
    yield rule(Kind.DATE, rf"(?<!\d)0?{day}(?:er)?\s+{MONTHS[month - 1]}\b(?:\s+{years}(?!\d))?")
    yield rule(Kind.DATE, rf"(?<!\d)0?{day}{apart}0?{month}{apart}{years}(?!\d)")
    yield rule(Kind.DATE, rf"(?<!\d){year}{apart}0?{month}{apart}0?{day}(?!\d)")
