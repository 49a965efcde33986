"""How long requests take, by view and class of status, for Prometheus (docs/how-to/metrics.md).

Several server processes share their counters through files (the library's multi-process mode): wsgi.py names the
directory before they are forked, so whichever process is asked tells the sum of all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.025, 0.06, 0.1, 0.15, 0.3, 1, 3, 10)  # seconds; among them what pages are held to
NO_VIEW = "none"  # files, and addresses that do not exist

OWN = CollectorRegistry(auto_describe=False)
SECONDS = Histogram(
    "portal_request_seconds", "Time from a request to the first byte of its answer", ["view", "status"],
    buckets=BUCKETS, registry=OWN,
)  # fmt: skip


class LatencyMiddleware:
    """Counts each request once, with the name of its view; what was asked in it is not looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.counted: dict[
            tuple[str, int], Histogram
        ] = {}  # views are few; looking a label up costs more than counting

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and count how long it took."""
        began = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        kind = match.view_name or NO_VIEW if match else NO_VIEW, response.status_code // 100
        child = self.counted.get(kind)
        if child is None:
            child = self.counted[kind] = SECONDS.labels(kind[0], f"{kind[1]}xx")
        child.observe(perf_counter() - began)
        return response


def latency_text() -> bytes:
    """Return the histogram as Prometheus reads it: of all processes where they share a directory."""
    if SHARED not in os.environ:
        return generate_latest(OWN)
    registry = CollectorRegistry(auto_describe=False)
    MultiProcessCollector(registry)
    return generate_latest(registry)
