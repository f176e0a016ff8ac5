//! From freight and waste activity to kg CO2e.
