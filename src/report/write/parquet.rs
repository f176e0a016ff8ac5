//! A table as Parquet (zstd), through polars-io. Numbers keep all their digits, whatever the decimals for text.

use crate::base::Stamp;
use crate::report::table::{Table, Values};
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsError, Series, TimeUnit};
use polars_io::parquet::write::ParquetWriter;
use rayon::prelude::*;
use std::io::{self, Write};

/// Write the table. Dates are days where no cell has a time of day, else timestamps without zone.
pub fn write(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let mut frame = frame(table).map_err(other)?;
    ParquetWriter::new(out).set_parallel(rayon::current_num_threads() > 1).finish(&mut frame).map(drop).map_err(other)
}

/// Write tables with the same columns below one another, each a row group, made and packed side by side; there is one at least.
pub fn write_parts(out: &mut (impl Write + Send), parts: usize, part: &(dyn Fn(usize) -> Table + Sync)) -> io::Result<()> {
    let schema = frame(&part(0)).map_err(other)?.schema().as_ref().clone();
    let writer = ParquetWriter::new(out).batched(&schema).map_err(other)?;
    let at_once = 2 * rayon::current_num_threads();
    let pack = |from: usize| {
        let packed = (from..parts.min(from + at_once)).into_par_iter().map(|i| {
            let frame = frame(&part(i))?;
            writer.encode_and_compress(&frame).collect::<Result<Vec<_>, PolarsError>>()
        });
        packed.collect::<Result<Vec<_>, _>>()
    };
    let mut ready = pack(0).map_err(other)?;
    let mut from = at_once;
    while !ready.is_empty() {
        // pages are compressed as they are written: meanwhile the next ones are made
        let write = || ready.into_iter().try_for_each(|groups| writer.write_row_groups(groups));
        let (written, next) = rayon::join(write, || pack(from));
        written.map_err(other)?;
        ready = next.map_err(other)?;
        from += at_once;
    }
    writer.finish().map(drop).map_err(other)
}

fn frame(table: &Table) -> Result<DataFrame, PolarsError> {
    let rows = table.rows();
    let columns = table.columns.par_iter().map(|c| column(&c.name, &c.values, rows)).collect::<Result<Vec<Column>, _>>()?;
    DataFrame::new(rows, columns)
}

fn other(e: PolarsError) -> io::Error {
    io::Error::other(e.to_string())
}

/// `values` padded with nothing to `rows`.
fn padded<T: Clone>(values: &[Option<T>], rows: usize) -> Vec<Option<T>> {
    let mut v = values.to_vec();
    v.resize(rows, None);
    v
}

fn column(name: &str, values: &Values, rows: usize) -> Result<Column, PolarsError> {
    let series = match values {
        Values::Text(v) => {
            let texts: Vec<Option<&str>> = v.iter().map(Option::as_deref).chain(std::iter::repeat(None)).take(rows).collect();
            Series::new(name.into(), texts)
        }
        Values::Number { values, .. } if values.len() == rows && values.iter().all(|x| x.is_finite()) => {
            Series::new(name.into(), values.as_slice())
        }
        Values::Number { values, .. } => {
            let known: Vec<Option<f64>> = values.iter().map(|&x| Some(x).filter(|x| x.is_finite())).collect();
            Series::new(name.into(), padded(&known, rows))
        }
        Values::Integer(v) => Series::new(name.into(), padded(v, rows)),
        Values::Bool(v) => Series::new(name.into(), padded(v, rows)),
        Values::Date(v) => {
            if v.iter().flatten().all(|t| *t == Stamp::of_day(t.day())) {
                let days: Vec<Option<i32>> = v.iter().map(|t| t.map(|t| t.day().0)).collect();
                Series::new(name.into(), padded(&days, rows)).cast(&DataType::Date)?
            } else {
                let micros: Vec<Option<i64>> = v.iter().map(|t| t.map(|t| t.0.saturating_mul(1_000_000))).collect();
                Series::new(name.into(), padded(&micros, rows)).cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
            }
        }
    };
    Ok(series.into_column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Column as Cells;
    use polars::prelude::SerReader;
    use polars_io::parquet::read::ParquetReader;
    use std::io::Cursor;

    /// However many parts a table is written in, and however many threads there are, the same rows come back.
    #[test]
    fn parts_are_the_whole_table() {
        let rows = |from: usize, to: usize| {
            Table::new(vec![
                Cells::shared("name", (from..to).map(|i| format!("item {}", i / 7).into())),
                Cells::date("ds", (from..to).map(|i| Stamp(86_400 * i as i64))),
                Cells::exact("y", (from..to).map(|i| if i % 5 == 0 { f64::NAN } else { i as f64 / 3.0 })),
            ])
        };
        let read = |bytes: Vec<u8>| ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
        let mut whole = Vec::new();
        write(&mut whole, &rows(0, 100)).unwrap();
        let whole = read(whole);
        for size in [1, 9, 50, 100] {
            let mut parts = Vec::new();
            write_parts(&mut parts, 100usize.div_ceil(size), &|i| rows(i * size, 100.min((i + 1) * size))).unwrap();
            let parts = read(parts);
            assert!(parts.equals_missing(&whole), "{size}: {parts:?}");
            assert_eq!(parts.schema(), whole.schema());
        }
    }
}
