"""One HTTP request to a server of the lab."""

import base64
import json
import urllib.error
import urllib.request

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy of the environment


def request(method, url, body=None, login=None, content_type="application/json", context=None, timeout=5, headers=None, text=True):
    """(status, text), or the bytes of it. A status such as 503 is an answer; no answer is an OSError."""
    data = body.encode() if isinstance(body, str) else body
    asked = urllib.request.Request(url, data=data, method=method)
    for name, value in (headers or {}).items():
        asked.add_header(name, value)
    if data is not None:
        asked.add_header("Content-Type", content_type)
    if login:
        asked.add_header("Authorization", "Basic " + base64.b64encode(":".join(login).encode()).decode())
    opener = _opener
    if context:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(asked, timeout=timeout) as answer:
            content = answer.read()
            return answer.status, content.decode(errors="replace") if text else content
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode(errors="replace")


def get_json(url, **options):
    """(status, document); the document is None when the body is not JSON."""
    status, text = request("GET", url, **options)
    try:
        return status, json.loads(text)
    except ValueError:
        return status, None
