//! Sales as a project keeps them: a [`History`] as Parquet chunks of at most 16 MB, named by the hash of their bytes.
//!
//! A chunk is a table in the long format, readable with any Parquet tool: `unique_id, item, location, description, ds, y, revenue, price,
//! in_stock, promo, returned, last_stock`, one row a period, series in order. A column that a series does not have is null; a period of
//! which nothing is known is NaN; a series without periods is one row without `y`. A series may go on in the next chunk.

use super::model::{History, Measured, Series};
use crate::base::{Diagnostic, Period, Stamp};
use polars::prelude::{
    Column, DataFrame, DataType, Float64Chunked, IntoColumn, NamedFrom, PolarsError, SerReader, Series as Values, StringChunked, TimeUnit,
};
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;
use std::io::Cursor;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// No chunk is larger.
pub const MOST_BYTES: usize = 16 << 20;
/// Uncompressed bytes put into one chunk, by estimate.
const AIM: usize = 12 << 20;
/// Uncompressed bytes of a row without its texts.
const ROW: usize = 64;
const NUMBERS: [&str; 6] = ["revenue", "price", "in_stock", "promo", "returned", "last_stock"];
const MICROS: i64 = 1_000_000;

/// Immutable bytes and their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// [`hash`] of the bytes.
    pub hash: String,
    /// A Parquet file.
    pub bytes: Vec<u8>,
}

/// The name of some bytes: FNV-1a of 128 bits in hexadecimal (Fowler, Noll & Vo; draft-eastlake-fnv). It tells contents apart and finds
/// equal ones; it is no defence against someone who makes two contents alike on purpose.
pub fn hash(bytes: &[u8]) -> String {
    const PRIME: u128 = (1 << 88) + 0x13b;
    let h = bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |h, b| (h ^ u128::from(*b)).wrapping_mul(PRIME));
    format!("{h:032x}")
}

/// The history as chunks; the same history gives the same bytes.
///
/// # Errors
/// The Parquet writer refuses, or a single row is larger than a chunk may be.
pub fn encode(history: &History) -> Result<Vec<Chunk>, Diagnostic> {
    let mut chunks = Vec::new();
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    let mut size = 0;
    for (i, s) in history.series.iter().enumerate() {
        let texts =
            [&s.unique_id, &s.item, &s.location].iter().map(|t| t.len()).sum::<usize>() + s.description.as_ref().map_or(0, |d| d.len());
        let row = ROW + texts;
        let mut from = 0;
        loop {
            let room = (AIM.saturating_sub(size) / row).max(1);
            let to = s.y.len().min(from + room);
            parts.push((i, from..to));
            size += row * (to - from).max(1);
            from = to;
            if size >= AIM {
                chunk(history, &parts, &mut chunks)?;
                parts.clear();
                size = 0;
            }
            if from >= s.y.len() {
                break;
            }
        }
    }
    if !parts.is_empty() {
        chunk(history, &parts, &mut chunks)?;
    }
    Ok(chunks)
}

/// One chunk of these parts, or several where the estimate was too low.
fn chunk(history: &History, parts: &[(usize, Range<usize>)], out: &mut Vec<Chunk>) -> Result<(), Diagnostic> {
    let bytes = parquet(history, parts).map_err(|e| {
        let why = e.to_string();
        Diagnostic::error(
            "history-unwritable",
            format!("the sales cannot be written as Parquet: {}", why.lines().next().unwrap_or_default()),
        )
    })?;
    if bytes.len() <= MOST_BYTES {
        out.push(Chunk { hash: hash(&bytes), bytes });
        return Ok(());
    }
    match parts {
        [] => Ok(()),
        [(series, rows)] if rows.len() > 1 => {
            let middle = rows.start + rows.len() / 2;
            chunk(history, &[(*series, rows.start..middle)], out)?;
            chunk(history, &[(*series, middle..rows.end)], out)
        }
        [_] => Err(Diagnostic::error("history-unwritable", "a name in the sales is longer than 16 MB").fix("shorten it in the export")),
        parts => {
            let (a, b) = parts.split_at(parts.len() / 2);
            chunk(history, a, out)?;
            chunk(history, b, out)
        }
    }
}

fn parquet(history: &History, parts: &[(usize, Range<usize>)]) -> Result<Vec<u8>, PolarsError> {
    let rows: usize = parts.iter().map(|(_, r)| r.len().max(1)).sum();
    let mut texts: [Vec<Option<&str>>; 4] = std::array::from_fn(|_| Vec::with_capacity(rows));
    let mut ds = Vec::with_capacity(rows);
    let mut y: Vec<Option<f64>> = Vec::with_capacity(rows);
    let mut numbers: [Vec<Option<f64>>; 6] = std::array::from_fn(|_| Vec::with_capacity(rows));
    for (s, range) in parts.iter().filter_map(|(i, r)| Some((history.series.get(*i)?, r))) {
        let calendar = s.calendar(history.period);
        let columns = [&s.revenue, &s.price, &s.in_stock, &s.promo, &s.returned];
        for i in range.start..range.end.max(range.start + 1) {
            for (column, text) in texts.iter_mut().zip([Some(&s.unique_id), Some(&s.item), Some(&s.location), s.description.as_ref()]) {
                column.push(text.map(|t| &**t));
            }
            ds.push(calendar.at(i as i64).0.saturating_mul(MICROS));
            y.push(s.y.get(i).copied());
            for (column, values) in numbers.iter_mut().zip(columns) {
                column.push(values.as_ref().and_then(|v| v.get(i)).copied());
            }
            if let Some(last) = numbers.last_mut() {
                last.push(s.last_stock);
            }
        }
    }
    let mut columns: Vec<Column> = ["unique_id", "item", "location", "description"]
        .into_iter()
        .zip(texts)
        .map(|(name, values)| Values::new(name.into(), values).into_column())
        .collect();
    columns.push(Values::new("ds".into(), ds).cast(&DataType::Datetime(TimeUnit::Microseconds, None))?.into_column());
    columns.push(Values::new("y".into(), y).into_column());
    columns.extend(NUMBERS.into_iter().zip(numbers).map(|(name, values)| Values::new(name.into(), values).into_column()));
    let mut frame = DataFrame::new(rows, columns)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).set_parallel(false).finish(&mut frame)?;
    Ok(bytes)
}

/// The history that [`encode`] wrote, from its chunks in order.
///
/// # Errors
/// A chunk is damaged or not one of ours.
pub fn decode(period: Period, measured: Measured, chunks: &[impl AsRef<[u8]>]) -> Result<History, Diagnostic> {
    let damaged = || {
        Diagnostic::error("history-damaged", "a part of the stored sales is damaged")
            .fix("import the sales file again, or use a copy of the project")
    };
    let mut series: Vec<Series> = Vec::new();
    for bytes in chunks {
        // as with any file: the reader may panic on bytes that were tampered with
        let read = catch_unwind(AssertUnwindSafe(|| append(bytes.as_ref(), &mut series))).map_err(|_| damaged())?;
        if !matches!(read, Ok(Some(()))) {
            return Err(damaged());
        }
    }
    Ok(History { period, measured, series })
}

/// Adds the rows of one chunk; `None` where a value is missing that has to be there.
fn append(bytes: &[u8], series: &mut Vec<Series>) -> Result<Option<()>, PolarsError> {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
    let column = |name: &str| frame.column(name).map(|c| c.as_materialized_series().rechunk());
    let texts = [column("unique_id")?, column("item")?, column("location")?, column("description")?];
    let [ids, items, locations, descriptions]: [&StringChunked; 4] = [texts[0].str()?, texts[1].str()?, texts[2].str()?, texts[3].str()?];
    let ds = column("ds")?.cast(&DataType::Int64)?;
    let ds = ds.i64()?;
    let y = column("y")?;
    let y = y.f64()?;
    let numbers = NUMBERS.iter().map(|n| column(n)).collect::<Result<Vec<_>, _>>()?;
    let numbers: Vec<&Float64Chunked> = numbers.iter().map(|n| n.f64()).collect::<Result<_, _>>()?;
    let Some((last_stock, optional)) = numbers.split_last() else { return Ok(None) };
    let mut at = 0;
    while at < frame.height() {
        let Some(id) = ids.get(at) else { return Ok(None) };
        let mut end = at + 1;
        while end < frame.height() && ids.get(end) == Some(id) {
            end += 1;
        }
        if series.last().is_none_or(|s| *s.unique_id != *id) {
            let (Some(item), Some(location), Some(start)) = (items.get(at), locations.get(at), ds.get(at)) else { return Ok(None) };
            let mut s = Series::new(id, Stamp(start.div_euclid(MICROS)), Vec::with_capacity(end - at));
            s.item = if item == id { s.unique_id.clone() } else { item.into() };
            s.location = series.last().map(|l| l.location.clone()).filter(|l| **l == *location).unwrap_or_else(|| location.into());
            s.description = descriptions.get(at).map(Arc::from);
            s.last_stock = last_stock.get(at);
            series.push(s);
        }
        let Some(s) = series.last_mut() else { return Ok(None) };
        let before = s.y.len();
        s.y.extend((at..end).filter_map(|i| y.get(i)));
        let added = s.y.len() - before;
        for (values, slot) in optional.iter().zip([&mut s.revenue, &mut s.price, &mut s.in_stock, &mut s.promo, &mut s.returned]) {
            let known = added > 0 && values.get(at).is_some();
            if known || slot.is_some() {
                slot.get_or_insert_with(|| Vec::with_capacity(added)).extend((at..at + added).map(|i| values.get(i).unwrap_or(f64::NAN)));
            }
        }
        at = end;
    }
    Ok(Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of the FNV authors.
    #[test]
    fn hash_known_answers() {
        assert_eq!(hash(b""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(hash(b"a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(hash(b"foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }
}
