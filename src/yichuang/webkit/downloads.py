"""Files on their way out: always as attachment, never sniffed, in a sandbox, never stored by caches."""

from urllib.parse import quote

from django.http import HttpResponse

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """The file as an attachment. The name may be Chinese (RFC 8187)."""
    response = HttpResponse(content, content_type=media_type)
    plain = name.encode("ascii", "ignore").decode().replace('"', "").strip() or "file"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
