//! Closed forms and exact algorithms from the textbooks.
