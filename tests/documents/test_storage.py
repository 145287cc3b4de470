"""Where files are kept: under names that say nothing, readable by no stranger."""

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from documents import storage


def test_kept_and_read_and_forgotten(tmp_path):
    name = storage.keep(ContentFile(b"words", name="../../CV d'Inès.pdf"))
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{62}", name)
    with storage.open_(name) as file:
        assert file.read() == b"words"
    storage.fetch(name, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"words"
    storage.forget(name)
    with pytest.raises(FileNotFoundError):
        storage.open_(name)
    storage.forget(name)
    storage.forget("")


def test_a_path_and_an_upload_from_the_disk(tmp_path):
    (tmp_path / "clean").write_bytes(b"harmless")
    name = storage.keep(tmp_path / "clean")
    with storage.open_(name) as file:
        assert file.read() == b"harmless"
    with TemporaryUploadedFile("cv.pdf", "application/pdf", 5, None) as upload:
        upload.write(b"large")
        upload.read()
        name = storage.keep(upload)
    with storage.open_(name) as file:
        assert file.read() == b"large"


def test_two_names_are_never_the_same():
    assert len({storage.keep(ContentFile(b"x")) for _ in range(50)}) == 50


def test_only_the_owner_writes_and_nobody_else_reads():
    name = storage.keep(ContentFile(b"words"))
    path = Path(project_settings.DOCUMENTS_ROOT) / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750


def test_the_tests_keep_theirs_apart():
    root = Path(project_settings.DOCUMENTS_ROOT)
    assert root.name.startswith("mentorat-documents-")
    assert not root.is_relative_to(project_settings.BASE_DIR)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "aa/../../outside"])
def test_no_name_leads_out_of_the_folder(name):
    with pytest.raises(Exception, match=r"outside|traversal"):
        storage.open_(name)
