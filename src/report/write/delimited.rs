//! CSV and TSV after RFC 4180: LF line ends, quotes only where needed, the formula guard on text.

use super::Options;
use crate::base::Stamp;
use crate::report::table::{Cell, Column, Table, number_text};
use rayon::prelude::*;
use std::borrow::Cow;
use std::io::{self, Write};

/// Rows formatted at once by one thread.
const CHUNK: usize = 1 << 14;

/// Write the header and the rows.
pub fn write(out: &mut impl Write, table: &Table, delimiter: u8, options: Options) -> io::Result<()> {
    header(out, table, delimiter, options)?;
    let timed: Vec<bool> = table.columns.iter().map(Column::is_timed).collect();
    let chunks: Vec<usize> = (0..table.rows()).step_by(CHUNK).collect();
    in_order(out, &chunks, |from, buffer| rows(buffer, table, *from..(*from + CHUNK).min(table.rows()), &timed, delimiter, options))
}

/// Write tables with the same columns and no times of day below one another: `part` makes one of them, several at a time.
pub fn write_parts(
    out: &mut impl Write,
    parts: usize,
    part: &(dyn Fn(usize) -> Table + Sync),
    delimiter: u8,
    options: Options,
) -> io::Result<()> {
    header(out, &part(0), delimiter, options)?;
    let all: Vec<usize> = (0..parts).collect();
    in_order(out, &all, |i, buffer| {
        let table = part(*i);
        let timed = vec![false; table.columns.len()];
        rows(buffer, &table, 0..table.rows(), &timed, delimiter, options)
    })
}

/// Formats pieces on all threads, a few at a time, and writes them in their order.
fn in_order(out: &mut impl Write, pieces: &[usize], fill: impl Fn(&usize, &mut Vec<u8>) -> io::Result<()> + Sync) -> io::Result<()> {
    for some in pieces.chunks(2 * rayon::current_num_threads()) {
        let filled: Vec<io::Result<Vec<u8>>> = some
            .par_iter()
            .map(|piece| {
                let mut buffer = Vec::new();
                fill(piece, &mut buffer).map(|()| buffer)
            })
            .collect();
        for buffer in filled {
            out.write_all(&buffer?)?;
        }
    }
    Ok(())
}

fn header(out: &mut impl Write, table: &Table, delimiter: u8, options: Options) -> io::Result<()> {
    let last = table.columns.len().saturating_sub(1);
    for (i, column) in table.columns.iter().enumerate() {
        text(out, &guard(&column.name, options), delimiter, last == 0)?;
        out.write_all(if i == last { b"\n" } else { std::slice::from_ref(&delimiter) })?;
    }
    Ok(())
}

fn rows(
    out: &mut Vec<u8>,
    table: &Table,
    range: std::ops::Range<usize>,
    timed: &[bool],
    delimiter: u8,
    options: Options,
) -> io::Result<()> {
    let last = table.columns.len().saturating_sub(1);
    let only = table.columns.len() == 1;
    for row in range {
        for (i, column) in table.columns.iter().enumerate() {
            match column.cell(row) {
                // a line with nothing on it would vanish when read
                Cell::Empty if only => out.extend_from_slice(b"\"\""),
                Cell::Empty => {}
                Cell::Text(s) => text(out, &guard(s, options), delimiter, only)?,
                Cell::Number(x, None) if x.fract() == 0.0 && x.abs() < 1e15 => whole(out, x as i64),
                Cell::Number(x, decimals) => out.extend_from_slice(number_text(x, decimals).as_bytes()),
                Cell::Integer(n) => whole(out, n),
                Cell::Date(t) if timed.get(i) == Some(&true) => out.extend_from_slice(t.iso_timed().as_bytes()),
                Cell::Date(t) => date(out, t)?,
                Cell::Bool(b) => out.extend_from_slice(if b { b"true" } else { b"false" }),
            }
            out.push(if i == last { b'\n' } else { delimiter });
        }
    }
    Ok(())
}

/// A whole number.
fn whole(out: &mut Vec<u8>, n: i64) {
    let mut digits = [0u8; 20];
    let (mut at, mut rest) = (digits.len(), n.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// A day as `2026-01-31`; anything else as the stamp writes itself. Years begin in March here, so that a leap day is a year's last (the civil calendar's
/// arithmetic in 400-year cycles of 146,097 days).
fn date(out: &mut Vec<u8>, t: Stamp) -> io::Result<()> {
    let days = t.0.div_euclid(86_400) + 719_468;
    // 0000-03-01 to 9999-12-31
    if t.0.rem_euclid(86_400) != 0 || !(0..3_652_364).contains(&days) {
        return write!(out, "{t}");
    }
    let (cycle, in_cycle) = (days / 146_097, days % 146_097);
    let year = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let day_of_year = in_cycle - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = cycle * 400 + year + i64::from(month <= 2);
    let digit = |n: i64, by: i64| b'0' + (n / by % 10) as u8;
    let two = |n: i64| [digit(n, 10), digit(n, 1)];
    let (m, d) = (two(month), two(day));
    out.extend_from_slice(&[digit(year, 1000), digit(year, 100), digit(year, 10), digit(year, 1), b'-', m[0], m[1], b'-', d[0], d[1]]);
    Ok(())
}

/// A text cell that no spreadsheet runs as a formula (CWE-1236).
pub fn guard(cell: &str, options: Options) -> Cow<'_, str> {
    if !options.raw && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn text(out: &mut impl Write, cell: &str, delimiter: u8, only: bool) -> io::Result<()> {
    let delimiter = char::from(delimiter);
    let needs = cell.contains(['"', '\n', '\r', delimiter]) || cell.starts_with(' ') || cell.ends_with(' ') || (only && cell.is_empty());
    if needs { write!(out, "\"{}\"", cell.replace('"', "\"\"")) } else { out.write_all(cell.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_stamps_write_them() {
        for day in (-400_000i64..400_000).step_by(97).chain([0, 1, -1, 11_016, 19_782, 19_783]) {
            let t = Stamp(day * 86_400);
            let mut out = Vec::new();
            date(&mut out, t).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), t.to_string());
        }
        for n in [0, 7, -7, 1_000_000, i64::MIN, i64::MAX] {
            let mut out = Vec::new();
            whole(&mut out, n);
            assert_eq!(String::from_utf8(out).unwrap(), n.to_string());
        }
    }

    #[test]
    fn chunks_and_parts_join() {
        let n = 3 * CHUNK + 5;
        let table = |range: std::ops::Range<usize>| {
            Table::new(vec![
                Column::text("name", range.clone().map(|i| format!("a,{i}"))),
                Column::exact("x", range.map(|i| if i % 3 == 0 { f64::NAN } else { i as f64 / 4.0 })),
            ])
        };
        let mut whole = Vec::new();
        write(&mut whole, &table(0..n), b',', Options::default()).unwrap();
        let text = String::from_utf8(whole.clone()).unwrap();
        assert_eq!(text.lines().count(), n + 1);
        assert_eq!(text.lines().nth(CHUNK + 2), Some(format!("\"a,{}\",{}", CHUNK + 1, (CHUNK + 1) as f64 / 4.0)).as_deref());
        let mut parts = Vec::new();
        write_parts(&mut parts, n.div_ceil(1000), &|i| table(i * 1000..n.min((i + 1) * 1000)), b',', Options::default()).unwrap();
        assert_eq!(parts, whole);
    }
}
