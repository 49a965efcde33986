"""How long requests take is told by view and class of status, and together for all server processes."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from shenzhen_gov.system.latency import LatencyMiddleware, latency_text

ASK = """
import os
from types import SimpleNamespace
import django; django.setup()
from django.http import HttpResponse
from shenzhen_gov.system.latency import LatencyMiddleware, latency_text
def one():
    LatencyMiddleware(lambda request: HttpResponse())(SimpleNamespace(resolver_match=None))
children = []
for _n in range(2):
    child = os.fork()
    if child == 0:
        one(); one()
        os._exit(0)
    os.waitpid(child, 0)
one()
print(latency_text().decode())
"""


def count_of(text: str, view: str, status: str) -> float:
    found = re.search(rf'portal_request_seconds_count\{{status="{status}",view="{view}"\}} (\S+)', text)
    return float(found.group(1)) if found else 0.0


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(client):
    before = latency_text().decode()
    client.get(reverse("health_live"))
    client.get("/no-such-page-13800138000/")
    after = client.get(reverse("metrics")).content.decode()
    assert count_of(after, "health_live", "2xx") == count_of(before, "health_live", "2xx") + 1
    assert count_of(after, "none", "4xx") == count_of(before, "none", "4xx") + 1
    assert "13800138000" not in after


def test_an_answer_is_put_into_its_bucket():
    before = latency_text().decode()
    ask = LatencyMiddleware(lambda request: HttpResponse(status=503))
    ask(SimpleNamespace(resolver_match=SimpleNamespace(view_name="test:bucket")))
    after = latency_text().decode()
    assert 'portal_request_seconds_bucket{le="10.0",status="5xx",view="test:bucket"} 1.0' in after
    assert "test:bucket" not in before


def test_processes_tell_the_sum_of_all(tmp_path):
    env = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "shenzhen_gov.settings.test",
    }
    done = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=True)
    assert count_of(done.stdout, "none", "2xx") == 5


def test_the_web_server_shares_a_directory_that_it_takes_away(tmp_path):
    code = (
        "import os, shenzhen_gov.wsgi; path = os.environ['PROMETHEUS_MULTIPROC_DIR'];"
        " assert os.path.isdir(path); print(path)"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "shenzhen_gov.settings.test"}
    env.pop("PROMETHEUS_MULTIPROC_DIR", None)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    path = done.stdout.strip().splitlines()[-1]
    assert path.startswith(str(tmp_path))
    assert not os.path.exists(path)
