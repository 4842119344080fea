"""Reading a QR code (GB/T 18284, ISO/IEC 18004) off a rendered page, as a phone's camera would — of a clean picture.

No reader of QR codes is among our dependencies, and reading the address out of the PDF's text would not prove that the
printed square says the same. The picture comes from `pdftoppm`, so nothing is bent or dirty: no error correction.
"""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from segno import consts

Grid = list[list[int]]  # 1 = dark
FORMATS = {bits: number for number, bits in enumerate(consts.FORMAT_INFO)}
LEVELS = {1: consts.ERROR_LEVEL_L, 0: consts.ERROR_LEVEL_M, 3: consts.ERROR_LEVEL_Q, 2: consts.ERROR_LEVEL_H}
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read(picture: Path) -> str:
    """The text of the one QR code in the picture; ValueError where there is none."""
    image = Image.open(picture).convert("L")
    grid = _grid([[int(p < 128) for p in row] for row in _rows(image)])
    return _text(_codewords(grid), (len(grid) - 17) // 4)


def _rows(image: Image.Image) -> Iterator[bytes]:
    data, width = image.tobytes(), image.width
    return (data[i : i + width] for i in range(0, len(data), width))


# ── where it is ───────────────────────────────────────────────────────────────────────────────────────────────────


def _runs(line: list[int]) -> list[tuple[int, int, int]]:
    """(colour, start, length) of each run of the line."""
    found: list[tuple[int, int, int]] = []
    start = 0
    for i in range(1, len(line) + 1):
        if i == len(line) or line[i] != line[start]:
            found.append((line[start], start, i - start))
            start = i
    return found


def _finders(line: list[int]) -> Iterator[tuple[float, float]]:
    """(middle, module size) of every 1:1:3:1:1 in the line."""
    runs = _runs(line)
    for i in range(len(runs) - 4):
        five = runs[i : i + 5]
        lengths = [length for _, _, length in five]
        unit = sum(lengths) / 7
        wanted = (1, 1, 3, 1, 1)
        if (
            five[0][0]
            and unit >= 2
            and all(abs(n - w * unit) <= unit * 0.5 for n, w in zip(lengths, wanted, strict=True))
        ):
            yield five[0][1] + sum(lengths) / 2, unit


def _corners(dark: Grid) -> tuple[list[tuple[float, float]], float]:
    """The middles (x, y) of the three finder patterns, and the size of a module in pixels."""
    spots: list[tuple[float, float, float]] = []
    for y in range(len(dark)):
        for x, unit in _finders(dark[y]):
            column = [dark[i][int(x)] for i in range(max(0, int(y - 6 * unit)), min(len(dark), int(y + 6 * unit)))]
            base = max(0, int(y - 6 * unit))
            for middle, other in _finders(column):
                if abs(base + middle - y) <= unit and abs(other - unit) <= unit * 0.3:
                    spots.append((x, base + middle, unit))
    groups: list[list[tuple[float, float, float]]] = []
    for spot in spots:
        near = next(
            (g for g in groups if abs(g[0][0] - spot[0]) < 3 * spot[2] and abs(g[0][1] - spot[1]) < 3 * spot[2]), None
        )
        near.append(spot) if near else groups.append([spot])
    groups = sorted(groups, key=len, reverse=True)[:3]  # data may look like a corner by chance, on fewer lines
    if len(groups) < 3:
        raise ValueError(f"{len(groups)} finder patterns: no QR code")
    spots = [spot for group in groups for spot in group]
    middles = [(sum(s[0] for s in g) / len(g), sum(s[1] for s in g) / len(g)) for g in groups]
    return middles, sum(s[2] for s in spots) / len(spots)


def _grid(dark: Grid) -> Grid:
    middles, unit = _corners(dark)
    left, top = min(x for x, _ in middles), min(y for _, y in middles)
    span = max(x for x, _ in middles) - left
    size = round(span / unit) + 7
    size += (17 - size) % 4 if (17 - size) % 4 <= 2 else (17 - size) % 4 - 4  # a side is 17 + 4 × version
    step = span / (size - 7)
    return [
        [dark[round(top + (row - 3) * step)][round(left + (column - 3) * step)] for column in range(size)]
        for row in range(size)
    ]


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────


def _format(grid: Grid) -> tuple[int, int]:
    """(error level bits, mask) beside the upper left finder."""
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    bits = int("".join(str(grid[r][c]) for r, c in places), 2)
    number = FORMATS[bits]
    return number >> 3, number & 7


def _reserved(size: int, version: int) -> set[tuple[int, int]]:
    taken = {(r, c) for r in range(9) for c in range(9)}
    taken |= {(r, c) for r in range(9) for c in range(size - 8, size)}
    taken |= {(r, c) for r in range(size - 8, size) for c in range(9)}
    taken |= {(6, i) for i in range(size)} | {(i, 6) for i in range(size)}
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    for r in centres:
        for c in centres:
            if (r, c) not in {(6, 6), (6, size - 7), (size - 7, 6)}:
                taken |= {(r + i, c + j) for i in range(-2, 3) for j in range(-2, 3)}
    if version >= 7:
        taken |= {(r, c) for r in range(6) for c in range(size - 11, size - 8)}
        taken |= {(c, r) for r in range(6) for c in range(size - 11, size - 8)}
    return taken


def _codewords(grid: Grid) -> bytes:
    """The data codewords, unmasked and put back in the order of their blocks."""
    size = len(grid)
    version = (size - 17) // 4
    level, mask = _format(grid)
    taken, bits = _reserved(size, version), []
    columns = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(columns):
        rows = range(size - 1, -1, -1) if turn % 2 == 0 else range(size)
        for r in rows:
            for c in (right, right - 1):
                if (r, c) not in taken:
                    bits.append(grid[r][c] ^ int(MASKS[mask](r, c) == 0))
    words = [int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - 7, 8)]
    lengths = [b.num_data for b in consts.ECC[version][LEVELS[level]] for _ in range(b.num_blocks)]
    blocks: list[list[int]] = [[] for _ in lengths]
    stream = iter(words)
    for i in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if i < length:
                block.append(next(stream))
    return bytes(word for block in blocks for word in block)


def _text(data: bytes, version: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    at, out = 0, ""

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at] or "0", 2)

    while len(bits) - at >= 4 and (mode := take(4)):
        if mode == 0b0100:
            count = take(8 if version < 10 else 16)
            out += bytes(take(8) for _ in range(count)).decode()
        elif mode == 0b0010:
            count = take(9 if version < 10 else 11 if version < 27 else 13)
            out += "".join(_two(take(11)) for _ in range(count // 2)) + (ALPHABET[take(6)] if count % 2 else "")
        elif mode == 0b0001:
            count = take(10 if version < 10 else 12 if version < 27 else 14)
            out += "".join(f"{take(10):03}" for _ in range(count // 3))
            out += f"{take((0, 4, 7)[count % 3]):0{count % 3}}" if count % 3 else ""
        else:
            raise ValueError(f"mode {mode:04b} is not among those we print")
    return out


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _two(number: int) -> str:
    return ALPHABET[number // 45] + ALPHABET[number % 45]
