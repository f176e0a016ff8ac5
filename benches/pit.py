"""Coverage of central intervals by the randomised probability integral transform: for sets with many zeros, where closed intervals of
counts cover more than they say by construction.

    stockcast forecast SETDIR/train.csv --horizon H --paths 200 -o FILE.csv
    python pit.py SETDIR FILE.csv

FILE.csv has columns unique_id, ds and path-1, path-2, …: draws of the predictive distribution. For each actual, u = F(y-) + v (F(y) - F(y-))
with v uniform (a fixed seed); calibrated means u uniform (Czado, Gneiting & Held 2009, "Predictive model assessment for count data").
"""
import sys
import numpy as np, pandas as pd

def main(setdir, path):
    te = pd.read_csv(f"{setdir}/test.csv", dtype={"unique_id": str}, parse_dates=["ds"])
    f = pd.read_csv(path, dtype={"unique_id": str}, parse_dates=["ds"])
    j = te.merge(f, on=["unique_id", "ds"], how="left")
    draws = j[[c for c in j if c.startswith("path-")]].to_numpy(float)
    if draws.size == 0 or np.isnan(draws).any():
        sys.exit(f"{path}: paths are missing: forecast with --paths 200")
    y = j.y.to_numpy(float)[:, None]
    n = draws.shape[1]
    below, upto = (draws < y).sum(1) / n, (draws <= y).sum(1) / n
    u = below + np.random.default_rng(1).uniform(size=len(y)) * (upto - below)
    inside = lambda p: float(np.mean((u >= (1 - p) / 2) & (u <= (1 + p) / 2)))
    zeros = float((te.y == 0).mean())
    print(f"zeros={zeros:.3f} pit80={inside(.8):.3f} pit95={inside(.95):.3f} low={np.mean(u < .1):.3f} high={np.mean(u > .9):.3f} draws={n}")

if __name__ == "__main__":
    main(*sys.argv[1:3])
