"""The virus-scan hook, with the adapter for ClamAV tried against a small clamd on this machine."""

import io
import socketserver
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.models import Attachment
from intake.services import add_attachment, scan_files
from shenzhen_gov.core import scanning
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import AuditEntry

from .factories import city_with_channels, make_case

NOW = timezone.now()
FILM = b"\0\0\0\x18ftypisom" + bytes(200_000)
VIRUS = b"EICAR-STANDARD"
SCANNER = Actor.system("scan_files")


class Clamd(socketserver.BaseRequestHandler):
    """What clamd does with INSTREAM."""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            data += stream.read(size)
        self.server.seen.append(data)
        found = b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in data else b"stream: OK\0"
        self.request.sendall(self.server.says or found)


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen, server.says = [], b""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.VIRUS_SCANNER = "shenzhen_gov.core.scanning.clamd"
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


@pytest.fixture
def away(settings):
    """A scanner that nobody answers for."""
    settings.VIRUS_SCANNER = "shenzhen_gov.core.scanning.clamd"
    settings.CLAMD_ADDRESS = "127.0.0.1:1"


@pytest.fixture
def agent(db):
    return Actor.staff(city_with_channels().staff["agent"])


def add(agent, data=FILM, name="现场.mp4") -> Attachment:
    return add_attachment(make_case().pk, "evidence", SimpleUploadedFile(name, data), by=agent, now=NOW)


def test_without_a_scanner_files_are_taken_and_marked(agent):
    assert add(agent).scan == "none"
    assert scan_files(by=SCANNER, now=NOW) == 0


def test_the_scanner_sees_the_whole_file_as_it_came(agent, clamd):
    assert add(agent).scan == "clean"
    assert clamd.seen == [FILM]


def test_a_file_with_a_virus_is_refused_in_words(agent, clamd):
    with pytest.raises(BadInput, match=r"现场\.mp4.*Eicar-Test-Signature") as refusal:
        add(agent, FILM + VIRUS)
    assert refusal.value.field == "files"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: what?\0"])
def test_a_scanner_that_cannot_say_counts_as_away(clamd, says):
    clamd.says = says or b"\0"
    with pytest.raises(scanning.ScannerDown):
        scanning.clamd(io.BytesIO(b"x"))


def test_a_scanner_on_a_socket_file_is_asked_there(settings, tmp_path):
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd.ctl")
    with pytest.raises(scanning.ScannerDown):
        scanning.clamd(io.BytesIO(b"x"))
    with socketserver.ThreadingUnixStreamServer(settings.CLAMD_ADDRESS, Clamd) as server:
        server.seen, server.says = [], b""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        scanning.clamd(io.BytesIO(b"x"))
        server.shutdown()
    assert server.seen == [b"x"]


def test_with_the_scanner_away_nothing_is_taken_where_it_is_required(agent, away):
    with pytest.raises(BadInput, match="cannot be scanned"):
        add(agent)


def test_with_the_scanner_away_files_are_taken_unscanned_where_the_setting_says_so(agent, away, settings):
    settings.VIRUS_SCANNER_REQUIRED = False
    assert add(agent).scan == "none"
    assert scan_files(by=SCANNER, now=NOW) == 0


def test_what_was_taken_unscanned_is_scanned_later(agent, clamd, settings):
    address, settings.CLAMD_ADDRESS, settings.VIRUS_SCANNER_REQUIRED = settings.CLAMD_ADDRESS, "127.0.0.1:1", False
    good, bad = add(agent), add(agent, FILM + VIRUS)
    settings.CLAMD_ADDRESS = address
    assert scan_files(by=SCANNER, now=NOW) == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan, bad.scan, bad.is_served) == ("clean", "infected", False)
    entry = AuditEntry.objects.get(action="case.attachment_scanned")
    assert entry.changes["virus"] == "Eicar-Test-Signature"
    assert scan_files(by=SCANNER, now=NOW) == 0
