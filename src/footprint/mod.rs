//! From freight, storage and waste to kg CO2e.
//!
//! In: [`crate::logistics::trips::Trip`]s (vehicle-kilometres leg by leg with the load on board), tonne-kilometres by mode,
//! pallet-days, discarded kilograms. Out: an [`Emission`], operation (TTW) and energy provision (WTT) apart, with the ids of
//! the factors used.
//!
//! Reading order: [`emission`] (a figure and where it comes from), [`factors`] (the table in `assets/emission_factors.csv`, or the
//! user's own), [`names`] (finding a class by what people call it), [`transport`] (trucks by vehicle-km interpolated on load;
//! other modes by t·km), [`fuel`] (diesel by speed and load, for comparison), [`storage`], [`waste`].
//!
//! Sources: UK DESNZ GHG conversion factors 2025; US EPA GHG Emission Factors Hub 2025; method ISO 14083:2023. Trucks are
//! never counted by average t·km: with that, sending one full lorry instead of two half-empty ones would save nothing.

pub mod emission;
pub mod factors;
pub mod fuel;
pub mod names;
pub mod storage;
pub mod transport;
pub mod waste;

pub use emission::Emission;
pub use factors::{Factors, TonneKmFactor, VehicleFactor};
pub use storage::StorageAssumptions;
pub use transport::{Leg, ROAD_DISTANCE_ADJUSTMENT, chain, tonne_km, trip_emissions};
