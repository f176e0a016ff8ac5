//! Reading what shops export: bytes in, regular series and masters out, with everything set aside or guessed said.

pub mod model;

pub use model::{History, Masters, Measured, Series};
