"""How far learned effects of dated events lie from the truth, beside the half-widths said: made-up shops whose truth is known.

    python benches/event_effects.py STOCKCAST [SEEDS]

A shop: twelve items, 170 weeks, a season of its own each, noise of 5 to 30 %; a fair of two weeks, six times in the past and once ahead, that adds e^0.4 in the
middle (0.15 between items, 0.05 between times) and a coin tossed in nine weeks that does nothing. Needs numpy.
"""
import datetime, json, subprocess, sys, tempfile
from pathlib import Path

import numpy as np

PROGRAM, SEEDS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
WEEKS, ITEMS, FIRST = 170, 12, datetime.date(2022, 1, 3)
PLAN = 'version = 1\nname = "fair"\nreplications = 16\nperiods = 26\n[history]\nfiles = ["sales.csv"]\nperiod = "week"\nevents = "events.csv"\n'


def day(week, more=0):
    return FIRST + datetime.timedelta(7 * int(week) + more)


def shop(folder, g):
    """Writes the files; log effects by item, noise by item."""
    fairs = sorted(g.choice(np.arange(8, WEEKS - 4, 7), 6, replace=False)) + [WEEKS + 10]
    times = 0.05 * g.standard_normal(len(fairs))
    effect, noise = 0.4 + 0.15 * g.standard_normal(ITEMS), g.uniform(0.05, 0.3, ITEMS)
    rows = ["unique_id,ds,y"]
    for i in range(ITEMS):
        level, phase = np.exp(g.uniform(3.5, 6)), g.uniform(0, 2 * np.pi)
        for t in range(WEEKS):
            on = sum(effect[i] + e for f, e in zip(fairs, times) if f <= t < f + 2)
            season = 1 + 0.3 * np.sin(t / 52.18 * 2 * np.pi + phase)
            rows.append(f"i{i:02},{day(t)},{round(level * season * np.exp(on + noise[i] * (g.standard_normal() - noise[i] / 2)))}")
    (folder / "sales.csv").write_text("\n".join(rows) + "\n")
    coins = [*g.choice(WEEKS, 8, replace=False), WEEKS + 5]
    events = [f"{day(f)},{day(f, 13)},fair" for f in fairs] + [f"{day(c)},{day(c, 6)},coin" for c in coins]
    (folder / "events.csv").write_text("\n".join(["from,to,event", *events]) + "\n")
    (folder / "plan.toml").write_text(PLAN)
    return effect, noise


found, shops, coins = [], 0, 0
for seed in range(SEEDS):
    with tempfile.TemporaryDirectory() as d:
        effect, noise = shop(Path(d), np.random.default_rng(seed))
        out = subprocess.run([PROGRAM, "forecast", "plan.toml", "--horizon", "26", "--json"], cwd=d, capture_output=True, text=True, check=True)
    fair = 0
    for i, known in enumerate(json.loads(out.stdout)["known_ahead"]):
        for e in known["effects"]:
            coins += e["driver"] == "coin"
            if e["driver"] == "fair":
                half = 100 * e["half_width"] * (e["percent"] / 100) / e["units_per_period"]
                found.append((noise[i], e["percent"] - 100 * np.expm1(effect[i]), half))
                fair = 1
    shops += fair
found = np.array(found)
print(f"the fair was used in {shops} of {SEEDS} shops, the coin in {coins} of {SEEDS * ITEMS} series")
for low, high in ((0, 1), (0.05, 0.12), (0.12, 0.2), (0.2, 0.3)):
    of = found[(found[:, 0] >= low) & (found[:, 0] < high)]
    inside = 100 * np.mean(np.abs(of[:, 1]) <= of[:, 2])
    print(f"noise {low} to {high}: {len(of)} effects, {inside:.1f} % within the half-width of {of[:, 2].mean():.1f} points, bias {of[:, 1].mean():+.1f}")
