"""The figures of serving as a picture: bars beside the C++ server, and what fan-out does with its subscribers."""

import math
import re
from collections.abc import Sequence
from html import escape

_WIDTH, _BAR, _GAP, _LABEL, _SCALE = 860, 16, 8, 330, 380
_INK, _GRID, _FLOOR = "#1f2328", "#d0d7de", "#cf222e"
_WALL, _CPU = "#0969da", "#54aeff"
_CURVE_HEIGHT = 220
_BESIDE = re.compile(r"(?P<what>.*), (?P<kind>calls/s|MB/s|calls a CPU-second|MB a CPU-second) beside a C\+\+ server.*")
_FAN_OUT = re.compile(r"live fan-out to (?P<count>[\d,]+) subscribers?, .*")


def draw(rows: Sequence[dict[str, object]]) -> str:
    """The picture as SVG, of the rows that `serving.py` measured."""
    bars, height = _bars(rows)
    curve = _curve(rows, height + 60)
    whole = height + 60 + _CURVE_HEIGHT + 60
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {whole}" font-family="sans-serif" '
            f'font-size="12" fill="{_INK}">',
            f'<rect width="{_WIDTH}" height="{whole}" fill="#ffffff"/>',
            *bars,
            *curve,
            "</svg>\n",
        )
    )


def _bars(rows: Sequence[dict[str, object]]) -> tuple[list[str], int]:
    """A pair of bars for each thing measured beside the C++ server, and where they end."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for row in rows:
        if match := _BESIDE.fullmatch(str(row["name"])):
            wall = "/s" in match["kind"]
            found.setdefault(match["what"], {})["wall" if wall else "cpu"] = row
    most = max((float(row["value"]) for pair in found.values() for row in pair.values()), default=1)
    scale = _SCALE / max(1.0, most)
    parts = [
        _text(20, 24, "Beside a gRPC server in C++ that returns constants (1 = as fast)", size=15),
        _text(20, 44, "dark: per second; light: per CPU-second of the server; red: the floor that is promised"),
    ]
    top = 60
    for what, pair in found.items():
        parts.append(_text(_LABEL, top + 18, what, anchor="end"))
        for name, colour, offset in (("wall", _WALL, 0), ("cpu", _CPU, _BAR // 2 + 3)):
            if name in pair:
                value = float(pair[name]["value"])
                parts.append(_rectangle(_LABEL + 10, top + offset + 4, value * scale, _BAR // 2, colour))
                parts.append(_text(_LABEL + 16 + value * scale, top + offset + 12, f"{value:.2f}", size=10))
                if bound := str(pair[name]["bound"]):
                    at = _LABEL + 10 + float(bound.removeprefix(">= ")) * scale
                    parts.append(_line(at, top, at, top + 2 * _BAR - 4, _FLOOR))
        top += 2 * _BAR + _GAP
    parts.append(_line(_LABEL + 10 + scale, 52, _LABEL + 10 + scale, top, _GRID))
    return parts, top


def _curve(rows: Sequence[dict[str, object]], top: int) -> list[str]:
    """Deliveries a CPU-second by subscribers, both on scales of powers of ten."""
    points = [
        (int(match["count"].replace(",", "")), float(row["value"]))
        for row in rows
        if (match := _FAN_OUT.fullmatch(str(row["name"])))
    ]
    parts = [_text(20, top, "Live fan-out: deliveries of 3 KB changes a CPU-second of the server", size=15)]
    if not points:
        return parts
    low, high = (function(math.log10(value) for _, value in points) for function in (min, max))
    low, high = math.floor(low), math.ceil(high)
    decades = max(math.log10(max(count for count, _ in points)), 1)
    left, right, bottom = 100, _WIDTH - 60, top + 20 + _CURVE_HEIGHT

    def place(count: int, value: float) -> tuple[float, float]:
        across = left + (right - left) * math.log10(count) / decades
        return across, bottom - _CURVE_HEIGHT * (math.log10(value) - low) / max(high - low, 1)

    for power in range(low, high + 1):
        _, y = place(1, 10**power)
        parts += [_line(left, y, right, y, _GRID), _text(left - 8, y + 4, f"{10**power:,}", anchor="end")]
    parts.append(
        f'<polyline fill="none" stroke="{_WALL}" stroke-width="2" points="'
        + " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        + '"/>'
    )
    for count, value in points:
        x, y = place(count, value)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_WALL}"/>')
        parts.append(_text(x, y - 9, f"{value:,.0f}", anchor="middle", size=10))
        parts.append(_text(x, bottom + 18, f"{count:,} subscriber{'s' * (count > 1)}", anchor="middle"))
    return parts


def _text(x: float, y: float, text: str, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="1.5"/>'


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'
