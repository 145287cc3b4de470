"""Tables that somebody sends: encodings, separators, workbooks, and what is refused with a sentence, quickly."""

import io
import random
import time
import zipfile

import openpyxl
import pytest

from documents import tables
from documents.limits import MAX_LINES
from documents.tables import TableRefused
from documents.workbook import as_csv


def cells(data: bytes) -> list[list[str]]:
    return [row.cells for row in tables.read(data)]


def workbook(*rows, **sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The same workbook with some parts written anew: `worksheets__sheet1` is xl/worksheets/sheet1.xml."""
    file = io.BytesIO()
    parts = {f"xl/{name.replace('__', '/')}.xml": content for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [n for n in old.namelist() if n not in parts]:
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def refused(data: bytes) -> str:
    began = time.perf_counter()
    with pytest.raises(TableRefused) as refusal:
        tables.read(data)
    assert time.perf_counter() - began < 5
    return refusal.value.sentence


# --- CSV ----------------------------------------------------------------------------------------

TEXT = "prénom;métier\r\nZoé;étalonnage\r\n"
READ = [["prénom", "métier"], ["Zoé", "étalonnage"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_in_any_usual_form(encoding, separator):
    assert cells(TEXT.replace(";", separator).encode(encoding)) == READ


def test_quotes_lines_within_and_lines_left_empty():
    rows = tables.read(b'a;b\r\n\r\n"x; y";"two\nlines"\r\n;;\r\nz;')
    assert [(row.number, row.cells) for row in rows] == [
        (1, ["a", "b"]),
        (3, ["x; y", "two\nlines"]),
        (6, ["z"]),
    ]


def test_the_line_that_excel_adds_for_itself():
    rows = tables.read(b"sep=,\r\na,b\r\n1,2")
    assert [(row.number, row.cells) for row in rows] == [(2, ["a", "b"]), (3, ["1", "2"])]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"\n \n", "Ce fichier est vide."),
        (b'a;b\n"x;y\nz;t', "Ligne 2\u00a0: un guillemet ouvert n’est pas refermé"),
        (bytes(range(256)), "Ce fichier n’est pas un tableau lisible."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Ce fichier n’est pas un tableau lisible."),
        (b"a;" * 50, "Ligne 1\u00a0: plus de 40 colonnes."),
        (b"a\n" + b"x" * 1001, "Ligne 2\u00a0: une case tient plus de"),
        (b"a\n" * (MAX_LINES + 2), "Ce tableau a plus de 1000 lignes"),
        (b"a" * 2_100_000, "Ce fichier pèse plus de 2 Mo."),
        (b"a;" * 1_000_000, "Ligne 1\u00a0: plus de 40 colonnes."),
        (b'"' + b"a" * 500_000, "Ligne 1\u00a0: un guillemet"),
        (b"\xff\xfea", "Ce fichier n’est pas un tableau lisible."),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(data, sentence):
    assert sentence in refused(data + (b"" if not data.startswith(b"a;" * 49) else b"a"))


# --- Workbooks ----------------------------------------------------------------------------------


def test_a_workbook_is_read_as_one_would_type_it():
    rows = tables.read(workbook(["a", "b"], [2, 2.5], [True, None], [None], [" x\u00a0", "=1+1"]))
    assert [(row.number, row.cells) for row in rows] == [(1, ["a", "b"]), (2, ["2", "2.5"]), (3, ["oui"]), (5, ["x"])]


def test_a_formula_counts_for_the_value_last_shown():
    cell = '<c r="A1" t="str"><f>HYPERLINK("http://x","cmd")</f><v>Zoé</v></c>'
    sheet = SHEET % (b"", f'<row r="1">{cell}</row>'.encode())
    assert cells(repacked(workbook(["x"]), worksheets__sheet1=sheet)) == [["Zoé"]]


def test_a_workbook_with_a_thousand_lines_and_no_more():
    assert len(tables.read(workbook(*[["a", n] for n in range(MAX_LINES + 1)]))) == MAX_LINES + 1
    assert "plus de 1000 lignes" in refused(workbook(*[["a", n] for n in range(MAX_LINES + 2)]))


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%b<sheetData>%b</sheetData></worksheet>'
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9))
    + b"]>"
)


def hostile() -> dict[str, tuple[bytes, str]]:
    """What each is, and a word of what is said of it."""
    plain = workbook(["a", "b"], [1, 2])
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    bomb = repacked(plain, worksheets__sheet1=SHEET % (b"", b" " * 60_000_000))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(300):
            archive.writestr(f"xl/{n}.xml", b"<a/>")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return {
        "a bomb": (bomb, "trop lourd une fois ouvert"),
        "too many parts": (many.getvalue(), "trop lourd une fois ouvert"),
        "an entity bomb": (repacked(plain, worksheets__sheet1=ENTITIES + SHEET % (b"", row)), "ne s’ouvre pas"),
        "an outside entity": (
            repacked(plain, sharedStrings=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'),
            "ne s’ouvre pas",
        ),
        "an entity in UTF-16": (
            repacked(plain, sharedStrings='<!DOCTYPE x [<!ENTITY e "x">]><sst>&e;</sst>'.encode("utf-16")),
            "ne s’ouvre pas",
        ),
        "macros": (repacked(plain, vbaProject=b"x").replace(b"vbaProject.xml", b"vbaProject.bin"), "macros"),
        "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "ancien format"),
        "another archive": (other.getvalue(), "n’est pas un classeur Excel"),
        "half of one": (plain[: len(plain) // 2], "ne s’ouvre pas"),
        "no XML": (repacked(plain, worksheets__sheet1=b"bonjour"), "ne s’ouvre pas"),
        "no workbook": (repacked(plain, workbook=b"<a/>"), "ne s’ouvre pas"),
        "deep": (repacked(plain, worksheets__sheet1=b"<a>" * 250_000), "ne s’ouvre pas"),
        "a number without end": (
            repacked(
                plain,
                worksheets__sheet1=SHEET % (b"", b'<row r="1"><c r="A1" t="s"><v>9' + b"9" * 5000 + b"</v></c></row>"),
            ),
            "ne s’ouvre pas",
        ),
        "wide": (
            repacked(
                plain, worksheets__sheet1=SHEET % (b"", b'<row r="1">' + b"<c><v>1</v></c>" * 400_000 + b"</row>")
            ),
            "trop lourd une fois ouvert",
        ),
        "wide, but not for long": (
            repacked(plain, worksheets__sheet1=SHEET % (b"", b'<row r="1">' + b"<c><v>1</v></c>" * 70_000 + b"</row>")),
            "plus de 40 colonnes",
        ),
    }


@pytest.mark.parametrize("name", list(hostile()))
def test_a_hostile_workbook_gets_a_sentence_quickly(name):
    data, words = hostile()[name]
    assert words in refused(data)


@pytest.mark.parametrize(
    "sheet",
    [
        SHEET % (b'<dimension ref="A1:XFD1048576"/>', b'<row r="1"><c r="A1"><v>7</v></c></row>'),
        SHEET % (b"", b'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"/>'),
        SHEET % (b"", b'<row r="1"><c r="A1"><v>7</v></c></row><row r="999999999999"><c r="A9"><v>8</v></c></row>'),
    ],
)
def test_what_a_workbook_says_of_its_size_costs_nothing(sheet):
    began = time.perf_counter()
    assert cells(repacked(workbook(["x"]), worksheets__sheet1=sheet)) == [["7"]]
    assert time.perf_counter() - began < 1


def test_bytes_changed_at_random_get_a_sentence():
    rng, good = random.Random(7), workbook(*[["prénom", "nom", n] for n in range(30)])
    outcomes = set()
    for _ in range(300):
        data = bytearray(good)
        for _change in range(rng.randint(1, 12)):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        try:
            tables.read(bytes(data))
            outcomes.add("read")
        except TableRefused:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


# --- Tables that leave --------------------------------------------------------------------------


def test_no_cell_of_a_csv_is_a_formula():
    hostile_cells = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=x", " =x", "\r=x", "＝1", "Zoé", -2, None]
    text = as_csv([hostile_cells]).decode("utf-8-sig")
    assert text == "'=1+1;'+33;'-2;'@SUM(A1);'\t=x;' =x;\"'\r=x\";'＝1;Zoé;-2;\r\n"
