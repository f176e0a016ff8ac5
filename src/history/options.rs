//! What a person may say about a file instead of leaving it to be guessed.

use super::profile::Profile;
use crate::base::{Period, Stamp};
use serde::{Deserialize, Serialize};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Opaque name of the series.
    UniqueId,
    /// What is sold (SKU).
    Item,
    /// Name of the item for people; stands in for a blank item code.
    Description,
    /// Where it is sold or stocked.
    Location,
    /// When.
    Date,
    /// Time of day beside a date without one.
    Time,
    /// Units sold; negative is a return.
    Quantity,
    /// Units returned, in a column of its own.
    Returned,
    /// Money for the whole line.
    Revenue,
    /// Money per unit.
    Price,
    /// Discount on the line, in money.
    Discount,
    /// Money for all the goods of an order, spread over its lines.
    OrderTotal,
    /// Money given back for an order, in part or in full.
    Refunded,
    /// Units left after refunds; the rest came back.
    NetQuantity,
    /// Last day of the time that the row is about.
    Until,
    /// Whether it could be bought: true/false or a share of the period.
    InStock,
    /// Units on hand.
    StockLevel,
    /// Promotion flag or depth.
    Promo,
    /// Order, invoice or receipt number.
    Order,
    /// Order, line or event state: cancelled, refunded …
    Status,
    /// When the order was cancelled; not blank means it was.
    CancelledAt,
    /// Region or country it was shipped to.
    Destination,
    /// The customer; used for matching in memory at most, never kept or shown.
    Personal,
    /// Not used.
    Ignore,
}

impl Role {
    /// All, in the order shown to people.
    pub const ALL: [Self; 24] = [
        Self::Date,
        Self::Time,
        Self::Until,
        Self::Item,
        Self::Description,
        Self::Quantity,
        Self::Returned,
        Self::NetQuantity,
        Self::Location,
        Self::Revenue,
        Self::Price,
        Self::Discount,
        Self::OrderTotal,
        Self::Refunded,
        Self::InStock,
        Self::StockLevel,
        Self::Promo,
        Self::Order,
        Self::Status,
        Self::CancelledAt,
        Self::Destination,
        Self::UniqueId,
        Self::Personal,
        Self::Ignore,
    ];

    /// The word used in files, options and the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UniqueId => "unique_id",
            Self::Item => "item",
            Self::Description => "description",
            Self::Location => "location",
            Self::Date => "date",
            Self::Time => "time",
            Self::Quantity => "quantity",
            Self::Returned => "returned",
            Self::Revenue => "revenue",
            Self::Price => "price",
            Self::Discount => "discount",
            Self::OrderTotal => "order_total",
            Self::Refunded => "refunded",
            Self::NetQuantity => "net_quantity",
            Self::Until => "until",
            Self::InStock => "in_stock",
            Self::StockLevel => "stock_level",
            Self::Promo => "promo",
            Self::Order => "order",
            Self::Status => "status",
            Self::CancelledAt => "cancelled_at",
            Self::Destination => "destination",
            Self::Personal => "personal",
            Self::Ignore => "ignore",
        }
    }

    /// Reads [`Role::name`], tolerant of case, and a few plain synonyms (`ds`, `y`, `sku`, `sales`, `store`).
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|r| r.name() == word).or(match word.as_str() {
            "ds" | "day" => Some(Self::Date),
            "y" | "qty" | "units" => Some(Self::Quantity),
            "sku" | "product" => Some(Self::Item),
            "store" | "shop" => Some(Self::Location),
            "value" | "sales" | "amount" | "money" => Some(Self::Revenue),
            "stock" | "on_hand" => Some(Self::StockLevel),
            "name" => Some(Self::Description),
            "invoice" | "order_id" => Some(Self::Order),
            "none" | "skip" => Some(Self::Ignore),
            _ => None,
        })
    }
}

/// In which order numbers stand in a date such as 03/04/2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2026
    DayMonthYear,
    /// 12/31/2026
    MonthDayYear,
    /// 2026-12-31
    YearMonthDay,
}

impl DateOrder {
    /// `dmy`, `mdy` or `ymd`; `d/m/y` and the like as well.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: String = text.to_lowercase().chars().filter(|c| c.is_ascii_alphabetic()).collect();
        match letters.as_str() {
            "dmy" | "ddmmyyyy" | "daymonthyear" => Some(Self::DayMonthYear),
            "mdy" | "mmddyyyy" | "monthdayyear" => Some(Self::MonthDayYear),
            "ymd" | "yyyymmdd" | "yearmonthday" | "iso" => Some(Self::YearMonthDay),
            _ => None,
        }
    }
    /// `dmy`, `mdy`, `ymd`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DayMonthYear => "dmy",
            Self::MonthDayYear => "mdy",
            Self::YearMonthDay => "ymd",
        }
    }
}

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Sales over time: [`crate::history::read_sales`].
    Sales,
    /// Stock on hand: `stock` of [`crate::history::read_masters`].
    Stock,
    /// The item list: `items` of [`crate::history::read_masters`].
    Items,
    /// What is on its way: `on_order` of [`crate::history::read_masters`].
    OnOrder,
}

impl Kind {
    /// `sales`, `stock`, `items` or `on_order`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "sales" | "orders" | "demand" => Some(Self::Sales),
            "stock" | "inventory" => Some(Self::Stock),
            "items" | "item" | "products" => Some(Self::Items),
            "on_order" | "on-order" | "orders_open" | "open_orders" | "inbound" => Some(Self::OnOrder),
            _ => None,
        }
    }
    /// `sales`, `stock`, `items`, `on_order`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Stock => "stock",
            Self::Items => "items",
            Self::OnOrder => "on_order",
        }
    }
}

/// How to read sales files. The default guesses everything and says what it guessed.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Roles by column name, over any guess; tolerant of case. A column named `#3` is the third.
    pub map: Vec<(String, Role)>,
    /// What the columns of a companion file are, by name, over any guess: fields as [`crate::history::fields_of`] lists them, empty: nothing.
    pub fields: Vec<(String, String)>,
    /// Order of day, month and year; `None`: decided from all rows.
    pub date_order: Option<DateOrder>,
    /// Decimal mark, `.` or `,`; `None`: decided from all rows.
    pub decimal: Option<char>,
    /// Step of the calendar; `None`: the file's own, or for transactions the finest that is dense enough.
    pub period: Option<Period>,
    /// What the file is; `None`: guessed. `Some(Sales)` reads even a file that looks like a stock list as sales.
    pub kind: Option<Kind>,
    /// `Some(true)`: one row per sale, gaps are zeros; `Some(false)`: one row per period, gaps are unknown; `None`: guessed.
    pub transactions: Option<bool>,
    /// Keep lines that look like postage, fees and other non-products.
    pub keep_non_products: bool,
    /// Sheet of a workbook; `None`: the first with a table.
    pub sheet: Option<String>,
    /// First and last day that totals without dates are about.
    pub covers: Option<(Stamp, Stamp)>,
    /// IANA name of the shop's time zone: moments with an offset are told by its clock. `None`: days are those of the clock in the file.
    pub time_zone: Option<String>,
    /// Hour at which the shop's day begins: what a bar sells at two in the morning belongs to the day before. 0..=12.
    pub day_starts: u32,
    /// The day the file was exported, if it is known: the period it falls in is incomplete.
    pub as_of: Option<Stamp>,
    /// Profiles that people made, looked at before those that come with the program.
    pub profiles: Vec<Profile>,
    /// Code numbers of the status column that mean an order did not sell; `None`: nobody said, and code numbers mean nothing.
    pub unsold: Option<Vec<String>>,
    /// Take the likeliest reading of what a file leaves open instead of refusing it, as a preview does. What was taken is a question all the same.
    pub assume: bool,
}
