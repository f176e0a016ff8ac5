"""A year of orders of a city's shops, for `stockcast consolidate`: 200 stops around a depot, some ordering daily, most now and then.

    V/bin/python benches/city_delivery.py OUT [--shipments 50000]
    stockcast consolidate OUT/shipments.csv --vehicles OUT/vehicles.csv --price-per-day 1.5

Made up from a fixed seed: stops in three districts of a city of 12 km radius, order rates with a long tail, no orders on Sundays, weights log-normal around
18 kg, 0.12 m3 a hundred kilograms and more for light goods. V needs numpy.
"""
import argparse
import datetime
import os

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("out"); parser.add_argument("--shipments", type=int, default=50_000)
a = parser.parse_args()
os.makedirs(a.out, exist_ok=True)
rng = np.random.default_rng(7)
STOPS, DEPOT = 200, (51.4545, -2.5879)
centre = np.array([[0.0, 0.0], [6.0, 4.0], [-5.0, 7.0]])[rng.choice(3, STOPS, p=[0.5, 0.3, 0.2])]
km = centre + rng.normal(0, 2.2, (STOPS, 2))
lat = DEPOT[0] + km[:, 1] / 111.2
lon = DEPOT[1] + km[:, 0] / (111.2 * np.cos(np.radians(DEPOT[0])))
rate = rng.pareto(1.5, STOPS) + 0.2
days = [datetime.date(2025, 1, 6) + datetime.timedelta(d) for d in range(364)]
open_days = np.array([d.weekday() != 6 for d in days])
rate *= a.shipments / (rate.sum() * open_days.sum())
count = 0
with open(f"{a.out}/shipments.csv", "w") as f:
    f.write("shipment,ready,from,to,weight_kg,volume_m3,lat,lon\n")
    for day in np.flatnonzero(open_days):
        for stop, n in enumerate(rng.poisson(rate)):
            for _ in range(n):
                count += 1
                kg = rng.lognormal(np.log(18), 0.8)
                m3 = kg / 100 * 0.12 * rng.lognormal(0.6, 0.4)
                f.write(f"S{count:06d},{days[day]},Depot,Shop {stop + 1:03d},{kg:.1f},{m3:.4f},{lat[stop]:.5f},{lon[stop]:.5f}\n")
with open(f"{a.out}/vehicles.csv", "w") as f:
    f.write("vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,cost_per_hour,emission_class,count\n")
    f.write("van,1200,11,45,0.35,22,,\n")
with open(f"{a.out}/locations.csv", "w") as f:
    f.write(f"location,lat,lon,kind\nDepot,{DEPOT[0]},{DEPOT[1]},warehouse\n")
print(count, "shipments")
