//! A table as Parquet (zstd), through polars-io. Numbers keep all their digits, whatever the decimals for text.

use crate::base::Stamp;
use crate::report::table::{Table, Values};
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsError, Series, TimeUnit};
use polars_io::parquet::write::ParquetWriter;
use rayon::prelude::*;
use std::io::{self, Write};

/// Write the table. Dates are days where no cell has a time of day, else timestamps without zone.
pub fn write(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let rows = table.rows();
    let columns = table.columns.par_iter().map(|c| column(&c.name, &c.values, rows)).collect::<Result<Vec<Column>, _>>().map_err(other)?;
    let mut frame = DataFrame::new(rows, columns).map_err(other)?;
    ParquetWriter::new(out).set_parallel(rayon::current_num_threads() > 1).finish(&mut frame).map(drop).map_err(other)
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
