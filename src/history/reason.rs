//! Why rows of a sales file are set aside.

/// Why a row is set aside, or that it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Used,
    NoDate,
    BadDate,
    NoItem,
    Blank,
    Total,
    BadQuantity,
    RepeatedHeader,
    Cancelled,
    Test,
    Superseded,
    CancelledOrder,
    NonProduct,
    Adjustment,
    NotSale,
    Component,
    AfterExport,
    OutsideCalendar,
}

impl Reason {
    pub const ALL: [Self; 17] = [
        Self::NoDate,
        Self::BadDate,
        Self::NoItem,
        Self::Blank,
        Self::Total,
        Self::BadQuantity,
        Self::RepeatedHeader,
        Self::Cancelled,
        Self::Test,
        Self::Superseded,
        Self::CancelledOrder,
        Self::NonProduct,
        Self::Adjustment,
        Self::NotSale,
        Self::Component,
        Self::AfterExport,
        Self::OutsideCalendar,
    ];
    /// Code, words, and what to do about it.
    pub const fn say(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Used => ("used", "used", None),
            Self::NoDate => ("no-date", "no date", Some("fill the date in, or leave the rows out")),
            Self::BadDate => {
                ("date-unreadable", "a date that cannot be read", Some("correct the dates, or say their order with --date-order"))
            }
            Self::NoItem => ("no-item", "no item", None),
            Self::Blank => ("blank-row", "blank", None),
            Self::Total => ("total-row", "a total or heading, not a sale", None),
            Self::BadQuantity => {
                ("quantity-unreadable", "a quantity that is no number", Some("correct the cells, or say the decimal mark with --decimal"))
            }
            Self::RepeatedHeader => ("repeated-header", "the header again", None),
            Self::Cancelled => ("cancelled", "cancelled, void or draft", None),
            Self::Test => ("test-order", "a test order", None),
            Self::Superseded => ("superseded", "told again by a newer export", None),
            Self::AfterExport => ("after-export", "dated after the day of the export", Some("check the dates and the day of the export")),
            Self::CancelledOrder => ("cancelled-order", "a sale cancelled again within two weeks, or its cancellation: no demand", None),
            Self::NonProduct => (
                "non-product",
                "postage, a fee, a discount or another non-product",
                Some("keep them with --keep-non-products if they are sold and stocked"),
            ),
            Self::Adjustment => ("stock-adjustment", "stock taken away without price or sale", None),
            Self::NotSale => ("other-record", "a record of something else than a sale: a fee, a payment, a movement of stock", None),
            Self::Component => ("bundle-part", "a part of a bundle, which the line of the bundle counts", None),
            Self::OutsideCalendar => ("incomplete-period", "in the incomplete first or last period", None),
        }
    }
}
