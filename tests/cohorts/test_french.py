"""Numbers and their words, in templates."""

import pytest
from django.template import engines


@pytest.mark.parametrize("engine", ["django", "letters"])
def test_nought_is_singular_in_french(engine):
    template = engines[engine].from_string(
        '{{ count }} place{{ count|pluralize }} {{ count|pluralize:"libre,prises" }}'
    )
    assert [template.render({"count": count}) for count in (0, 1, 2)] == [
        "0 place libre",
        "1 place libre",
        "2 places prises",
    ]


def test_a_list_counts_as_its_length():
    template = engines["django"].from_string("place{{ them|pluralize }}")
    assert [template.render({"them": them}) for them in ([], [1], [1, 2])] == ["place", "place", "places"]


def test_a_file_weighs_in_the_units_of_everyday_french():
    """As the rules say it of the files asked: « 10 Mo au plus »."""
    template = engines["django"].from_string("{{ size|filesizeformat }}")
    assert [template.render({"size": size}).replace("\u00a0", " ") for size in (800, 29_800, 10 * 1024 * 1024)] == [
        "800 octets",
        "29,1 Ko",
        "10,0 Mo",
    ]
