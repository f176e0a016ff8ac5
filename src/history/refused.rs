//! Files that are not sales over time, told by what is in them, each with what to do instead.

use super::names;
use super::options::{Kind, ReadOptions, Role};
use super::roles::{self, Assigned};
use super::table::Table;
use crate::base::Diagnostic;
use crate::base::text::plural;

/// A workbook's column of quantities in which nothing stands: formulas whose values were never worked out.
pub(super) fn blank_quantity(table: &Table) -> Option<Diagnostic> {
    let named = |name: &str| names::roles_of(name).first().is_some_and(|r| r.0 == Role::Quantity);
    let i = table
        .columns
        .iter()
        .position(|c| table.format == "xlsx" && named(&c.name) && (0..table.rows).all(|r| super::number::is_blank(&c.text(r))))?;
    let d = Diagnostic::error("quantity-blank", format!("{:?} is blank in every row", table.columns[i].name)).file(&table.file);
    Some(d.column(i as u32 + 1).fix(
        "open the workbook in a spreadsheet program and save it, so that formulas have values; or name another column with --map COLUMN=quantity",
    ))
}

/// Files that are not sales over time, by what is in them.
pub(super) fn refuse(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Result<(), Diagnostic> {
    let has = |role| assigned.column(role).is_some();
    let fail = |code, message: String, fix: String| Err(Diagnostic::error(code, message).file(&table.file).fix(fix));
    let columns = || {
        let shown: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).filter(|n| !names::is_personal(n)).take(30).collect();
        shown.join(", ")
    };
    if let Some(kind @ (Kind::Stock | Kind::Items | Kind::OnOrder)) = options.kind {
        return fail(
            "not-sales",
            format!("a file of {} is no sales history", kind.name()),
            "read it as a companion file of the scenario".into(),
        );
    }
    if let Some((profile, kind)) = assigned.other.as_ref().filter(|_| options.kind != Some(Kind::Sales)) {
        if kind == "unfit" {
            let says = super::profile::built_in().iter().find(|p| p.name == *profile).and_then(|p| p.says.as_deref()).unwrap_or_default();
            let (why, fix) = says.split_once("; ").unwrap_or((says, "export the lines of the orders"));
            return fail("other-export", format!("this is {profile}: {why}"), fix.to_owned());
        }
        let (code, what) = match kind.as_str() {
            "stock" => ("stock-list", "a list of stock"),
            "items" => ("item-list", "a list of items"),
            "on_order" => ("order-list", "a list of what is on its way"),
            _ => ("calendar-list", "a calendar of numbered days"),
        };
        let fix = match kind.as_str() {
            "calendar" => "give it together with the sales whose columns it dates".to_owned(),
            kind => format!("give it as the {} file, or say --kind sales", kind.replace('_', "-")),
        };
        return fail(code, format!("this is {what} ({profile}), not of sales"), fix);
    }
    let named_by = |role: Role| assigned.column(role).map_or_else(Vec::new, |i| names::words(&table.columns[i].name));
    let paid_out = ["payout", "payouts", "settlement", "auszahlung"];
    if assigned.profile.is_none()
        && options.kind != Some(Kind::Sales)
        && !has(Role::Item)
        && !has(Role::Description)
        && named_by(Role::Date).iter().any(|w| paid_out.contains(&w.as_str()))
    {
        return fail(
            "other-export",
            "this is a list of payouts: it has no items, and its days are those of the bank".into(),
            "export the orders or receipts with their lines".into(),
        );
    }
    if assigned.profile.is_none() && options.kind != Some(Kind::Sales) && purchases(table, assigned) {
        return fail(
            "purchases",
            "this looks like what was bought, not sold: it names suppliers and costs, and no price".into(),
            "export the sales (orders, invoices or receipts with their lines); or say --kind sales if they are sales".into(),
        );
    }
    let dated = has(Role::Date) || !assigned.periods.is_empty();
    let forced = options.kind == Some(Kind::Sales);
    let stock_words = |c: &str| {
        let w = names::words(c);
        ["inventory", "onhand", "available", "fulfillable", "bestand", "estoque"].iter().any(|s| w.iter().any(|x| x == s))
    };
    // a stock level by its own name, and a quantity only by a guess
    let guessed = |role| assigned.column(role).is_none_or(|i| assigned.roles[i].1 <= 0.7);
    let snapshot = has(Role::StockLevel) && guessed(Role::Quantity) && guessed(Role::Revenue) && assigned.periods.is_empty();
    let stocky = has(Role::StockLevel) || table.columns.iter().any(|c| stock_words(&c.name));
    // a profile knows sales that carry a stock column from a list of stock
    let known = assigned.profile.is_some();
    if (!dated && stocky && !has(Role::Revenue) || snapshot) && !forced && !known {
        return fail(
            "stock-list",
            "this looks like a list of stock, not of sales".into(),
            "give it as the stock file, or say --kind sales".into(),
        );
    }
    let named = has(Role::Item) || has(Role::Description) || has(Role::UniqueId) || has(Role::Location);
    let measured = has(Role::Quantity) || has(Role::Revenue) || (has(Role::Order) && has(Role::Item));
    let totals = !dated && (options.covers.is_some() && named && measured);
    if !dated && !totals {
        let step = table.columns.iter().enumerate().find(|(i, c)| {
            names::in_list(&c.name, names::STEPS) && assigned.profiles[*i].whole == 1.0 && assigned.profiles[*i].numeric > 0.9
        });
        if let Some((_, c)) = step {
            return fail(
                "dates-numbered",
                format!("{:?} holds step numbers, not dates", c.name),
                "replace them by dates (YYYY-MM-DD)".into(),
            );
        }
        let fiscal: Vec<&str> =
            table.columns.iter().map(|c| c.name.as_str()).filter(|n| super::header::is_fiscal_name(n)).take(3).collect();
        if let [first, _, ..] = fiscal.as_slice() {
            return fail(
                "periods-fiscal",
                format!("the columns {} … are periods of a business year: nobody can tell which months they are", fiscal.join(", ")),
                format!("write the month into the header, {first:?} as 2025-01 say, or export by calendar month"),
            );
        }
        if let Some(c) = table.columns.iter().find(|c| fiscal_rows(table, c)) {
            return fail(
                "periods-fiscal",
                format!("{:?} holds periods of a business year: nobody can tell which days they are of", c.name),
                "export with the date or the calendar month of each sale".into(),
            );
        }
        if (has(Role::Price) || has(Role::Description)) && !has(Role::Quantity) && !has(Role::Revenue) && !forced {
            return fail(
                "item-list",
                format!("this looks like a list of items, not of sales; columns: {}", columns()),
                "give it as the items file, or export sales with dates".into(),
            );
        }
        // a column that calls itself the date and holds none is what is wrong
        let called = table.columns.iter().any(|c| names::is_date(&c.name));
        if named && measured && !called {
            return fail(
                "period-needed",
                if has(Role::Order) {
                    format!("the file has {} without the day of the sale", plural(table.rows, "order line"))
                } else {
                    format!(
                        "the file has totals without dates ({} by item): nobody can tell which days they are of",
                        plural(table.rows, "row")
                    )
                },
                "say which days with --covers 2026-01-01..2026-01-31, or export it by day, week or month".into(),
            );
        }
        return fail(
            "no-date-column",
            format!("no column holds dates; columns: {}", columns()),
            "export with the date of each sale, or name the column with --map COLUMN=date".into(),
        );
    }
    let measured = measured || has(Role::OrderTotal) || !assigned.periods.is_empty() || !assigned.across.is_empty();
    let one_each = has(Role::Order) && (has(Role::Item) || has(Role::Description));
    // rows count as one each only where nothing else may be the quantity
    let unread = roles::may_count(table, assigned);
    let counted = [Role::Quantity, Role::Revenue, Role::OrderTotal].into_iter().any(has);
    let wide = !assigned.periods.is_empty() || !assigned.across.is_empty();
    if !counted
        && !wide
        && one_each
        && let [first, ..] = unread.as_slice()
    {
        return fail(
            "no-quantity-column",
            format!("no column is known to hold quantities; those with whole numbers: {}", unread.join(", ")),
            format!("name it with --map \"{first}=quantity\"; if every row is one unit, say --map \"{first}=ignore\""),
        );
    }
    // a column that calls itself the quantity and cannot be read is what is wrong
    let called = table.columns.iter().enumerate().find(|(i, c)| {
        let best = names::roles_of(&c.name).first().copied();
        best.is_some_and(|(role, rank)| role == Role::Quantity && rank < 1000) && assigned.free(*i) && assigned.profiles[*i].filled > 0
    });
    if !counted
        && !wide
        && let Some((_, c)) = called
    {
        return fail(
            "quantity-unreadable",
            format!("most cells of {:?} cannot be read as numbers", c.name),
            format!("write plain numbers; if every row is one unit, say --map \"{}=ignore\"", c.name),
        );
    }
    if let Some(d) = blank_quantity(table).filter(|_| !measured && !one_each) {
        return Err(d);
    }
    if !measured && !one_each {
        return fail(
            "no-quantity-column",
            format!("no column holds quantities or amounts; columns: {}", columns()),
            "name the column with --map COLUMN=quantity".into(),
        );
    }
    Ok(())
}

/// A column of numbered periods of a business year: `P01`, `Period 3`, or bare numbers under such a name.
fn fiscal_rows(table: &Table, column: &super::table::Column) -> bool {
    const NAMES: &str = "fiscalperiod accountingperiod postingperiod financialperiod period periode periodo buchungsperiode fiscalweek fiscalmonth \
        geschaftsperiode fiscalperiodno periodno periodnumber";
    if !names::in_list(&column.name, NAMES) {
        return false;
    }
    let cells: Vec<_> =
        (0..table.rows.min(500)).map(|r| column.text(r).trim().to_owned()).filter(|t| !super::number::is_blank(t)).collect();
    let numbered = |t: &String| super::header::is_fiscal_name(t) || t.parse::<u32>().is_ok_and(|n| (1..=53).contains(&n));
    !cells.is_empty() && cells.iter().filter(|t| numbered(t)).count() * 10 >= cells.len() * 9
}

/// Receipts of goods: a supplier and what the goods cost, no price, and a quantity that does not call itself sold.
fn purchases(table: &Table, assigned: &Assigned) -> bool {
    const SUPPLIERS: &str = "vendor vendorname supplier suppliername lieferant proveedor fornecedor fournisseur fornitore leverancier dostawca dodavatel leverantor \
        leverandor toimittaja szallito furnizor tedarikci поставщик";
    const COSTS: &str = "cost unitcost purchaseprice buyingprice costprice totalcost einkaufspreis ekpreis ek kosten coste costo custo cout prixachat prixdachat \
        inkoopprijs prezzodiacquisto";
    let named = |list: &str| table.columns.iter().any(|c| names::in_list(&c.name, list));
    let has = |role| assigned.column(role).is_some();
    let sold = |i: usize| {
        let words = names::words(&table.columns[i].name);
        ["sold", "sales", "sale", "verkauft", "verkaufte", "vendue", "vendida", "venduta", "verkocht"]
            .iter()
            .any(|w| words.iter().any(|x| x == w))
    };
    named(SUPPLIERS)
        && named(COSTS)
        && assigned.column(Role::Quantity).is_some_and(|i| !sold(i))
        && !has(Role::Price)
        && !has(Role::Revenue)
        && !has(Role::OrderTotal)
        && !has(Role::StockLevel)
        && !has(Role::Status)
}
