"""Pages go compressed over a slow line; PDFs, pictures and workbooks are compressed already."""

from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


class Compression(GZipMiddleware):
    """Compress what is text. Django adds a random length, against guessing what a page holds."""

    def process_response(self, request, response):
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        response = super().process_response(request, response)
        # WhiteNoise compares whole ETags, and a compressed answer's is marked weak: its date is asked.
        if response.has_header("Last-Modified"):
            del response["ETag"]
        return response
