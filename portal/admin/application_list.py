"""The list of applications as the admin shows it: found by ids, counted up to a limit, sorted by what has an index."""

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from portal import application_list as reads


class FilesPaginator(Paginator):
    """Pages of the files that were found, up to `reads.MOST` of them."""

    @cached_property
    def found(self) -> int:
        return reads.count(self.object_list)

    @property
    def count(self) -> int:
        return min(self.found, reads.MOST)

    @property
    def is_cut_short(self) -> bool:
        return self.found > reads.MOST


class FileList(ChangeList):
    """One page of files (portal/application_list.py says how it is found)."""

    def get_queryset(self, request, exclude_parameters=None):
        self.root_queryset = reads.files(request.user)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering_field(self, field_name):
        """Nothing for a column that no index keeps in order, even from an address made by hand."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None

    def get_results(self, request):
        super().get_results(request)
        self.is_cut_short = self.paginator.is_cut_short
        self.result_list = reads.rows(self.result_list)
