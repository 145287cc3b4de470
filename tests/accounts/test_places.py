"""From a postcode to where somebody lives."""

import pytest

from accounts.places import DEPARTMENTS, department_of
from accounts.regions import Region


@pytest.mark.parametrize(
    ("postcode", "code", "region"),
    [
        ("01000", "01", Region.AUVERGNE_RHONE_ALPES),
        ("35200", "35", Region.BRETAGNE),
        ("75011", "75", Region.ILE_DE_FRANCE),
        ("93370", "93", Region.ILE_DE_FRANCE),
        ("20090", "2A", Region.CORSE),
        ("20137", "2A", Region.CORSE),
        ("20200", "2B", Region.CORSE),
        ("20600", "2B", Region.CORSE),
        ("97110", "971", Region.GUADELOUPE),
        ("97133", "977", Region.AUTRE_OUTRE_MER),
        ("97150", "978", Region.AUTRE_OUTRE_MER),
        ("97200", "972", Region.MARTINIQUE),
        ("97300", "973", Region.GUYANE),
        ("97410", "974", Region.LA_REUNION),
        ("97500", "975", Region.AUTRE_OUTRE_MER),
        ("97600", "976", Region.MAYOTTE),
        ("98600", "986", Region.AUTRE_OUTRE_MER),
        ("98714", "987", Region.AUTRE_OUTRE_MER),
        ("98800", "988", Region.AUTRE_OUTRE_MER),
    ],
)
def test_a_postcode_says_where(postcode, code, region):
    found = department_of(postcode)
    assert (found.code, found.region) == (code, region)


@pytest.mark.parametrize(
    "postcode", ["", "3500", "350000", "00100", "99000", "96000", "98000", "97900", "2A000", "٣٥٠٠٠"]
)
def test_what_is_no_french_postcode_is_nowhere(postcode):
    assert department_of(postcode) is None


def test_every_department_and_every_region_is_there():
    """96 in metropolitan France, 5 overseas (INSEE), and the 6 other territories whose postcodes are French."""
    assert len(DEPARTMENTS) == 96 + 5 + 6
    assert {department.region for department in DEPARTMENTS.values()} == set(Region)
