//! The command line: one file a subcommand, each a thin shell that reads, calls the library and prints.
//!
//! In: arguments, files. Out: data on standard output, messages and progress on standard error; exit 0 done, 1 refused with
//! a reason, 2 wrong usage (DESIGN §4).
//!
//! Reading order: this file (the list of commands), [`args`] (what each takes), [`output`] (where text goes), then the commands.

mod args;
mod audit;
mod backtest;
mod classical;
mod companion;
mod compare;
mod consolidate;
mod demo;
mod forecast;
mod import;
mod levels;
mod monitor;
mod optimize;
mod orders;
mod output;
mod read;
mod replay;
mod report;
mod routes;
mod simulate;

use args::{Cli, Command};
use clap::Parser;
use output::Printer;
use std::process::ExitCode;

/// Opens the window, on a project or files where they are named, and returns when it is closed; the error says why it could not open. Handed in by
/// `main`, since this room does not know the window.
pub type Window = fn(Vec<std::path::PathBuf>) -> Result<(), String>;

/// Parses the arguments, runs the command (or `open`s the window), returns the exit code.
pub fn main(open: Option<Window>) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() { 2 } else { 0 };
            // a closed pipe is no reason to complain
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    let out = Printer::new(cli.json, cli.quiet);
    if let Some(n) = cli.threads
        && let Err(e) = rayon::ThreadPoolBuilder::new().num_threads(n).build_global()
    {
        out.note(&format!("--threads {n} could not be set: {e}"));
    }
    let done = match cli.command {
        None => window(open, cli.files),
        Some(Command::Demo(a)) => demo::run(&a, &out),
        Some(Command::Audit(a)) => audit::run(&a, &out),
        Some(Command::Import(a)) => import::run(&a, &out),
        Some(Command::Forecast(a)) => forecast::run(&a, &out),
        Some(Command::Monitor(a)) => monitor::run(&a, &out),
        Some(Command::Backtest(a)) => backtest::run(&a, &out),
        Some(Command::Simulate(a)) => simulate::run(&a, &out),
        Some(Command::Optimize(a)) => optimize::run(&a, &out),
        Some(Command::Orders(a)) => orders::run(&a, &out),
        Some(Command::Replay(a)) => replay::run(&a, &out),
        Some(Command::Consolidate(a)) => consolidate::run(&a, &out),
        Some(Command::Routes(a)) => routes::run(&a, &out),
        Some(Command::Compare(a)) => compare::run(&a, &out),
        Some(Command::Report(a)) => report::run(&a, &out),
    };
    match done.and_then(|()| out.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            out.refuse(&problems);
            ExitCode::from(1)
        }
    }
}

/// What a command ends in: nothing, or the reasons why not.
type Done = Result<(), Vec<crate::base::Diagnostic>>;

fn window(open: Option<Window>, files: Vec<std::path::PathBuf>) -> Done {
    let missing: Vec<_> = files.iter().filter(|p| !p.exists()).map(|p| not_a_file(p)).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let open = open.ok_or_else(|| vec![no_window("this build has no window (it was made without the feature gui)")])?;
    open(files).map_err(|why| vec![no_window(&why)])
}

fn no_window(why: &str) -> crate::base::Diagnostic {
    crate::base::Diagnostic::error("no-window", why)
        .fix("run `stockcast demo` for the whole line without a window, or `stockcast --help` for all commands")
}

fn not_a_file(path: &std::path::Path) -> crate::base::Diagnostic {
    let name = path.display().to_string();
    let known = [
        "demo",
        "audit",
        "import",
        "monitor",
        "forecast",
        "backtest",
        "simulate",
        "optimize",
        "orders",
        "replay",
        "consolidate",
        "routes",
        "compare",
        "report",
    ];
    let hint = crate::base::diagnostic::nearest(&name, known)
        .map_or_else(|| "run `stockcast --help` for the commands".to_owned(), |k| format!("did you mean `stockcast {k}`?"));
    crate::base::Diagnostic::error("file-missing", "there is no such command or file").file(name).fix(hint)
}
