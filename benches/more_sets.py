"""More forecasting tasks than the eight of the shared bench, so that nothing is tuned to those: other groups of the same collections, and
earlier cuts of the sets themselves.

    V/bin/python benches/more_sets.py SETS OUT [--bench ../shared/bench/forecast] [--data ../shared/data/ready]

SETS is what the bench's sets.py wrote. Then benches/forecast.sh OUT.
"""
import argparse, json, os, sys
import pandas as pd

a = argparse.ArgumentParser()
a.add_argument("sets"); a.add_argument("out"); a.add_argument("--bench", default="../shared/bench/forecast"); a.add_argument("--data", default="../shared/data/ready")
a = a.parse_args()
sys.path.insert(0, a.bench)
import sets as S

def save(name, parts, freq, season, horizon):
    path = os.path.join(a.out, name)
    os.makedirs(path, exist_ok=True)
    for part, df in zip(("train", "test"), parts):
        df = df[["unique_id", "ds", "y"]].dropna().copy()
        df["ds"] = pd.to_datetime(df.ds).dt.strftime("%Y-%m-%d")
        df.to_csv(f"{path}/{part}.csv", index=False)
    json.dump({"freq": freq, "season_length": season, "horizon": horizon}, open(f"{path}/meta.json", "w"))
    print(name, parts[0].unique_id.nunique(), "series")

def early(source, name, horizon, drop, least):
    """The last `horizon` of what is left of a training set without its last `drop - horizon` periods."""
    meta = json.load(open(f"{a.sets}/{source}/meta.json"))
    df = pd.read_csv(f"{a.sets}/{source}/train.csv", dtype={"unique_id": str}, parse_dates=["ds"])
    df = df[df.groupby("unique_id").cumcount(ascending=False) >= drop - horizon]
    length = df.groupby("unique_id").y.transform("size")
    sold = df.groupby("unique_id").y.transform(lambda y: (y[:-horizon] > 0).sum())
    save(name, S.cut(df[(length >= least + horizon) & (sold >= 2)], horizon), meta["freq"], meta["season_length"], horizon)

m3, tourism = f"{a.data}/m3.parquet", f"{a.data}/tourism.parquet"
save("m3_yearly", S.competition(m3, "YEARLY", "Y", 6), "Y", 1, 6)
save("tourism_quarterly", S.competition(tourism, "QUARTERLY", "Q", 8), "Q", 4, 8)
save("tourism_yearly", S.competition(tourism, "YEARLY", "Y", 4), "Y", 1, 4)
juice = pd.read_parquet(f"{a.data}/orangejuice_weekly_price_promo.parquet").sort_values(["unique_id", "week"])
juice = juice[juice.groupby("unique_id").y.transform("size") >= 60]
juice["ds"] = pd.date_range("1989-09-04", periods=400, freq="7D").to_numpy()[juice.groupby("unique_id").cumcount().to_numpy()]
save("orangejuice_weekly", S.cut(juice, 8), "W", 52, 8)
for source, name, horizon, drop, least in (
    ("m3_monthly", "m3_monthly_early", 12, 12, 24), ("m3_quarterly", "m3_quarterly_early", 8, 8, 12),
    ("tourism_monthly", "tourism_monthly_early", 12, 12, 36), ("m4_weekly", "m4_weekly_early", 13, 26, 60),
    ("carparts", "carparts_early", 12, 12, 24), ("walmart_weekly", "walmart_early", 13, 13, 60),
    ("walmart_weekly", "walmart_two_years", 13, 26, 60), ("rossmann_daily", "rossmann_early", 42, 42, 60),
    ("online_retail_weekly", "online_early", 8, 8, 20),
):
    early(source, name, horizon, drop, least)
