//! What the shop sells, where, and from whom: the part of the sample that is written by hand.

/// The branches, biggest first: name, latitude, longitude, size relative to the first.
pub const SHOPS: [(&str, f64, f64, f64); 3] =
    [("Bath", 51.3811, -2.3590, 1.0), ("Chippenham", 51.4585, -2.1158, 0.72), ("Trowbridge", 51.3196, -2.2089, 0.5)];

/// Where the gift boxes are packed and where the vans start.
pub const WAREHOUSE: (&str, f64, f64) = ("Bristol warehouse", 51.5010, -2.6930);

/// Who delivers, on what terms, and how punctual they really are.
pub struct Supplier {
    pub name: &'static str,
    pub lat: f64,
    pub lon: f64,
    /// Lead time as the price list promises it, days.
    pub quoted_days: f64,
    /// Lead time as it turns out: mean and standard deviation, days.
    pub true_days: (f64, f64),
    /// Weekdays on which orders are taken, Monday = 0.
    pub order_days: &'static [u32],
    pub order_cost: f64,
    pub minimum_value: f64,
    /// Kilograms and cubic metres that fill its usual load carrier, if it has one.
    pub container: Option<(f64, f64)>,
    /// How many days of sales the owner buys beyond the reorder point.
    pub cycle_days: f64,
    /// The owner's gut factor on expected sales until the next delivery.
    pub caution: f64,
}

pub const CAMELLIA: usize = 0;
pub const SEVERN: usize = 1;
pub const POTTERIES: usize = 2;
pub const ALPEN: usize = 3;
pub const WYE: usize = 4;
pub const BENCH: usize = 5;

pub const SUPPLIERS: [Supplier; 6] = [
    Supplier {
        name: "Camellia Imports",
        lat: 51.5055,
        lon: -2.7010,
        quoted_days: 12.0,
        true_days: (14.0, 3.5),
        order_days: &[0],
        order_cost: 25.0,
        minimum_value: 120.0,
        container: None,
        cycle_days: 28.0,
        caution: 1.35,
    },
    Supplier {
        name: "Severn Roasters",
        lat: 51.4545,
        lon: -2.5879,
        quoted_days: 4.0,
        true_days: (4.4, 1.0),
        order_days: &[0, 3],
        order_cost: 10.0,
        minimum_value: 50.0,
        container: None,
        cycle_days: 10.0,
        caution: 1.45,
    },
    Supplier {
        name: "Potteries Direct",
        lat: 51.5558,
        lon: -1.7797,
        quoted_days: 16.0,
        true_days: (19.0, 5.0),
        order_days: &[2],
        order_cost: 35.0,
        minimum_value: 150.0,
        container: Some((420.0, 1.9)),
        cycle_days: 35.0,
        caution: 1.45,
    },
    Supplier {
        name: "Alpen Kitchen",
        lat: 51.5260,
        lon: -2.5960,
        quoted_days: 21.0,
        true_days: (24.0, 6.0),
        order_days: &[0],
        order_cost: 40.0,
        minimum_value: 200.0,
        container: Some((600.0, 2.4)),
        cycle_days: 42.0,
        caution: 1.45,
    },
    Supplier {
        name: "Wye Valley Bakes",
        lat: 51.6410,
        lon: -2.6740,
        quoted_days: 3.0,
        true_days: (3.1, 0.6),
        order_days: &[0, 2, 4],
        order_cost: 8.0,
        minimum_value: 30.0,
        container: None,
        cycle_days: 4.0,
        caution: 1.35,
    },
    Supplier {
        name: WAREHOUSE.0,
        lat: WAREHOUSE.1,
        lon: WAREHOUSE.2,
        quoted_days: 2.0,
        true_days: (2.3, 0.5),
        order_days: &[0, 3],
        order_cost: 8.0,
        minimum_value: 0.0,
        container: None,
        cycle_days: 10.0,
        caution: 1.6,
    },
];

/// Groups that share a price list page, a promotion calendar and a yearly shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Tea,
    Coffee,
    Bakes,
    Ceramics,
    Kitchen,
    Spares,
    Gifts,
}

impl Category {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tea => "tea",
            Self::Coffee => "coffee",
            Self::Bakes => "bakes",
            Self::Ceramics => "ceramics",
            Self::Kitchen => "kitchenware",
            Self::Spares => "spare parts",
            Self::Gifts => "gifts",
        }
    }
    /// Food is zero-rated for VAT, the rest is not.
    pub const fn has_vat(self) -> bool {
        matches!(self, Self::Ceramics | Self::Kitchen | Self::Spares | Self::Gifts)
    }
}

/// When in the year it sells, apart from Christmas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Flat,
    Winter,
    Summer,
}

/// One item. Money net of VAT, `litres` and `kg` per unit with packaging, `rate` units a day in the biggest shop.
pub struct Item {
    pub code: &'static str,
    pub name: &'static str,
    pub category: Category,
    pub supplier: usize,
    pub cost: f64,
    pub price: f64,
    pub pack: u32,
    pub kg: f64,
    pub litres: f64,
    /// Days it keeps, 0 for ever.
    pub keeps: i32,
    pub rate: f64,
    pub season: Season,
    /// Growth a year, 0.1 = 10 %.
    pub growth: f64,
    /// Which of the shops carry it: a letter for each.
    pub shops: &'static str,
}

use Category::{Bakes, Ceramics, Coffee, Gifts, Kitchen, Spares, Tea};
use Season::{Flat, Summer, Winter};

#[rustfmt::skip]
macro_rules! items {
    ($($code:literal $name:literal $cat:ident $sup:ident $cost:literal $price:literal $pack:literal $kg:literal $l:literal $keeps:literal
       $rate:literal $season:ident $growth:literal $shops:literal;)*) => {
        &[$(Item { code: $code, name: $name, category: $cat, supplier: $sup, cost: $cost, price: $price, pack: $pack, kg: $kg, litres: $l,
                   keeps: $keeps, rate: $rate, season: $season, growth: $growth, shops: $shops }),*]
    };
}

//  code     name                                category supplier  cost price pack  kg   litres keeps rate season growth shops
#[rustfmt::skip]
pub const ITEMS: &[Item] = items![
    "TEA-01" "Earl Grey, loose 100 g"            Tea CAMELLIA       3.10  6.50  12  0.13  0.60    0  2.60 Winter  0.04 "BCT";
    "TEA-02" "English Breakfast, loose 250 g"    Tea CAMELLIA       4.20  8.20  12  0.28  1.20    0  3.10 Winter  0.02 "BCT";
    "TEA-03" "Darjeeling first flush, 100 g"     Tea CAMELLIA       6.40 12.90   6  0.13  0.60    0  0.70 Flat    0.03 "BC";
    "TEA-04" "Assam, loose 250 g"                Tea CAMELLIA       4.00  7.90  12  0.28  1.20    0  1.20 Winter  0.00 "BCT";
    "TEA-05" "Lapsang Souchong, 100 g"           Tea CAMELLIA       4.10  8.40   6  0.13  0.60    0  0.35 Winter -0.05 "B";
    "TEA-06" "Sencha, 100 g"                     Tea CAMELLIA       5.20 10.50   6  0.13  0.60    0  0.80 Flat    0.08 "BC";
    "TEA-07" "Jasmine pearls, 75 g"              Tea CAMELLIA       6.90 13.50   6  0.10  0.50    0  0.45 Flat    0.05 "B";
    "TEA-08" "Ceremonial matcha, 30 g"           Tea CAMELLIA      11.20 22.00   6  0.08  0.20    0  0.55 Flat    0.35 "BC";
    "TEA-09" "Rooibos, loose 200 g"              Tea CAMELLIA       3.30  6.90  12  0.23  1.10    0  1.10 Flat    0.06 "BCT";
    "TEA-10" "Peppermint, 50 g"                  Tea CAMELLIA       2.20  4.90  12  0.07  0.70    0  1.50 Flat    0.03 "BCT";
    "TEA-11" "Camomile flowers, 50 g"            Tea CAMELLIA       2.40  5.20  12  0.07  0.80    0  0.80 Winter  0.02 "B";
    "TEA-12" "Chai spice blend, 150 g"           Tea CAMELLIA       3.60  7.40  12  0.18  0.80    0  1.30 Winter  0.10 "BCT";
    "TEA-13" "Iced peach tea, 20 pyramids"       Tea CAMELLIA       2.90  6.20  12  0.09  0.90    0  1.20 Summer  0.07 "BC";
    "TEA-14" "Oolong, Tie Guan Yin 100 g"        Tea CAMELLIA       6.10 12.20   6  0.13  0.60    0  0.30 Flat    0.00 "B";
    "TEA-15" "Decaf breakfast, 80 bags"          Tea CAMELLIA       2.80  5.60  12  0.26  1.60    0  0.90 Flat    0.01 "C";
    "TEA-16" "Christmas spice tea, 100 g"        Tea CAMELLIA       3.40  7.50  12  0.13  0.60    0  0.25 Winter  0.05 "BC";
    "COF-01" "House espresso beans, 250 g"       Coffee SEVERN      4.10  8.50   6  0.27  0.90   90  4.20 Flat    0.06 "BCT";
    "COF-02" "House espresso beans, 1 kg"        Coffee SEVERN     14.60 26.00   6  1.05  3.20   90  1.20 Flat    0.08 "BCT";
    "COF-03" "Ethiopia Guji beans, 250 g"        Coffee SEVERN      5.40 10.80   6  0.27  0.90   60  1.10 Flat    0.05 "BC";
    "COF-04" "Colombia Huila beans, 250 g"       Coffee SEVERN      4.90  9.80   6  0.27  0.90   60  1.30 Flat    0.03 "BCT";
    "COF-05" "Decaf, ground 250 g"               Coffee SEVERN      4.60  9.20   6  0.27  0.90   90  0.80 Flat    0.02 "BC";
    "COF-06" "Filter blend, ground 250 g"        Coffee SEVERN      4.00  8.10   6  0.27  0.90   90  1.60 Winter  0.00 "BCT";
    "COF-07" "Cold brew bottle, 500 ml"          Coffee SEVERN      2.10  4.50  12  0.62  0.70   30  1.30 Summer  0.12 "BC";
    "COF-08" "Coffee bags, box of 10"            Coffee SEVERN      3.20  6.60  12  0.14  0.80  180  0.70 Summer  0.09 "BC";
    "COF-09" "Kenya AA beans, 250 g"             Coffee SEVERN      6.00 11.90   6  0.27  0.90   60  0.40 Flat    0.00 "B";
    "COF-10" "Guatemala single estate, 250 g"    Coffee SEVERN      5.50 10.90   6  0.27  0.90   60  0.60 Flat    0.00 "B";
    "BAK-01" "All-butter shortbread, 200 g"      Bakes WYE          2.00  4.20   6  0.23  0.80   42  2.20 Winter  0.04 "BCT";
    "BAK-02" "Lemon drizzle loaf"                Bakes WYE          3.10  5.90   4  0.48  1.60   21  1.80 Flat    0.02 "BCT";
    "BAK-03" "Fruit scones, pack of 4"           Bakes WYE          1.90  3.90   4  0.32  1.50   14  2.40 Flat    0.03 "BC";
    "BAK-04" "Chocolate brownie tray"            Bakes WYE          3.60  6.80   4  0.42  1.20   21  1.40 Flat    0.08 "BCT";
    "BAK-05" "Clotted cream fudge, 150 g"        Bakes WYE          2.10  4.60   6  0.17  0.30   60  0.90 Summer  0.02 "BT";
    "BAK-06" "Almond biscotti, 180 g"            Bakes WYE          2.30  4.90   6  0.20  0.80   60  0.80 Winter  0.03 "B";
    "BAK-07" "Bara brith loaf"                   Bakes WYE          3.00  5.80   4  0.45  1.40   21  0.60 Winter  0.00 "B";
    "BAK-08" "Mince pies, box of 6"              Bakes WYE          2.60  5.50   4  0.40  1.60   21  0.10 Winter  0.05 "BCT";
    "CER-01" "Stoneware mug, oat 350 ml"         Ceramics POTTERIES 5.60 12.00   6  0.42  1.40    0  0.90 Flat    0.03 "BCT";
    "CER-02" "Stoneware mug, slate 350 ml"       Ceramics POTTERIES 5.60 12.00   6  0.42  1.40    0  0.60 Flat    0.00 "BC";
    "CER-03" "Teapot, 2 cup"                     Ceramics POTTERIES 11.8 24.00   2  0.85  3.60    0  0.35 Flat    0.02 "BC";
    "CER-04" "Teapot, 6 cup"                     Ceramics POTTERIES 17.5 36.00   2  1.30  6.20    0  0.18 Flat    0.00 "B";
    "CER-05" "Espresso cup and saucer"           Ceramics POTTERIES 4.40  9.50   6  0.30  0.90    0  0.55 Flat    0.04 "B";
    "CER-06" "Cake stand, 28 cm"                 Ceramics POTTERIES 16.0 32.00   2  1.60  7.50    0  0.12 Flat    0.00 "B";
    "CER-07" "Milk jug, 300 ml"                  Ceramics POTTERIES 5.00 11.00   4  0.38  1.20    0  0.25 Flat    0.00 "B";
    "CER-08" "Sugar bowl with lid"               Ceramics POTTERIES 5.40 11.50   4  0.40  1.30    0  0.15 Flat   -0.06 "B";
    "CER-09" "Tea for one set"                   Ceramics POTTERIES 13.5 28.00   2  1.00  4.60    0  0.30 Flat    0.05 "BC";
    "KIT-01" "Cafetiere, 8 cup"                  Kitchen ALPEN      15.8 32.00   4  0.95  4.80    0  0.30 Flat    0.00 "BC";
    "KIT-02" "Pour-over dripper"                 Kitchen ALPEN       7.90 17.50   6  0.35  1.80    0  0.30 Flat    0.06 "B";
    "KIT-03" "Moka pot, 6 cup"                   Kitchen ALPEN      13.6 28.00   4  0.75  2.60    0  0.28 Flat    0.00 "B";
    "KIT-04" "Burr hand grinder"                 Kitchen ALPEN      24.5 48.00   2  0.60  1.60    0  0.16 Flat    0.05 "B";
    "KIT-05" "Electric burr grinder"             Kitchen ALPEN      52.0 89.00   1  2.40  9.50    0  0.06 Flat    0.00 "B";
    "KIT-06" "Gooseneck kettle, 1 l"             Kitchen ALPEN      31.0 62.00   2  1.30  7.00    0  0.10 Flat    0.10 "B";
    "KIT-07" "Travel tumbler, 400 ml"            Kitchen ALPEN       9.80 21.00   6  0.33  1.50    0  0.50 Summer  0.08 "BCT";
    "KIT-08" "Tea infuser, steel"                Kitchen ALPEN       2.60  6.50  12  0.06  0.20    0  1.10 Flat    0.02 "BCT";
    "KIT-09" "Milk frother, battery"             Kitchen ALPEN       6.70 14.50   6  0.18  0.70    0  0.40 Flat    0.00 "B";
    "KIT-10" "Travel tumbler, 500 ml steel"      Kitchen ALPEN      11.9 25.00   6  0.38  1.80    0  0.45 Summer  0.05 "BC";
    "SPA-01" "Cafetiere spare glass, 8 cup"      Spares ALPEN        4.90 10.50   4  0.28  3.20    0  0.05 Flat    0.00 "B";
    "SPA-02" "Cafetiere filter mesh"             Spares ALPEN        1.90  3.90  10  0.03  0.10    0  0.06 Flat    0.00 "B";
    "SPA-03" "Moka pot seal set"                 Spares ALPEN        1.60  3.50  10  0.02  0.05    0  0.07 Flat    0.00 "BC";
    "SPA-04" "Grinder burr set"                  Spares ALPEN        9.50 19.00   2  0.12  0.20    0  0.02 Flat    0.00 "B";
    "SPA-05" "Kettle descaler, 250 ml"           Spares ALPEN        2.30  5.20  12  0.28  0.35    0  0.09 Flat    0.00 "B";
    "SPA-06" "Teapot lid, 2 cup"                 Spares POTTERIES    2.20  5.50   4  0.12  0.30    0  0.03 Flat    0.00 "B";
    "GFT-01" "Afternoon tea gift box"            Gifts BENCH        13.6 28.00   1  1.25  5.50   35  0.30 Flat    0.06 "BCT";
];

/// What one gift box holds.
pub const GIFT_BOX: (&str, &[(&str, u32)]) = ("GFT-01", &[("TEA-01", 1), ("BAK-01", 1), ("CER-01", 1)]);

/// Sold from this day on: `(item, year, month, day)`.
pub const LAUNCHED: [(&str, i32, u32, u32); 4] =
    [("TEA-12", 2024, 9, 9), ("KIT-10", 2026, 2, 9), ("COF-10", 2026, 6, 15), ("COF-08", 2025, 5, 12)];

/// Taken off the shelf on this day, and what replaced it.
pub const DISCONTINUED: [(&str, i32, u32, u32, &str); 2] = [("KIT-07", 2026, 4, 6, "KIT-10"), ("COF-09", 2026, 6, 29, "COF-10")];

/// A second supplier for some items: `(supplier, item, cost, units per pack, minimum, quoted days)`.
pub const SECOND_SOURCE: [(usize, &str, f64, u32, u32, f64); 6] = [
    (SEVERN, "TEA-02", 4.75, 6, 6, 4.0),
    (SEVERN, "TEA-01", 3.50, 6, 6, 4.0),
    (POTTERIES, "KIT-08", 2.95, 12, 12, 16.0),
    (ALPEN, "CER-03", 12.90, 2, 2, 21.0),
    (CAMELLIA, "COF-08", 3.45, 12, 12, 12.0),
    (WYE, "COF-07", 2.35, 6, 6, 3.0),
];
