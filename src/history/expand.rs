//! Orders that keep their lines in one row: numbered columns (`Product Name #1`, `Quantity #1`, `Product Name #2` …), or one cell that lists
//! them (`Mug x 2, Cap x 1`, `name:Mug|sku:M-1|quantity:2;…`, a JSON list). Each line becomes a row of its own beside what the order says.
//! So do columns that come again for every shop (`Units, Revenue` under `Leeds`, then under `York`).

use super::names::{self, compact, words};
use super::number;
use super::options::Role;
use super::table::{Cells, Column, Lines, Table};
use crate::base::Diagnostic;
use polars::prelude::StringChunkedBuilder;
use std::collections::BTreeMap;

/// Rows looked at to tell.
const SAMPLE: usize = 400;
/// Highest number of a numbered column.
const MOST: usize = 500;
/// Most rows that come of it: they are held in memory.
const LARGEST: usize = 5_000_000;
/// Rows copied at a time.
const BLOCK: usize = 4096;

/// Names of columns whose cells list what was ordered.
const LISTS: &str = "items item lineitems orderitems itemspurchased itemsordered products product productdetails productlist orderedproducts productsordered \
    orderlines orderdetails lines cart articles artikel produkte positionen produits articulos productos produtos itens prodotti articoli artikelen producten \
    productssold itemsummary orderitemsummary lineitem basket cartcontents ordercontents skus warenkorb panier carrito carrello winkelwagen koszyk";

/// One line of an order: a text for each of the new columns.
type Line = Vec<String>;

/// How the lines of an order are found in its row.
enum Plan {
    /// For each of the numbers the columns that carry it, in the order of the new columns.
    Numbered { groups: Vec<Vec<Option<usize>>>, key: Vec<usize> },
    /// One cell, or several.
    Cells { columns: Vec<usize>, keys: Vec<String> },
    /// Columns that come again under each label, which is the first of the new columns; `None` of a sum.
    Labelled { groups: Vec<(Option<String>, Vec<usize>)> },
}

/// Gives every line of an order a row, where the table keeps several in one.
pub(super) fn expand(table: &mut Table) {
    if table.header_line.is_none() || table.rows == 0 {
        return;
    }
    let sample = table.grid((0..table.rows).step_by((table.rows / SAMPLE).max(1)));
    let texts: Vec<Vec<&str>> = sample.iter().map(|row| row.iter().map(|c| c.trim()).collect()).collect();
    let found = numbered(table, &texts).or_else(|| labelled(table)).or_else(|| listed(table, &texts));
    let Some((plan, names, gone)) = found else { return };
    let kept: Vec<usize> = (0..table.columns.len()).filter(|i| !gone.contains(i)).collect();
    let builder = |name: &str| StringChunkedBuilder::new(name.into(), table.rows);
    let mut old: Vec<StringChunkedBuilder> = kept.iter().map(|i| builder(&table.columns[*i].name)).collect();
    let mut new: Vec<StringChunkedBuilder> = names.iter().map(|n| builder(n)).collect();
    let mut lines = Vec::new();
    for from in (0..table.rows).step_by(BLOCK) {
        let to = table.rows.min(from + BLOCK);
        for (row, cells) in (from..to).zip(table.grid(from..to)) {
            let cell = |i: usize| cells.get(i).map_or("", |c| c.trim());
            let mut found = plan.lines(&cell);
            if found.is_empty() {
                found.push(vec![String::new(); names.len()]);
            }
            for line in found {
                for (out, text) in new.iter_mut().zip(&line) {
                    out.append_option(Some(text.as_str()).filter(|t| !t.is_empty()));
                }
                for (out, i) in old.iter_mut().zip(&kept) {
                    out.append_option(cells.get(*i).map(|c| c.as_ref()).filter(|t| !t.is_empty()));
                }
                lines.push(table.line(row) as u32);
            }
        }
        if lines.len() > LARGEST {
            let message = format!("orders that keep their lines in one row come to more than {LARGEST} lines, too many to be read at once");
            table.notes.push(Diagnostic::warning("lines-in-one-row", message).file(&table.file).fix("export fewer months at a time"));
            return;
        }
    }
    let message = match &plan {
        Plan::Labelled { groups } => {
            let labels: Vec<&str> = groups.iter().filter_map(|g| g.0.as_deref()).collect();
            format!("the same columns stand under {}; each is a row of its own", labels.join(", "))
        }
        Plan::Numbered { groups, .. } => {
            format!("each order has its lines in up to {} numbered groups of columns; each is a row", groups.len())
        }
        Plan::Cells { columns, .. } => {
            format!("the cells of {:?} list the lines of an order; each is a row", table.columns[columns[0]].name)
        }
    };
    table.notes.push(Diagnostic::info("lines-in-one-row", message).file(&table.file));
    table.rows = lines.len();
    table.lines = Lines::Each(lines);
    let kept: Vec<String> = kept.into_iter().map(|i| table.columns[i].name.clone()).collect();
    let column = |(name, cells): (String, StringChunkedBuilder)| Column { name, cells: Cells::Text(cells.finish()) };
    table.columns = kept.into_iter().zip(old).chain(names.into_iter().zip(new)).map(column).collect();
}

impl Plan {
    fn lines<'a>(&self, cell: &dyn Fn(usize) -> &'a str) -> Vec<Line> {
        match self {
            Self::Numbered { groups, key } => {
                let filled = |g: &&Vec<Option<usize>>| key.iter().any(|k| g[*k].is_some_and(|i| !number::is_blank(cell(i))));
                groups.iter().filter(filled).map(|g| g.iter().map(|i| i.map_or("", cell).to_owned()).collect()).collect()
            }
            Self::Labelled { groups } => groups
                .iter()
                .filter(|(_, at)| at.iter().any(|i| !number::is_blank(cell(*i))))
                .filter_map(|(label, at)| Some(std::iter::once(label.clone()?).chain(at.iter().map(|i| cell(*i).to_owned())).collect()))
                .collect(),
            Self::Cells { columns, keys } => {
                let parsed = columns.iter().filter_map(|i| parse(cell(*i))).flatten();
                parsed.into_iter().map(|mut l| keys.iter().map(|k| l.remove(k).unwrap_or_default()).collect()).collect()
            }
        }
    }
}

/// A plan, the names of the new columns, and the columns that go.
type Found = (Plan, Vec<String>, Vec<usize>);

/// What a line's column is for; the money and the number of the whole order have no part in it.
fn role_of(name: &str) -> Option<Role> {
    names::roles_of(name).first().map(|r| r.0)
}

/// `Product Item 1 Name` as what is numbered and its number.
fn numbered_name(name: &str) -> Option<(String, u32)> {
    let parts = words(&name.replace('#', " "));
    let at = parts.iter().position(|w| w.bytes().all(|b| b.is_ascii_digit()))?;
    let n = parts[at].parse().ok().filter(|n| (1..=MOST as u32).contains(n))?;
    let rest: Vec<&str> = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| w.as_str()).collect();
    (!rest.is_empty()).then(|| (rest.join(" "), n))
}

/// The name alone, or without the words for a line that stand before it.
fn plain_name(name: &str) -> String {
    if role_of(name).is_some() {
        return name.to_owned();
    }
    let rest: Vec<&str> = name.split(' ').skip_while(|w| ["product", "item", "line", "order", "lineitem"].contains(w)).collect();
    let rest = rest.join(" ");
    if role_of(&rest).is_some() { rest } else { name.to_owned() }
}

fn numbered(table: &Table, _sample: &[Vec<&str>]) -> Option<Found> {
    let mut by_name: BTreeMap<String, BTreeMap<u32, usize>> = BTreeMap::new();
    for (i, c) in table.columns.iter().enumerate() {
        if let Some((name, n)) = numbered_name(&c.name) {
            by_name.entry(name).or_default().entry(n).or_insert(i);
        }
    }
    by_name.retain(|_, at| at.len() >= 2 && at.contains_key(&1) && at.keys().max().is_some_and(|m| *m as usize == at.len()));
    let roles: Vec<(String, Option<Role>)> = by_name.keys().map(|n| (n.clone(), role_of(&plain_name(n)))).collect();
    let has = |set: &[Role]| roles.iter().any(|(_, r)| r.is_some_and(|r| set.contains(&r)));
    if !has(&[Role::Quantity]) || !has(&[Role::Item, Role::Description]) {
        return None;
    }
    let most = by_name.values().map(BTreeMap::len).max()? as u32;
    let keys: Vec<&BTreeMap<u32, usize>> = by_name.values().collect();
    let groups = (1..=most).map(|n| keys.iter().map(|at| at.get(&n).copied()).collect()).collect();
    let key = roles
        .iter()
        .enumerate()
        .filter(|(_, (_, r))| matches!(r, Some(Role::Item | Role::Description | Role::Quantity)))
        .map(|(i, _)| i)
        .collect();
    let gone = by_name.values().flat_map(|at| at.values().copied()).collect();
    Some((Plan::Numbered { groups, key }, roles.iter().map(|(n, _)| plain_name(n)).collect(), gone))
}

/// Words of labels that compare, plan or take back: their columns are not those of another shop.
const NO_LABELS: &str = "previous prior last this current next plan planned budget forecast target actual ly ty yoy change diff difference gross net \
    returned returns refunded refunds ordered shipped delivered invoiced open cancelled stock inventory vorjahr ist soll brutto netto";

/// What a label above columns may be: the name of a shop or an item, not of a period or a measure.
fn is_label(text: &str) -> bool {
    let t = text.trim();
    (1..=60).contains(&t.chars().count())
        && number::mark(t).is_none()
        && !super::header::is_period_name(t)
        && super::date::month_alone(t).is_none()
        && !names::is_known(t)
        && !words(t).iter().any(|w| NO_LABELS.split_whitespace().any(|x| x == w))
}

/// Columns that come again for each of several labels: told apart by a number (`Units (2)`), with the labels in the row above, or with the label
/// in front (`Leeds Units`).
fn labelled(table: &Table) -> Option<Found> {
    let has = |role: Role, except: &[usize]| {
        table.columns.iter().enumerate().any(|(i, c)| !except.contains(&i) && names::listed(&compact(&c.name)).iter().any(|r| r.0 == role))
    };
    let (labels, measures, at) = repeated(table).or_else(|| prefixed(table))?;
    let gone: Vec<usize> = at.iter().flatten().copied().collect();
    let is = |name: &str, role: Role| names::listed(&compact(name)).iter().any(|r| r.0 == role);
    let counts = measures.iter().any(|m| is(m, Role::Quantity));
    // what is neither units nor money does not come again for shops
    let known = measures.iter().all(|m| [Role::Quantity, Role::Revenue, Role::Price].iter().any(|r| is(m, *r)) || names::is_sales(m));
    let named = has(Role::Item, &gone) || has(Role::Description, &gone);
    let dated = has(Role::Date, &gone);
    if !counts || !known || !dated || has(Role::Location, &gone) || has(Role::Quantity, &gone) {
        return None;
    }
    let total = |l: &str| super::rows::is_total(l);
    let good: Vec<&String> = labels.iter().filter(|l| !total(l)).collect();
    let distinct: std::collections::BTreeSet<&&String> = good.iter().collect();
    if good.len() < 2 || distinct.len() < good.len() || !good.iter().all(|l| is_label(l)) {
        return None;
    }
    let first = if named { "Location" } else { "Item" };
    let names = std::iter::once(first.to_owned()).chain(measures).collect();
    let groups = labels.into_iter().map(|l| Some(l.trim().to_owned()).filter(|l| !total(l))).zip(at).collect();
    Some((Plan::Labelled { groups }, names, gone))
}

/// Labels, the names below each, and the columns of each.
type Blocks = (Vec<String>, Vec<String>, Vec<Vec<usize>>);

/// `Units, Revenue, Units (2), Revenue (2)`, with as many labels above.
fn repeated(table: &Table) -> Option<Blocks> {
    let bare = |name: &str| -> (String, usize) {
        let parts = name.strip_suffix(')').and_then(|n| n.rsplit_once(" ("));
        let numbered = parts.and_then(|(b, n)| Some((b.to_owned(), n.parse::<usize>().ok().filter(|n| (2..=MOST).contains(n))?)));
        numbered.unwrap_or_else(|| (name.to_owned(), 1))
    };
    let parts: Vec<(String, usize)> = table.columns.iter().map(|c| bare(&c.name)).collect();
    let most = parts.iter().map(|p| p.1).max().filter(|m| *m >= 2)?;
    let block: Vec<String> = parts.iter().filter(|p| p.1 == 2).map(|p| p.0.clone()).collect();
    let mut at: Vec<Vec<usize>> = Vec::new();
    for n in 1..=most {
        at.push(block.iter().map(|b| parts.iter().position(|p| p.1 == n && p.0 == *b)).collect::<Option<_>>()?);
    }
    let following = at.concat().windows(2).all(|w| w[1] == w[0] + 1);
    let repeats = parts.iter().filter(|p| p.1 > 1).count();
    let labels = table.above.len().checked_sub(most).map(|from| table.above[from..].to_vec())?;
    (following && repeats == block.len() * (most - 1)).then_some((labels, block, at))
}

/// `Leeds Units, Leeds Revenue, York Units, York Revenue`: two measures or more behind each label.
fn prefixed(table: &Table) -> Option<Blocks> {
    let part = |name: &str| -> Option<(String, String)> {
        let (label, measure) = name.trim().rsplit_once([' ', '_', ':']).map(|(a, b)| (a.trim_end_matches([' ', '-', ':']), b))?;
        let is = |r: Role| names::listed(&compact(measure)).iter().any(|f| f.0 == r);
        ([Role::Quantity, Role::Revenue].into_iter().any(is) && !label.is_empty()).then(|| (label.to_owned(), measure.to_owned()))
    };
    let found: Vec<(usize, (String, String))> = table.columns.iter().enumerate().filter_map(|(i, c)| Some((i, part(&c.name)?))).collect();
    let mut labels: Vec<String> = Vec::new();
    for (_, (label, _)) in &found {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let of = |label: &str| -> Vec<(usize, String)> { found.iter().filter(|f| f.1.0 == label).map(|f| (f.0, f.1.1.clone())).collect() };
    let first: Vec<String> = of(labels.first()?).into_iter().map(|f| f.1).collect();
    let same = labels.iter().all(|l| of(l).into_iter().map(|f| f.1).eq(first.iter().cloned()));
    let at: Vec<Vec<usize>> = labels.iter().map(|l| of(l).into_iter().map(|f| f.0).collect()).collect();
    let following = at.concat().windows(2).all(|w| w[1] == w[0] + 1);
    (labels.len() >= 2 && first.len() >= 2 && same && following).then_some((labels, first, at))
}

fn listed(table: &Table, sample: &[Vec<&str>]) -> Option<Found> {
    let role = |r: Role| table.columns.iter().any(|c| role_of(&c.name) == Some(r));
    if role(Role::Quantity) {
        return None;
    }
    let name_of = |i: usize| table.columns.get(i).map_or("", |c| c.name.as_str());
    let listing = |i: usize| {
        let numbered = numbered_name(name_of(i)).is_some_and(|(name, _)| names::in_list(&name, LISTS));
        if !numbered && !names::in_list(name_of(i), LISTS) {
            return false;
        }
        let cells: Vec<&str> = sample.iter().filter_map(|row| row.get(i).copied()).filter(|t| !number::is_blank(t)).collect();
        let read = cells.iter().filter(|t| parse(t).is_some()).count();
        !cells.is_empty() && read * 10 >= cells.len() * 9
    };
    let mut columns: Vec<usize> = (0..table.columns.len()).filter(|i| listing(*i)).collect();
    // numbered ones belong together, others are told one by one
    if numbered_name(name_of(*columns.first()?)).is_none() {
        columns.truncate(1);
    }
    let mut keys: Vec<String> = Vec::new();
    for line in sample.iter().flat_map(|row| columns.iter().filter_map(|i| parse(row.get(*i)?))).flatten() {
        for key in line.into_keys() {
            if !keys.contains(&key) && role_of(&key).is_some() {
                keys.push(key);
            }
        }
    }
    let has = |set: &[Role]| keys.iter().any(|k| role_of(k).is_some_and(|r| set.contains(&r)));
    if !has(&[Role::Quantity]) {
        return None;
    }
    let priced = has(&[Role::Price, Role::Revenue]);
    if keys.iter().any(|k| compact(k) == "total") {
        keys.retain(|k| compact(k) != "subtotal");
    }
    // what the order took with its shipping is none of its lines' money
    let of_order =
        |name: &str| role_of(name) == Some(Role::Revenue) && (priced || !words(name).iter().any(|w| w.starts_with("sub") || w == "items"));
    let gone = (0..table.columns.len()).filter(|i| columns.contains(i) || of_order(&table.columns[*i].name)).collect();
    Some((Plan::Cells { columns, keys: keys.clone() }, keys, gone))
}

/// The lines that a cell lists; `None` where it lists none.
fn parse(text: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    if text.starts_with(['[', '{']) {
        return json(text);
    }
    // `SKU-1:2|SKU-2:1` has keys as well: those of items
    let known = |line: &BTreeMap<String, String>| line.keys().any(|k| means(k));
    keyed(text).filter(|lines| lines.iter().any(known)).or_else(|| counted(text))
}

/// `[{"name":"Mug","quantity":2}]`
fn json(text: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let list = if let serde_json::Value::Array(list) = value { list } else { vec![value] };
    let line = |v: serde_json::Value| -> Option<BTreeMap<String, String>> {
        let serde_json::Value::Object(map) = v else { return None };
        let text = |v: serde_json::Value| match v {
            serde_json::Value::String(s) => Some(s),
            serde_json::Value::Number(n) => Some(n.to_string()),
            _ => None,
        };
        Some(map.into_iter().filter_map(|(k, v)| Some((k, text(v)?))).collect())
    };
    list.into_iter().map(line).collect()
}

/// `name:Mug|sku:M-1|quantity:2;name:Cap|…` or `Product ID: 7, Product Qty: 2|Product ID: 8, …`: every line begins with the same key.
fn keyed(text: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let (first, _) = text.split_once(':')?;
    let first = first.trim();
    let is_key = |k: &str| !k.is_empty() && k.len() <= 40 && k.chars().all(|c| c.is_alphanumeric() || " _-".contains(c));
    if !is_key(first) {
        return None;
    }
    let mut starts: Vec<usize> = Vec::new();
    for (at, _) in text.match_indices(first) {
        let before = text[..at].trim_end_matches([' ', '\n', '\r', '\t']);
        let divided = before.is_empty() || before.ends_with([';', '|', ',']) || text[..at].ends_with('\n');
        if divided && text[at + first.len()..].trim_start().starts_with(':') {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut lines = Vec::new();
    for (from, to) in starts.iter().copied().zip(ends) {
        let body = text[from..to].trim().trim_end_matches([';', '|', ',']);
        // between the pairs stands what stands before the second key
        let between = [" | ", "|", ";", "\n", ", ", ","]
            .into_iter()
            .max_by_key(|s| body.split(s).filter(|p| p.split_once(':').is_some_and(|(k, _)| is_key(k.trim()))).count())?;
        let mut line = BTreeMap::new();
        let mut last: Option<String> = None;
        for piece in body.split(between) {
            match piece.split_once(':').filter(|(k, _)| is_key(k.trim()) && !line.contains_key(k.trim())) {
                Some((k, v)) => {
                    line.insert(k.trim().to_owned(), v.trim().to_owned());
                    last = Some(k.trim().to_owned());
                }
                // a comma inside a name
                None => {
                    let value = line.get_mut(last.as_ref()?)?;
                    value.push_str(between);
                    value.push_str(piece.trim_end());
                }
            }
        }
        if line.len() < 2 {
            return None;
        }
        lines.push(line);
    }
    (!lines.is_empty()).then_some(lines)
}

/// `Mug x 2, Cap x 1`, `2 × Mug; 1 × Cap`, `Mug (2)`, `M-1:2|C-1:1`: a name or code and how many of it.
fn counted(text: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let found = ["\n", " | ", "|", "; ", ";", ", ", ","].into_iter().filter_map(|between| {
        let pieces: Vec<&str> = text.split(between).map(str::trim).filter(|p| !p.is_empty()).collect();
        let front = pieces.first().is_some_and(|p| in_front(p).is_some());
        let mut lines: Vec<(String, String)> = Vec::new();
        let mut waiting = String::new();
        for piece in pieces {
            if front {
                match (in_front(piece), lines.last_mut()) {
                    (Some((name, n)), _) => lines.push((name.to_owned(), n.to_owned())),
                    (None, Some(last)) => last.0 = format!("{}{between}{piece}", last.0),
                    (None, None) => return None,
                }
            } else {
                let whole = if waiting.is_empty() { piece.to_owned() } else { format!("{waiting}{between}{piece}") };
                match behind(&whole) {
                    Some((name, n)) => {
                        lines.push((name.to_owned(), n.to_owned()));
                        waiting.clear();
                    }
                    None => waiting = whole,
                }
            }
        }
        let clean = waiting.is_empty() && !lines.is_empty();
        let line = |(name, n): (String, String)| BTreeMap::from([("Item name".to_owned(), name), ("Quantity".to_owned(), n)]);
        clean.then(|| lines.into_iter().map(line).collect::<Vec<_>>())
    });
    // of several ways to part it the one that finds most
    found.reduce(|a, b| if b.len() > a.len() { b } else { a })
}

fn is_count(t: &str) -> bool {
    !t.is_empty() && t.len() <= 6 && t.bytes().all(|b| b.is_ascii_digit())
}

/// The key of a value, not the code of an item that is called after one (`SKU-1`).
fn means(key: &str) -> bool {
    role_of(key).is_some() && !key.contains(|c: char| c.is_ascii_digit())
}

/// What stands before `:2`: a name or a code, neither a property of an item (`size:40`) nor the hour of a time (`12:30`).
fn is_counted(name: &str) -> bool {
    const PROPERTIES: &str = "size colour color weight length width height age version option variant volume style groesse grosse farbe taille couleur talla taglia maat";
    let code = name.chars().any(char::is_alphabetic) || name.chars().filter(char::is_ascii_digit).count() >= 3;
    let property = words(name).iter().any(|w| PROPERTIES.split_whitespace().any(|x| x == w));
    code && !name.contains("//") && !name.ends_with([' ', ':', '=']) && !means(name) && !property
}

/// `2 x Mug`
fn in_front(piece: &str) -> Option<(&str, &str)> {
    let end = piece.find(|c: char| !c.is_ascii_digit())?;
    let (n, rest) = piece.split_at(end);
    let rest = rest.trim_start();
    let name = ["x ", "X ", "× ", "×", "*"].iter().find_map(|m| rest.strip_prefix(m))?.trim();
    (is_count(n) && !name.is_empty()).then_some((name, n))
}

/// `Mug x 2`, `Mug x2`, `Mug (x2)`, `Mug (2)`, `Mug*2`, `M-1:2`, `M-1=2`
fn behind(piece: &str) -> Option<(&str, &str)> {
    let bare = piece.strip_suffix(')').and_then(|p| p.rsplit_once('(')).map(|(name, n)| (name, n.trim_start_matches(['x', 'X', '×', ' '])));
    let bare = bare.filter(|b| is_count(b.1.trim())).or_else(|| {
        let start = piece.rfind(|c: char| !c.is_ascii_digit())?;
        let at = start + piece[start..].chars().next()?.len_utf8();
        let (rest, n) = piece.split_at(at);
        let rest = rest.trim_end();
        let name = ["x", "X", "×", "*"].iter().find_map(|m| rest.strip_suffix(m))?;
        // `Box2` is no count of `Bo`
        (name.ends_with(' ') || rest.ends_with(['×', '*'])).then_some((name, n))
    });
    let bare = bare.or_else(|| piece.rsplit_once([':', '=']).filter(|(name, n)| is_count(n) && is_counted(name)))?;
    let (name, n) = bare;
    let (name, n) = (name.trim(), n.trim());
    (is_count(n) && !name.is_empty()).then_some((name, n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cases::cases;
    use proptest::prelude::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let get = |l: &BTreeMap<String, String>, k: &[&str]| k.iter().find_map(|k| l.get(*k)).cloned().unwrap_or_default();
        let lines = parse(text).unwrap_or_default();
        lines.iter().map(|l| (get(l, &["Item name", "name", "Product Name"]), get(l, &["Quantity", "quantity", "Product Qty"]))).collect()
    }

    #[test]
    fn cells_list_lines_in_every_way() {
        let want = [("Mug, red".to_owned(), "2".to_owned()), ("Cap".to_owned(), "1".to_owned())];
        for text in [
            "Mug, red x 2, Cap x 1",
            "Mug, red x2; Cap x1",
            "Mug, red (x2)\nCap (x1)",
            "2 x Mug, red | 1 x Cap",
            "2× Mug, red, 1× Cap",
            "name:Mug, red|sku:M-1|quantity:2;name:Cap|sku:C-1|quantity:1",
            "Product ID: 7, Product Qty: 2, Product Name: Mug, red, Product Price: 1|Product ID: 8, Product Qty: 1, Product Name: Cap, Product Price: 2",
            r#"[{"name":"Mug, red","quantity":2},{"name":"Cap","quantity":1}]"#,
            "Mug, red:2|Cap:1",
            "Mug, red:2;Cap:1",
            "Mug, red=2|Cap=1",
            "Mug, red*2, Cap*1",
            "2*Mug, red;1*Cap",
        ] {
            assert_eq!(pairs(text), want, "{text}");
        }
        for text in
            ["Mug", "Box2", "size: L", "2 mugs", "[1,2]", "size:40", "Mug size:40", "12:30", "qty:2", "note: 5", "http://example.org:80"]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(cases(200))]
        #[test]
        fn any_list_is_read_back(lines in prop::collection::vec(("[A-Za-z][a-z ]{0,8}[a-wyz]", 1u32..999), 1..6)) {
            let want: Vec<(String, String)> = lines.iter().map(|(n, q)| (n.clone(), q.to_string())).collect();
            for (between, front) in [(", ", false), ("; ", true), ("\n", false), (" | ", true)] {
                let text: Vec<String> = lines.iter().map(|(n, q)| if front { format!("{q} x {n}") } else { format!("{n} x {q}") }).collect();
                prop_assert_eq!(&pairs(&text.join(between)), &want);
            }
        }
        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }
    }
}
