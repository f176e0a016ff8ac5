"""Forecasts of items with a few weeks on record, whose category has older items.

    python new_items.py SETS OUT STOCKCAST CUT ...      CUT: set:length:weeks:shift, such as walmart_weekly:90:8:1

Of a set (up to 700 series without gaps) every fifth, drawn at random, keeps only its last `weeks` periods, the others their last `length`; what is forecast is the set's horizon, `shift` horizons before its
end. `walmart_weekly` is of ../shared/bench/forecast/sets.py under SETS, its category the department; `orangejuice_weekly` of benches/known_ahead.py, its category the brand. Scores are of the cut
series alone: WAPE, bias, pinball loss over the mean, coverage of 80 / 95 %.
"""
import os, subprocess, sys
import numpy as np, pandas as pd


def make(sets, out, name, length, weeks, shift, most=700):
    train, test = (pd.read_csv(f"{sets}/{name}/{f}.csv", dtype={"unique_id": str})[["unique_id", "ds", "y"]] for f in ("train", "test"))
    horizon = int(test.groupby("unique_id").size().max())
    both = pd.concat([train, test])
    both["ds"] = pd.to_datetime(both.ds)
    wide = both.pivot_table(index="ds", columns="unique_id", values="y")
    wide = wide.iloc[: len(wide) - shift * horizon]
    wide = wide.loc[:, wide.iloc[-(length + horizon):].notna().mean() > 0.95]
    draw = np.random.default_rng(2)
    if wide.shape[1] > most:
        wide = wide.iloc[:, np.sort(draw.choice(wide.shape[1], most, replace=False))]
    wide = wide.fillna(0).clip(lower=0)
    dates = [d.strftime("%Y-%m-%d") for d in wide.index][:-horizon]
    ids = list(wide.columns)
    young = set(draw.choice(ids, len(ids) // 5, replace=False))
    path = f"{out}/{name}_{length}_{weeks}_{shift}"
    os.makedirs(path, exist_ok=True)
    rows = []
    for u in ids:
        y = wide[u].values[:-horizon][-(weeks if u in young else length):]
        rows += [(u, d, v) for d, v in zip(dates[-len(y):], y)]
    pd.DataFrame(rows, columns=["unique_id", "ds", "y"]).to_csv(f"{path}/sales.csv", index=False)
    pd.DataFrame([(u, "c" + u.split("_")[-1], 1) for u in ids], columns=["unique_id", "category", "cost"]).to_csv(f"{path}/items.csv", index=False)
    with open(f"{path}/scenario.toml", "w") as f:
        f.write('version = 1\n[history]\nfiles = ["sales.csv"]\nperiod = "week"\nitems = "items.csv"\nmap = { y = "quantity" }\n')
    return path, {u: wide[u].values[-horizon:] for u in young}, horizon


def score(path, truth, horizon, program):
    out = f"{path}/forecast.csv"
    subprocess.run([program, "-q", "forecast", f"{path}/scenario.toml", "--horizon", str(horizon), "-o", out], check=True)
    f = pd.read_csv(out, dtype={"unique_id": str})
    missed = sold = bias = 0.0
    pinball, inside = [], {80: [], 95: []}
    for u, g in f[f.unique_id.isin(truth)].sort_values(["unique_id", "ds"]).groupby("unique_id"):
        y, m = truth[u], g["mean"].values
        missed, sold, bias = missed + np.abs(m - y).sum(), sold + y.sum(), bias + (m - y).sum()
        for q, c in ((.025, "lo-95"), (.1, "lo-80"), (.5, "median"), (.9, "hi-80"), (.975, "hi-95")):
            d = y - g[c].values
            pinball.append(2 * np.mean(np.maximum(q * d, (q - 1) * d)) / max(y.mean(), 1e-9))
        for level, hits in inside.items():
            hits.append(np.mean((y >= g[f"lo-{level}"].values) & (y <= g[f"hi-{level}"].values)))
    cover = " / ".join(f"{100 * np.mean(h):.1f}" for h in inside.values())
    print(f"{os.path.basename(path)}: {len(truth)} series, WAPE {100 * missed / sold:.2f}, bias {100 * bias / sold:+.1f} %, pinball {np.mean(pinball):.4f}, covers {cover}", flush=True)


if __name__ == "__main__":
    sets, out, program, *cuts = sys.argv[1:]
    for cut in cuts:
        name, *numbers = cut.split(":")
        score(*make(sets, out, name, *map(int, numbers)), program)
