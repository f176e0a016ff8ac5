//! Black-box tests of the forecast room.
