"""How much of an upload is read at all, whichever page it is sent to."""

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile, StopUpload

from documents.limits import MAX_SIZE, MB

MOST_KEPT = MAX_SIZE + 64 * 1024
"""All the files of one request together: one document, and what a page needs to tell that it is too large."""
MOST_READ = 60 * MB
"""A request that says it is larger is cut: reading it to the end, to answer with a sentence, would take too long."""


class BoundedUploadHandler(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: nothing beyond MOST_KEPT reaches the memory or the disk of the server.

    A file that goes beyond is not among the files of the request; its page sees by the length of the request that it
    was too large. The other fields are read.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.left = MOST_KEPT
        self.is_hopeless = content_length > MOST_READ

    def new_file(self, *args, **kwargs):
        """Nothing is skipped here: Django would close the file before this one, which is whole."""
        super().new_file(*args, **kwargs)
        if self.is_hopeless:
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data, start):
        self.left -= len(raw_data)
        if self.left < 0:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


class InMemoryUploadHandler(MemoryFileUploadHandler):
    """The next one: what is read stays in memory, whatever its size, since the first one bounds it.

    A stranger's file is never written down before its verb keeps it: a full disk cannot make a page fail, and a process
    that is killed leaves none behind.
    """

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True
