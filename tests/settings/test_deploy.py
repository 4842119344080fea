"""The example of a web server in front agrees with what stands behind it. (It was run with nginx 1.22: pages, a file of
30 MB, one of 70 MB, live events unbuffered, limits on tries by the address that nginx saw.)
"""

import re
import ssl
from pathlib import Path

from yichuang.webkit.middleware import MAX_BODY

CONF = (Path(__file__).resolve().parents[2] / "deploy/nginx.conf").read_text(encoding="utf-8")
LINES = [line.split("#")[0].strip() for line in CONF.splitlines()]


def inside(block: str) -> str:
    """What stands between the braces of a block that holds no other."""
    found = re.search(re.escape(block) + r" \{([^{}]*)\}", CONF)
    assert found, block
    return found[1]


def test_pages_refuse_what_is_too_large_before_nginx_does_without_words() -> None:
    (size,) = re.findall(r"client_max_body_size (\d+)m;", CONF)
    assert int(size) * 1024 * 1024 > MAX_BODY * 1.5


def test_no_location_loses_the_headers_that_all_requests_carry() -> None:
    """nginx inherits `proxy_set_header` only where a location sets none: live events once came without their address."""
    carried = dict(re.findall(r"^proxy_set_header (\S+) (\S+);", CONF, re.MULTILINE))
    assert carried["X-Forwarded-For"] == "$remote_addr", "a client's own header must never count"
    assert (carried["X-Forwarded-Proto"], carried["Host"]) == ("https", "$host")
    for location in ("location /events", "location /"):
        assert "proxy_set_header" not in inside(location)


def test_live_events_are_neither_kept_back_nor_cut_off() -> None:
    events = inside("location /events")
    assert "proxy_buffering off;" in events
    assert "http://127.0.0.1:8001;" in events, "the port above the pages'"
    assert "http://127.0.0.1:8000;" in inside("location /")


def test_debian_12_understands_every_line() -> None:
    """Its nginx is 1.22: `http2 on;` came with 1.25.1, and kept the whole server from starting."""
    assert "http2 on;" not in LINES
    assert LINES.count("listen 443 ssl http2;") == 1


def test_only_todays_protocols_and_suites_with_forward_secrecy_are_spoken() -> None:
    (protocols,) = re.findall(r"^ssl_protocols (.+);$", "\n".join(LINES), re.MULTILINE)
    assert protocols.split() == ["TLSv1.2", "TLSv1.3"]
    (suites,) = re.findall(r"^ssl_ciphers (.+);$", "\n".join(LINES), re.MULTILINE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(suites)  # OpenSSL knows every name
    spoken = [suite for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.2"]
    assert len(spoken) == len(suites.split(":"))
    assert all(suite["name"].startswith("ECDHE-") and suite["aead"] for suite in spoken)
