//! What the warehouse brings to its trade customers: cafés, offices, farm shops and hotels between Bristol and Salisbury. Places lie near real towns;
//! the customers are made up.

use super::calendar::{DAYS, closed, iso};
use super::demand::stream;
use super::files::{csv, text};
use rand_distr::{Distribution, Gamma};

/// Weeks of the record.
const WEEKS: usize = 10;

/// Name, latitude, longitude, orders a week, mean kg an order, hours it can be delivered in (none: any), minutes at the stop.
type Customer = (&'static str, f64, f64, f64, f64, Option<(&'static str, &'static str)>, u32);

const CUSTOMERS: [Customer; 30] = [
    ("Abbey Café, Bath", 51.3815, -2.3590, 2.2, 24.0, Some(("07:00", "10:30")), 10),
    ("Canal Street Bakery, Bath", 51.3770, -2.3520, 2.0, 30.0, Some(("06:30", "09:30")), 10),
    ("Royal Avenue Hotel, Bath", 51.3880, -2.3670, 1.4, 62.0, Some(("08:00", "12:00")), 20),
    ("Lark Hill Offices, Bath", 51.3930, -2.3420, 0.6, 38.0, Some(("09:00", "17:00")), 15),
    ("Weir Tea Rooms, Bradford on Avon", 51.3470, -2.2510, 1.3, 22.0, None, 10),
    ("Tithe Barn Deli, Bradford on Avon", 51.3440, -2.2560, 1.0, 35.0, None, 12),
    ("Market Place Café, Chippenham", 51.4590, -2.1160, 1.6, 26.0, Some(("07:30", "11:00")), 10),
    ("Bumpers Farm Canteen, Chippenham", 51.4540, -2.1470, 1.0, 70.0, Some(("06:00", "10:00")), 15),
    ("Lacock Farm Shop", 51.4150, -2.1210, 0.9, 44.0, None, 12),
    ("Corsham Coffee House", 51.4330, -2.1860, 1.4, 20.0, Some(("08:00", "12:00")), 8),
    ("High Street Deli, Corsham", 51.4310, -2.1840, 0.8, 31.0, None, 10),
    ("Melksham Works Canteen", 51.3720, -2.1390, 1.0, 82.0, Some(("06:30", "09:30")), 20),
    ("Castle Street Café, Trowbridge", 51.3200, -2.2060, 1.3, 23.0, None, 10),
    ("County Offices, Trowbridge", 51.3180, -2.2080, 0.7, 66.0, Some(("09:00", "16:00")), 20),
    ("Westbury White Horse Tea Garden", 51.2640, -2.1640, 0.7, 28.0, Some(("10:00", "15:00")), 10),
    ("Warminster Barracks Mess", 51.2080, -2.1700, 0.8, 120.0, Some(("08:00", "14:00")), 25),
    ("Frome Independent Grocers", 51.2310, -2.3200, 1.2, 48.0, None, 15),
    ("Cheap Street Coffee, Frome", 51.2300, -2.3220, 1.5, 19.0, Some(("07:30", "10:30")), 8),
    ("Shepton Farm Shop", 51.1900, -2.5480, 0.7, 52.0, None, 12),
    ("Wells Cathedral Refectory", 51.2100, -2.6440, 1.1, 46.0, Some(("08:00", "11:00")), 15),
    ("Cheddar Gorge Gifts", 51.2830, -2.7640, 0.8, 58.0, None, 15),
    ("Harbourside Roast, Bristol", 51.4490, -2.5980, 2.4, 27.0, Some(("06:30", "09:00")), 8),
    ("Gloucester Road Wholefoods, Bristol", 51.4760, -2.5890, 1.6, 55.0, None, 15),
    ("Clifton Terrace Hotel, Bristol", 51.4550, -2.6200, 1.3, 72.0, Some(("08:00", "12:00")), 20),
    ("Temple Quay Offices, Bristol", 51.4500, -2.5810, 1.0, 60.0, Some(("09:00", "17:00")), 15),
    ("Bedminster Community Kitchen", 51.4400, -2.5990, 0.9, 40.0, None, 10),
    ("Keynsham Wharf Café", 51.4150, -2.4960, 1.2, 21.0, None, 8),
    ("Portishead Marina Stores", 51.4890, -2.7640, 0.9, 64.0, None, 15),
    ("Clevedon Pier Tea Room", 51.4430, -2.8620, 0.8, 25.0, Some(("09:30", "15:30")), 10),
    ("Devizes Brewery Tap", 51.3530, -1.9950, 0.8, 36.0, None, 10),
];

/// A row for each shipment, by the day it is ready.
pub fn shipments() -> Vec<u8> {
    let mut rows = Vec::new();
    let mut number = 4100;
    for day in DAYS - WEEKS * 7..DAYS {
        for (name, lat, lon, weekly, kg, window, minutes) in &CUSTOMERS {
            let s = stream(&format!("delivery {name}"), day as u64);
            // the history begins on a Monday; trade customers order on working days, Mondays most
            let weekday = day % 7;
            let often = [1.35, 1.0, 1.0, 0.95, 0.9, 0.0, 0.0].get(weekday).copied().unwrap_or(0.0);
            if closed(day) || s.unit(0) >= weekly / 5.2 * often {
                continue;
            }
            let weight = Gamma::new(4.0, kg / 4.0).map_or(*kg, |g| g.sample(&mut s.rng(2))).clamp(3.0, 400.0);
            let patience = 1 + (s.unit(1) * 3.0) as usize;
            let (open, close) = window.unwrap_or(("", ""));
            number += 1;
            rows.push(format!(
                "D{number},{},Bristol warehouse,{},{weight:.1},{:.3},{},{lat},{lon},{open},{close},{minutes}",
                iso(day),
                text(name),
                weight * 0.0052,
                iso(day + patience)
            ));
        }
    }
    csv("shipment,ready,from,to,weight_kg,volume_m3,due,lat,lon,window_start,window_end,service_min", rows)
}
