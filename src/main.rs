//! `stockcast`: no subcommand opens the window, a subcommand runs headless.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "gui")]
    let window: Option<stockcast::cli::Window> = Some(stockcast::app::run);
    #[cfg(not(feature = "gui"))]
    let window: Option<stockcast::cli::Window> = None;
    stockcast::cli::main(window)
}
