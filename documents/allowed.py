"""What a PDF may keep, and nothing else: the keys of each kind of object that draws a page (ISO 32000-2, 7 to 9).

A kind maps each key that is kept to the kind of its value. Names, numbers and strings may stand anywhere; an array
holds things of its own kind; « map:x » is a dictionary of any keys whose values are of kind x. What is not named here,
dictionaries and streams above all, is never copied: a key that some later PDF invents is gone before anybody has heard
of it.
"""

PLAIN = "plain"
"""Names, numbers, strings, and arrays of them."""

_FUNCTION = {
    **dict.fromkeys(
        ("/FunctionType", "/Domain", "/Range", "/Size", "/BitsPerSample", "/Order", "/Encode", "/Decode"), PLAIN
    ),
    **dict.fromkeys(("/C0", "/C1", "/N", "/Bounds"), PLAIN),
    "/Functions": "function",
}
_DRAWING_OF_ITS_OWN = {"/Resources": "resources", "/BBox": PLAIN, "/Matrix": PLAIN}

KINDS: dict[str, dict[str, str]] = {
    PLAIN: {},
    "page": {
        **dict.fromkeys(("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"), PLAIN),
        "/Resources": "resources",
        "/Contents": "content",
        "/Group": "group",
    },
    "resources": {
        "/ExtGState": "map:state",
        "/ColorSpace": "map:colours",
        "/Pattern": "map:pattern",
        "/Shading": "map:shading",
        "/XObject": "map:drawing",
        "/Font": "map:font",
        "/Properties": "map:layer",
        "/ProcSet": PLAIN,
    },
    "content": {},
    "group": {"/Type": PLAIN, "/S": PLAIN, "/CS": "colours", "/I": PLAIN, "/K": PLAIN},
    # Pictures and forms (drawings used several times). Not kept: /Alternates, /OPI, /Ref, /PS, /Metadata, /PieceInfo.
    "drawing": {
        **dict.fromkeys(("/Type", "/Subtype", "/Name", "/FormType"), PLAIN),
        **dict.fromkeys(("/Width", "/Height", "/BitsPerComponent", "/Decode", "/ImageMask", "/Interpolate"), PLAIN),
        **dict.fromkeys(("/Intent", "/Matte", "/SMaskInData"), PLAIN),
        "/ColorSpace": "colours",
        "/Mask": "drawing",
        "/SMask": "drawing",
        "/Group": "group",
        "/OC": "layer",
        **_DRAWING_OF_ITS_OWN,
    },
    "colours": {
        **dict.fromkeys(("/WhitePoint", "/BlackPoint", "/Gamma", "/Matrix", "/N"), PLAIN),
        "/Alternate": "colours",
        **_FUNCTION,
    },
    "function": _FUNCTION,
    "pattern": {
        **dict.fromkeys(("/Type", "/PatternType", "/PaintType", "/TilingType", "/XStep", "/YStep"), PLAIN),
        "/Shading": "shading",
        "/ExtGState": "state",
        **_DRAWING_OF_ITS_OWN,
    },
    "shading": {
        **dict.fromkeys(("/ShadingType", "/Background", "/BBox", "/AntiAlias", "/Coords", "/Domain", "/Extend"), PLAIN),
        **dict.fromkeys(("/Matrix", "/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/Decode"), PLAIN),
        "/VerticesPerRow": PLAIN,
        "/ColorSpace": "colours",
        "/Function": "function",
    },
    # Not kept: halftones and what only printing presses read.
    "state": {
        **dict.fromkeys(("/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/FL", "/SM"), PLAIN),
        **dict.fromkeys(("/SA", "/BM", "/CA", "/ca", "/AIS", "/TK"), PLAIN),
        "/Font": "font",
        "/SMask": "soft mask",
    },
    "soft mask": {"/Type": PLAIN, "/S": PLAIN, "/BC": PLAIN, "/G": "drawing", "/TR": "function"},
    "font": {
        **dict.fromkeys(("/Type", "/Subtype", "/Name", "/BaseFont", "/FirstChar", "/LastChar", "/Widths"), PLAIN),
        **dict.fromkeys(("/DW", "/W", "/DW2", "/W2", "/FontBBox", "/FontMatrix"), PLAIN),
        "/FontDescriptor": "font descriptor",
        "/Encoding": "encoding",
        "/ToUnicode": "encoding",
        "/DescendantFonts": "font",
        "/CIDSystemInfo": "character collection",
        "/CIDToGIDMap": "glyphs",
        "/CharProcs": "map:content",
        "/Resources": "resources",
    },
    "font descriptor": {
        **dict.fromkeys(
            ("/Type", "/FontName", "/FontFamily", "/FontStretch", "/FontWeight", "/Flags", "/FontBBox"), PLAIN
        ),
        **dict.fromkeys(("/ItalicAngle", "/Ascent", "/Descent", "/Leading", "/CapHeight", "/XHeight", "/StemV"), PLAIN),
        **dict.fromkeys(("/StemH", "/AvgWidth", "/MaxWidth", "/MissingWidth", "/CharSet", "/Lang"), PLAIN),
        **dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3", "/CIDSet"), "glyphs"),
    },
    "glyphs": dict.fromkeys(("/Length1", "/Length2", "/Length3", "/Subtype"), PLAIN),
    "encoding": {
        **dict.fromkeys(("/Type", "/BaseEncoding", "/Differences", "/CMapName", "/WMode"), PLAIN),
        "/CIDSystemInfo": "character collection",
        "/UseCMap": "encoding",
    },
    "character collection": dict.fromkeys(("/Registry", "/Ordering", "/Supplement"), PLAIN),
    # Also what words that are marked say of themselves.
    "layer": {
        **dict.fromkeys(("/Type", "/Name", "/P", "/MCID", "/ActualText", "/Alt", "/Lang", "/E"), PLAIN),
        "/OCGs": "layer",
    },
    # Which layers are shown, so that what was hidden stays hidden.
    "layers": {"/OCGs": "layer", "/D": "layers shown"},
    "layers shown": {"/Name": PLAIN, "/BaseState": PLAIN, "/ON": "layer", "/OFF": "layer"},
}

BUILT = {"content", "resources", "group", "pattern", "shading", "layer", "layers", "layers shown"}
"""The kinds that a name, a number or a string cannot be."""
STREAMS = {"content", "drawing", "colours", "function", "pattern", "shading", "encoding", "glyphs"}
"""The kinds that may be streams."""
DRAWN = {"content", "drawing", "pattern"}
"""The streams whose words a reader carries out."""

# fmt: off
FILTER_SETTINGS = (
    "/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/K", "/EndOfLine", "/EncodedByteAlign",
    "/Rows", "/EndOfBlock", "/BlackIs1", "/DamagedRowsBeforeError", "/ColorTransform",
)
# fmt: on
"""What may be said of a compression; all of it numbers and booleans."""

SCHEMES = ("http", "https", "mailto")
"""Where a link may lead, apart from a page of the same file."""
