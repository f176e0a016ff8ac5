//! See the place of this name in `src/app/places`.
