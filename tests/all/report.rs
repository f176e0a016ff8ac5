//! Black-box tests of the report room.
