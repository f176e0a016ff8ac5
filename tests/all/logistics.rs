//! Black-box tests of the logistics room.
