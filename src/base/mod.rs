//! What every other room stands on: units, the calendar, random streams, control and diagnostics.
//!
//! In: nothing. Out: small value types, without files, clocks, threads or environment.
//!
//! Reading order: [`units`] (newtypes), [`calendar`] (stamps and regular periods), [`random`] (counter-based streams),
//! [`measure`] (a simulated mean with its own error), [`control`] (progress and cancel), [`diagnostic`] (what is wrong,
//! where, and the fix), [`name`] (stable words read
//! back from files), [`text`] (numbers for people), [`cpu`] (the widest vector instructions there are), [`marks`] (a text's
//! delimiters, quotes and line ends, found with them).

pub mod calendar;
#[cfg(test)]
pub(crate) mod cases;
pub mod control;
pub mod cpu;
pub mod diagnostic;
pub mod marks;
pub mod measure;
pub mod name;
pub mod random;
pub mod text;
pub mod units;

pub use calendar::{Calendar, Period, Stamp};
pub use control::{Cancelled, Control, NoControl};
pub use diagnostic::{Diagnostic, Severity};
pub use measure::Measure;
pub use random::{Purpose, Stream};
pub use units::{Day, Kg, Km, M3, Money};
