//! Black-box tests of the footprint room.
