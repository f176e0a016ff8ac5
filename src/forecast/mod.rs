//! From a series to a distribution over its future paths.

pub mod fill;
pub mod path;
