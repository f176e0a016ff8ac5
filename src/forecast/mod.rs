//! From a series to a distribution over its future paths.

pub mod path;
