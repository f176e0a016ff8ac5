"""Forecasting tasks with what is known ahead, and LightGBM on the same inputs.

    python known_ahead.py make OUT [--data DIR]   OUT/rossmann_daily, OUT/orangejuice_weekly: train.csv, future.csv, test.csv, meta.json
    python known_ahead.py lightgbm SET OUT.csv    forecasts in the contract's columns; prints what was tuned

Rossmann: the 200 stores and 42 days of ../shared/bench/forecast/sets.py, with promo, open, state_holiday and school_holiday beside them
(days without a row in the source are closed; their promotion is that of the other stores that day). Orange juice: weekly units of every
store and brand with at least 80 weeks, the last 8 weeks held out, with price, deal and feature.

LightGBM is one global model (store id, calendar, drivers and their neighbours, lags and rolling means of at least the horizon; the drivers' past
means), direct for the whole horizon. Objective (L1 or L2 of the logarithm, L1 of sales), leaves and rounds are chosen on the last horizon of the training data; then it is
fitted on all of it.
"""
import argparse, json, os, sys, time
import numpy as np, pandas as pd

HERE = os.path.dirname(os.path.abspath(__file__))


def rossmann(data, h=42, n_stores=200):
    df = pd.read_parquet(data + "/rossmann_daily.parquet")
    df = df.rename(columns={"Store": "unique_id", "Date": "ds", "Sales": "y", "Open": "open", "Promo": "promo",
                            "StateHoliday": "state_holiday", "SchoolHoliday": "school_holiday"})
    df["ds"] = pd.to_datetime(df.ds)
    df["unique_id"] = df.unique_id.astype(int)
    ids = sorted(df.unique_id.unique())
    keep = ids[:: max(1, len(ids) // n_stores)][:n_stores]
    promo = df.groupby("ds").promo.max()
    full = pd.MultiIndex.from_product([keep, pd.date_range(df.ds.min(), df.ds.max())], names=["unique_id", "ds"])
    df = df[df.unique_id.isin(keep)].set_index(["unique_id", "ds"])[["y", "open", "promo", "state_holiday", "school_holiday"]].reindex(full).reset_index()
    df["y"], df["open"] = df.y.fillna(0.0), df.open.fillna(0).astype(int)
    df["promo"] = df.promo.fillna(df.ds.map(promo)).fillna(0).astype(int)
    df["state_holiday"] = df.state_holiday.astype(object).where(df.state_holiday.notna(), "0").astype(str)
    df["school_holiday"] = df.groupby("unique_id").school_holiday.ffill().fillna(0).astype(int)
    return df, "D", 7, h


def orangejuice(data, h=8):
    df = pd.read_parquet(data + "/orangejuice_weekly_price_promo.parquet")
    df = df.rename(columns={"own_price": "price", "feat": "feature"})[["unique_id", "ds", "y", "price", "deal", "feature"]].sort_values(["unique_id", "ds"])
    # weeks without a row keep their place; what is known ahead of them is what the week before was
    last = df.ds.max()
    out = []
    for u, g in df.groupby("unique_id"):
        if g.ds.max() == last and len(g) >= 80:
            g = g.set_index("ds").reindex(pd.date_range(g.ds.min(), last, freq="7D", name="ds"))
            g["unique_id"] = u
            g[["price", "deal", "feature"]] = g[["price", "deal", "feature"]].ffill()
            out.append(g.reset_index())
    return pd.concat(out)[["unique_id", "ds", "y", "price", "deal", "feature"]], "W", 52, h


def make(a):
    for name, build in (("rossmann_daily", rossmann), ("orangejuice_weekly", orangejuice)):
        df, freq, season, h = build(a.data)
        path = f"{a.out}/{name}"
        os.makedirs(path, exist_ok=True)
        ahead = df.groupby("unique_id").cumcount(ascending=False) < h
        df["ds"] = df.ds.dt.strftime("%Y-%m-%d")
        df[~ahead].to_csv(f"{path}/train.csv", index=False)
        df[~ahead][["unique_id", "ds", "y"]].to_csv(f"{path}/alone.csv", index=False)
        df[ahead].drop(columns="y").to_csv(f"{path}/future.csv", index=False)
        df[ahead][["unique_id", "ds", "y"]].dropna().to_csv(f"{path}/test.csv", index=False)
        json.dump({"freq": freq, "season_length": season, "horizon": h}, open(f"{path}/meta.json", "w"))
        print(name, df.unique_id.nunique(), "series", len(df), "rows")


def features(df, h, daily, drivers):
    g = df.groupby("unique_id", sort=False)
    x = pd.DataFrame({"id": df.unique_id.astype("category")})
    d = df.ds.dt
    x["month"], x["day_of_year"], x["week"] = d.month, d.dayofyear, d.isocalendar().week.astype(int)
    if daily:
        x["weekday"], x["day"] = d.dayofweek, d.day
    for c in drivers:
        v = df[c] if pd.api.types.is_numeric_dtype(df[c]) else df[c].astype("category").cat.codes
        x[c] = v
        for k in (-2, -1, 1, 2, 3) if daily else (-1, 1):
            x[f"{c}{k:+d}"] = v.groupby(df.unique_id, sort=False).shift(-k)
        if c == "price":
            x["price_ratio"] = v / v.groupby(df.unique_id, sort=False).transform(lambda s: s.rolling(26, min_periods=1).median())
    season = 7 if daily else 1
    seen = df.y.where(df.open > 0) if "open" in df else df.y
    ls = np.log1p(seen)
    x["_level"] = ls.groupby(df.unique_id, sort=False).transform(lambda s: s.shift(h).rolling(52 if not daily else 84, min_periods=1).mean())
    for k in [h + i * season for i in range(0, 5)] + ([364] if daily else [52]):
        x[f"lag{k}"] = ls.groupby(df.unique_id, sort=False).shift(max(k, h))
    for w in (28, 84, 182, 364) if daily else (4, 13, 26, 52):
        x[f"mean{w}"] = ls.groupby(df.unique_id, sort=False).transform(lambda s: s.shift(h).rolling(w, min_periods=1).mean())
    if daily:
        place = [df.unique_id, df.ds.dt.dayofweek]
        first = -(-h // 7)
        for w in (4, 12, 26):
            x[f"same_day{w}"] = ls.groupby(place, sort=False).transform(lambda s: s.shift(first).rolling(w, min_periods=1).mean())
        if "promo" in df:
            place = [df.unique_id, df.ds.dt.dayofweek, df.promo]
            # the last values of the same weekday and promotion that lie at least a horizon back
            x["same_promo"] = (ls.groupby(place, sort=False).transform(lambda s: s.shift(first).rolling(8, min_periods=1).mean()))
    return x


def lightgbm(a):
    import lightgbm as lgb
    meta = json.load(open(f"{a.set}/meta.json"))
    h, daily = meta["horizon"], meta["freq"] == "D"
    kind = {"unique_id": str}
    train, future = pd.read_csv(f"{a.set}/train.csv", dtype=kind), pd.read_csv(f"{a.set}/future.csv", dtype=kind)
    df = pd.concat([train.assign(ahead=False), future.assign(ahead=True, y=np.nan)])
    df["ds"] = pd.to_datetime(df.ds)
    df = df.sort_values(["unique_id", "ds"]).reset_index(drop=True)
    drivers = [c for c in train.columns if c not in ("unique_id", "ds", "y")]
    started = time.process_time()
    x = features(df, h, daily, drivers)
    level = x.pop("_level").fillna(np.log1p(df.y).groupby(df.unique_id).transform("mean"))
    open_ = (df.open > 0) if "open" in df else pd.Series(True, df.index)
    good = open_ & df.y.notna()
    left = df.groupby("unique_id").cumcount(ascending=False)
    held = (left >= h) & (left < 2 * h)
    fit = good & (left >= 2 * h)
    lagged = [c for c in x if c.startswith(("lag", "mean", "same"))]
    xr = x.copy()
    for c in lagged:
        xr[c] = x[c] - level
    base = dict(learning_rate=0.05, min_data_in_leaf=40, feature_fraction=0.6, bagging_fraction=0.8, bagging_freq=1, lambda_l2=1.0,
                verbose=-1, num_threads=2, seed=1)
    def wape(p):
        z = df.y[held & good]
        return 100 * np.abs(p - z).sum() / z.sum()
    options = []
    known = a.settings.split(",") if a.settings else None
    for target in ("log_l1", "log_l2", "log_ratio_l2", "log_ratio_l1", "tweedie"):
        for leaves in (31, 127):
            if known and known[:2] != [target, str(leaves)]:
                continue
            ratio = "ratio" in target
            y = df.y if target == "tweedie" else np.log1p(df.y) - (level if ratio else 0)
            back = (lambda p, m: p) if target == "tweedie" else (lambda p, m, ratio=ratio: np.expm1(p + (level[m] if ratio else 0)))
            objective = {"l1": "l1", "l2": "l2", "ie": "tweedie"}[target[-2:]]
            z = xr if ratio else x
            params = {**base, "objective": objective, "num_leaves": leaves}
            v = lgb.Dataset(z[held & good], y[held & good])
            if known:
                options.append((np.nan, target, leaves, int(known[2]), z, y, back, params))
                continue
            b = lgb.train(params, lgb.Dataset(z[fit], y[fit]), 2000, valid_sets=[v], callbacks=[lgb.early_stopping(100, verbose=False)])
            score = wape(back(b.predict(z[held & good]), held & good))
            options.append((score, target, leaves, b.best_iteration, z, y, back, params))
            print(f"{target:14} {leaves:4} leaves {b.best_iteration:5} rounds held-out WAPE {score:.3f}", flush=True)
    options.sort(key=lambda o: o[0])
    score, target, leaves, rounds, z, y, back, params = options[0]
    ahead = df.ahead
    p = np.zeros(ahead.sum())
    for seed in range(3):
        b = lgb.train({**params, "seed": seed}, lgb.Dataset(z[good], y[good]), int(rounds * 1.1) + 1)
        p += np.asarray(back(b.predict(z[ahead]), ahead)) / 3
    out = df[ahead][["unique_id", "ds"]].copy()
    out["mean"] = np.where(open_[ahead], np.maximum(p, 0), 0.0)
    out["ds"] = out.ds.dt.strftime("%Y-%m-%d")
    out.to_csv(a.out, index=False)
    print(f"chosen: {target}, {leaves} leaves, {rounds} rounds; CPU {time.process_time() - started:.0f} s")


if __name__ == "__main__":
    a = argparse.ArgumentParser()
    sub = a.add_subparsers(dest="what", required=True)
    m = sub.add_parser("make"); m.add_argument("out"); m.add_argument("--data", default=os.path.join(HERE, "../../shared/data/ready"))
    l = sub.add_parser("lightgbm"); l.add_argument("set"); l.add_argument("out")
    l.add_argument("--settings", help="TARGET,LEAVES,ROUNDS of an earlier run instead of tuning")
    a = a.parse_args()
    {"make": make, "lightgbm": lightgbm}[a.what](a)
