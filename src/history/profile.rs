//! What shop systems' exports look like: one small TOML file each under `profiles/`, found by the names in a file's header. A mapping that
//! a person made becomes a profile of the same form, found again by the fingerprint of the header it was made for.
//!
//! A profile is a list of signs (names that have to be there), roles by column name in order of preference, what the system's own status words
//! mean, and a few habits (summary rows, footers, cells that stand on a first row only). It tolerates any order, case, dash, blank and
//! byte order mark, extra columns and missing ones: names are compared by [`super::names::compact`].

use super::names::compact;
use super::options::{DateOrder, ReadOptions, Role};
use super::recognised::Recognised;
use crate::base::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a status word means for demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// It was wanted and sold.
    Sold,
    /// It never became a sale: cancelled, void, failed, a draft or a quotation.
    Cancelled,
    /// The line is a refund: its units came back.
    Refund,
    /// It was sold and all of it came back.
    Returned,
    /// It was made to try the shop out.
    Test,
    /// It is no sale at all: a fee, a transfer, a payment.
    Other,
}

/// One kind of export.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What people call it, such as `Shopify orders`.
    pub name: String,
    /// `sales`, `stock`, `items`, `on_order`, `calendar`, or `unfit` for one that tells no sales by item (`says` why; and what to export
    /// instead, behind a semicolon); absent: sales.
    #[serde(default = "sales", skip_serializing_if = "is_sales")]
    pub kind: String,
    /// Names that are in every such header; `a|b` is satisfied by either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<String>,
    /// Names that speak against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<String>,
    /// [`fingerprint`] of the one header it was made for: such a profile is found by that alone, and before all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// One row per sale (`true`) or per period (`false`); absent: from the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transactions: Option<bool>,
    /// How it writes dates, where the dates themselves do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// Its decimal mark, where the numbers do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// IANA name of the time zone in which its days are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The day of column `d_1`, where columns are numbered days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<String>,
    /// Rows without item and name are sums of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub summary_rows: bool,
    /// Texts of rows below the table that belong to no sale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub footer: Vec<String>,
    /// Columns whose cells stand on the first row of a product only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fill_down: Vec<String>,
    /// What an owner should know of this export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Role (for a companion file: field) to column names, the preferred first; `A + B` and `A - B` add and subtract.
    #[serde(default)]
    pub roles: BTreeMap<String, Vec<String>>,
    /// The same, heeded only where no price and no revenue was found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub otherwise: BTreeMap<String, Vec<String>>,
    /// Status words and what they mean; words not listed are read as in any language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, Meaning>,
    /// Columns and the words in them that tell test orders.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub test: BTreeMap<String, Vec<String>>,
    /// Columns and the words in them without which a row is no sale: a settlement lists fees, a ledger what came in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Vec<String>>,
    /// Every row is one unit where there is no quantity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unit_rows: bool,
    /// Columns whose numbers are to be multiplied (grams to kilograms).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scale: BTreeMap<String, f64>,
}

fn sales() -> String {
    "sales".into()
}
fn is_sales(kind: &str) -> bool {
    kind == "sales"
}

/// The profiles that come with the program, in the order of the alphabet.
const SOURCES: [&str; 56] = [
    include_str!("profiles/amazon_awd_inventory.toml"),
    include_str!("profiles/amazon_business_report.toml"),
    include_str!("profiles/amazon_date_range.toml"),
    include_str!("profiles/amazon_fba_inventory.toml"),
    include_str!("profiles/amazon_fba_restock.toml"),
    include_str!("profiles/amazon_inventory_ledger.toml"),
    include_str!("profiles/amazon_orders.toml"),
    include_str!("profiles/amazon_sales_by_date.toml"),
    include_str!("profiles/amazon_sales_by_sku.toml"),
    include_str!("profiles/amazon_settlement.toml"),
    include_str!("profiles/bigcommerce_orders.toml"),
    include_str!("profiles/cin7_sales.toml"),
    include_str!("profiles/cin7_stock.toml"),
    include_str!("profiles/clover_line_items.toml"),
    include_str!("profiles/datev_bookings.toml"),
    include_str!("profiles/depop_sales.toml"),
    include_str!("profiles/ebay_orders.toml"),
    include_str!("profiles/erpnext_item_sales.toml"),
    include_str!("profiles/etsy_orders.toml"),
    include_str!("profiles/etsy_sold_order_items.toml"),
    include_str!("profiles/flexport_inbound.toml"),
    include_str!("profiles/flexport_levels.toml"),
    include_str!("profiles/katana_sales.toml"),
    include_str!("profiles/kaufland_order_units.toml"),
    include_str!("profiles/lazada_orders.toml"),
    include_str!("profiles/m5_calendar.toml"),
    include_str!("profiles/m5_sales.toml"),
    include_str!("profiles/nixtla_long.toml"),
    include_str!("profiles/odoo_order_lines.toml"),
    include_str!("profiles/prestashop_orders.toml"),
    include_str!("profiles/quickbooks_sales_by_product.toml"),
    include_str!("profiles/rossmann.toml"),
    include_str!("profiles/shopify_inventory.toml"),
    include_str!("profiles/shopify_month_end_inventory.toml"),
    include_str!("profiles/shopify_orders.toml"),
    include_str!("profiles/shopify_products.toml"),
    include_str!("profiles/shopify_sales_by_variant.toml"),
    include_str!("profiles/shopify_sales_over_time.toml"),
    include_str!("profiles/square_items.toml"),
    include_str!("profiles/square_transactions.toml"),
    include_str!("profiles/tiktok_inventory.toml"),
    include_str!("profiles/tiktok_orders.toml"),
    include_str!("profiles/tiktok_sales.toml"),
    include_str!("profiles/till_receipts.toml"),
    include_str!("profiles/toast_items.toml"),
    include_str!("profiles/uci_online_retail.toml"),
    include_str!("profiles/uci_online_retail_ii.toml"),
    include_str!("profiles/unleashed_sales_enquiry.toml"),
    include_str!("profiles/vend_sales.toml"),
    include_str!("profiles/walmart_inventory.toml"),
    include_str!("profiles/walmart_orders.toml"),
    include_str!("profiles/walmart_sales.toml"),
    include_str!("profiles/walmart_weekly.toml"),
    include_str!("profiles/wix_orders.toml"),
    include_str!("profiles/woocommerce_analytics_products.toml"),
    include_str!("profiles/woocommerce_orders.toml"),
];

static BUILT_IN: LazyLock<Vec<Profile>> = LazyLock::new(|| SOURCES.iter().filter_map(|s| toml::from_str(s).ok()).collect());

/// The profiles that come with the program.
pub fn built_in() -> &'static [Profile] {
    &BUILT_IN
}

/// The header's fingerprint: the same for the same set of names in any order, case and punctuation. Names of 64 bits of FNV-1a.
pub fn fingerprint<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut keys: Vec<String> = columns.into_iter().map(compact).collect();
    keys.sort_unstable();
    super::canonical::hash(keys.join("\u{1F}").as_bytes())
}

/// The profile that fits a header best: a person's own by its fingerprint, else the built-in one with most signs and known names.
/// One missing sign is forgiven where there are four or more and most of the roles' names are there.
pub fn find<'a>(columns: &[&str], own: &'a [Profile]) -> Option<&'a Profile> {
    let print = fingerprint(columns.iter().copied());
    if let Some(p) = own.iter().find(|p| p.fingerprint.as_deref() == Some(&print)) {
        return Some(p);
    }
    let keys: Vec<String> = columns.iter().map(|c| compact(c)).collect();
    let mut best: Option<(&Profile, usize)> = None;
    for p in own.iter().chain(built_in()).filter(|p| p.fingerprint.is_none() && !p.signs.is_empty()) {
        if let Some(score) = p.score(&keys).filter(|s| best.is_none_or(|(_, b)| *s > b)) {
            best = Some((p, score));
        }
    }
    best.map(|b| b.0)
}

/// The same among the profiles that come with the program.
pub(super) fn find_built_in(columns: &[&str]) -> Option<&'static Profile> {
    find(columns, &[])
}

impl Profile {
    /// How well a header (compacted names) fits; `None` where it does not.
    fn score(&self, keys: &[String]) -> Option<usize> {
        let there = |name: &str| keys.contains(&compact(name));
        if self.against.iter().any(|a| there(a)) {
            return None;
        }
        let met = self.signs.iter().filter(|s| s.split('|').any(there)).count();
        let missing = self.signs.len() - met;
        let sums = self.kind != "sales";
        let names: Vec<&str> =
            self.roles.values().flatten().flat_map(|n| if sums { parts(n) } else { vec![(1.0, n.as_str())] }).map(|p| p.1).collect();
        let known = names.iter().filter(|n| there(n)).count();
        let forgiven = missing == 1 && self.signs.len() >= 4 && known >= 6 && known * 3 >= names.len();
        // a forgiven sign weighs more than one that is met
        (missing == 0 || forgiven).then(|| (met * 100 + known * 2).saturating_sub(missing * 150))
    }

    /// The names that may have this role, preferred first.
    pub fn names(&self, role: &str) -> &[String] {
        self.roles.get(role).map_or(&[][..], Vec::as_slice)
    }

    /// The order of day and month it is known to write.
    pub fn order(&self) -> Option<DateOrder> {
        self.date_order.as_deref().and_then(DateOrder::parse)
    }

    /// What a status word means here, if the profile says.
    pub fn meaning(&self, status: &str) -> Option<Meaning> {
        let key = compact(status);
        self.states.iter().find(|(word, _)| compact(word) == key).map(|(_, m)| *m)
    }

    /// A person's own profile: the roles, order of dates, mark and calendar that a file was read with, found again by its header. What the
    /// export's own profile knows beside the columns (status words, footers, cells to fill down) stays known.
    pub fn of(name: &str, read: &Recognised, options: &ReadOptions) -> Self {
        let base = read.profile.and_then(|p| options.profiles.iter().chain(built_in()).find(|b| b.name == *p)).cloned().unwrap_or_default();
        let mut roles = BTreeMap::<String, Vec<String>>::new();
        for c in read.columns.iter().filter(|c| !read.wide || c.role != Role::Quantity) {
            roles.entry(c.role.name().to_owned()).or_default().push(c.name.clone());
        }
        let mut states = base.states.clone();
        states.extend(options.unsold.iter().flatten().map(|code| (code.clone(), Meaning::Cancelled)));
        Self {
            name: name.to_owned(),
            states,
            kind: sales(),
            fingerprint: Some(fingerprint(read.columns.iter().map(|c| c.name.as_str()))),
            transactions: Some(read.transactions),
            date_order: options.date_order.map(|o| o.name().to_owned()).or(read.date_order.map(str::to_owned)),
            decimal: options.decimal.or(read.decimal),
            time_zone: options.time_zone.clone().or_else(|| base.time_zone.clone()),
            roles,
            // found by its header alone; and what the system's columns might have meant otherwise was settled
            signs: Vec::new(),
            against: Vec::new(),
            otherwise: BTreeMap::new(),
            says: None,
            ..base
        }
    }

    /// A profile of a companion file from what a person said of it: `fields` are what its columns were then taken for.
    pub fn of_companion(name: &str, kind: &str, columns: &[(&str, Option<&str>)], options: &ReadOptions) -> Self {
        let mut roles = BTreeMap::<String, Vec<String>>::new();
        for (column, field) in columns.iter().filter_map(|(c, f)| f.map(|f| (c, f))) {
            roles.entry(field.to_owned()).or_default().push((*column).to_owned());
        }
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            fingerprint: Some(fingerprint(columns.iter().map(|c| c.0))),
            date_order: options.date_order.map(|o| o.name().to_owned()),
            decimal: options.decimal,
            roles,
            ..Self::default()
        }
    }

    /// Reads a profile from TOML.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let profile: Self = toml::from_str(text).map_err(|e| {
            let line = e.span().map(|s| 1 + text[..s.start.min(text.len())].matches('\n').count() as u64);
            let d = Diagnostic::error("profile-unreadable", format!("this is no profile: {}", e.message()))
                .fix("write one with `import --save-profile`, and change that");
            if let Some(line) = line { d.line(line) } else { d }
        })?;
        let known = |role: &&String| profile.kind != "sales" || Role::parse(role).is_some();
        if let Some(role) = profile.roles.keys().chain(profile.otherwise.keys()).find(|r| !known(r)) {
            return Err(Diagnostic::error("role-unknown", format!("{role:?} is no role")).fix("use the names `audit` shows"));
        }
        Ok(profile)
    }

    /// The same as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }
}

/// `A + B - C` as signed names.
pub(super) fn parts(name: &str) -> Vec<(f64, &str)> {
    let mut out = Vec::new();
    let (mut sign, mut rest) = (1.0, name);
    loop {
        let next = [(" + ", 1.0), (" - ", -1.0)].iter().filter_map(|(s, v)| rest.find(s).map(|at| (at, *v))).min_by_key(|n| n.0);
        let Some((at, v)) = next else { break };
        out.push((sign, rest[..at].trim()));
        (sign, rest) = (v, &rest[at + 3..]);
    }
    out.push((sign, rest.trim()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_parses_and_finds_itself() {
        for source in SOURCES {
            let p = Profile::parse(source).unwrap_or_else(|e| panic!("{e}\n{source}"));
            let header: Vec<&str> = p.signs.iter().filter_map(|s| s.split('|').next()).collect();
            assert_eq!(find(&header, &[]).map(|p| p.name.as_str()), Some(p.name.as_str()));
            assert_eq!(Profile::parse(&p.to_toml()).unwrap(), p);
        }
        assert_eq!(built_in().len(), SOURCES.len());
    }

    /// A person's own mapping of a known export keeps what is known of that export.
    #[test]
    fn an_own_profile_knows_what_the_export_means() {
        let base = built_in().iter().find(|p| p.name == "Shopify orders").unwrap();
        let column = |index: u32, name: &str, role| super::super::RecognisedColumn {
            index,
            name: name.into(),
            role,
            confidence: 1.0,
            samples: Vec::new(),
        };
        let read = Recognised {
            file: "orders.csv".into(),
            format: "csv",
            encoding: None,
            delimiter: None,
            quote: None,
            sheet: None,
            other_sheets: Vec::new(),
            decimal: None,
            date_order: None,
            header_line: Some(1),
            profile: Some("Shopify orders"),
            wide: false,
            transactions: true,
            columns: vec![column(1, "Created at", Role::Date), column(2, "Lineitem sku", Role::Item)],
            rows_read: 1,
            rows_used: 1,
            set_aside: Vec::new(),
            period: None,
            period_reason: String::new(),
            currency: None,
        };
        let own = Profile::of("Mine", &read, &ReadOptions::default());
        assert_eq!((&own.states, &own.test, &own.footer), (&base.states, &base.test, &base.footer));
        assert_eq!(own.names("item"), ["Lineitem sku"]);
        assert_eq!(find(&["Lineitem sku", "Created at"], std::slice::from_ref(&own)).map(|p| p.name.as_str()), Some("Mine"));
        assert_eq!(Profile::parse(&own.to_toml()).unwrap(), own);
    }

    #[test]
    fn order_case_extra_and_missing_columns_do_not_matter() {
        let header = ["price", "ORDER ID", "SALE DATE", "item name", "ITEM-TOTAL", "Listing_ID", "something new", "Quantity"];
        assert_eq!(find(&header, &[]).unwrap().name, "Etsy sold items");
        assert!(find(&["a", "b"], &[]).is_none());
        assert_eq!(fingerprint(["Sale Date", "SKU"]), fingerprint(["sku", "sale_date"]));
        assert_ne!(fingerprint(["Sale Date", "SKU"]), fingerprint(["sku", "sale_date", "x"]));
    }

    #[test]
    fn names_add_up() {
        assert_eq!(parts("A b + C"), [(1.0, "A b"), (1.0, "C")]);
        assert_eq!(parts("EXPECTED_UNITS - RECEIVED_UNITS"), [(1.0, "EXPECTED_UNITS"), (-1.0, "RECEIVED_UNITS")]);
        assert_eq!(parts("Available in AWD (units)"), [(1.0, "Available in AWD (units)")]);
    }
}
