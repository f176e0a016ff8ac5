//! Where the header of a table stands, or that there is none: title rows, blank frames and notes above it are skipped.

use super::options::Role;
use super::{date, names, number};

/// The first rows of a table, and where its header and data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Row of the header in the sample.
    pub header: Option<usize>,
    /// First data row.
    pub data: usize,
}

/// Finds the header in the first rows (cells as text, ragged).
pub(super) fn find(rows: &[Vec<String>]) -> Found {
    let filled = |r: &[String]| r.iter().filter(|c| !number::is_blank(c)).count();
    let widest = rows.iter().take(50).map(|r| filled(r)).max().unwrap_or(0);
    let is_value = |c: &str| number::mark(c).is_some() || date::shape(c).is_some();
    // months as `01.25` look like numbers
    if let Some(h) = rows.iter().take(30).position(|r| short_months(r).is_some()) {
        return Found { header: Some(h), data: h + 1 };
    }
    // a row whose names are known, wherever it stands in the first fifty
    let known = |r: &[String]| r.iter().filter(|c| names::is_known(c)).count();
    let looks_like_header = |r: &[String]| {
        let n = filled(r);
        let values = r.iter().filter(|c| !number::is_blank(c) && is_value(c));
        let (periods, others): (Vec<_>, Vec<_>) = values.partition(|c| is_period_name(c));
        // several dates head the columns of a wide table; a single one is a cell
        let values = others.len() + if periods.len() < 2 { periods.len() } else { 0 };
        n > 0 && values * 4 <= n
    };
    // no header stands below a full row of values
    let is_data = |r: &[String]| filled(r) * 4 >= widest.max(2) * 3 && !looks_like_header(r);
    let above = &rows[..rows.iter().take(50).position(|r| is_data(r)).unwrap_or(rows.len().min(50))];
    let by_name = above.iter().position(|r| known(r) >= 2 && known(r) * 5 >= filled(r) && filled(r) * 2 >= widest);
    let by_name = by_name.or_else(|| above.iter().position(|r| known(r) >= 1 && filled(r) * 4 >= widest * 3));
    if let Some(h) = by_name {
        return Found { header: Some(h), data: h + 1 };
    }
    // otherwise the first full row that holds text where the rows below it hold values
    for (i, row) in rows.iter().enumerate().take(30) {
        if filled(row) * 2 < widest.max(2) {
            continue;
        }
        let below = &rows[i + 1..rows.len().min(i + 40)];
        let value_below = |c: usize| {
            let cells: Vec<&str> = below.iter().filter_map(|r| r.get(c)).map(String::as_str).filter(|t| !number::is_blank(t)).collect();
            !cells.is_empty() && cells.iter().filter(|t| is_value(t)).count() * 10 >= cells.len() * 8
        };
        let contrast = row.iter().enumerate().any(|(c, t)| !number::is_blank(t) && !is_value(t) && value_below(c));
        // periods above numbers, whatever the rows are called
        let periods = (0..row.len()).filter(|c| is_period_name(&row[*c]) && value_below(*c)).count();
        if looks_like_header(row) && (contrast || periods >= 2 || below.is_empty()) {
            return Found { header: Some(i), data: i + 1 };
        }
        if row.iter().any(|t| is_value(t)) {
            return Found { header: None, data: i };
        }
    }
    // all text: the first full row names the columns
    let first = rows.iter().position(|r| filled(r) * 2 >= widest.max(2)).unwrap_or(0);
    Found { header: Some(first), data: first + 1 }
}

/// A header of two rows, groups (often merged cells) above names, becomes one: where the lower says nothing the upper names the column, and names that
/// repeat below groups are told apart by them; whether it was so. Rows are those of the beginning, cells as text, ragged.
pub(super) fn fold(rows: &mut [Vec<String>]) -> bool {
    let Some(h) = find(rows).header else { return false };
    let is_value = |c: &str| number::mark(c).is_some() || date::shape(c).is_some();
    let cell = |r: &[String], c: usize| r.get(c).map(|t| t.trim().to_owned()).filter(|t| !number::is_blank(t)).unwrap_or_default();
    let (Some(upper), Some(lower), Some(data)) = (rows.get(h), rows.get(h + 1), rows.get(h + 2)) else { return false };
    let width = upper.len().max(lower.len());
    let pairs: Vec<(String, String)> = (0..width).map(|c| (cell(upper, c), cell(lower, c))).collect();
    let below: Vec<&str> = pairs.iter().map(|p| p.1.as_str()).filter(|t| !t.is_empty()).collect();
    let known = below.iter().filter(|t| names::is_known(t)).count();
    let names_alone = below.len() >= 2 && known * 2 >= below.len() && known >= 2 && !below.iter().any(|t| is_value(t) || is_period_name(t));
    // the lower row names what the upper one leaves open, and values follow
    let opens = pairs.iter().any(|(up, low)| up.is_empty() && !low.is_empty());
    let values = data.iter().any(|c| is_value(c)) && !pairs.iter().any(|(up, _)| is_value(up) || is_period_name(up));
    if !names_alone || !opens || !values || date::month_alone(below[0]).is_some() {
        return false;
    }
    let repeated = |t: &str| below.iter().filter(|b| **b == t).count() > 1;
    let mut group = String::new();
    let named: Vec<String> = pairs
        .iter()
        .map(|(up, low)| {
            if !up.is_empty() {
                group.clone_from(up);
            }
            match (low.is_empty(), repeated(low)) {
                (true, _) => up.clone(),
                (_, true) if !group.is_empty() => format!("{group} {low}"),
                _ => low.clone(),
            }
        })
        .collect();
    rows[h] = Vec::new();
    rows[h + 1] = named;
    true
}

/// The name of a period column in a wide table: a date, `d_17`, `week 3`, `2024`.
pub(super) fn is_period_name(name: &str) -> bool {
    period_number(name).is_some()
        || date::shape(name).is_some()
        || (name.len() == 4 && name.parse::<u32>().is_ok_and(|y| (1950..2100).contains(&y)))
}

/// A period of a business year that may begin in any month: `P3 FY25`, `FY2025-P03`, `Period 3`.
pub(super) fn is_fiscal_name(name: &str) -> bool {
    let t = names::compact(name);
    let number = |t: &str, most: usize| !t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    let period = |t: &str| ["period", "periode", "p"].iter().any(|w| t.strip_prefix(w).is_some_and(|n| number(n, 2)));
    let year = |t: &str| t.is_empty() || t.strip_prefix("fy").is_some_and(|n| number(n, 4)) || number(t, 4) && t.len() == 4;
    t.char_indices().map(|(i, _)| t.split_at(i)).any(|(a, b)| period(a) && year(b) || year(a) && period(b)) || period(&t)
}

/// The number in `d_17`, `week 3`, `W03`, `M12`, `day17`, `t5`.
pub(super) fn period_number(name: &str) -> Option<(char, u32)> {
    let t = names::compact(name);
    let at = t.find(|c: char| c.is_ascii_digit())?;
    let (word, digits) = t.split_at(at);
    let unit = match word {
        "d" | "day" | "tag" | "dia" | "jour" => 'd',
        "w" | "wk" | "week" | "kw" | "woche" | "semana" | "semaine" => 'w',
        "m" | "month" | "monat" | "mes" | "mois" => 'm',
        _ => return None,
    };
    digits.parse().ok().filter(|n| *n < 100_000).map(|n| (unit, n))
}

/// Three months or more written as `01.25` or `1/25`, one after the other: the column of each and the month as `2025-01`.
fn short_months(row: &[String]) -> Option<Vec<(usize, String)>> {
    let month = |cell: &str| -> Option<u32> {
        let (m, y) = cell.trim().split_once(['.', '/', '-'])?;
        let number =
            |t: &str, most: usize| t.parse::<u32>().ok().filter(|_| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()));
        let (m, y) = (number(m, 2)?, number(y, 2).filter(|_| y.len() == 2)?);
        ((1..=12).contains(&m) && (10..=69).contains(&y)).then_some((2000 + y) * 12 + m - 1)
    };
    let found: Vec<(usize, u32)> = row.iter().enumerate().filter_map(|(i, c)| Some((i, month(c)?))).collect();
    let following = found.windows(2).all(|w| w[1].1 == w[0].1 + 1 && w[1].0 > w[0].0);
    (found.len() >= 3 && following).then(|| found.into_iter().map(|(i, m)| (i, format!("{}-{:02}", m / 12, m % 12 + 1))).collect())
}

/// Names of periods with what is measured in them, `Jan 2025 Units` beside `Jan 2025 Sales`: the columns of units take the bare period for a name, the
/// others begin with theirs. Untouched unless three periods or more have units.
pub(super) fn with_measures(mut names: Vec<String>) -> Vec<String> {
    // the period, the words for what is measured, and whether that is units
    let parts = |name: &str| -> Option<(String, String, bool)> {
        let words: Vec<&str> = name.split([' ', '_', '(', ')', ':']).filter(|w| !w.is_empty()).collect();
        // one or two words of it, in front or behind
        [1usize, 2].into_iter().filter(|k| *k < words.len()).find_map(|k| {
            let (front, behind) = (words.split_at(k), words.split_at(words.len() - k));
            [(behind.1, behind.0), (front.0, front.1)].into_iter().find_map(|(measure, period)| {
                let measure = measure.join(" ");
                let role = names::roles_of(&measure).first()?.0;
                let period = period.join(" ").trim_end_matches(['-', '–']).trim().to_owned();
                is_period_name(&period).then_some((period, measure, role == Role::Quantity))
            })
        })
    };
    let found: Vec<(usize, (String, String, bool))> = names.iter().enumerate().filter_map(|(i, n)| Some((i, parts(n)?))).collect();
    let mut distinct: Vec<&str> = found.iter().filter(|f| f.1.2).map(|f| f.1.0.as_str()).collect();
    let units = distinct.len();
    distinct.sort_unstable();
    distinct.dedup();
    let measured = found.iter().filter(|f| !f.1.2).count();
    if (distinct.len() >= 3 || distinct.len() == 2 && measured > 0)
        && distinct.len() == units
        && !names.iter().any(|n| found.iter().any(|f| f.1.0 == *n))
    {
        for (i, (period, measure, is_units)) in found {
            names[i] = if is_units { period } else { format!("{measure} {period}") };
        }
    }
    names
}

/// Names that repeat under periods in the row above them, once over all of a period's columns: `Qty` under `Jan 2025` is `Qty Jan 2025`.
fn with_periods(rows: &[Vec<String>], header: Option<usize>, mut names: Vec<String>) -> Vec<String> {
    if let Some(months) = header.and_then(|h| rows.get(h)).and_then(|r| short_months(r)) {
        for (i, month) in months {
            if let Some(name) = names.get_mut(i) {
                *name = month;
            }
        }
    }
    let Some(above) = header.and_then(|h| h.checked_sub(1)).and_then(|h| rows.get(h)) else { return names };
    let filled: Vec<usize> = (0..above.len().min(names.len())).filter(|i| !number::is_blank(&above[*i])).collect();
    let periods: Vec<usize> = filled.iter().copied().filter(|i| is_period_name(above[*i].trim())).collect();
    // two are enough where each has the same names below it
    let repeated = names.iter().any(|n| n.ends_with(" (2)"));
    let least = if repeated { 2 } else { 3 };
    if periods.len() < least || periods.len() + 2 < filled.len() || periods.iter().any(|i| is_period_name(&names[*i])) {
        return names;
    }
    let named = names.clone();
    let mut current: Option<&str> = None;
    // what stands under the current period already: when it comes again, without another period, it is of all of them
    let mut under: Vec<String> = Vec::new();
    for (i, name) in names.iter_mut().enumerate() {
        match above.get(i).map(|c| c.trim()).filter(|c| !number::is_blank(c)) {
            Some(cell) if periods.contains(&i) => {
                current = Some(cell);
                under.clear();
            }
            Some(cell) if named.get(i).is_some_and(|n| n == cell) => current = None,
            // a total beside the periods
            Some(cell) => {
                current = None;
                *name = format!("{cell} {name}");
            }
            None => {}
        }
        if let Some(period) = current {
            let bare = name.rsplit_once(" (").filter(|(_, n)| n.trim_end_matches(')').bytes().all(|b| b.is_ascii_digit()));
            let bare = bare.map_or(name.as_str(), |b| b.0).to_owned();
            if under.contains(&bare) {
                current = None;
                *name = format!("Total {name}");
            } else {
                *name = format!("{bare} {period}");
                under.push(bare);
            }
        }
    }
    names
}

/// Names of months with the year that stands in the row above them, once over all of its months.
pub(super) fn with_years(rows: &[Vec<String>], header: Option<usize>, mut names: Vec<String>) -> Vec<String> {
    // what names a column in the row of the periods goes on where the row below says nothing
    if let Some(above) = header.and_then(|h| h.checked_sub(1)).and_then(|h| rows.get(h)) {
        let periods = above.iter().filter(|c| is_period_name(c.trim())).count();
        for (i, name) in names.iter_mut().enumerate().filter(|_| periods >= 2) {
            let cell = above.get(i).map_or("", |c| c.trim());
            if *name == format!("column {}", i + 1) && !number::is_blank(cell) && !is_period_name(cell) {
                *name = cell.to_owned();
            }
        }
    }
    let mut names = with_periods(rows, header, names);
    let Some(above) = header.and_then(|h| h.checked_sub(1)).and_then(|h| rows.get(h)) else { return names };
    let year = |c: &str| c.trim().parse::<u32>().ok().filter(|y| (1990..=2100).contains(y));
    // what names the column itself is no year above it
    let own = |i: usize, c: &str| names.get(i).is_some_and(|n| *n == c.trim()) && year(c).is_none();
    let cell = |(i, c): (usize, &'_ String)| -> Option<String> { Some(c.trim().to_owned()).filter(|c| !number::is_blank(c) && !own(i, c)) };
    let told: Vec<Option<String>> = above.iter().enumerate().map(cell).collect();
    let cells: Vec<Option<&str>> = told.iter().map(Option::as_deref).collect();
    let months: Vec<usize> =
        (0..names.len()).filter(|i| date::month_alone(&names[*i].replace(" (2)", "").replace(" (3)", "")).is_some()).collect();
    let first = months.first().and_then(|i| cells.get(*i).copied().flatten()).and_then(year);
    if first.is_none() || months.len() < 3 || cells.iter().flatten().any(|c| year(c).is_none()) {
        return names;
    }
    let mut current = first;
    for i in months {
        current = cells.get(i).copied().flatten().and_then(year).or(current);
        if let Some(y) = current {
            let month = names[i].split(" (").next().unwrap_or_default().to_owned();
            names[i] = format!("{month} {y}");
        }
    }
    names
}

/// Names for all `width` columns: trimmed, `column 3` where blank or absent, repeated ones told apart.
pub(super) fn column_names(row: Option<&[String]>, width: usize) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    (0..width)
        .map(|i| {
            let given = row.and_then(|r| r.get(i)).map_or("", |c| c.trim().trim_start_matches('\u{FEFF}').trim_start_matches('*'));
            let name = if given.is_empty() { format!("column {}", i + 1) } else { given.chars().take(200).collect() };
            let times = seen.entry(name.clone()).or_default();
            *times += 1;
            if *times > 1 { format!("{name} ({times})") } else { name }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn finds_headers_under_titles() {
        let f = |t: &str| {
            let f = find(&rows(t));
            (f.header, f.data)
        };
        assert_eq!(f("data,venda\n2014-01-01,3\n"), (Some(0), 1));
        assert_eq!(f("Example Co,,,\nSales,,,\n,Transaction date,Quantity,Amount\nWeb,,,\n,04/01/2026,1,5\n"), (Some(2), 3));
        assert_eq!(f("28/01/2018,00:00,2,MG-1\n29/01/2018,00:15,1,RI-3\n"), (None, 0));
        assert_eq!(f("28/01/2018,00:00,2,MG-1,$1\n29/01/2018,,1,RI-3,$2\n,Item,,x,y\n"), (None, 0), "a known word among data is no header");
        assert_eq!(f("alpha,beta\nx,1\ny,2\n"), (Some(0), 1));
        assert_eq!(f("item,2024-01,2024-02,2024-03\nA,1,2,3\n"), (Some(0), 1));
        assert_eq!(f("id,item_id,d_1,d_2,d_3,d_4,d_5,d_6,d_7,d_8\nx,y,1,2,3,4,5,6,7,8\n"), (Some(0), 1));
        assert_eq!(f("Generated,2026-02-11,\nProduct Name,SKU,Available\nA,1001,5\n"), (Some(1), 2));
    }

    #[test]
    fn two_rows_of_names_are_one() {
        let folded = |t: &str| {
            let mut rows = rows(t);
            fold(&mut rows);
            let at = find(&rows);
            (at.data, at.header.map(|h| rows[h].join(",")).unwrap_or_default())
        };
        let named = |n: usize, names: &str| (n, names.to_owned());
        assert_eq!(
            folded("Order,,Item,,Sold,\nDate,Number,SKU,Name,Quantity,Price\n2026-01-01,1,A,Mug,2,3\n"),
            named(2, "Date,Number,SKU,Name,Quantity,Price")
        );
        assert_eq!(folded("Date,SKU,Sales,\n,,Units,Price\n2026-01-01,A,2,3\n"), named(2, "Date,SKU,Units,Price"));
        assert_eq!(
            folded("Date,SKU,Sold,,Returned,\n,,Quantity,Amount,Quantity,Amount\n2026-01-01,A,2,3,0,0\n"),
            named(2, "Date,SKU,Sold Quantity,Sold Amount,Returned Quantity,Returned Amount")
        );
        for one in ["Date,SKU,Quantity\n2026-01-01,Item,2\n2026-01-01,A,3\n", "SKU,Date,Quantity\nOrder,Quantity,x\nA,2026-01-01,3\n"] {
            assert_eq!(folded(one), named(1, one.lines().next().unwrap()));
        }
    }

    #[test]
    fn names_are_whole_and_different() {
        let row: Vec<String> = ["a", "", "a", " *b "].iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(column_names(Some(&row), 5), ["a", "column 2", "a (2)", "b", "column 5"]);
    }
}
