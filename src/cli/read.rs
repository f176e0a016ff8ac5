//! Sales files and scenarios, as the arguments name them.

use super::args::{Reading, Scenario};
use super::output::Printer;
use crate::base::diagnostic::nearest;
use crate::base::{Diagnostic, Period};
use crate::history::{self, DateOrder, Import, Kind, ReadOptions, Role};
use crate::scenario::{self, Inputs, Plan};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Reads sales files; `-` is standard input.
pub fn sales(files: &[PathBuf], options: &ReadOptions, out: &Printer) -> Result<Import, Vec<Diagnostic>> {
    let progress = out.progress();
    if !files.iter().any(|f| f.as_os_str() == "-") {
        return history::read_sales(files, options, &progress);
    }
    let mut named = Vec::new();
    for f in files {
        let mut bytes = Vec::new();
        let (name, read) = if f.as_os_str() == "-" {
            ("standard input".to_owned(), std::io::stdin().lock().read_to_end(&mut bytes))
        } else {
            (f.display().to_string(), std::fs::File::open(f).and_then(|mut h| h.read_to_end(&mut bytes)))
        };
        read.map_err(|e| vec![Diagnostic::error("file-unreadable", format!("it cannot be read: {e}")).file(&name).fix("check the path")])?;
        named.push((name, bytes));
    }
    history::read_sales_bytes(&named, options, &progress)
}

/// The reader's options from the arguments.
pub fn options(r: &Reading) -> Result<ReadOptions, Vec<Diagnostic>> {
    let mut map = Vec::new();
    for pair in &r.map {
        let Some((column, role)) = pair.rsplit_once('=') else {
            return Err(vec![
                Diagnostic::error("map-unreadable", format!("'{pair}' is no COLUMN=ROLE"))
                    .fix("write --map \"Units sold=quantity,Day=date\""),
            ]);
        };
        let known: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
        let Some(parsed) = Role::parse(role) else {
            let hint = nearest(role, known.iter().copied()).map_or(String::new(), |k| format!("did you mean '{k}'? "));
            return Err(vec![
                Diagnostic::error("role-unknown", format!("'{role}' is no role")).fix(format!("{hint}known: {}", known.join(", "))),
            ]);
        };
        map.push((column.trim().to_owned(), parsed));
    }
    let refuse = |what: &str, text: &str, fix: &str| vec![Diagnostic::error("option-unknown", format!("'{text}' is no {what}")).fix(fix)];
    let date_order =
        r.date_order.as_deref().map(|t| DateOrder::parse(t).ok_or_else(|| refuse("date order", t, "use dmy, mdy or ymd"))).transpose()?;
    let kind =
        r.kind.as_deref().map(|t| Kind::parse(t).ok_or_else(|| refuse("kind of file", t, "use sales, stock or items"))).transpose()?;
    if let Some(d) = r.decimal
        && !matches!(d, '.' | ',')
    {
        return Err(refuse("decimal mark", &d.to_string(), "use . or ,"));
    }
    Ok(ReadOptions {
        map,
        date_order,
        decimal: r.decimal,
        period: period(r.period.as_deref())?,
        kind,
        keep_non_products: r.keep_non_products,
        sheet: r.sheet.clone(),
        ..ReadOptions::default()
    })
}

/// A period by name; `auto` and nothing leave it to the file.
pub fn period(text: Option<&str>) -> Result<Option<Period>, Vec<Diagnostic>> {
    match text {
        None => Ok(None),
        Some(t) if t.eq_ignore_ascii_case("auto") => Ok(None),
        Some(t) => Period::parse(t).map(Some).ok_or_else(|| {
            vec![
                Diagnostic::error("option-unknown", format!("'{t}' is no period")).fix("use hour, day, week, month, quarter, year or auto"),
            ]
        }),
    }
}

/// Reads a scenario and applies the overrides; says what was assumed.
pub fn scenario(args: &Scenario, out: &Printer) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (inputs, mut plan, notes) = load(&args.scenario, out)?;
    if let Some(n) = args.replications {
        plan.replications = n;
        plan.precision = None;
    }
    if let Some(s) = args.seed {
        plan.seed = s;
    }
    if let Some(h) = args.horizon {
        plan.periods = h;
    }
    let wrong = plan.check();
    if wrong.is_empty() { Ok((inputs, plan, notes)) } else { Err(wrong.into_iter().map(|d| Diagnostic { column: None, ..d }).collect()) }
}

/// Reads a scenario file, or a sales file under the default scenario.
pub fn load(path: &Path, out: &Printer) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    if path.as_os_str() == "-" {
        return Err(vec![
            Diagnostic::error("scenario-from-stdin", "a scenario is not read from standard input, since its files lie beside it")
                .fix("write the sales to a file and name that, or name a scenario.toml"),
        ]);
    }
    scenario::load(path, &out.progress())
}
