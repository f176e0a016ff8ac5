//! Reading what shops export: bytes in, regular series and masters out, with everything set aside or guessed said.

mod clean;
mod date;
mod delimited;
mod dialect;
mod header;
pub mod masters;
pub mod model;
mod names;
mod number;
pub mod options;
mod parquet;
pub mod recognised;
mod records;
mod regular;
mod roles;
mod rows;
pub mod sales;
mod sheet;
pub mod shipments;
mod source;
pub mod table;
mod values;
mod workbook;

pub use masters::{MasterFiles, read_masters, read_masters_bytes};
pub use model::{History, Masters, Measured, Series};
pub use options::{DateOrder, Kind, ReadOptions, Role};
pub use recognised::{Recognised, RecognisedColumn, SetAside};
pub use sales::{Import, read_sales, read_sales_bytes};
pub use shipments::{ShipmentRow, read_shipments, read_shipments_bytes};
