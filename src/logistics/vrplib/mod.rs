//! Routing problems and solutions as the research world writes them: VRPLIB/TSPLIB 95 `.vrp` files and CVRPLIB `.sol` files.
//!
//! In: text. Out: a [`Problem`] to hand to the router, or a diagnostic with the line at fault; and the text of a `.sol` file.
//!
//! Reading order: [`read`] (the file format), [`solomon`] (the other one: time windows), [`matrix`] (explicit weights), [`points`] (weights from coordinates), `wide` (what goes beyond loads),
//! [`write`](mod@write). Source: Reinelt 1995, *TSPLIB 95*; the CVRP conventions of CVRPLIB (Uchoa et al. 2017).

pub mod matrix;
pub mod points;
pub mod read;
pub mod solomon;
mod wide;
pub mod write;

pub use read::{Parsed, Problem, parse};
pub use solomon::{TENTHS, Windowed, is_solomon, parse_solomon};
pub use write::write_solution;
