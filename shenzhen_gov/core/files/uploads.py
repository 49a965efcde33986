"""Receiving files: what is larger than anything the portal takes is counted, but not kept on the disk."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedTemporaryHandler(TemporaryFileUploadHandler):
    """Writes an upload to a temporary file up to UPLOAD_MOST_BYTES; `size` tells the truth, so that it is refused."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk while there is room."""
        if start < settings.UPLOAD_MOST_BYTES:
            super().receive_data_chunk(raw_data, start)
