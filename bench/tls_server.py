#!/usr/bin/env python3
"""tls_server.py PORT CERTIFICATE KEY DOCUMENT [--no-tickets]

A TLS server as Patroni's: Python's, HTTP/1.0, a thread for each connection, head and body written one after the other, close_notify
sent and ours awaited. With --no-tickets no session can be resumed: every handshake is a full one.
"""

import http.server
import pathlib
import socketserver
import ssl
import sys


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def process_request_thread(self, request, client_address):
        request.do_handshake()
        super().process_request_thread(request, client_address)

    def handle_error(self, request, client_address):
        pass

    def shutdown_request(self, request):
        try:
            request.unwrap()
        except OSError:
            pass
        super().shutdown_request(request)


def main():
    port, certificate, key, document = sys.argv[1:5]
    body = pathlib.Path(document).read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if "--no-tickets" in sys.argv:
        context.num_tickets = 0
    server = Server(("127.0.0.1", int(port)), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
