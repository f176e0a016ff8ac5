//! From orders to dated shipments, consolidated loads and trips.
