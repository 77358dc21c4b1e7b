"""A certificate authority with server and client certificates, made by the openssl program."""

import ssl
import subprocess

from . import parts


class Authority:
    """Files below `folder`: ca.crt, and NAME.crt with NAME.key for each `issue`."""

    def __init__(self, workspace, name="ca"):
        self.workspace = workspace
        self.folder = workspace.folder(f"{name}-certificates")
        workspace.give(self.folder, 0o755)
        self.certificate = self.folder / "ca.crt"
        self._key = self.folder / "ca.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-subj", f"/CN={name}", "-keyout", self._key, "-out", self.certificate)

    def issue(self, name, alternative="IP:127.0.0.1"):
        """(certificate, key) for a server or a client."""
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        wish, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", f"/CN={name}", "-keyout", key, "-out", wish)
        extensions.write_text(f"subjectAltName={alternative}\nextendedKeyUsage=serverAuth,clientAuth\n")
        self._openssl("x509", "-req", "-days", "2", "-in", wish, "-CA", self.certificate, "-CAkey", self._key,
                      "-CAcreateserial", "-extfile", extensions, "-out", certificate)
        self.workspace.give(certificate, 0o644)
        self.workspace.give(key, 0o600)
        return certificate, key

    def context(self, certificate=None, key=None):
        """What a client of these servers uses."""
        context = ssl.create_default_context(cafile=self.certificate)
        if certificate:
            context.load_cert_chain(certificate, key)
        return context

    @staticmethod
    def _openssl(*arguments):
        command = [parts.program("openssl"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
