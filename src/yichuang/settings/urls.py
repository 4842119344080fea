"""All addresses. Each door declares its routes in its own `routes.py`; webkit refuses one that names no audience."""

from yichuang.webkit.routes import urlpatterns as declared

urlpatterns = declared()
handler400 = "yichuang.webkit.middleware.bad_request"
handler403 = "yichuang.webkit.middleware.forbidden"
handler404 = "yichuang.webkit.middleware.not_found"
handler500 = "yichuang.webkit.middleware.server_error"
