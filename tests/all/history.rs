//! Black-box tests of the history room.
