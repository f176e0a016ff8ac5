//! Black-box tests of the inventory room.
