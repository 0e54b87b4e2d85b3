"""Certificates made by openssl, and their renewal."""

import os
import shutil
import subprocess
from pathlib import Path


def openssl(*words: object) -> None:
    """Run a command of openssl's."""
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def make_certificate(folder: Path, name: str) -> None:
    """A certificate for localhost that signs itself, and its key: {name}.pem and {name}.key."""
    subject = ("-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    openssl("req", "-x509", *curve, *subject, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")


def use(folder: Path, name: str) -> None:
    """Make a certificate the server's own, as renewing tools do: each file in one step."""
    for ending in ("key", "pem"):
        shutil.copy(folder / f"{name}.{ending}", folder / f"fresh.{ending}")
        os.replace(folder / f"fresh.{ending}", folder / f"server.{ending}")
