"""The cast: people with fixed short names and fixed roles, the same in every test and in the demo."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.regions import Region


@dataclass(frozen=True)
class Person:
    """Somebody of the cast. `age` is counted today, so that the cast never grows up."""

    first_name: str
    last_name: str
    age: int
    region: str

    @property
    def email(self) -> str:
        plain = self.first_name.lower().translate(str.maketrans("èéïç", "eeic"))
        return f"{plain}@example.org"

    def birth_date(self, now=None) -> date:
        """So many years ago and a hundred days: no birthday falls due within a test or a demo."""
        today = timezone.localdate(now)
        return today.replace(year=today.year - self.age, day=min(today.day, 28)) - timedelta(days=100)


INES = Person("Inès", "Haddad", 21, Region.OCCITANIE)
"""Candidate: her file is nearly complete."""
LINA = Person("Lina", "Moreau-Diallo", 16, Region.HAUTS_DE_FRANCE)
"""Candidate under 18: nothing goes without her representative."""
AWA = Person("Awa", "Ndiaye", 23, Region.ILE_DE_FRANCE)
"""Candidate who was accepted and has not confirmed yet."""
THAIS = Person("Thaïs", "Hoarau", 24, Region.LA_REUNION)
"""Candidate whose place is confirmed, in a pair."""
KARIM = Person("Karim", "Benali", 41, Region.ILE_DE_FRANCE)
"""Mentor, approved and committed."""
NADIA = Person("Nadia", "Ferreira", 37, Region.ILE_DE_FRANCE)
"""On the jury of the cohort."""
CLAIRE = Person("Claire", "Marchand", 45, Region.ILE_DE_FRANCE)
"""Coordinator."""
SAMI = Person("Sami", "Okonkwo", 27, Region.PAYS_DE_LA_LOIRE)
"""Stranger: signed up, and nothing here is his."""

CAST = (INES, LINA, AWA, THAIS, KARIM, NADIA, CLAIRE, SAMI)
