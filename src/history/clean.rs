//! What a row means for demand: cancellations before shipping are none, returns are demand met and later supply, and lines that sell
//! nothing that could be stocked are set aside (DESIGN §3).

use super::options::Role;
use super::profile::Meaning;
use super::roles::Assigned;
use super::rows::{Reason, Rows};
use super::states::state;
use super::table::Table;
use super::values::{Codes, NONE};
use super::{names, number};
use std::collections::HashMap;

/// A cancellation this long after the sale comes after shipping: it is a return.
const CANCEL_SECONDS: i64 = 14 * 86_400;

/// Columns whose true cells tell test orders, whoever wrote them.
const TEST_FLAGS: &str = "test istest testorder testmode istestorder training trainingmode sandbox";
/// Columns whose true cells tell that a line never became a sale.
const VOID_FLAGS: &str = "void voided isvoid isvoided cancelled canceled iscancelled iscanceled ordercancelled deleted isdeleted storniert annule anulado \
    geannuleerd annullato annullata anulada cancelado cancelada anulowane anulowany annulleret kansellert peruttu zruseno stornovano anulat anulata \
    iptal iptaledildi storno makulerad makulert annullert kansellerad";
/// Columns whose true cells tell that a line came back; in words only, since a number counts units.
const RETURN_FLAGS: &str = "refunded fullyrefunded isrefunded returned isreturned exchanged erstattet rembourse reembolsado";

/// Sets aside what statuses call dead, and marks refunds and orders that came back whole (a return is demand met and later supply, DESIGN §3).
/// A state or cancelled-at date on an order's first line counts for all its lines.
pub(super) fn statuses(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let n = table.rows;
    // by order: why it is dead (a cancellation before a test), and whether it came back
    let orders = rows.order.values.len();
    let mut of_order = Orders { dead: vec![Reason::Used; orders], any_dead: false, back: vec![false; orders], undone: vec![false; n] };
    let mut line_back = Vec::new();
    // a row without any status of its own goes with its order (Shopify writes them on the first line only)
    let mut follows = vec![true; n];
    for (i, (role, _)) in assigned.roles.iter().enumerate() {
        let Some(column) = table.columns.get(i) else { continue };
        match role {
            Role::Status => {
                let codes = Codes::of(column, n);
                // what stands on an order's first line is said of all that say nothing else in the same column
                let mut mine = Orders { dead: vec![Reason::Used; orders], any_dead: false, back: vec![false; orders], undone: Vec::new() };
                std::mem::swap(&mut mine.undone, &mut of_order.undone);
                // an invoice that nobody has paid yet is a sale
                let billed = names::words(&column.name)
                    .iter()
                    .any(|w| ["invoice", "facture", "rechnung", "factura", "fattura"].contains(&w.as_str()));
                let state = |t: &str| if billed && names::plain(t.trim()) == "unpaid" { Meaning::Sold } else { state(t) };
                let coded = |t: &str| assigned.unsold.iter().any(|c| c == t.trim()).then_some(Meaning::Cancelled);
                let of_profile = |t: &str| assigned.profile.as_ref().and_then(|p| p.meaning(t));
                let known = |t: &str| coded(t).or_else(|| of_profile(t)).unwrap_or_else(|| state(t));
                let states = codes.each(known);
                codes.codes.each_filled(|row, code| {
                    follows[row] = false;
                    if let Some(state) = states.get(code as usize).filter(|s| **s != Meaning::Sold) {
                        mine.mark(rows, row, *state);
                    }
                });
                mine.spread(rows, |row| codes.code(row) == NONE);
                std::mem::swap(&mut mine.undone, &mut of_order.undone);
            }
            Role::CancelledAt => {
                Codes::of(column, n).codes.each_filled(|row, _| of_order.mark(rows, row, Meaning::Cancelled));
            }
            _ => {
                let words =
                    assigned.profile.iter().flat_map(|p| &p.test).find(|(name, _)| names::compact(name) == names::compact(&column.name));
                let is = |list| names::in_list(&column.name, list);
                let means = match (words.is_some() || is(TEST_FLAGS), is(VOID_FLAGS), is(RETURN_FLAGS)) {
                    (true, ..) => Meaning::Test,
                    (_, true, _) => Meaning::Cancelled,
                    (.., true) => Meaning::Returned,
                    _ => continue,
                };
                let codes = Codes::of(column, n);
                // `Refunded?` asks for a yes or a no
                let asked = column.name.ends_with('?') && codes.values.iter().all(|t| matches!(t, "0" | "1"));
                if means == Meaning::Returned && !asked && codes.values.iter().any(|t| number::mark(t).is_some()) {
                    continue;
                }
                let tests = codes.each(|t| match words {
                    Some((_, words)) => words.iter().any(|w| names::plain(t).contains(&names::plain(w))),
                    None => number::parse_flag(t) == Some(1.0),
                });
                codes.codes.each_filled(|row, code| {
                    if tests.get(code as usize) == Some(&true) {
                        // a flag is about its own line; a test is one of its whole order
                        match means {
                            Meaning::Cancelled if rows.reason[row] == Reason::Used => rows.reason[row] = Reason::Cancelled,
                            Meaning::Returned => line_back.push(row),
                            other => of_order.mark(rows, row, other),
                        }
                    }
                });
            }
        }
    }
    of_order.spread(rows, |row| follows[row]);
    let mut undone = of_order.undone;
    line_back.into_iter().for_each(|row| undone[row] = true);
    if undone.contains(&true) {
        rows.undone.resize(n, false);
        rows.returned.or_blank(n);
        for row in (0..n).filter(|row| undone[*row]) {
            let sold = rows.reason[row] == Reason::Used && rows.units.get(row) > 0.0;
            if sold && (rows.returned.get(row).is_nan() || rows.returned.get(row) <= 0.0) {
                rows.returned.set(row, rows.units.get(row));
                rows.undone[row] = true;
            }
        }
    }
    records_of_other_kinds(table, assigned, rows);
    line_kinds(table, assigned, rows);
    cancelled_units(table, assigned, rows);
    components(table, assigned, rows);
    variants(table, assigned, rows);
    unitless_refunds(table, rows);
    money_back(table, rows);
}

/// Units above zero for money below zero are a refund, whatever the row calls itself: credit notes count what came back. What never took any money
/// is no product but a discount.
fn money_back(table: &Table, rows: &mut Rows) {
    if rows.revenue.is_empty() && rows.price.is_empty() || rows.units.is_empty() {
        return;
    }
    // what one is by its code, or by its name where there is none
    let (keys, named) = if rows.item.is_empty() { (rows.description.values.len(), true) } else { (rows.item.values.len(), false) };
    let key = |rows: &Rows, i: usize| if named { rows.description.code(i) } else { rows.item.code(i) } as usize;
    let below = if rows.revenue.is_empty() { rows.price.may_be_below_zero() } else { rows.revenue.may_be_below_zero() };
    if !below {
        return;
    }
    let money = |rows: &Rows, i: usize| if rows.revenue.is_empty() { rows.price.get(i) } else { rows.revenue.get(i) };
    let counted = |rows: &Rows, i: usize| rows.reason[i] == Reason::Used && !rows.refund[i] && rows.units.get(i) > 0.0;
    let back: Vec<usize> = (0..rows.reason.len()).filter(|i| counted(rows, *i) && money(rows, *i) < 0.0).collect();
    let Some(first) = back.first() else { return };
    let paid = (0..rows.reason.len()).filter(|i| counted(rows, *i) && money(rows, *i) > 0.0);
    let mut sells = vec![false; keys];
    let mut all = 0usize;
    for i in paid {
        all += 1;
        if let Some(s) = sells.get_mut(key(rows, i)) {
            *s = true;
        }
    }
    // accounts that write all income below zero say nothing of returns
    if back.len() > all {
        let message = format!("the money is below zero in {}: it was turned", crate::base::text::plural(back.len(), "row"));
        if back.len() >= 9 * all.max(1) && !rows.revenue.is_empty() {
            rows.notes.push(crate::base::Diagnostic::info("signs-turned", message).file(&table.file));
            rows.revenue = rows.revenue.iter().map(|m| -m).collect();
        }
        return;
    }
    let line = table.line(*first);
    let mut returned = 0usize;
    for i in back {
        // one that nothing names may be anything that was sold
        if sells.get(key(rows, i)).copied().unwrap_or(true) {
            rows.refund[i] = true;
            returned += 1;
        } else {
            rows.reason[i] = Reason::NonProduct;
        }
    }
    if returned > 0 {
        let rows_have = crate::base::text::plural(returned, "row");
        let message = format!("{rows_have} with units above and money below zero: taken for units that came back");
        rows.notes.push(crate::base::Diagnostic::info("money-back", message).file(&table.file).line(line));
    }
}

/// What one column of states (or all other signs together) says of whole orders.
struct Orders {
    dead: Vec<Reason>,
    any_dead: bool,
    back: Vec<bool>,
    /// By row, of all columns.
    undone: Vec<bool>,
}

impl Orders {
    fn mark(&mut self, rows: &mut Rows, row: usize, s: Meaning) {
        let order = rows.order.code(row) as usize;
        match s {
            Meaning::Sold => {}
            Meaning::Refund => rows.refund[row] = true,
            Meaning::Other => {
                if rows.reason[row] == Reason::Used {
                    rows.reason[row] = Reason::NotSale;
                }
            }
            Meaning::Returned | Meaning::Cancelled if rows.units.get(row) < 0.0 => rows.refund[row] = true,
            Meaning::Returned => {
                self.back.get_mut(order).into_iter().for_each(|o| *o = true);
                self.undone[row] = true;
            }
            Meaning::Cancelled | Meaning::Test => {
                let why = if s == Meaning::Test { Reason::Test } else { Reason::Cancelled };
                if let Some(order) = self.dead.get_mut(order) {
                    *order = if *order == Reason::Used { why } else { why.min(*order) };
                    self.any_dead = true;
                }
                if rows.reason[row] == Reason::Used {
                    rows.reason[row] = why;
                }
            }
        }
    }

    /// The rows that say nothing themselves go with their order.
    fn spread(&mut self, rows: &mut Rows, follows: impl Fn(usize) -> bool) {
        let any_back = self.back.contains(&true);
        if !self.any_dead && !any_back {
            return;
        }
        for row in (0..rows.reason.len()).filter(|r| follows(*r)) {
            let order = rows.order.code(row) as usize;
            self.undone[row] |= any_back && self.back.get(order) == Some(&true);
            if let Some(why) = self.dead.get(order).filter(|_| rows.reason[row] == Reason::Used) {
                rows.reason[row] = *why;
            }
        }
    }
}

/// Rows that the export's own words say are no sales: fees, payments, receipts of goods.
fn records_of_other_kinds(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    for (name, words) in assigned.profile.iter().flat_map(|p| &p.only) {
        let Some(column) = table.columns.iter().find(|c| names::compact(&c.name) == names::compact(name)) else { continue };
        let codes = Codes::of(column, table.rows);
        let is_one = codes.each(|t| words.iter().any(|w| names::compact(w) == names::compact(t)));
        let unsaid = [Reason::Used, Reason::NoItem, Reason::NoDate, Reason::BadQuantity];
        for row in 0..table.rows {
            if is_one.get(codes.code(row) as usize) != Some(&true) && unsaid.contains(&rows.reason[row]) {
                rows.reason[row] = Reason::NotSale;
            }
        }
    }
}

/// Columns that say of each line whether it is a product.
const LINE_KINDS: &str = "lineitemtype itemtype orderitemtype lineitemkind linekind positiontype positionstyp positionsart linetype";
/// What such a column calls lines that are none.
const NO_PRODUCTS: &str = "promotion discount coupon voucher shipping shippingline delivery postage fee tax surcharge tip deposit credit giftcard giftwrap rabatt \
    gutschein versand versandkosten remise livraison descuento envio sconto spedizione korting verzending versandposition gutscheinposition rabattposition zahlungsart \
    zahlungsaufschlag aufschlag mindermengenzuschlag pfandposition textposition shippingposition giftcertificate storecredit";

/// Discounts, vouchers and postage that an export keeps among its lines, by its own word for them.
fn line_kinds(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let Some(column) = table.columns.iter().position(|c| names::in_list(&c.name, LINE_KINDS)) else { return };
    if assigned.profile.is_some() || assigned.roles.get(column).is_none_or(|r| !matches!(r.0, Role::Ignore | Role::Status)) {
        return;
    }
    let codes = Codes::of(&table.columns[column], table.rows);
    let none = codes.each(|t| names::in_list(t, NO_PRODUCTS));
    for row in 0..table.rows {
        if none.get(codes.code(row) as usize) == Some(&true) && rows.reason[row] == Reason::Used {
            rows.reason[row] = Reason::NotSale;
        }
    }
}

/// Columns that count what was ordered and never sold.
const CANCELLED_UNITS: &str = "qtycancelled qtycanceled quantitycancelled quantitycanceled cancelledquantity canceledquantity cancelledqty canceledqty \
    cancelledunits canceledunits unitscancelled unitscanceled stornomenge";

/// Units cancelled line by line are no demand.
fn cancelled_units(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let found = table.columns.iter().position(|c| names::in_list(&c.name, CANCELLED_UNITS));
    let Some(column) = found.filter(|i| assigned.roles.get(*i).is_some_and(|r| r.0 == Role::Ignore)) else { return };
    let gone = super::values::numbers(&table.columns[column], table.rows, None, rows.decimal).values;
    for row in 0..table.rows {
        let (units, gone) = (rows.units.get(row), gone.get(row));
        if gone > 0.0 && units > 0.0 && gone <= units && rows.reason[row] == Reason::Used {
            if gone < units {
                rows.units.set(row, units - gone);
            } else {
                rows.reason[row] = Reason::Cancelled;
            }
        }
    }
}

/// Columns that name the line of which another is a part.
const PARENTS: &str = "parentitemid parentid parentsku parentlineid parentlineitemid parentitem parentorderitemid parentorderlineid parentproductsku \
    parentreference bundleparent bundleparentsku bundlesku kitsku parentlinenumber";
const LINE_IDS: &str = "itemid lineid lineitemid orderitemid orderlineid rowid id linenumber lineno";

/// The parts of a bundle that its own line counts already: bundles are left whole (DESIGN §3).
fn components(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let of = |list: &str| table.columns.iter().position(|c| names::in_list(&c.name, list));
    let Some(parent) = of(PARENTS).filter(|i| assigned.roles.get(*i).is_some_and(|r| r.0 == Role::Ignore)) else { return };
    let codes = |i: usize| table.columns.get(i).map(|c| Codes::of(c, table.rows)).unwrap_or_default();
    let parents = codes(parent);
    let ids = of(LINE_IDS).map(codes).unwrap_or_default();
    let mut heads = std::collections::HashSet::new();
    for row in (0..table.rows).filter(|r| !parents.has(*r)) {
        for key in [ids.get(row), rows.item.get(row)].into_iter().flatten() {
            heads.insert((rows.order.code(row), key.to_owned()));
        }
    }
    for row in 0..table.rows {
        let part = parents.get(row).is_some_and(|p| heads.contains(&(rows.order.code(row), p.to_owned())));
        if part && rows.reason[row] == Reason::Used {
            rows.reason[row] = Reason::Component;
        }
    }
}

/// Columns in which a shop says what kind of product a line is.
const PRODUCT_KINDS: &str = "producttype itemproducttype typeproduct";

/// The variants and parts that Magento writes once more, without a price, below the line that was sold.
fn variants(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let Some(column) = table.columns.iter().position(|c| names::in_list(&c.name, PRODUCT_KINDS)) else { return };
    if assigned.roles.get(column).is_none_or(|r| r.0 != Role::Ignore) || rows.order.is_empty() || rows.price.is_empty() {
        return;
    }
    let kinds = Codes::of(&table.columns[column], table.rows);
    let whole = kinds.each(|t| matches!(names::plain(t).as_str(), "configurable" | "bundle"));
    let part = kinds.each(|t| matches!(names::plain(t).as_str(), "simple" | "virtual"));
    let is = |list: &[bool], row: usize| list.get(kinds.code(row) as usize) == Some(&true);
    let mut open = None;
    for row in 0..table.rows {
        let order = rows.order.code(row);
        let priced = rows.price.get(row) > 0.0;
        if is(&whole, row) && priced {
            open = Some(order);
        } else if open != Some(order) || priced || !is(&part, row) {
            open = None;
        } else if rows.reason[row] == Reason::Used {
            rows.reason[row] = Reason::Component;
        }
    }
}

/// Refunds of money without units: the money goes back, no unit does.
fn unitless_refunds(table: &Table, rows: &mut Rows) {
    if !rows.refund.contains(&true) || rows.revenue.is_empty() {
        return;
    }
    let found: Vec<usize> = (0..rows.reason.len())
        .filter(|i| rows.refund[*i] && rows.reason[*i] == Reason::Used && rows.units.get(*i).is_nan() && rows.revenue.get(*i).is_finite())
        .collect();
    let Some(first) = found.first() else { return };
    let line = table.line(*first);
    let money: f64 = found.iter().map(|i| rows.revenue.get(*i).abs()).sum();
    for i in &found {
        rows.units.set(*i, 0.0);
        rows.revenue.set(*i, -rows.revenue.get(*i).abs());
    }
    let message = format!(
        "{} without units ({} in money): the money was taken off, all units count as sold",
        crate::base::text::plural(found.len(), "refund"),
        crate::base::text::grouped(money, 2)
    );
    rows.notes.push(crate::base::Diagnostic::info("refunds-without-units", message).file(&table.file).line(line));
}

/// Whether a column without a meaning of its own tells of rows that are tests, void, brought back, parts of a bundle, no sales at all, or in
/// another currency.
pub(super) fn is_flag(table: &Table, assigned: &Assigned, column: usize) -> bool {
    let Some(name) = table.columns.get(column).map(|c| &c.name) else { return false };
    let key = names::compact(name);
    let of_profile = || assigned.profile.iter().any(|p| p.test.keys().chain(p.only.keys()).any(|n| names::compact(n) == key));
    [
        TEST_FLAGS,
        VOID_FLAGS,
        RETURN_FLAGS,
        PARENTS,
        CANCELLED_UNITS,
        LINE_KINDS,
        PRODUCT_KINDS,
        super::money::CURRENCY,
        super::unclear::MEASURES,
    ]
    .iter()
    .any(|list| names::in_list(name, list))
        || of_profile()
}

/// Accounts write what leaves the shop below zero and what it brought above: where most rows with both do, that is their habit. Before
/// statuses are read, which tell returns from cancellations by the sign.
pub(super) fn turn_signs(table: &Table, rows: &mut Rows) {
    if rows.revenue.is_empty() || !rows.units.may_be_below_zero() {
        return;
    }
    let (mut both, mut opposite) = (0usize, 0usize);
    for i in (0..rows.reason.len()).filter(|i| rows.reason[*i] == Reason::Used) {
        let (units, money) = (rows.units.get(i), rows.revenue.get(i));
        both += usize::from(units * money != 0.0 && units.is_finite() && money.is_finite());
        opposite += usize::from(units < 0.0 && money > 0.0);
    }
    if opposite == 0 || opposite * 10 < both * 6 {
        return;
    }
    rows.units = rows.units.iter().map(|u| -u).collect();
    let message = "quantities are below zero where money came in: they were turned, what leaves the shop counts as sold";
    rows.notes.push(crate::base::Diagnostic::info("signs-turned", message).file(&table.file));
}

/// Finds non-products, stock adjustments, and sales cancelled before shipping. For transactions only.
pub(super) fn transactions(rows: &mut Rows, keep_non_products: bool) {
    if !keep_non_products {
        non_products(rows, true);
    }
    let cancelling = std::mem::take(&mut rows.cancelling);
    adjustments(rows, &cancelling);
    match_cancellations(rows, &cancelling);
}

/// Phrases that name a service, fee or correction when they are the whole description or code, or begin it.
const NON_PRODUCTS: &[&str] = &[
    "postage",
    "carriage",
    "shipping",
    "shipping fee",
    "shipping cost",
    "delivery",
    "delivery fee",
    "freight",
    "dotcom postage",
    "next day carriage",
    "post",
    "handling",
    "handling fee",
    "packaging fee",
    "bank charges",
    "bank charge",
    "amazon fee",
    "amazonfee",
    "fee",
    "fees",
    "service fee",
    "service charge",
    "cruk commission",
    "commission",
    "manual",
    "discount",
    "adjust bad debt",
    "bad debt",
    "samples",
    "tip",
    "tips",
    "gratuity",
    "deposit",
    "rounding",
    "surcharge",
    "insurance",
    "gift wrap fee",
    "versand",
    "versandkosten",
    "porto",
    "lieferung",
    "fracht",
    "rabatt",
    "trinkgeld",
    "pfand",
    "gebuhr",
    "frete",
    "desconto",
    "taxa",
    "gorjeta",
    "envio",
    "gastos de envio",
    "flete",
    "descuento",
    "propina",
    "comision",
    "livraison",
    "frais de port",
    "frais de livraison",
    "port",
    "remise",
    "pourboire",
    "spedizione",
    "spese di spedizione",
    "sconto",
    "mancia",
    "verzending",
    "verzendkosten",
    "korting",
    "fooi",
    "bezorging",
];

/// Vouchers, which nobody stocks.
const GIFT_CARDS: &[&str] = &[
    "gift card",
    "e-gift card",
    "egift card",
    "digital gift card",
    "gift voucher",
    "gift certificate",
    "geschenkgutschein",
    "gutschein",
    "geschenkkarte",
    "carte cadeau",
    "cheque cadeau",
    "tarjeta regalo",
    "tarjeta de regalo",
    "carta regalo",
    "buono regalo",
    "cadeaubon",
    "cadeaukaart",
    "vale presente",
    "cartao presente",
    "gavekort",
    "presentkort",
    "bon podarunkowy",
];

/// Postage, fees and vouchers; among `sales` also short codes without digits where codes have some.
pub(super) fn non_products(rows: &mut Rows, sales: bool) {
    let phrase = |t: &str| {
        let p = names::plain(t.trim().trim_end_matches(['.', '!']));
        // `Gift Card - $50.00`: what it is worth is no part of the name
        let worth = |c: char| c.is_ascii_digit() || " -–.,$€£()".contains(c);
        NON_PRODUCTS.contains(&p.as_str())
            || p.ends_with(worth) && GIFT_CARDS.contains(&p.trim_end_matches(worth))
            || GIFT_CARDS.contains(&p.as_str())
    };
    // codes with digits are the rule, so a short one without is an exception
    let with_digit = rows.item.values.iter().filter(|t| t.chars().any(|c| c.is_ascii_digit())).count();
    let coded = sales && rows.item.values.len() >= 20 && with_digit * 10 >= rows.item.values.len() * 9;
    let odd_code = rows.item.each(|t| phrase(t) || (coded && t.chars().count() <= 3 && !t.chars().any(|c| c.is_ascii_digit())));
    let odd_name = rows.description.each(phrase);
    let no_items = rows.item.is_empty();
    if !odd_code.contains(&true) && !odd_name.contains(&true) {
        return;
    }
    for i in 0..rows.reason.len() {
        let (code, name) = (rows.item.code(i), rows.description.code(i));
        let by_code = odd_code.get(code as usize).copied().unwrap_or(false);
        let by_name = odd_name.get(name as usize).copied().unwrap_or(false)
            && (no_items || code == NONE || rows.item.value(code).is_some_and(|c| c.chars().count() <= 5));
        if rows.reason[i] == Reason::Used && (by_code || by_name) {
            rows.reason[i] = Reason::NonProduct;
        }
    }
}

/// Order numbers that start with a `C` where the others are plain numbers cancel (UCI Online Retail's own convention).
pub(super) fn cancel_orders(orders: &Codes) -> Vec<bool> {
    let plain = orders.values.iter().filter(|t| t.bytes().all(|b| b.is_ascii_digit())).count();
    if plain * 2 <= orders.values.len() {
        return Vec::new();
    }
    orders.each(|t| t.strip_prefix(['C', 'c']).is_some_and(|r| r.len() >= 3 && r.bytes().all(|b| b.is_ascii_digit())))
}

/// Negative quantities without price or cancellation correct the stock (damage, loss, count).
fn adjustments(rows: &mut Rows, cancelling: &[bool]) {
    if !rows.has.price || !rows.units.may_be_below_zero() {
        return;
    }
    for i in 0..rows.reason.len() {
        let price = rows.price.get(i);
        if rows.reason[i] == Reason::Used
            && rows.units.get(i) < 0.0
            && i < rows.price.len()
            && (price == 0.0 || price.is_nan())
            && !cancelling.get(rows.order.code(i) as usize).copied().unwrap_or(false)
            && !rows.refund[i]
        {
            rows.reason[i] = Reason::Adjustment;
        }
    }
}

/// The sales of one item at one place in one quantity: moment and row, in file order.
type Candidates = HashMap<(u32, u32, u32, u64), Vec<(i64, usize)>>;

/// A cancellation takes with it the latest earlier sale of the same item, place and quantity, if that was within two weeks.
fn match_cancellations(rows: &mut Rows, cancelling: &[bool]) {
    if !rows.units.may_be_below_zero() {
        return;
    }
    let cancels = |rows: &Rows, i: usize| {
        rows.reason[i] == Reason::Used && rows.units.get(i) < 0.0 && cancelling.get(rows.order.code(i) as usize).copied().unwrap_or(false)
    };
    let mut cancellations: Vec<usize> = (0..rows.reason.len()).filter(|i| cancels(rows, *i)).collect();
    if cancellations.is_empty() {
        return;
    }
    cancellations.sort_by_key(|i| (rows.at[*i], *i));
    let key = |rows: &Rows, i: usize| {
        (
            rows.item.code(i),
            if rows.item.is_empty() { rows.description.code(i) } else { NONE },
            rows.location.code(i),
            rows.units.get(i).abs().to_bits(),
        )
    };
    let mut sales = Candidates::new();
    for i in cancellations.iter() {
        sales.entry(key(rows, *i)).or_default();
    }
    for i in 0..rows.reason.len() {
        if rows.reason[i] == Reason::Used
            && rows.units.get(i) > 0.0
            && let Some(list) = sales.get_mut(&key(rows, i))
        {
            list.push((rows.at[i].0, i));
        }
    }
    for list in sales.values_mut() {
        list.sort_unstable();
    }
    for i in cancellations {
        let at = rows.at[i].0;
        if let Some(list) = sales.get_mut(&key(rows, i)) {
            let upto = list.partition_point(|s| s.0 <= at);
            if let Some(pick) = upto.checked_sub(1).filter(|p| at - list[*p].0 <= CANCEL_SECONDS) {
                let (_, sale) = list.remove(pick);
                rows.reason[sale] = Reason::CancelledOrder;
                rows.reason[i] = Reason::CancelledOrder;
            }
        }
    }
}
