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
    history::read_sales_bytes(&bytes_of(files)?, options, &progress)
}

/// The bytes of files; `-` is standard input.
fn bytes_of(files: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let mut named = Vec::new();
    for f in files {
        let mut bytes = Vec::new();
        let (name, read) = if f.as_os_str() == "-" {
            ("standard input".to_owned(), std::io::stdin().lock().read_to_end(&mut bytes))
        } else {
            (f.display().to_string(), std::fs::File::open(f).and_then(|mut h| h.read_to_end(&mut bytes)))
        };
        read.map_err(|e| {
            let what = match e.kind() {
                std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                _ => format!("the file cannot be read: {e}"),
            };
            vec![Diagnostic::error("file-unreadable", what).file(&name).fix("check the path and the permissions")]
        })?;
        named.push((name, bytes));
    }
    Ok(named)
}

/// Files told apart by what is in them.
#[derive(Default)]
pub struct Sorted {
    /// Sales, and calendars of numbered days.
    pub sales: Vec<(String, Vec<u8>)>,
    /// The companion files that the import writes, in the order given.
    pub companions: Vec<(Kind, String, Vec<u8>)>,
}

/// Tells files apart; `options.kind` says it of all of them. Other companion files are refused by name.
pub fn sorted(files: &[PathBuf], options: &ReadOptions) -> Result<Sorted, Vec<Diagnostic>> {
    let mut out = Sorted::default();
    for (name, bytes) in bytes_of(files)? {
        let kind = match options.kind {
            Some(kind) => kind.name(),
            // a person's own profile is of sales
            None if !options.map.is_empty() || !options.profiles.is_empty() => "sales",
            None => {
                let (head, _) = history::look::head(&bytes);
                // what cannot be told apart is read as sales, and refused with the better reason there
                history::classify(&name, &head).map_or("sales", |g| g.kind)
            }
        };
        match kind {
            "stock" => out.companions.push((Kind::Stock, name, bytes)),
            "items" => out.companions.push((Kind::Items, name, bytes)),
            "on_order" => out.companions.push((Kind::OnOrder, name, bytes)),
            "sales" | "calendar" => out.sales.push((name, bytes)),
            other => {
                let what = other.replace('_', " ");
                return Err(vec![
                    Diagnostic::error("not-imported", format!("this looks like a file of {what}, which is used as it is"))
                        .file(name)
                        .fix(format!("name it as `{other}` in a scenario, or say --kind sales if it is sales")),
                ]);
            }
        }
    }
    Ok(out)
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
    let kind = r
        .kind
        .as_deref()
        .map(|t| Kind::parse(t).ok_or_else(|| refuse("kind of file", t, "use sales, stock or items (or on_order)")))
        .transpose()?;
    if let Some(d) = r.decimal
        && !matches!(d, '.' | ',')
    {
        return Err(refuse("decimal mark", &d.to_string(), "use . or ,"));
    }
    let covers = r
        .covers
        .as_deref()
        .map(|t| history::question::covers(t).ok_or_else(|| refuse("range of days", t, "write it as 2026-01-01..2026-01-31")))
        .transpose()?;
    let day = |t: &str| history::question::covers(t).filter(|(a, b)| a == b).map(|c| c.0);
    let as_of = r.as_of.as_deref().map(|t| day(t).ok_or_else(|| refuse("day", t, "write it as 2026-01-31"))).transpose()?;
    let mut profiles = Vec::new();
    for path in &r.profile {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|e| vec![Diagnostic::error("file-unreadable", format!("it cannot be read: {e}")).file(&name).fix("check the path")])?;
        profiles.push(history::Profile::parse(&text).map_err(|d| vec![d.file(&name)])?);
    }
    Ok(ReadOptions {
        covers,
        time_zone: r.time_zone.clone(),
        day_starts: r.day_starts.unwrap_or(0),
        as_of,
        profiles,
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
