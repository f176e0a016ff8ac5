"""Plain inventory rules on the last K periods of unit series, beside `stockcast replay` on the same file.

    V/bin/python benches/replay_peer.py SERIES.csv --periods 26 --stockcast target/release/stockcast [--no-ets]

SERIES.csv is `unique_id, ds, y`, regular. Lead time 2, review 1, holding 0.2, shortage 1 per unit, lost sales, orders free: the timing and the opening
stock of `stockcast replay`. V needs `pandas numpy scipy statsforecast`. Rules, each with only what was known at the review:

  cover     four periods of cover on the mean of the last 13
  ets       AutoETS without season (statsforecast), refitted at every review: mean over the risk plus z of the critical ratio h/(h+p) times the
            root of the summed squared interval widths
"""

import argparse
import os
import subprocess
import tempfile

import numpy as np
import pandas as pd
from scipy.stats import norm

LEAD, HOLDING, SHORTAGE = 2, 0.2, 1.0
RATIO = SHORTAGE / (SHORTAGE + HOLDING)

parser = argparse.ArgumentParser()
parser.add_argument("series"); parser.add_argument("--periods", type=int, default=26); parser.add_argument("--stockcast", default="target/release/stockcast")
parser.add_argument("--freq", default="week"); parser.add_argument("--no-ets", action="store_true")
a = parser.parse_args()

df = pd.read_csv(a.series, dtype={"unique_id": str})[["unique_id", "ds", "y"]]
df["back"] = df.groupby("unique_id").cumcount(ascending=False)
table = df.pivot(index="unique_id", columns="back", values="y")
table = table[sorted(table.columns, reverse=True)]
y = table.to_numpy(float)
y = y[(~np.isnan(y)).sum(1) >= a.periods + 8]
start = y.shape[1] - a.periods


def opening():
    stock = np.round(3 * np.nanmean(y[:, max(start - 26, 0):start], axis=1))
    year = (~np.isnan(y[:, :start])).sum(1) >= 52
    if year.any():
        stock[year] = np.round(y[year, start - 52:start - 49].sum(1))
    return stock


def run(level):
    on_hand, coming = opening(), np.zeros((len(y), a.periods + LEAD + 1))
    held = lost = 0.0
    for k in range(a.periods):
        wanted = np.round(level(y[:, :start + k])) - on_hand - coming[:, k:].sum(1)
        coming[:, k + LEAD] += np.maximum(wanted, 0)
        on_hand += coming[:, k]
        demand = np.nan_to_num(y[:, start + k])
        sold = np.minimum(on_hand, demand)
        on_hand -= sold
        coming[:, k] = 0
        held += on_hand.sum(); lost += (demand - sold).sum()
    return HOLDING * held + SHORTAGE * lost, SHORTAGE * lost, HOLDING * held


def ets(known):
    from statsforecast.models import AutoETS
    level = np.zeros(len(known))
    for i, row in enumerate(known):
        row = row[~np.isnan(row)]
        try:
            f = AutoETS(season_length=1).forecast(row, h=LEAD + 1, level=[80])
            sd = (f["hi-80"] - f["mean"]) / norm.ppf(0.9)
            level[i] = max(f["mean"].sum() + norm.ppf(RATIO) * np.sqrt((sd ** 2).sum()), 0)
        except Exception:
            level[i] = row[-13:].mean() * (LEAD + 1)
    return level


print(f"{len(y)} series, the last {a.periods} periods: total cost, stockouts, overstock")
print("cover 4 x 13  ", *(f"{x:,.0f}" for x in run(lambda known: 4 * np.nanmean(known[:, -13:], axis=1))), flush=True)
with tempfile.TemporaryDirectory() as folder:
    scenario = os.path.join(folder, "s.toml")
    with open(scenario, "w") as f:
        f.write(f'version = 1\n[history]\nfiles = ["{os.path.abspath(a.series)}"]\nperiod = "{a.freq}"\n[supply]\nlead_time = {LEAD}\nreview_period = 1\n'
                f'unmet_demand = "lost"\n[cost]\nholding = {HOLDING}\nshortage = {SHORTAGE}\norder = 0.0\n')
    print(subprocess.run([a.stockcast, "-q", "replay", scenario, "--periods", str(a.periods)], capture_output=True, text=True).stdout, flush=True)
if not a.no_ets:
    print("AutoETS q .833", *(f"{x:,.0f}" for x in run(ets)), flush=True)
