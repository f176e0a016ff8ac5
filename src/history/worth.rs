//! Which columns say what was taken: the money of a line rather than that of its order, before or after its discount, and whether a column of
//! sales is money or units.

use super::content::SAMPLE;
use super::options::Role;
use super::question::{Answer, Ask, Question};
use super::roles::{Assigned, is_number_of};
use super::table::Table;
use super::{names, number};
use crate::base::{Diagnostic, Severity};
use std::borrow::Cow;

/// Price times quantity and the shipping beside it, in orders of one line each: what was sold for is price times quantity.
fn shipped_with(table: &Table, a: &mut Assigned, grid: &[Vec<Cow<'_, str>>]) -> bool {
    const SHIPPING: &str = "送料 運費 运费 배송비 shipping shippingfee shippingcost shippingprice shippingtotal postage postageandpackaging delivery deliveryfee versand \
        versandkosten frais fraisdeport livraison envio costedeenvio frete spedizione verzendkosten frakt porto";
    let (Some(revenue), Some(quantity), Some(price)) = (a.column(Role::Revenue), a.column(Role::Quantity), a.column(Role::Price)) else {
        return false;
    };
    let Some(shipping) = (0..table.columns.len()).find(|i| a.free(*i) && names::in_list(&table.columns[*i].name, SHIPPING)) else {
        return false;
    };
    let value = |row: &[Cow<'_, str>], i: usize| row.get(i).and_then(|c| number::typed(c.trim()));
    let (mut told, mut with) = (0usize, 0usize);
    for row in grid {
        let (Some(r), Some(q), Some(p), Some(s)) = (value(row, revenue), value(row, quantity), value(row, price), value(row, shipping))
        else {
            continue;
        };
        // free shipping tells nothing
        if s != 0.0 {
            told += 1;
            with += usize::from((q * p + s - r).abs() <= 0.01 * r.abs().max(0.01));
        }
    }
    if told < 2 || with * 10 < told * 9 {
        return false;
    }
    let name = &table.columns[revenue].name;
    let message = format!("{name:?} holds the shipping too: price times quantity is taken instead");
    a.notes.push(Diagnostic::info("order-total", message).file(&table.file).column(revenue as u32 + 1));
    a.set(revenue, Role::Ignore, 1.0);
    true
}

/// The total of an order of one line that is always more than price times quantity holds shipping or taxes, whether a column says so or not.
fn above_lines(table: &Table, a: &mut Assigned, grid: &[Vec<Cow<'_, str>>]) -> bool {
    let (Some(revenue), Some(quantity), Some(price)) = (a.column(Role::Revenue), a.column(Role::Quantity), a.column(Role::Price)) else {
        return false;
    };
    let name = &table.columns[revenue].name;
    if !grand_total(name) {
        return false;
    }
    let value = |row: &[Cow<'_, str>], i: usize| row.get(i).and_then(|c| number::typed(c.trim()));
    let (mut told, mut above) = (0usize, 0usize);
    for row in grid {
        let (Some(r), Some(q), Some(p)) = (value(row, revenue), value(row, quantity), value(row, price)) else { continue };
        if q > 0.0 && p > 0.0 {
            told += 1;
            above += usize::from(r > q * p + 0.006 * (q + 1.0));
        }
    }
    if told < 4 || above * 10 < told * 9 {
        return false;
    }
    let message = format!(
        "{name:?} is more than price times quantity in almost every row (shipping or taxes): price times quantity is taken instead"
    );
    let d = Diagnostic::info("order-total", message).file(&table.file).column(revenue as u32 + 1);
    a.notes.push(d.fix(format!("say --map \"{name}=revenue\" if it is the line's own money")));
    a.set(revenue, Role::Ignore, 1.0);
    true
}

/// The total of an order repeated on each of its lines is none of the line's money: price times quantity is, or the total is to be spread.
/// True where a column was found to be one.
pub(super) fn order_totals(table: &Table, a: &mut Assigned) -> bool {
    let (Some(order), Some(revenue)) = (a.column(Role::Order), a.column(Role::Revenue)) else { return false };
    if a.profile.is_some() || a.roles[revenue].1 >= 0.99 {
        return false;
    }
    let (quantity, price) = (a.column(Role::Quantity), a.column(Role::Price));
    let grid = table.grid(0..table.rows.min(SAMPLE));
    let cell = |row: &Vec<Cow<'_, str>>, i: usize| row.get(i).map_or("", |c| c.trim()).to_owned();
    let value = |row: &Vec<Cow<'_, str>>, i: Option<usize>| i.and_then(|i| number::typed(&cell(row, i)));
    let (mut orders, mut repeated, mut once, mut lines, mut own, mut alike) = (0usize, 0usize, 0usize, 0usize, 0usize, 0usize);
    for group in grid.chunk_by(|x, y| cell(x, order) == cell(y, order)).filter(|g| g.len() > 1 && !cell(&g[0], order).is_empty()) {
        orders += 1;
        let first = cell(&group[0], revenue);
        // on the first line only, as what belongs to the order is often written
        let alone = !first.is_empty() && group[1..].iter().all(|row| number::is_blank(&cell(row, revenue)));
        once += usize::from(alone && group[1..].iter().all(|row| value(row, quantity).is_some()));
        if first.is_empty() || group.iter().any(|row| cell(row, revenue) != first) {
            continue;
        }
        repeated += 1;
        let worth: Vec<_> = group.iter().map(|row| value(row, quantity).zip(value(row, price)).map(|(q, p)| q * p)).collect();
        alike += usize::from(worth.windows(2).all(|w| w[0] == w[1]));
        for (row, worth) in group.iter().zip(worth) {
            lines += 1;
            own += usize::from(worth.zip(value(row, Some(revenue))).is_some_and(|(w, r)| (w - r).abs() <= 0.02 * w.abs()));
        }
    }
    let on_first = once > 0 && once * 10 >= orders * 9;
    // one order tells where its lines differ and none of them took what stands there
    let telling = orders >= 2 || price.is_some() && quantity.is_some() && alike == 0 && own == 0;
    if !on_first && (orders == 0 || !telling || repeated * 10 < orders * 9 || own * 2 > lines) {
        return shipped_with(table, a, &grid) || above_lines(table, a, &grid);
    }
    if on_first {
        let name = &table.columns[revenue].name;
        let message = format!("{name:?} stands on the first line of an order only: it is spread over all its lines");
        // a total with its shipping is more than the lines took
        let shipped = price.is_some() && grand_total(name);
        a.set(revenue, if shipped { Role::Ignore } else { Role::OrderTotal }, 1.0);
        if shipped {
            return true;
        }
        let d = Diagnostic::info("order-total-spread", message).file(&table.file).column(revenue as u32 + 1);
        a.notes.push(d.fix(format!("say --map \"{name}=revenue\" if it is the line's own money")));
        return false;
    }
    let name = &table.columns[revenue].name;
    let (role, what) = match price {
        Some(_) => (Role::Ignore, "price times quantity is taken instead"),
        None => (Role::OrderTotal, "it is spread over them"),
    };
    a.set(revenue, role, 1.0);
    a.notes.push(
        Diagnostic::info("order-total-repeated", format!("{name:?} repeats the total of an order on each of its lines: {what}"))
            .file(&table.file)
            .column(revenue as u32 + 1)
            .fix(format!("say --map \"{name}=revenue\" if it is the line's own money")),
    );
    price.is_some()
}

/// What is measured: units, or money where there are no units.
pub(super) fn amounts(table: &Table, a: &mut Assigned) {
    let by_hand = |a: &Assigned, role| a.column(role).is_some_and(|i| a.roles[i].1 == 1.0);
    if let Some(i) = a.column(Role::Quantity) {
        let p = &a.profiles[i];
        // a bare `y` of amounts in cents is money
        if names::compact(&table.columns[i].name) == "y" && !by_hand(a, Role::Quantity) && p.whole < 0.5 && p.cents && p.median >= 20.0 {
            a.value = true;
            say_value(table, a, i, "its values are amounts in cents");
        }
        return;
    }
    if !a.periods.is_empty() || a.profile.as_ref().is_some_and(|p| p.unit_rows) {
        return;
    }
    if !by_hand(a, Role::Revenue) {
        let sales = (0..table.columns.len()).find(|i| {
            (a.free(*i) || a.roles[*i].0 == Role::Revenue) && names::is_sales(&table.columns[*i].name) && a.profiles[*i].numeric >= 0.8
        });
        if let Some(i) = sales {
            let p = &a.profiles[i];
            let why = if p.whole < 0.95 && p.cents {
                Some("its values are amounts in cents")
            } else if p.money > 0.5 {
                Some("its values are written as money")
            } else if p.median >= 1000.0 && a.column(Role::Price).is_none() {
                Some("its values are in the thousands and there is no price beside them")
            } else {
                None
            };
            if let Some(why) = why {
                a.set(i, Role::Revenue, 0.8);
                a.value = true;
                say_value(table, a, i, why);
            } else {
                a.set(i, Role::Quantity, 0.8);
                a.notes.push(
                    Diagnostic::info("units-assumed", format!("{:?} was taken for units sold", table.columns[i].name))
                        .file(&table.file)
                        .column(i as u32 + 1)
                        .fix("say --map COLUMN=revenue if it is money"),
                );
            }
            return;
        }
    }
    if a.column(Role::Revenue).is_none()
        && a.column(Role::Price).is_none()
        && let Some(i) =
            (0..table.columns.len()).find(|i| a.free(*i) && a.profiles[*i].numeric >= 0.9 && is_currency(&table.columns[*i].name))
    {
        a.set(i, Role::Revenue, 0.8);
    }
    if let Some(i) = a.column(Role::Revenue) {
        a.value = true;
        say_value(table, a, i, "the file has no quantity");
        return;
    }
    if a.column(Role::Date).is_none() {
        return; // a list of items or stock; its numbers are no sales
    }
    // by content: the whole numbers that are no key, no date and no money
    let candidates: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && a.profiles[*i].numeric >= 0.9 && a.profiles[*i].dates < 0.5 && a.profiles[*i].money < 0.5)
        // a name that speaks of money counts nothing
        .filter(|i| !speaks_of_money(&table.columns[*i].name) && !names::counts_no_sales(&table.columns[*i].name))
        .filter(|i| {
            !names::is_personal(&table.columns[*i].name)
                && !is_number_of(&table.columns[*i].name)
                && table.header_line.is_none_or(|_| !names::in_list(&table.columns[*i].name, "id index row nr no"))
        })
        .collect();
    if let (Some(&i), true) = (candidates.first(), candidates.len() == 1 || table.header_line.is_none()) {
        a.set(i, Role::Quantity, 0.4);
        a.notes.push(
            Diagnostic::warning(
                "quantity-by-content",
                format!("{:?} was taken for the quantity, since it holds numbers", table.columns[i].name),
            )
            .file(&table.file)
            .column(i as u32 + 1)
            .fix("name another with --map COLUMN=quantity"),
        );
    }
}

/// A name that counts money or measures something, never units.
pub(super) fn speaks_of_money(name: &str) -> bool {
    names::words(name).iter().any(|w| MONEY.contains(&w.as_str()))
}

/// A column of money that is called no more than its currency.
fn is_currency(name: &str) -> bool {
    const CODES: &str = "eur euro usd gbp chf pln czk sek nok dkk huf ron cad aud nzd brl mxn inr zar jpy krw cny hkd sgd myr thb idr aed";
    ["€", "$", "£", "¥", "zł", "Kč"].contains(&name.trim()) || names::in_list(name, CODES)
}

/// Says that a column is money, and asks where it might count units.
fn say_value(table: &Table, a: &mut Assigned, i: usize, why: &str) {
    let name = &table.columns[i].name;
    let message = format!("{name:?} was taken for money, since {why}: it can be forecast but not ordered");
    let answer = |role: Role, text: &str| Answer { value: role.name().to_owned(), text: text.to_owned() };
    let question = Question {
        ask: Ask::Measure,
        code: "money-not-units",
        file: table.file.clone(),
        column: Some(i as u32 + 1),
        name: Some(name.clone()),
        text: format!("Is {name:?} money or units?"),
        answers: vec![answer(Role::Revenue, "Money"), answer(Role::Quantity, "Units")],
        assumed: Some(Role::Revenue.name().to_owned()),
        must: false,
    };
    let said = question.said(message, format!("say --map \"{name}=quantity\" if it counts units"), true);
    // a column that calls itself money is no guess
    let sure = a.profile.is_some() && a.roles[i].1 >= 0.99;
    a.notes.push(if sure { Diagnostic { severity: Severity::Info, ..said } } else { said });
    a.questions.push(question);
}

/// A price that grows with the quantity is that of the whole line. True where it was one.
pub(super) fn line_prices(table: &Table, a: &mut Assigned) -> bool {
    let taken = [Role::Revenue, Role::OrderTotal, Role::Discount].iter().any(|r| a.column(*r).is_some());
    let key = a.column(Role::Item).or_else(|| a.column(Role::Description));
    let (Some(quantity), Some(price), Some(key), false, true) =
        (a.column(Role::Quantity), a.column(Role::Price), key, taken, a.profile.is_none())
    else {
        return false;
    };
    if a.roles[price].1 >= 1.0 {
        return false;
    }
    let grid = table.grid((0..table.rows).step_by((table.rows / SAMPLE).max(1)));
    let mut first: std::collections::HashMap<&str, (f64, f64)> = std::collections::HashMap::new();
    let (mut grows, mut stays) = (0usize, 0usize);
    for row in &grid {
        let value = |i: usize| row.get(i).and_then(|c| number::typed(c)).map(f64::abs).filter(|v| *v > 0.0);
        let (Some(q), Some(p), Some(item)) = (value(quantity), value(price), row.get(key)) else { continue };
        let (q0, p0) = *first.entry(item.trim()).or_insert((q, p));
        if q0 != q {
            grows += usize::from((p / q - p0 / q0).abs() <= 0.006 * (p0 / q0));
            stays += usize::from((p - p0).abs() <= 0.006 * p0);
        }
    }
    if grows == 0 || grows < 4 * stays.max(1) && stays > 0 {
        return false;
    }
    let name = &table.columns[price].name;
    a.set(price, Role::Revenue, 0.8);
    a.notes.push(
        Diagnostic::info("price-of-line", format!("{name:?} grows with the quantity and was taken for the money of the line"))
            .file(&table.file)
            .column(price as u32 + 1)
            .fix(format!("say --map \"{name}=price\" if it is the price of one")),
    );
    true
}

/// The name of what a whole order came to, shipping and taxes with it.
fn grand_total(name: &str) -> bool {
    let words = names::words(name);
    let has = |set: &[&str]| words.iter().any(|w| set.contains(&w.as_str()));
    has(&["total", "gesamt", "gesamtbetrag", "totale", "totaal"]) && !has(&["sub", "subtotal", "net", "netto", "items", "line", "products"])
}

/// A column of sales beside one of units is money. True where one was found.
pub(super) fn beside_units(table: &Table, a: &mut Assigned) -> bool {
    if a.column(Role::Quantity).is_none()
        || a.column(Role::Revenue).is_some()
        || a.column(Role::OrderTotal).is_some()
        || a.profile.is_some()
    {
        return false;
    }
    const MONEY: &str = "sales totalsales sale venda vendas venta ventas vente ventes vendita vendite verkauf verkaufe verkaeufe verkoop weeklysales \
        dailysales monthlysales";
    let found = (0..table.columns.len()).find(|i| {
        let p = &a.profiles[*i];
        a.free(*i) && names::in_list(&table.columns[*i].name, MONEY) && p.filled > 0 && p.numeric >= 0.8
    });
    if let Some(i) = found {
        a.set(i, Role::Revenue, 0.8);
    }
    found.is_some()
}

/// Words of names whose numbers are money, whatever stands beside them.
const MONEY: [&str; 13] = ["price", "preis", "prix", "precio", "preco", "prezzo", "prijs", "pris", "cena", "cost", "fee", "tax", "amount"];

/// Names of a discount in money that may be of a line or of its order.
const OFF: &str = "discount discounts discountamount totaldiscount discounttotal discountvalue rabatt rabattbetrag nachlass remise descuento desconto sconto korting \
    reduction";

/// A discount beside the money of a line: taken off where that is price times quantity before it, which the rows tell. Where they tell of
/// another column that is this money less the discount, that is the one.
pub(super) fn discounts(table: &Table, a: &mut Assigned) {
    let Some(quantity) = a.column(Role::Quantity) else { return };
    if a.profile.is_some() || a.column(Role::Discount).is_some() || !a.periods.is_empty() {
        return;
    }
    let off = (0..table.columns.len())
        .find(|i| a.free(*i) && names::in_list(&table.columns[*i].name, OFF) && a.profiles[*i].filled > 0 && a.profiles[*i].numeric >= 0.8);
    let (Some(off), revenue, price) = (off, a.column(Role::Revenue), a.column(Role::Price)) else { return };
    if revenue.is_some_and(|i| a.roles[i].1 >= 0.99) {
        return;
    }
    let grid = table.grid((0..table.rows).step_by((table.rows / SAMPLE).max(1)));
    let value = |row: &Vec<Cow<'_, str>>, i: usize| row.get(i).and_then(|c| number::typed(c));
    let near = |a: f64, b: f64| (a - b).abs() <= 0.011 + 1e-6 * a.abs();
    let rows: Vec<_> = grid.iter().filter(|row| !row.get(off).is_some_and(|c| c.contains('%'))).collect();
    let discounted: Vec<_> = rows.iter().filter(|row| value(row, off).is_some_and(|d| d != 0.0)).collect();
    if discounted.is_empty() {
        return;
    }
    let all = |test: &dyn Fn(&Vec<Cow<'_, str>>) -> Option<bool>| {
        let told: Vec<bool> = discounted.iter().filter_map(|row| test(row)).collect();
        !told.is_empty() && told.iter().filter(|t| **t).count() * 20 >= told.len() * 19
    };
    // the money before, then another column with what is left
    if let Some(before) = revenue {
        let left = |t: usize| all(&|row| Some(near(value(row, before)? - value(row, off)?.abs(), value(row, t)?)));
        let after = (0..table.columns.len()).find(|t| {
            let money = names::roles_of(&table.columns[*t].name).iter().any(|r| r.0 == Role::Revenue);
            *t != before && *t != off && a.free(*t) && money && left(*t)
        });
        if let Some(after) = after {
            a.set(before, Role::Ignore, 1.0);
            a.set(after, Role::Revenue, 0.9);
            return;
        }
    }
    let gross = |row: &Vec<Cow<'_, str>>| Some(value(row, quantity)? * value(row, price?)?);
    if let Some(r) = revenue
        && all(&|row| Some(near(gross(row)?.abs(), value(row, r)?.abs())))
    {
        a.set(off, Role::Discount, 0.8);
        let message = format!("{:?} is before {:?}, which was taken off", table.columns[r].name, table.columns[off].name);
        let d = Diagnostic::info("discount-taken-off", message).file(&table.file).column(off as u32 + 1);
        a.notes.push(d.fix(format!("say --map \"{}=ignore\" if it was not given", table.columns[off].name)));
    }
    if revenue.is_none() && price.is_some() {
        // a column of what is left, whatever it is called
        let left = |t: usize| all(&|row| Some(near(gross(row)?.abs() - value(row, off)?.abs(), value(row, t)?.abs())));
        if let Some(t) = (0..table.columns.len()).find(|t| *t != off && a.free(*t) && a.profiles[*t].numeric >= 0.8 && left(*t)) {
            a.set(t, Role::Revenue, 0.8);
            return;
        }
        let name = &table.columns[off].name;
        let message = format!("{name:?} was not taken off: nothing tells whether it is of a line or of its whole order");
        let d = Diagnostic::warning("discount-unused", message).file(&table.file).column(off as u32 + 1);
        a.notes.push(d.fix(format!("say --map \"{name}=discount\" if it is the line's, or export what each line came to")));
    }
}
