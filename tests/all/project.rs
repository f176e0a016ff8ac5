//! The project file: documents, edits and their undoing, the file, its copies, and what a sudden end leaves.

mod canonical;
mod edits;
mod file;
mod kill;
mod opened;
mod orders;
mod score;
mod shop;
mod undo;
