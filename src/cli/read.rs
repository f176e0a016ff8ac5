//! Sales files and scenarios, as the arguments name them.

use super::args::{Reading, Scenario};
use super::output::Printer;
use crate::base::diagnostic::nearest;
use crate::base::{Diagnostic, Period};
use crate::history::{self, DateOrder, Given, Import, Kind, ReadOptions, Role};
use crate::scenario::{self, Inputs, Plan};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Reads sales files; `-` is standard input.
pub fn sales(files: &[PathBuf], options: &ReadOptions, out: &Printer) -> Result<Import, Vec<Diagnostic>> {
    let given = files.iter().map(|f| given(f)).collect::<Result<_, _>>()?;
    history::read_sales_sources(given, options, &out.progress())
}

/// A file where it is; `-` is standard input.
fn given(path: &Path) -> Result<Given, Vec<Diagnostic>> {
    if path.as_os_str() != "-" {
        return Ok(Given::Path(path.to_path_buf()));
    }
    let mut bytes = Vec::new();
    let fail = |what: String, fix| vec![Diagnostic::error("file-unreadable", what).file("standard input").fix(fix)];
    match std::io::stdin().lock().take(MOST_PIPED + 1).read_to_end(&mut bytes) {
        Ok(n) if n as u64 > MOST_PIPED => Err(fail("standard input holds more than 2 GiB".into(), "give the file by name")),
        Ok(_) => Ok(Given::Bytes("standard input".to_owned(), bytes)),
        Err(e) => Err(fail(format!("the file cannot be read: {e}"), "check the path and the permissions")),
    }
}

/// What was said of the columns, or a person's own profile, is of sales: no column holds what only companion files have.
fn sales_by_hand(options: &ReadOptions) -> bool {
    let of_companion = options.fields.iter().any(|(column, field)| !field.is_empty() && !options.map.iter().any(|(c, _)| c == column));
    let own = |sales: bool| options.profiles.iter().any(|p| (p.kind == "sales") == sales);
    !of_companion && (!options.map.is_empty() || own(true)) && !own(false)
}

/// The companion files that are read here.
const COMPANIONS: [Kind; 3] = [Kind::Stock, Kind::Items, Kind::OnOrder];

/// Most bytes of standard input, which has to be in memory as a whole.
const MOST_PIPED: u64 = 2 << 30;

/// Files told apart by what is in them.
#[derive(Default)]
pub struct Sorted {
    /// Sales, and calendars of numbered days.
    pub sales: Vec<Given>,
    /// The companion files that the import writes, in the order given.
    pub companions: Vec<(Kind, String, Vec<u8>)>,
}

/// Tells files apart; `options.kind` says it of all of them. Other companion files are refused by name.
pub fn sorted(files: &[PathBuf], options: &ReadOptions) -> Result<Sorted, Vec<Diagnostic>> {
    let mut out = Sorted::default();
    for path in files {
        let given = given(path)?;
        let kind = match options.kind {
            Some(kind) => kind.name(),
            // a person's own profile is of sales
            None if sales_by_hand(options) => "sales",
            None => {
                let head = given.head().map_err(|d| vec![d])?;
                // what cannot be told apart is read as sales, and refused with the better reason there
                history::classify(&given.name(), &head).map_or("sales", |g| g.kind)
            }
        };
        let companion = match kind {
            "stock" => Kind::Stock,
            "items" => Kind::Items,
            "on_order" => Kind::OnOrder,
            "sales" | "calendar" => {
                out.sales.push(given);
                continue;
            }
            other => {
                let what = other.replace('_', " ");
                return Err(vec![
                    Diagnostic::error("not-imported", format!("this looks like a file of {what}, which is used as it is"))
                        .file(given.name())
                        .fix(format!("name it as `{other}` in a scenario, or say --kind sales if it is sales")),
                ]);
            }
        };
        let (name, bytes) = given.load().map_err(|d| vec![d])?;
        out.companions.push((companion, name, bytes));
    }
    Ok(out)
}

/// The reader's options from the arguments.
pub fn options(r: &Reading) -> Result<ReadOptions, Vec<Diagnostic>> {
    let (mut map, mut fields) = (Vec::new(), Vec::new());
    for pair in &r.map {
        let Some((column, role)) = pair.rsplit_once('=') else {
            return Err(vec![
                Diagnostic::error("map-unreadable", format!("'{pair}' is no COLUMN=ROLE"))
                    .fix("write --map \"Units sold=quantity,Day=date\""),
            ]);
        };
        // a companion file's columns have fields, some of them called as roles are
        let field = role.trim().to_lowercase();
        let of_companion = COMPANIONS.iter().any(|k| history::fields_of(k.name()).contains(&field.as_str()));
        let ignored = Role::parse(role) == Some(Role::Ignore);
        if of_companion || ignored {
            fields.push((column.trim().to_owned(), if ignored { String::new() } else { field }));
            if Role::parse(role).is_none() {
                continue;
            }
        }
        let fields = COMPANIONS.iter().flat_map(|k| history::fields_of(k.name()));
        let known: Vec<&str> = Role::ALL.iter().map(|r| r.name()).chain(fields).collect();
        let Some(parsed) = Role::parse(role) else {
            let hint = nearest(role, known.iter().copied()).map_or(String::new(), |k| format!("did you mean '{k}'? "));
            return Err(vec![
                Diagnostic::error("role-unknown", format!("'{role}' is no role"))
                    .fix(format!("{hint}known: {}", Role::ALL.map(Role::name).join(", "))),
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
        fields,
        unsold: r.unsold.clone(),
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
