//! One set of assumptions that runs the whole line.
