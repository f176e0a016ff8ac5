#!/usr/bin/env python3
"""Makes coastline.bin: the land, coasts and borders of the map, from Natural Earth as the npm package world-atlas ships it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 make_coastline.py package/countries-10m.json coastline.bin

Only Python's standard library is used, and the same input gives the same bytes.

What it does: an arc that one country uses is coast, one that two use is a border. Arcs are cut at the antimeridian, and edges along it
("seams") close the land that they cut, so that every line of latitude crosses coasts and seams an even number of times: a reader
fills by the even-odd rule without assembling rings. Arcs are thinned (Douglas & Peucker 1973) and stored as deltas.

Layout, all numbers LEB128 variable-length unsigned: the bytes `SCCL1`, the count of lines; a line: kind (0 coast, 1 border, 2 seam), count of
points, and for each point longitude and latitude as zigzag-coded differences to the point before (the first to 0, 0), in units of
1/500 degree.
"""

import json
import sys

UNIT = 500  # per degree
TOLERANCE = 0.006  # degrees that a thinned line may stray
SMALLEST = 0.012  # degrees across, below which an island is left out


def arcs_of(topology):
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        yield points


def uses(geometries, count):
    """By arc: how many rings run along it."""
    n = [0] * count
    def walk(a):
        for x in a:
            if isinstance(x, int):
                n[x if x >= 0 else ~x] += 1
            else:
                walk(x)
    for g in geometries:
        walk(g.get("arcs", []))
    return n


def cut(points, crossings):
    """Parts of a line that do not cross the antimeridian; the latitudes where it did are noted."""
    part, parts = [points[0]], []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if abs(x1 - x0) > 180:
            side = 180.0 if x0 > 0 else -180.0
            far = x1 + 2 * side
            y = y0 if far == x0 else y0 + (y1 - y0) * (side - x0) / (far - x0)
            crossings.append(y)
            part.append((side, y))
            parts.append(part)
            part = [(-side, y)]
        part.append((x1, y1))
    parts.append(part)
    return [p for p in parts if len(p) > 1]


def thinned(points):
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    stack = [(0, len(points) - 1)]
    while stack:
        a, b = stack.pop()
        (ax, ay), (bx, by) = points[a], points[b]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, at = TOLERANCE * TOLERANCE, None
        for i in range(a + 1, b):
            px, py = points[i][0] - ax, points[i][1] - ay
            t = 0.0 if length == 0 else max(0.0, min(1.0, (px * dx + py * dy) / length))
            d = (px - t * dx) ** 2 + (py - t * dy) ** 2
            if d > worst:
                worst, at = d, i
        if at is not None:
            keep[at] = True
            stack += [(a, at), (at, b)]
    return [p for p, k in zip(points, keep) if k]


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return out


def zigzag(n):
    return n * 2 if n >= 0 else -n * 2 - 1


def main(source, target):
    with open(source, encoding="utf-8") as f:
        topology = json.load(f)
    arcs = list(arcs_of(topology))
    countries = uses(topology["objects"]["countries"]["geometries"], len(arcs))
    lines, crossings = [], []
    for points, n in zip(arcs, countries):
        if n == 0:
            continue
        kind = 0 if n == 1 else 1
        closed = points[0] == points[-1]
        if kind == 0 and closed:
            across = max(max(c) - min(c) for c in zip(*points))
            if across < SMALLEST:
                continue
        for part in cut(points, crossings if kind == 0 else []):
            lines.append((kind, thinned(part)))
    # from the north pole, which is sea, each crossing changes between sea and land
    crossings.sort(reverse=True)
    if len(crossings) % 2:
        crossings.append(-90.0)
    for top, bottom in zip(crossings[::2], crossings[1::2]):
        for side in (-180.0, 180.0):
            lines.append((2, [(side, top), (side, bottom)]))
    out = bytearray(b"SCCL1") + varint(len(lines))
    total = 0
    for kind, points in lines:
        quantised = []
        for x, y in points:
            q = (round(x * UNIT), round(y * UNIT))
            if not quantised or q != quantised[-1]:
                quantised.append(q)
        if len(quantised) < 2:
            quantised = [quantised[0]] * 2
        out += varint(kind) + varint(len(quantised))
        px = py = 0
        for x, y in quantised:
            out += varint(zigzag(x - px)) + varint(zigzag(y - py))
            px, py = x, y
        total += len(quantised)
    with open(target, "wb") as f:
        f.write(out)
    print(f"{len(lines)} lines, {total} points, {len(out)} bytes; antimeridian crossed at {[round(c, 2) for c in crossings]}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
