"""How much may be sent to the site at once, and what of it never lies on a disk."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Twenty photographs of ten megabytes each, and the form around them.
MOST_AT_ONCE = 210 * 2**20
# The largest register, and the form around it: what is no larger is held in memory, so that no copy
# of people's papers is left behind in a folder for passing things.
MOST_IN_MEMORY = 32 * 2**20


class Bounded(FileUploadHandler):
    """Refuse what is larger than anything this site takes, before any of it is read."""

    def handle_raw_input(self, input_data, meta, content_length, boundary, encoding=None):
        if content_length > MOST_AT_ONCE:
            raise RequestDataTooBig(f"{content_length} bytes were sent at once.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
