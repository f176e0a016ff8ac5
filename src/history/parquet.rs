//! Parquet to a table, through polars; damaged files are refused, never trusted.

use super::delimited::MAX_COLUMNS;
use super::table::{Cells, Column, Lines, Table};
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};
use polars::prelude::{DataType, SerReader, TimeUnit};
use polars_io::parquet::read::ParquetReader;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads a Parquet file; row 0 stands on line 2, as if a header were line 1.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Table, Diagnostic> {
    let damaged = |why: &str| {
        Diagnostic::error("parquet-unreadable", format!("the Parquet file is damaged or of a kind that cannot be read{why}"))
            .file(name)
            .fix("copy or export it again")
    };
    if bytes.len() < 12 || !bytes.ends_with(b"PAR1") {
        return Err(damaged(": it is cut off before its end"));
    }
    // the reader trusts lengths in the file; a hostile one can make it panic, which must not end the program
    let frame = catch_unwind(AssertUnwindSafe(|| ParquetReader::new(Cursor::new(bytes)).finish()))
        .map_err(|_| damaged(""))?
        .map_err(|e| damaged(&format!(" ({})", e.to_string().lines().next().unwrap_or_default())))?;
    if frame.height() == 0 || frame.width() == 0 {
        return Err(Diagnostic::error("no-rows", "the file has columns but no rows")
            .file(name)
            .fix("export it again, with a period in which something was sold"));
    }
    if frame.width() > MAX_COLUMNS {
        return Err(Diagnostic::error(
            "too-many-columns",
            format!("the file has {}, more than {MAX_COLUMNS}", plural(frame.width(), "column")),
        )
        .file(name)
        .fix("export the long layout, one row per sale or period"));
    }
    let (mut columns, mut notes) = (Vec::with_capacity(frame.width()), Vec::new());
    for (i, column) in frame.columns().iter().enumerate() {
        let series = column.as_materialized_series();
        match catch_unwind(AssertUnwindSafe(|| cells(series))) {
            Ok(Ok(cells)) => columns.push(Column { name: column.name().to_string(), cells }),
            _ => {
                notes.push(
                    Diagnostic::warning("column-unreadable", format!("the column holds {}, which is not read", series.dtype()))
                        .file(name)
                        .column(i as u32 + 1),
                );
                columns.push(Column { name: column.name().to_string(), cells: Cells::Float(vec![f64::NAN; frame.height()]) });
            }
        }
    }
    Ok(Table { rows: frame.height(), columns, lines: Lines::From(2), notes, header_line: Some(1), ..Table::empty(name, "parquet") })
}

fn cells(series: &polars::prelude::Series) -> Result<Cells, polars::prelude::PolarsError> {
    let seconds = |per: i64| -> Result<Cells, polars::prelude::PolarsError> {
        let whole = series.cast(&DataType::Int64)?;
        Ok(Cells::Time(whole.i64()?.iter().map(|v| v.map(|v| Stamp(v.div_euclid(per)))).collect()))
    };
    Ok(match series.dtype() {
        DataType::String => Cells::Text(series.str()?.rechunk().into_owned()),
        DataType::Boolean => Cells::Bool(series.bool()?.iter().collect()),
        DataType::Date => {
            let days = series.cast(&DataType::Int32)?;
            Cells::Time(days.i32()?.iter().map(|v| v.map(|d| Stamp(i64::from(d) * 86_400))).collect())
        }
        DataType::Datetime(TimeUnit::Nanoseconds, _) => seconds(1_000_000_000)?,
        DataType::Datetime(TimeUnit::Microseconds, _) => seconds(1_000_000)?,
        DataType::Datetime(TimeUnit::Milliseconds, _) => seconds(1_000)?,
        t if t.is_integer() => Cells::Int(series.cast(&DataType::Int64)?.i64()?.iter().collect()),
        t if t.is_float() || t.is_primitive_numeric() => {
            Cells::Float(series.cast(&DataType::Float64)?.f64()?.iter().map(|v| v.unwrap_or(f64::NAN)).collect())
        }
        _ => Cells::Text(series.cast(&DataType::String)?.str()?.rechunk().into_owned()),
    })
}
