"""A large order export to daily series: Stockcast beside DuckDB and pandas, one after the other on this machine.

    V/bin/python benches/large_export.py --stockcast target/release/stockcast [--lines 10000000] [--dir DIR] [--filled] [--keep]

V is a Python environment with `duckdb pandas pyarrow numpy`. Writes a made-up export in the layout of Shopify orders (23 columns, newest
order first, 110 bytes a line or 170 with --filled, 2,000 items, three years), has each side turn it into units by item and day, checks that the three
agree cell by cell, and prints CPU seconds, wall clock and peak memory of each. The file is deleted afterwards unless --keep is given.

The meaning is the same on all sides: lines of an order take its cells from the first line where the file writes them only there (the way
Shopify does; --filled repeats them on every line, so that a plain GROUP BY is enough); orders that are voided or cancelled do not count,
nor do test orders; a day is the day written in the file. DuckDB detects the types itself and uses the machine's cores.

Each side is a process of its own, measured by the system (wait4). --side runs one side alone.
"""

import argparse
import datetime
import os
import subprocess
import sys
import time

HEADER = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Cancelled at,Payment Method,Refunded Amount,"
    "Location,Source,Tags"
)
ITEMS, DAYS, FIRST = 2000, 1096, datetime.date(2023, 1, 2)
WORDS = "oak pine linen wool cotton copper clay glass stone paper cedar olive amber coral ivory slate".split()
THINGS = "bowl lamp scarf mug tray candle basket towel vase cushion blanket jar board clock frame stool".split()


def generate(path, lines, filled):
    import numpy as np

    rng = np.random.default_rng(7)
    names = []
    for i in range(ITEMS):
        size = f"{5 + i % 40} cm"
        name = f"{WORDS[i % 16].title()} {THINGS[i // 16 % 16]}, {size}" if i % 3 == 0 else f"{WORDS[i % 16].title()} {THINGS[i // 16 % 16]} {size}"
        names.append(f'"{name}"' if "," in name else name)
    skus = [f"{THINGS[i // 16 % 16][:3].upper()}-{i:04d}" for i in range(ITEMS)]
    prices = np.round(rng.lognormal(3.0, 0.6, ITEMS), 1)
    weights = rng.pareto(1.2, ITEMS) + 0.05
    weights /= weights.sum()
    cents = [int(round(p * 100)) for p in prices]
    money = lambda c: f"{c // 100}.{c % 100:02d}"
    price_text = [money(c) for c in cents]
    tails = [f",{names[i]},{price_text[i]},,{skus[i]}," for i in range(ITEMS)]
    dates = [(FIRST + datetime.timedelta(days=d)).isoformat() for d in range(DAYS)]
    zones = ["+0100" if "03-26" <= d[5:] < "10-29" else "+0000" for d in dates]
    count, written, out = lines // 2 + 10, 0, []
    # newest first: seconds from the end backwards
    seconds = np.sort(rng.integers(0, DAYS * 86_400, count))[::-1]
    sizes = 1 + rng.binomial(4, 0.30, count)
    kinds = rng.random(count)
    with open(path, "w", newline="", buffering=1 << 22) as file:
        file.write(HEADER + "\n")
        at = 0
        while written < lines:
            part = slice(at, at + 100_000)
            need = int(sizes[part].sum())
            picked = rng.choice(ITEMS, need, p=weights).tolist()
            quantity = (1 + rng.geometric(0.6, need) // 2).tolist()
            line = 0
            for order, (second, size, kind) in enumerate(zip(seconds[part].tolist(), sizes[part].tolist(), kinds[part].tolist())):
                number = 1_000_000 + count - at - order
                day, rest = divmod(second, 86_400)
                stamp = f"{dates[day]} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} {zones[day]}"
                mine = range(line, line + size)
                line += size
                total = sum(cents[picked[i]] * quantity[i] for i in mine)
                status, cancelled, method, refunded = "paid", "", "Shopify Payments", "0.00"
                if kind < 0.010:
                    status, cancelled = "voided", stamp
                elif kind < 0.020:
                    status, refunded = "refunded", money(total)
                elif kind < 0.022:
                    method = "bogus"
                front = f"#{number},c{number % 40_000}@example.com,{status},fulfilled,EUR,{money(total)},4.90,{money(total // 6)},{money(total + 490)},,0.00,{stamp}"
                back = f"{cancelled},{method},{refunded},,web,"
                blank, last = f"#{number},,,,,,,,,,,", ",,,,,"
                for i in mine:
                    first = filled or i == mine.start
                    out.append(f"{front if first else blank},{quantity[i]}{tails[picked[i]]}{back if first else last}\n")
                written += size
                if written >= lines:
                    break
            file.write("".join(out))
            out.clear()
            at += 100_000


DUCK_PLAIN = """
    SELECT "Lineitem sku" AS item, CAST("Created at"[:10] AS DATE) AS ds, sum("Lineitem quantity") AS y
    FROM {file}
    WHERE "Cancelled at" IS NULL AND "Financial Status" NOT IN ('voided', 'expired') AND "Payment Method" <> 'bogus'
    GROUP BY ALL
"""
# the order's cells from its first line, found by the order's number
DUCK_FILL = """
    WITH lines AS MATERIALIZED (
        SELECT "Name", "Created at", "Financial Status", "Cancelled at", "Payment Method", "Lineitem sku", "Lineitem quantity" FROM {file}
    ), orders AS (
        SELECT "Name", "Created at"[:10] AS day FROM lines
        WHERE "Created at" IS NOT NULL AND "Cancelled at" IS NULL AND "Financial Status" NOT IN ('voided', 'expired')
            AND "Payment Method" <> 'bogus'
    )
    SELECT "Lineitem sku" AS item, CAST(day AS DATE) AS ds, sum("Lineitem quantity") AS y
    FROM lines JOIN orders USING ("Name") GROUP BY ALL
"""


def side_duckdb(path, out, filled):
    import duckdb

    db = duckdb.connect()
    query = (DUCK_PLAIN if filled else DUCK_FILL).format(file=f"'{path}'")
    # the stamp stays text where its type is detected as one with a zone: the day is the one written
    kinds = dict(db.execute(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')").fetchall())
    if kinds["Created at"] != "VARCHAR":
        query = query.replace(f"'{path}'", f"read_csv('{path}', types = {{'Created at': 'VARCHAR'}})")
    db.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)")


def side_pandas(path, out, filled):
    import pandas as pd

    orders = ["Financial Status", "Created at", "Cancelled at", "Payment Method"]
    lines = pd.read_csv(path, usecols=["Name", "Lineitem sku", "Lineitem quantity", *orders], dtype={"Cancelled at": str})
    if not filled:
        first = lines["Created at"].notna()
        lines["dead"] = (lines["Cancelled at"].notna() | lines["Financial Status"].isin(["voided", "expired"]) | (lines["Payment Method"] == "bogus")).where(first)
        lines[["Created at", "dead"]] = lines[["Created at", "dead"]].ffill()
        lines = lines[~lines["dead"].astype(bool)]
    else:
        lines = lines[lines["Cancelled at"].isna() & ~lines["Financial Status"].isin(["voided", "expired"]) & (lines["Payment Method"] != "bogus")]
    lines["ds"] = pd.to_datetime(lines["Created at"].str[:10])
    table = lines.groupby(["Lineitem sku", "ds"])["Lineitem quantity"].sum().reset_index()
    table.columns = ["item", "ds", "y"]
    table.to_parquet(out)


def measure(name, command):
    """Runs a side; CPU seconds, wall seconds and peak memory in GB of its process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{name} failed: {' '.join(command)}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024 / 1024


def table_of(path):
    import pandas as pd

    t = pd.read_parquet(path, columns=["item", "ds", "y"])
    t["ds"] = pd.to_datetime(t["ds"])
    return t[t["y"] != 0].groupby(["item", "ds"])["y"].sum().sort_index().astype(float)


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--stockcast", default="target/release/stockcast")
    parse.add_argument("--lines", type=int, default=10_000_000)
    parse.add_argument("--dir", default=".")
    parse.add_argument("--filled", action="store_true", help="the order's cells on every line")
    parse.add_argument("--keep", action="store_true", help="leave the file where it is, and take it from there if it is there already")
    parse.add_argument("--runs", type=int, default=3, help="the median of so many runs a side")
    parse.add_argument("--side", choices=["generate", "duckdb", "pandas"], help="this side alone, for the measured processes")
    parse.add_argument("--out")
    a = parse.parse_args()
    path = os.path.join(a.dir, f"orders_{a.lines}{'_filled' if a.filled else ''}.csv")
    if a.side == "generate":
        return generate(path, a.lines, a.filled)
    if a.side:
        return {"duckdb": side_duckdb, "pandas": side_pandas}[a.side](path, a.out, a.filled)
    if not (a.keep and os.path.exists(path)):
        generate(path, a.lines, a.filled)
    own = [sys.executable, os.path.abspath(__file__), "--lines", str(a.lines), "--dir", a.dir, *(["--filled"] if a.filled else [])]
    outs = {n: os.path.join(a.dir, f"{n}.parquet") for n in ("stockcast", "duckdb", "pandas")}
    sides = {
        "Stockcast": [a.stockcast, "-q", "import", path, "--period", "day", "-o", outs["stockcast"]],
        "DuckDB": [*own, "--side", "duckdb", "--out", outs["duckdb"]],
        "pandas": [*own, "--side", "pandas", "--out", outs["pandas"]],
    }
    runs = {name: [] for name in sides}
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass  # every side finds the file in the system's cache
    for _ in range(a.runs):
        for name, command in sides.items():
            runs[name].append(measure(name, command))
    print(f"{a.lines:,} lines, {os.path.getsize(path) / 1e9:.2f} GB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median of {a.runs}\n")
    print("| | CPU | wall | peak memory |\n| --- | --- | --- | --- |")
    for name in sides:
        cpu, wall, memory = (sorted(r[i] for r in runs[name])[a.runs // 2] for i in range(3))
        print(f"| {name} | {cpu:.1f} s | {wall:.1f} s | {memory:.2f} GB |")
    tables = {n: table_of(p) for n, p in outs.items()}
    for name in ("duckdb", "pandas"):
        ours, theirs = tables["stockcast"].align(tables[name], fill_value=0.0)
        off = (ours - theirs).abs()
        print(f"\n{name}: {len(theirs):,} item-days, {theirs.sum():,.0f} units; Stockcast {ours.sum():,.0f}; {int((off > 1e-9).sum())} cells differ")
    for p in outs.values():
        os.remove(p)
    if not a.keep:
        os.remove(path)


if __name__ == "__main__":
    main()
