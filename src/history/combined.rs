//! Several files of rows to one history: what names each series, one calendar for all, what each file was understood as.

use super::gather::Gathered;
use super::keyring::Keyring;
use super::model::{History, Measured};
use super::options::{ReadOptions, Role};
use super::overlap;
use super::preview::{self, Preview};
use super::recognised::{Recognised, RecognisedColumn};
use super::regular::{self, Chosen, Plan};
use super::rows::{self, Has, Reason};
use super::sales::{File, Import};
use super::values::NONE;
use crate::base::text::plural;
use crate::base::{Diagnostic, Period, Severity};
use std::collections::BTreeSet;

pub(super) fn combine(
    mut files: Vec<File>,
    options: &ReadOptions,
    shown: usize,
    notes: &mut Vec<Diagnostic>,
) -> Result<(Import, Vec<Preview>), Vec<Diagnostic>> {
    overlap::reconcile(&mut files, notes);
    // what orders were for is done
    files.iter_mut().for_each(|f| f.rows.order = super::values::Codes::default());
    let transactions = files.iter().any(|f| f.transactions);
    let value = files.iter().any(|f| f.assigned.value);
    if value && files.iter().any(|f| !f.assigned.value) {
        let which: Vec<&str> = files.iter().filter(|f| f.assigned.value).map(|f| f.table.file.as_str()).collect();
        return Err(vec![
            Diagnostic::error("units-and-money", format!("some files count units and others money ({})", which.join(", ")))
                .fix("read them apart, or map the quantity with --map COLUMN=quantity"),
        ]);
    }
    let mut keys = Keyring::default();
    let single = files.iter().flat_map(|f| f.rows.location.values.iter()).collect::<BTreeSet<_>>().len() < 2;
    let mut has = Has::default();
    let mut key_of: Vec<Vec<u32>> = Vec::with_capacity(files.len());
    let (mut used, mut free, mut below) = (0usize, 0usize, 0usize);
    for file in &mut files {
        let h = file.rows.has;
        (has.revenue, has.price, has.in_stock, has.stock, has.promo) =
            (has.revenue | h.revenue, has.price | h.price, has.in_stock | h.in_stock, has.stock | h.stock, has.promo | h.promo);
        keys.start_file(&file.rows);
        let mut mine = vec![NONE; file.rows.reason.len()];
        for (i, key) in mine.iter_mut().enumerate() {
            if file.rows.reason[i] != Reason::Used {
                continue;
            }
            let units = file.rows.units.get(i);
            if units.is_nan() && transactions {
                file.rows.reason[i] = Reason::BadQuantity;
                continue;
            }
            *key = keys.of(&file.rows, &file.assigned, i, single);
            used += 1;
            below += usize::from(units < 0.0 && !file.rows.refund[i]);
            free += usize::from(units > 0.0 && !file.rows.refund[i] && file.rows.price.get(i) == 0.0);
        }
        key_of.push(mine);
    }
    if used == 0 {
        let mut said: Vec<Diagnostic> =
            files.iter().flat_map(|f| f.rows.notes.iter().cloned().chain(rows::set_aside(&f.table, &f.rows, 0).1)).collect();
        said.push(
            Diagnostic::error("no-usable-rows", "no row has a date, an item and a quantity that can be read")
                .file(&files[0].table.file)
                .fix("correct the columns named above, or map them with --map COLUMN=ROLE"),
        );
        return Err(said);
    }
    if transactions && !value && below * 10 >= used * 6 {
        let message = format!(
            "{} of {} have a quantity below zero: this is no list of sales but one of returns or of movements of stock",
            below,
            plural(used, "row")
        );
        let fix =
            "export the sales (orders, invoices or receipts with their lines); or turn the signs, if what leaves the shop is below zero";
        return Err(vec![Diagnostic::error("mostly-below-zero", message).file(&files[0].table.file).fix(fix)]);
    }
    zero_prices(&files, free, used, has, transactions, notes);
    let totals = files.first().and_then(|f| f.rows.native).filter(|n| files.iter().all(|f| f.rows.native == Some(*n)));
    let rows = Gathered::new(files.iter().map(|f| &f.rows).collect(), key_of, keys.keys.len(), transactions);
    let (chosen, native) = choose(&rows, transactions, totals, options)?;
    let plan = Plan { chosen: chosen.clone(), transactions, native, value, has, totals: totals.is_some(), as_of: options.as_of };
    let built = regular::build(&rows, &keys.keys, &plan)?;
    let outside: Vec<(usize, usize)> = built.outside.iter().map(|r| rows.place(*r)).collect();
    drop(rows);
    for (f, row) in outside {
        files[f].rows.reason[row] = Reason::OutsideCalendar;
    }
    keys.say(notes);
    let mut diagnostics = std::mem::take(notes);
    let (mut recognised, mut previews, mut questions, mut lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (f, mut file) in files.into_iter().enumerate() {
        questions.append(&mut file.assigned.questions);
        questions.append(&mut file.rows.questions);
        let (aside, said, mut every) = rows::set_aside(&file.table, &file.rows, f as u32);
        lines.append(&mut every);
        if shown > 0 {
            previews.push(preview::of(&file.table, &file.assigned, &file.rows, shown));
        }
        recognised.push(describe(&file, aside, &chosen, transactions));
        diagnostics.extend(file.table.notes.into_iter().chain(file.assigned.notes).chain(file.rows.notes).chain(said));
    }
    diagnostics.push(
        Diagnostic::info("period-chosen", format!("series by {}: {}", chosen.period, chosen.reason)).fix("choose another with --period"),
    );
    diagnostics.extend(built.notes);
    let returns: f64 = built.series.iter().filter_map(|s| s.returned.as_ref()).flatten().sum();
    if returns > 0.0 {
        diagnostics.push(Diagnostic::info(
            "returns",
            format!("{} came back; demand was met, so returns are kept apart and not subtracted", plural(returns.round() as usize, "unit")),
        ));
    }
    let signed = built.series.iter().filter(|s| !value && s.y.iter().any(|y| *y < 0.0)).count();
    if signed > 0 {
        let message = format!(
            "{signed} series are below zero in more than a tenth of their periods; they were kept as they are and not taken for returns"
        );
        diagnostics.push(Diagnostic::info("values-below-zero", message));
    }
    debug_assert!(diagnostics.iter().all(|d| d.severity != Severity::Error));
    let measured = if value { Measured::Value } else { Measured::Units };
    let history = History { period: chosen.period, measured, series: built.series };
    Ok((Import { history, recognised, diagnostics, transactions, questions, aside: lines }, previews))
}

/// Sales at no price are kept, and said.
fn zero_prices(files: &[File], free: usize, used: usize, has: Has, transactions: bool, notes: &mut Vec<Diagnostic>) {
    if transactions && has.price && free > 0 && free * 2 < used {
        let line = files.iter().find_map(|f| {
            let i = (0..f.rows.price.len())
                .find(|i| f.rows.reason[*i] == Reason::Used && f.rows.price.get(*i) == 0.0 && f.rows.units.get(*i) > 0.0)?;
            Some((f.table.file.clone(), f.table.line(f.rows.row(i))))
        });
        let d = Diagnostic::info(
            "zero-price",
            format!("{} sold at price zero; they count as demand, since the stock left", plural(free, "row")),
        );
        notes.push(if let Some((file, line)) = line { d.file(file).line(line) } else { d });
    }
}

/// The calendar: the user's, the file's own, or the finest dense enough.
fn choose(
    rows: &Gathered<'_>,
    transactions: bool,
    totals: Option<Period>,
    options: &ReadOptions,
) -> Result<(Chosen, Option<Period>), Vec<Diagnostic>> {
    let own = match totals {
        Some(period) => Chosen { period, reason: format!("totals of a {period} each"), standard: false },
        None if transactions => regular::dense_enough(rows),
        None => regular::native(rows),
    };
    let Some(wanted) = options.period.filter(|p| *p != own.period) else { return Ok((own, None)) };
    let asked = Chosen { period: wanted, reason: format!("as asked for; by itself it would be {}", own.period), standard: true };
    if transactions {
        return Ok((asked, None));
    }
    if wanted < own.period {
        return Err(vec![
            Diagnostic::error(
                "period-too-short",
                format!("the file has one row per {}, which cannot be divided into {}s", own.period, wanted),
            )
            .fix(format!("choose --period {} or longer", own.period)),
        ]);
    }
    Ok((asked, Some(own.period)))
}

pub(super) fn describe(file: &File, set_aside: Vec<super::SetAside>, chosen: &Chosen, transactions: bool) -> Recognised {
    let (t, a) = (&file.table, &file.assigned);
    let seen = super::look::samples(t);
    let columns = t.columns.iter().enumerate().map(|(i, column)| {
        let (role, confidence) = a.roles[i];
        let role =
            if a.periods.contains(&i) || a.across.contains(&i) { if a.value { Role::Revenue } else { Role::Quantity } } else { role };
        let samples = seen.get(i).filter(|_| a.may_show(i, &column.name)).cloned().unwrap_or_default();
        RecognisedColumn {
            index: i as u32 + 1,
            name: column.name.clone(),
            role,
            confidence: if a.periods.contains(&i) || a.across.contains(&i) { 0.9 } else { confidence.min(1.0) },
            samples,
        }
    });
    let used = {
        let (mut count, mut last) = (0, usize::MAX);
        for i in (0..file.rows.reason.len()).filter(|i| file.rows.reason[*i] == Reason::Used) {
            count += usize::from(file.rows.row(i) != last);
            last = file.rows.row(i);
        }
        count
    };
    Recognised {
        file: t.file.clone(),
        format: t.format,
        encoding: t.encoding.clone(),
        delimiter: t.delimiter,
        quote: t.quote,
        sheet: t.sheet.clone(),
        other_sheets: t.other_sheets.clone(),
        decimal: file.rows.decimal,
        date_order: file.rows.date_order.map(super::DateOrder::name),
        header_line: t.header_line,
        profile: a.profile.as_ref().map(|p| crate::base::name::lasting(&p.name)),
        wide: !a.periods.is_empty(),
        transactions,
        columns: columns.collect(),
        rows_read: t.rows,
        rows_used: used,
        set_aside,
        period: Some(chosen.period),
        period_reason: chosen.reason.clone(),
        currency: file.rows.currency.clone(),
    }
}
