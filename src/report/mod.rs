//! What leaves the program: CSV, Parquet, XLSX and HTML.
