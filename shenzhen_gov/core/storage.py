"""Files in an S3-compatible store: chosen by STORAGE_URL, private, read through addresses that are good for a minute.

    STORAGE_URL=s3://bucket/folder?endpoint=https://store.example&region=cn-south-1

Keys come from the usual AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Needs the packages of requirements-s3.txt.
"""

from __future__ import annotations

from botocore.config import Config
from storages.backends.s3 import S3Storage

SIGNED_SECONDS = 60
# What every compatible store understands: newer checksums and host names of buckets are Amazon's own.
COMPATIBLE = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=5,
    read_timeout=60,
)


class PrivateStore(S3Storage):
    """A bucket that nobody reads but with a signed address."""

    def __init__(self, **given):
        super().__init__(client_config=COMPATIBLE, default_acl=None, file_overwrite=False, **given)

    def signed_address(self, name: str, content_type: str, disposition: str) -> str:
        """Return an address that shows the file for a minute, as this type and under this name."""
        as_sent = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        return self.url(name, parameters=as_sent, expire=SIGNED_SECONDS)
