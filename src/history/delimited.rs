//! Delimited text to a table: dialect, preamble, header, rows of one width; the cells stay in the text ([`super::raw`]).

use super::ahead::{self, Ahead, Look, Wanted};
use super::raw::{Body, Raw};
use super::records::{Dialect, Walk, is_blank};
use super::source::{self, Encoding, blank};
use super::store::Store;
use super::survey::{MAX_RECORD, Run, Sizes, Stop, Survey, survey};
use super::table::{Cells, Column, Lines, Table};
use super::{dialect, header, number};
use crate::base::Diagnostic;
use crate::base::text::plural;
use std::borrow::Cow;
use std::sync::Arc;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 16_384;
/// Records in which the header is looked for.
const SAMPLE: usize = 200;

/// Text in a store, from a byte on.
pub(super) struct Text {
    pub store: Store,
    pub start: u64,
    /// Where it is known to be no plain UTF-8, or to have been decoded.
    pub encoding: Option<Encoding>,
    /// What it was decoded from.
    pub decoded: Option<&'static str>,
    pub notes: Vec<Diagnostic>,
}

impl Text {
    /// Text that is UTF-8 until something else turns up.
    pub fn new(store: Store, start: u64) -> Self {
        Self { store, start, encoding: None, decoded: None, notes: Vec::new() }
    }
    /// Text that was decoded already.
    pub fn decoded(text: String, encoding: &'static str, notes: Vec<Diagnostic>) -> Self {
        Self { store: Store::Memory(text.into_bytes()), start: 0, encoding: Some(Encoding::Utf8), decoded: Some(encoding), notes }
    }
}

/// How a text divides into records.
struct Layout {
    dialect: Dialect,
    survey: Survey,
    /// Lines before the first record: `sep=;`.
    skipped: u32,
    /// Columns that were coded on the way.
    ahead: Option<Ahead>,
}

/// Tells by the table that the beginning of a file is which columns of the whole will be asked for.
pub(super) type Guess<'a> = dyn Fn(Table) -> Wanted + 'a;

/// Reads delimited text, so much at a time.
pub(super) fn read(name: &str, mut text: Text, sizes: Sizes, guess: Option<&Guess<'_>>) -> Result<Table, Vec<Diagnostic>> {
    let layout = loop {
        match layout(&text, sizes, guess) {
            Ok(found) => break found,
            Err(Refused::Text(Stop::Encoding)) => {
                let (encoding, notes) = source::census(name, &text.store, text.start);
                if encoding.hides_delimiters() {
                    let mut bytes = text.store.into_bytes(name).map_err(|d| vec![d])?;
                    bytes.drain(..text.start as usize);
                    text = Text::decoded(encoding.text(Cow::Owned(bytes)).into_owned(), encoding.name(), notes);
                } else {
                    (text.encoding, text.notes) = (Some(encoding), notes);
                }
            }
            Err(Refused::Text(Stop::Nul)) => {
                let (all, encoding, notes) = source::cleaned(name, text.store, text.start).map_err(|d| vec![d])?;
                text = Text::decoded(all, encoding, notes);
            }
            Err(Refused::Text(Stop::Endless(line, quote))) => {
                let most = MAX_RECORD >> 20;
                let d = if quote {
                    Diagnostic::error("unclosed-quote", format!("a quote opened here does not close within {most} MB"))
                        .fix("close the quote, or double a quote that is part of the text")
                } else {
                    Diagnostic::error("line-too-long", format!("a line is longer than {most} MB, which no table has"))
                        .fix("check that the file is a table, one record a line")
                };
                return Err(text.notes.into_iter().chain([d.line(line.into()).file(name)]).collect());
            }
            Err(Refused::Table(d)) if d.code == "one-column" && text.decoded.is_none() => match unwrapped(&text) {
                Some(bare) => {
                    let note =
                        Diagnostic::info("lines-in-quotes", "every line stands in quotes as a whole, which were taken off").file(name);
                    text = Text::decoded(bare, "UTF-8", vec![note]);
                }
                None => return Err(text.notes.into_iter().chain([d.file(name)]).collect()),
            },
            Err(Refused::Table(d)) => return Err(text.notes.into_iter().chain([d.file(name)]).collect()),
        }
    };
    text.store.check(name).map_err(|d| vec![d])?;
    let mut notes = std::mem::take(&mut text.notes);
    if let Some(line) = layout.survey.stray.first() {
        notes.push(
            Diagnostic::warning(
                "stray-quote",
                format!("{} a quote inside quoted text that is not doubled", rows_have(layout.survey.stray.len())),
            )
            .file(name)
            .line(u64::from(line + layout.skipped))
            .fix("check those rows; double quotes inside quoted text"),
        );
    }
    let encoding = text.encoding.unwrap_or(Encoding::Utf8);
    let (delimiter, quote) = (layout.dialect.delimiter as char, layout.dialect.quote as char);
    let named = text.decoded.unwrap_or(encoding.name());
    match build(name, text.store, encoding, layout, sizes, &mut notes) {
        Ok(mut table) => {
            table.encoding = Some(named.to_owned());
            table.delimiter = Some(delimiter);
            table.quote = Some(quote);
            table.notes = notes;
            Ok(table)
        }
        Err(d) => Err(notes.into_iter().chain([d.file(name)]).collect()),
    }
}

/// Most bytes of a text of which every line stands in quotes.
const WRAPPED: usize = 64 << 20;

/// A table that was saved as one column: every line in quotes, its own quotes doubled. The lines as they were, where they are all so.
fn unwrapped(text: &Text) -> Option<String> {
    let bytes = text.store.window(text.start, WRAPPED);
    let all = std::str::from_utf8(&bytes).ok().filter(|_| bytes.len() < WRAPPED)?;
    let bare = |line: &str| -> Option<String> {
        Some(line.trim_end_matches(['\r', ',', ';']).strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""))
    };
    let lines: Vec<String> = all.lines().filter(|l| !l.trim().is_empty()).map(bare).collect::<Option<_>>()?;
    let divided = |d: char| lines.iter().all(|l| l.contains(d));
    (lines.len() > 1 && [',', ';', '\t'].into_iter().any(divided)).then(|| lines.join("\n") + "\n")
}

enum Refused {
    /// By what its bytes are.
    Text(Stop),
    Table(Diagnostic),
}

/// Finds the dialect from the beginning and the records of the whole text.
fn layout(text: &Text, sizes: Sizes, guess: Option<&Guess<'_>>) -> Result<Layout, Refused> {
    let encoding = text.encoding.unwrap_or(Encoding::Utf8);
    // decoding never makes text shorter
    let head = text.store.window(text.start, dialect::SAMPLE + 8192);
    let (forced, skip) = sep_line(&head);
    let from = text.start + skip as u64;
    let skipped = u32::from(skip > 0);
    let sample = match text.encoding {
        None => Cow::Borrowed(&head[skip..]),
        Some(encoding) => Cow::Owned(encoding.text(Cow::Borrowed(&head[skip..])).into_owned().into_bytes()),
    };
    let (mut dialect, score) = dialect::detect(&sample);
    if let Some(delimiter) = forced {
        dialect.delimiter = delimiter;
    }
    let large = text.store.len() - from.min(text.store.len()) >= sizes.ahead;
    let coded = guess.filter(|_| large && score > 0.0).and_then(|guess| coded_ahead(text, from, dialect, &head[skip..], sizes, guess));
    let (survey, ahead) = match coded {
        Some((survey, ahead)) => (survey, Some(ahead)),
        None => survey(&text.store, from, dialect, text.encoding.is_some(), sizes).map(|s| (s, None)).map_err(|s| match s {
            Stop::Endless(line, quote) => Refused::Text(Stop::Endless(line + skipped, quote)),
            other => Refused::Text(other),
        })?,
    };
    let fail = |d: Diagnostic, line: u32| Err(Refused::Table(d.line(u64::from(line + skipped))));
    if survey.records == 0 && is_space(text, encoding) {
        return Err(Refused::Table(blank("")));
    }
    if let Some(line) = survey.unclosed {
        let d = Diagnostic::error("unclosed-quote", format!("the quote {} opened here never closes", dialect.quote as char));
        return fail(d.fix("close the quote, or double a quote that is part of the text"), line);
    }
    if score == 0.0 && forced.is_none() || survey.widths.iter().all(|r| r.value < 2) {
        let d = Diagnostic::error(
            "one-column",
            "the file has one column only, or no delimiter that divides it (comma, semicolon, tab, bar, caret, tilde)",
        );
        return fail(d.fix("export it as CSV with at least a date and a quantity"), 1);
    }
    if let Some(r) = survey.widths.iter().find(|r| r.value as usize > MAX_COLUMNS) {
        let d = Diagnostic::error("too-many-columns", format!("a row has {}, more than {MAX_COLUMNS}", plural(r.value as usize, "column")));
        return fail(d.fix("export the long layout, one row per sale or period"), survey.line(r.record));
    }
    Ok(Layout { dialect, survey, skipped, ahead })
}

/// Goes through a text once, if its beginning says what will be wanted of it.
fn coded_ahead(text: &Text, from: u64, dialect: Dialect, head: &[u8], sizes: Sizes, guess: &Guess<'_>) -> Option<(Survey, Ahead)> {
    let encoding = text.encoding.unwrap_or(Encoding::Utf8);
    // whole lines, and less than all of it
    let most = head.len().min(((text.store.len() - from) / 2) as usize);
    let end = head.get(..most)?.iter().rposition(|b| *b == b'\n')? + 1;
    let (store, bytes) = (Store::Memory(head.get(..end)?.to_vec()), end);
    let survey = survey(&store, 0, dialect, text.encoding.is_some(), sizes).ok().filter(|s| s.unclosed.is_none() && s.records > 1)?;
    let record = bytes / survey.records as usize;
    let table = build("", store, encoding, Layout { dialect, survey, skipped: 0, ahead: None }, sizes, &mut Vec::new()).ok()?;
    let first = match &table.columns.first()?.cells {
        Cells::Raw(raw) => raw.first(),
        _ => return None,
    };
    let width = table.columns.len() as u32;
    let wanted = guess(table);
    if wanted == Wanted::default() {
        return None;
    }
    let look = Look { store: &text.store, from, dialect, encoding, checked: text.encoding.is_some(), sizes, first, width, record };
    ahead::survey(&look, &wanted)
}

/// Nothing but white space; a text of more than a window has been found to be blank by its records already.
fn is_space(text: &Text, encoding: Encoding) -> bool {
    let window = text.store.window(text.start, 1 << 20);
    encoding.text(Cow::Borrowed(&window)).trim().is_empty()
}

fn rows_have(n: usize) -> String {
    if n == 1 { "1 row has".into() } else { format!("{} have", plural(n, "row")) }
}

/// Excel's `sep=;` first line: the delimiter it names, and the bytes to skip.
fn sep_line(head: &[u8]) -> (Option<u8>, usize) {
    let end = head.iter().take(64).position(|b| *b == b'\n').unwrap_or(head.len().min(64));
    let word = std::str::from_utf8(&head[..end]).unwrap_or("").trim_end_matches('\r').trim_matches('"');
    match word.strip_prefix("sep=").or_else(|| word.strip_prefix("SEP=")).map(str::as_bytes) {
        Some(&[d]) if d.is_ascii() && !d.is_ascii_alphanumeric() => (Some(d), (end + 1).min(head.len())),
        _ => (None, 0),
    }
}

fn build(
    name: &str,
    store: Store,
    encoding: Encoding,
    layout: Layout,
    sizes: Sizes,
    notes: &mut Vec<Diagnostic>,
) -> Result<Table, Diagnostic> {
    let Layout { dialect, survey, skipped, ahead } = layout;
    let line = |record: u32| u64::from(survey.line(record) + skipped);
    let mut sample = first_records(&store, encoding, dialect, &survey);
    let names_in = 1 + usize::from(header::fold(&mut sample));
    let at = header::find(&sample);
    let skip = (at.data as u32).min(survey.records);
    if skip == survey.records {
        return Err(Diagnostic::error("no-rows", "the file has a header but no rows")
            .line(survey.records.checked_sub(1).map_or(1 + u64::from(skipped), line))
            .fix("export it again, with a period in which something was sold"));
    }
    let header_row = at.header.and_then(|h| sample.get(h));
    let head_width = header_row.map_or(0, Vec::len);
    // the commonest number of fields
    let common = survey.widths_from(skip).into_iter().max_by_key(|(_, c)| *c).map_or(0, |(w, _)| w as usize);
    let width = head_width.max(if header_row.is_some() { common.min(head_width + 1) } else { common }).max(1);
    if at.header.is_none() {
        notes.push(
            Diagnostic::info("no-header", "the file has no header; columns are told apart by what is in them")
                .file(name)
                .line(line(skip))
                .fix("name columns by position, such as --map \"#1=date,#3=quantity\""),
        );
    } else if at.data > names_in {
        notes.push(
            Diagnostic::info("preamble-skipped", format!("{} above the header skipped", plural(at.data - names_in, "row")))
                .file(name)
                .line(line(0)),
        );
    }
    let header_line = at.header.filter(|h| (*h as u32) < survey.records).map(|h| line(h as u32));
    let names = header::with_measures(header::with_years(&sample, at.header, header::column_names(header_row.map(Vec::as_slice), width)));
    let above = above(&sample, at.header);
    let mut body = Body::new(store, encoding, dialect, &survey, skip, sizes);
    fit(name, &mut body, &survey, width as u32, skipped, notes);
    if let Some(ahead) = ahead {
        body.keep(ahead, width as u32);
    }
    let (lines, rows) = (lines(&body, &survey, skipped), body.rows());
    let body = Arc::new(body);
    let column = |(i, name)| Column { name, cells: Cells::Raw(Raw::new(body.clone(), i)) };
    let columns = names.into_iter().enumerate().map(column).collect();
    Ok(Table { header_line, rows, above, columns, lines, ..Table::empty(name, "csv") })
}

/// The cells of the first records.
fn first_records(store: &Store, encoding: Encoding, dialect: Dialect, survey: &Survey) -> Vec<Vec<String>> {
    let Some(first) = survey.stretches.first() else { return Vec::new() };
    let (mut out, mut at, mut most) = (Vec::new(), first.from, 1 << 18);
    while out.len() < SAMPLE && at < survey.end {
        let window = store.window(at, most);
        let whole = at + window.len() as u64 >= store.len();
        let mut walk = Walk::new(&window, dialect, 0);
        let mut here = 0;
        while here < window.len() && out.len() < SAMPLE {
            let mut cells = Vec::new();
            let seen = walk.record(here, |_, f| cells.push(encoding.text(f.cut(&window, dialect)).into_owned()));
            if seen.next >= window.len() && !whole {
                break;
            }
            if !is_blank(&window[here..seen.end], dialect) {
                out.push(cells);
            }
            here = seen.next;
        }
        at += here as u64;
        most = if here == 0 { MAX_RECORD + 2 } else { 1 << 18 };
    }
    out
}

/// The filled cells above the header.
pub(super) fn above(sample: &[Vec<String>], header: Option<usize>) -> Vec<String> {
    let cells = sample[..header.unwrap_or(0).min(sample.len())].iter().flatten();
    cells.map(|c| c.trim()).filter(|c| !c.is_empty()).take(200).map(str::to_owned).collect()
}

/// On which line each row stands.
fn lines(body: &Body, survey: &Survey, skipped: u32) -> Lines {
    let mut runs: Vec<Run> = Vec::new();
    let mut push = |record: u32| {
        let Some(row) = body.row_of(record) else { return };
        let value = survey.line(record) + skipped;
        if runs.last().is_none_or(|r| value - r.value != row - r.record) {
            runs.push(Run { record: row, value });
        }
    };
    // rows follow one another except where lines break and behind a record that was left out
    let mut breaks: Vec<u32> = survey.lines.iter().map(|r| r.record).chain(body.left_out().iter().map(|r| r + 1)).collect();
    breaks.push(body.first());
    breaks.sort_unstable();
    breaks.into_iter().filter(|r| *r >= body.first() && *r < survey.records).for_each(&mut push);
    match runs.as_slice() {
        [] => Lines::From(1),
        [one] => Lines::From(one.value.into()),
        _ => Lines::Runs(runs.into_iter().map(|r| (r.record, r.value)).collect()),
    }
}

/// Leaves out rows with values beyond the last column and says which they are, and which are too short.
fn fit(name: &str, body: &mut Body, survey: &Survey, width: u32, skipped: u32, notes: &mut Vec<Diagnostic>) {
    let line = |record: u32| u64::from(survey.line(record) + skipped);
    let (mut wide, mut short, mut first_short) = (Vec::new(), 0usize, Vec::new());
    for (run, end) in survey.runs() {
        let from = run.record.max(body.first());
        if run.value < width && from < end {
            short += (end - from) as usize;
            first_short.extend((from..end).take(5_usize.saturating_sub(first_short.len())).map(line));
        } else if run.value > width {
            let more = |record: &u32| body.record(*record).iter().skip(width as usize).any(|c| !number::is_blank(c));
            wide.extend((from..end).filter(more));
        }
    }
    let lines: Vec<u64> = wide.iter().take(5).map(|r| line(*r)).collect();
    if let Some(first) = lines.first() {
        notes.push(
            Diagnostic::warning(
                "row-too-wide",
                format!("{} more fields than the header ({}) and left out{}", rows_have(wide.len()), width, listed_of(&lines, wide.len())),
            )
            .file(name)
            .line(*first)
            .fix("put text that contains the delimiter in quotes"),
        );
    }
    if let Some(first) = first_short.first() {
        notes.push(
            Diagnostic::info(
                "row-too-short",
                format!("{} fewer fields than the header; the rest is blank{}", rows_have(short), listed_of(&first_short, short)),
            )
            .file(name)
            .line(*first),
        );
    }
    body.leave_out(wide);
}

/// `: lines 3, 5 and 12 more`, for more than one.
pub(super) fn listed(lines: &[u64]) -> String {
    listed_of(lines, lines.len())
}

/// The same where `lines` are the first of `count`.
pub(super) fn listed_of(lines: &[u64], count: usize) -> String {
    if count < 2 {
        return String::new();
    }
    let shown: Vec<String> = lines.iter().take(5).map(u64::to_string).collect();
    let more = count - shown.len();
    let tail = if more > 0 { format!(" and {} more", crate::base::text::grouped(more as f64, 0)) } else { String::new() };
    format!(": lines {}{tail}", shown.join(", "))
}
