"""Writes MediaWiki exports and packs them, for tests that need them made up."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

import py7zr
import zstandard

SITE = """<siteinfo>
  <sitename>Probe</sitename>
  <dbname>probewiki</dbname>
  <base>https://wiki.example.org/wiki/Main_Page</base>
  <generator>MediaWiki 1.43.0</generator>
  <case>first-letter</case>
  <namespaces>
    <namespace key="-1" case="first-letter">Spezial</namespace>
    <namespace key="0" case="first-letter" />
    <namespace key="4" case="case-sensitive">Probe</namespace>
    <namespace key="10" case="first-letter">Vorlage</namespace>
  </namespaces>
</siteinfo>"""

CONTRIBUTOR = "<contributor><username>Ada</username><id>7</id></contributor>"


def export(body: str, *, site: str = SITE, version: str = "0.10", language: str = "de", declaration: str = "") -> str:
    """An export with what stands between the siteinfo and the end."""
    return (
        f'{declaration}<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}/" '
        f'version="{version}" xml:lang="{language}">\n{site}\n{body}\n</mediawiki>\n'
    )


def page(page_id: int, title: str, *revisions: str, namespace: int | None = 0, redirect: str = "") -> str:
    """A page of the given revisions."""
    ns = "" if namespace is None else f"<ns>{namespace}</ns>"
    redirect = f"<redirect title={quoteattr(redirect)} />" if redirect else ""
    return f"<page><title>{escape(title)}</title>{ns}<id>{page_id}</id>{redirect}{''.join(revisions)}</page>\n"


def revision(revision_id: int, text: str = "text", *, extra: str = "", contributor: str = CONTRIBUTOR) -> str:
    """A revision with the given text; `extra` goes before its contributor."""
    return (
        f"<revision><id>{revision_id}</id><timestamp>2024-02-29T12:00:01Z</timestamp>{extra}{contributor}"
        "<model>wikitext</model><format>text/x-wiki</format>"
        f'<text xml:space="preserve">{escape(text)}</text></revision>'
    )


def pages(count: int, text: str = "'''Page''' of [[words]]. ") -> str:
    """That many pages with one revision each."""
    return "".join(
        page(number, f"Page {number}", revision(1000 + number, f"{text}{number}")) for number in range(1, count + 1)
    )


def pack_bz2_streams(data: bytes) -> bytes:
    third = len(data) // 3
    return b"".join(bz2.compress(part) for part in (data[:third], data[third : 2 * third], data[2 * third :]))


def pack_gzip_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:]) + b"\0" * 512


def pack_zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def pack_zstd_frames(data: bytes) -> bytes:
    half = len(data) // 2
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0note"
    pack = pack_zstd
    return skippable + pack(data[:half]) + skippable + pack(data[half:])


def pack_zstd_long(data: bytes) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(data) + packer.flush()


def pack_7z(data: bytes, filters: list[dict[str, int]] | None = None) -> bytes:
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=filters) as archive:
        archive.writestr(data, "dump.xml")
    return file.getvalue()


def pack_7z_lzma(data: bytes) -> bytes:
    return pack_7z(data, [{"id": lzma.FILTER_LZMA1}])


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "bz2": bz2.compress,
    "bz2 multistream": pack_bz2_streams,
    "gzip": gzip.compress,
    "gzip members": pack_gzip_members,
    "zstd": pack_zstd,
    "zstd frames": pack_zstd_frames,
    "zstd long": pack_zstd_long,
    "7z": pack_7z,
    "7z lzma": pack_7z_lzma,
}
