//! From a distribution over demand paths to stock decisions, by simulation.
