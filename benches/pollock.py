#!/usr/bin/env python3
"""Polluted copies of one clean CSV file, read by DuckDB's read_csv on its own and by Stockcast.

    cargo build --example read_table
    benches/pollock.py SOURCE.csv target/debug/examples/read_table [FOLDER OF FURTHER FILES]

The pollutions are those that Vitagliano, Hameed, Jiang, Reisener, Wu and Naumann describe (Pollock: a data loading benchmark, PVLDB 16, 2023),
written anew here; files of a further folder (theirs, say) are read beside them. Every file is the clean table spoilt in one way. A reader gets
    header  the column names are those of the clean file
    rows    how many of the clean rows it returns with every cell right (blanks around a cell and NULL against empty do not count)
    extra   how many rows it returns besides
A file is as well read by A as by B if A has the header wherever B has it, no fewer right rows and, of as many, no more extra ones.
A file without rows, or of one column, is no table of sales: Stockcast refuses it, which counts as alike.
Needs duckdb (pip). Exit code 1 if Stockcast reads a file less well than DuckDB.
"""
import collections, csv, io, json, os, subprocess, sys, tempfile
import duckdb

source, tool = sys.argv[1], sys.argv[2]
clean = list(csv.reader(io.StringIO(open(source, newline="", encoding="utf-8").read())))
head, data = clean[0], clean[1:]


def field(text, sep=",", quote='"', escape=None, always=False):
    escape = quote if escape is None else escape
    if always or any(c in text for c in (sep, quote, "\n", "\r")):
        return quote + text.replace(quote, escape + quote) + quote
    return text


def line(row, sep=",", quote='"', escape=None, always=False):
    return sep.join(field(c, sep, quote, escape, always) for c in row)


def text(rows, end="\r\n", **how):
    return "".join(line(r, **how) + end for r in rows)


FILES = {}


def add(name, content, expected=None):
    FILES[name] = (content if isinstance(content, bytes) else content.encode("utf-8"), data if expected is None else expected)


def spoil():
    whole, n = text(clean), len(clean)
    lines = [line(r) for r in clean]
    join = lambda ls: "\r\n".join(ls) + "\r\n"
    add("clean", whole)
    add("quotes around all", text(clean, always=True))
    add("no newline at the end", whole[:-2])
    add("two newlines at the end", whole + "\r\n")
    add("no header", text(data))
    add("one row", text(clean[:2]), data[:1])
    add("header only", text(clean[:1]), [])
    for rows in (2, 3):
        add(f"header on {rows} rows", text([head] * rows + data))
    notes = ["This is a preamble", "It has nothing to do with the table", "Generated on Monday"]
    padded = [t + "," * (len(head) - 1) for t in notes]
    empty, blank = ",".join([""] * len(head)), ""
    for what, ls in [("bare", notes), ("with delimiters", padded), ("bare, then an empty line", notes + [blank]), ("with delimiters, then an empty row", padded + [empty])]:
        add(f"preamble {what}", join(ls + lines))
        add(f"footnote {what}", join(lines + ls[::-1]))
    for name, end in [("LF", "\n"), ("CR", "\r")]:
        add(f"records end in {name}", text(clean, end=end))
    for name, sep in [("semicolon", ";"), ("bar", "|"), ("tab", "\t"), ("blank", " "), ("colon", ":")]:
        add(f"delimiter {name}", text(clean, sep=sep))
    for name, sep in [("comma and blank", ", "), ("two tabs", "\t\t")]:
        add(f"delimiter {name}", "".join(sep.join(field(c) for c in r) + "\r\n" for r in clean))
    add("quotation mark '", text(clean, quote="'"))
    add("quotes escaped by \\", text(clean, escape="\\"))
    add("quotes not escaped", text(clean, escape=""))
    add("quote and blank", "".join(",".join('"' + c.replace('"', '""') + '" ' for c in r) + "\r\n" for r in clean))
    add("UTF-8 with mark", b"\xef\xbb\xbf" + whole.encode())
    add("UTF-16", "\ufeff".encode("utf-16-le") + whole.encode("utf-16-le"))
    add("Windows-1252", text([head] + [r[:5] + [r[5] + " é"] + r[6:] for r in data]).encode("cp1252"), [r[:5] + [r[5] + " é"] + r[6:] for r in data])
    for name, r in [("first", 1), ("tenth", 10), ("50th", 50), ("last", n - 1)]:
        def one(new):
            return join(lines[:r] + [new] + lines[r + 1 :])
        rest = [x for i, x in enumerate(data, 1) if i != r]
        add(f"{name} row empty", one(""), rest)
        add(f"{name} row short", one(line(clean[r][:5])), rest)
        add(f"{name} row long", one(line(clean[r] + ["more"] * 6)), rest)
        add(f"{name} row ends in LF", "".join(l + ("\n" if i == r else "\r\n") for i, l in enumerate(lines)))
        add(f"{name} row with ;", one(line(clean[r], sep=";")), rest)
        add(f"{name} row with '", one(line(clean[r], quote="'", always=True)), rest)
        add(f"{name} row with \\", one(line(clean[r], escape="\\", always=True)))
        add(f"{name} row with a stray quote", one(line(clean[r])[:-1] + '"' + line(clean[r])[-1:]), rest)
    for name, c in [("first", 0), ("third", 2), ("last", len(head) - 1)]:
        for what, title in [("empty", ""), ("odd", "HEAD/%R"), ("long", "HEADER" * 50)]:
            add(f"{name} name {what}", text([head[:c] + [title] + head[c + 1 :]] + data))
    add("two names alike", text([head[:1] + head[:1] + head[2:]] + data))
    for name, more in [("narrower", [r[:6] for r in clean[:11]]), ("as wide", clean[:11]), ("wider", [r + ["x"] * 3 for r in clean[:11]])]:
        for gap in ("", "\r\n"):
            add(f"second table {name}{', after an empty line' if gap else ''}", whole + gap + text(more))
    add("one column", text([[r[3]] for r in clean]), [[r[3]] for r in data])
    add("1,024 columns", text([r + [str(i) if k else f"extra {i}" for i in range(1015)] for k, r in enumerate(clean)]), [r + [str(i) for i in range(1015)] for r in data])


def further(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".csv") and name != os.path.basename(source):
            only = {"file_one_data_row.csv": data[:1], "file_header_only.csv": [], "file_no_payload.csv": []}
            add("Pollock: " + name, open(os.path.join(folder, name), "rb").read(), only.get(name))


def duck(path):
    try:
        r = duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar=true)")
        return r.columns, [["" if c is None else c for c in row] for row in r.fetchall()]
    except Exception:
        return None


def ours(path):
    v = json.loads(subprocess.run([tool, path], capture_output=True, text=True, check=True).stdout)
    return None if "error" in v else (v["header"] if v["named"] else [], v["rows"])


def judge(read, expected, names):
    if read is None:
        return None
    header, rows = read
    strip = lambda cells, width: tuple(str(c).strip() for c in (list(cells) + [""] * width)[: max(width, len(cells))])
    want = collections.Counter(strip(r, len(r)) for r in expected)
    got = collections.Counter(strip(r, len(expected[0]) if expected else 0) for r in rows)
    right = sum((want & got).values())
    named = sum(str(a).strip() == b.strip() for a, b in zip(header, names)) >= max(1, len(names) - 2)
    return named, right, len(rows) - right


spoil()
if len(sys.argv) > 3:
    further(sys.argv[3])
cell = lambda j: "refused" if j is None else f"{'yes' if j[0] else 'no'}, {j[1]}, +{j[2]}"
worse, better, total = [], 0, [0, 0, 0]
print("| file | rows | DuckDB: header, rows right, extra | Stockcast | |\n| --- | ---: | --- | --- | --- |")
with tempfile.TemporaryDirectory() as folder:
    for name, (content, expected) in FILES.items():
        path = os.path.join(folder, "file.csv")
        open(path, "wb").write(content)
        names = [head[3]] if name == "one column" else head
        d, o = judge(duck(path), expected, names), judge(ours(path), expected, names)
        key = lambda j: (-1, 0, 0) if j is None else (j[1], j[0], -j[2])
        nothing = o is None and (not expected or len(expected[0]) < 2)
        verdict = "" if nothing or key(d) == key(o) else ("better" if key(o) > key(d) else "worse")
        worse += [name] if verdict == "worse" else []
        better += verdict == "better"
        total = [total[0] + len(expected), total[1] + (d[1] if d else 0), total[2] + (o[1] if o else 0)]
        print(f"| {name} | {len(expected)} | {cell(d)} | {cell(o)} | {verdict} |")
print(f"\n{len(FILES)} files: Stockcast better on {better}, worse on {len(worse)}, alike on {len(FILES) - better - len(worse)}.")
print(f"Rows right: DuckDB {duckdb.__version__} {total[1]} of {total[0]}, Stockcast {total[2]}.")
if worse:
    print("worse:", "; ".join(worse))
    sys.exit(1)
