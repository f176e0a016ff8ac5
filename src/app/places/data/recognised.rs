//! How a sales file was understood: format, columns with their roles (which can be changed), rows used and set aside.

use crate::app::action::Action;
use crate::app::import::Otherwise;
use crate::app::places::Cx;
use crate::app::places::import::rows::field_words;
use crate::app::theme::{self, ROW, gap};
use crate::app::widgets::{self, table::TableState};
use crate::base::text::{grouped, plural};
use crate::history::{Ask, DateOrder, Recognised, RecognisedColumn, Role};
use crate::project::Sales;
use crate::report::{Column, Table};
use eframe::egui::{self, Align, ComboBox, Label, Layout, RichText, ScrollArea, Ui, WidgetInfo};
use egui_extras::{Column as Width, TableBuilder};
use std::sync::Arc;

/// The tab's look.
#[derive(Default)]
pub struct Tab {
    /// Which of the sales files.
    pub file: usize,
    /// Columns that mean nothing show too.
    all: bool,
    aside: TableState,
    table: Option<(Arc<Sales>, usize, Table)>,
    stamp: u64,
}

impl Tab {
    /// Draws it; returns what is to be read otherwise.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, busy: bool) -> Option<Otherwise> {
        let Some(sales) = cx.session.project.document().sales.clone() else {
            let next = "Choose a sales export: a row per sale or per item and day, with a date, an item and a quantity";
            if widgets::empty(ui, "No sales were imported yet", next, Some("Choose files…")) {
                cx.act(Action::AddFile);
            }
            return None;
        };
        choose(ui, &sales, &mut self.file);
        let r = sales.recognised.get(self.file)?;
        let mut wish = None;
        ScrollArea::vertical().id_salt("recognised").auto_shrink([false, false]).show(ui, |ui| {
            wish = facts(ui, r, &sales, cx, self.file, busy);
            widgets::section(ui, "Columns");
            let t = theme::tokens(ui);
            ui.label(RichText::new("What each column was taken for; choose another meaning and the file is read again").color(t.weak));
            let set = sales.sources.get(self.file).map_or(&[][..], |s| &s.map);
            let by_hand = set.iter().map(|(name, _)| name.as_str()).collect();
            let shown = Columns { salt: self.file as u64, columns: &r.columns, fields: &[], choices: &[], by_hand, busy, height: 420.0 };
            let file = self.file;
            if let Some((column, Meaning::Role(role))) = columns(ui, &shown, &mut self.all) {
                wish = Some(Otherwise::Column { file, column, role });
            }
            self.set_aside(ui, r, &sales, cx);
            ui.add_space(gap::L);
        });
        wish
    }

    fn set_aside(&mut self, ui: &mut Ui, r: &Recognised, sales: &Arc<Sales>, cx: &mut Cx<'_>) {
        widgets::section(ui, "Rows set aside");
        let t = theme::tokens(ui);
        if r.set_aside.is_empty() {
            ui.label(RichText::new("None: every row of the file is used").color(t.weak));
            return;
        }
        if self.table.as_ref().is_none_or(|(s, f, _)| !Arc::ptr_eq(s, sales) || *f != self.file) {
            self.table = Some((sales.clone(), self.file, aside_table(r)));
            self.stamp += 1;
        }
        let Some((_, _, table)) = &self.table else { return };
        let height = ROW * (table.rows() as f32 + 1.0) + 64.0;
        ui.allocate_ui(egui::vec2(ui.available_width(), height.min(360.0)), |ui| {
            let happened = self.aside.ui(ui, "set aside", table, self.stamp, None);
            if happened.export {
                cx.act(Action::ExportTable { table: Box::new(table.clone()), name: format!("{} set aside.csv", stem(&r.file)) });
            }
        });
    }
}

/// The name of a file without folders and ending.
pub fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
}

/// Which of several sales files.
pub fn choose(ui: &mut Ui, sales: &Sales, file: &mut usize) {
    *file = (*file).min(sales.recognised.len().saturating_sub(1));
    if sales.recognised.len() > 1 {
        ui.horizontal(|ui| {
            ui.label("Sales file");
            let shown = sales.recognised.get(*file).map_or("", |r| r.file.as_str());
            let combo = ComboBox::from_id_salt("sales file").selected_text(shown).width(280.0).show_ui(ui, |ui| {
                for (i, r) in sales.recognised.iter().enumerate() {
                    ui.selectable_value(file, i, &r.file);
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Sales file"));
        });
    }
}

fn aside_table(r: &Recognised) -> Table {
    let lines = |lines: &[u64], rows: usize| {
        let mut text: Vec<String> = lines.iter().take(40).map(u64::to_string).collect();
        if rows > text.len() {
            text.push(format!("and {} more", rows - text.len()));
        }
        text.join(", ")
    };
    let why =
        r.set_aside.iter().map(|s| s.message.split_once("set aside: ").map_or(s.message.clone(), |(_, w)| crate::app::toasts::sentence(w)));
    Table::new(vec![
        Column::text("reason", why).label("Why"),
        Column::integer("rows", r.set_aside.iter().map(|s| s.rows as i64)).label("Rows"),
        Column::number("units", 0, r.set_aside.iter().map(|s| s.units)).label("Units lost"),
        Column::text("lines", r.set_aside.iter().map(|s| lines(&s.lines, s.rows))).label("Lines in the file"),
    ])
}

/// Format, dates, calendar; returns another order of dates where one is chosen.
fn facts(ui: &mut Ui, r: &Recognised, sales: &Sales, cx: &Cx<'_>, file: usize, busy: bool) -> Option<Otherwise> {
    let t = theme::tokens(ui);
    let mut wish = None;
    let lost: usize = r.set_aside.iter().map(|s| s.rows).sum();
    let units: f64 = r.set_aside.iter().map(|s| s.units).sum();
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(&r.file).text_style(theme::section()).strong());
            if let Some(p) = r.profile {
                ui.label(RichText::new(format!("recognised as {p}")).color(t.good));
            }
        });
        let mut said = format!("{} of {} used", grouped(r.rows_used as f64, 0), plural(r.rows_read, "row"));
        if lost > 0 {
            said.push_str(&format!(", {} set aside ({} units)", grouped(lost as f64, 0), grouped(units, 0)));
        }
        let n = sales.history.series.len();
        said.push_str(&format!(
            ". All sales files together: {} of an item at a location",
            if n == 1 { "1 series".to_owned() } else { format!("{} series", grouped(n as f64, 0)) }
        ));
        ui.label(said);
        ui.add_space(gap::XS);
        let fact = |ui: &mut Ui, name: &str, value: &str, hint: &str| {
            ui.label(RichText::new(name).color(t.weak));
            let l = ui.add(Label::new(value).wrap());
            if !hint.is_empty() {
                l.on_hover_text(hint);
            }
            ui.end_row();
        };
        egui::Grid::new("facts").num_columns(2).striped(false).spacing([24.0, 4.0]).show(ui, |ui| {
            let mut format = r.format.to_uppercase();
            for part in [r.encoding.clone(), r.sheet.as_ref().map(|s| format!("sheet {s}"))].into_iter().flatten() {
                format.push_str(&format!(", {part}"));
            }
            if let Some(d) = r.delimiter {
                format.push_str(match d {
                    '\t' => ", tab between columns",
                    ';' => ", semicolon between columns",
                    ',' => ", comma between columns",
                    '|' => ", bar between columns",
                    _ => ", columns divided",
                });
            }
            fact(ui, "Format", &format, "");
            if !r.other_sheets.is_empty() {
                fact(ui, "Other sheets", &format!("not read: {}", r.other_sheets.join(", ")), "");
            }
            let header =
                r.header_line.map_or_else(|| "none; columns are told apart by what is in them".to_owned(), |l| format!("line {l}"));
            fact(ui, "Header", &header, "");
            let mark = match r.decimal {
                Some(',') => "comma, as in 1,5",
                Some(_) => "point, as in 1.5",
                None => "not seen: all numbers are whole, or typed",
            };
            fact(ui, "Decimal mark", mark, "Decided from all numbers of the file");
            ui.label(RichText::new("Dates").color(t.weak));
            let of_file = sales.sources.get(file).and_then(|s| s.said.iter().find(|(ask, _)| *ask == Ask::DateOrder));
            let of_plan = cx.session.project.document().active().plan.history.date_order.as_deref();
            let set = of_file.map(|(_, value)| value.as_str()).or(of_plan).and_then(DateOrder::parse);
            if r.date_order.is_some() || set.is_some() {
                wish = dates(ui, r, set, busy).map(|order| Otherwise::Dates { file, order });
            } else {
                ui.label("typed in the file, nothing to guess");
            }
            ui.end_row();
            let layout = match (r.wide, r.transactions) {
                (true, _) => "one column per period",
                (false, true) => "one row per sale: days without a row are days without sales",
                (false, false) => "one row per period: periods without a row are unknown",
            };
            fact(ui, "Rows mean", layout, "");
            if let Some(p) = r.period {
                fact(ui, "Period", &format!("{}: {}", p.name(), r.period_reason), "The step of the forecast and of every decision");
            }
            let (first, last) = span(sales);
            fact(ui, "From – to", &format!("{first} – {last}"), "First and last period of the sales, all files together");
        });
    });
    wish
}

fn span(sales: &Sales) -> (String, String) {
    let h = &sales.history;
    let filled = || h.series.iter().filter(|s| !s.y.is_empty());
    let first = filled().map(|s| s.start).min();
    let last = filled().map(|s| s.calendar(h.period).at(s.y.len() as i64 - 1)).max();
    let text = |d: Option<crate::base::Stamp>| d.map_or_else(|| "–".to_owned(), |d| d.iso());
    (text(first), text(last))
}

/// The order of dates; returns another one where it is chosen (`None` inside: guessed).
fn dates(ui: &mut Ui, r: &Recognised, set: Option<DateOrder>, busy: bool) -> Option<Option<DateOrder>> {
    let words = |o: DateOrder| match o {
        DateOrder::DayMonthYear => "day month year, as in 31/12/2026",
        DateOrder::MonthDayYear => "month day year, as in 12/31/2026",
        DateOrder::YearMonthDay => "year month day, as in 2026-12-31",
    };
    let read = r.date_order.and_then(DateOrder::parse);
    let shown = read.map_or("not known", words);
    let mut chosen = set;
    ui.add_enabled_ui(!busy, |ui| {
        let text = if set.is_some() { format!("{shown} (set by you)") } else { shown.to_owned() };
        let combo = ComboBox::from_id_salt("date order").selected_text(text).width(320.0).show_ui(ui, |ui| {
            ui.selectable_value(&mut chosen, None, "Guess from all dates");
            for o in [DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::YearMonthDay] {
                ui.selectable_value(&mut chosen, Some(o), words(o));
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Order of dates"));
        combo.response.on_hover_text("In which order day, month and year stand; another order reads the file again");
    });
    (chosen != set).then_some(chosen)
}

/// A role for people: its name and what it is.
pub const fn role_words(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::UniqueId => ("Series name", "An opaque name of one item at one location"),
        Role::Item => ("Item", "The code of what is sold"),
        Role::Description => ("Item name", "The item's name for people"),
        Role::Location => ("Location", "Where it is sold or stocked"),
        Role::Date => ("Date", "When it was sold"),
        Role::Time => ("Time of day", "Beside a date without one"),
        Role::Quantity => ("Quantity", "Units sold; negative is a return"),
        Role::Returned => ("Units returned", "Returns in a column of their own"),
        Role::Revenue => ("Revenue", "Money for the whole line"),
        Role::Price => ("Price", "Money per unit"),
        Role::Discount => ("Discount", "Money off the line"),
        Role::OrderTotal => ("Order total", "Money for all goods of an order, spread over its lines"),
        Role::Refunded => ("Refunded", "Money given back for an order"),
        Role::NetQuantity => ("Quantity kept", "Units left after refunds"),
        Role::Until => ("Last day", "Last day of the time that the row is about"),
        Role::InStock => ("In stock", "Whether it could be bought: yes or no, or a share of the period"),
        Role::StockLevel => ("Stock level", "Units on hand"),
        Role::Promo => ("Promotion", "A flag or a depth"),
        Role::Order => ("Order number", "Order, invoice or receipt"),
        Role::Status => ("Status", "Cancelled, refunded and the like"),
        Role::CancelledAt => ("Cancelled on", "Not blank: the order was cancelled"),
        Role::Destination => ("Destination", "Country or region it was shipped to"),
        Role::Personal => ("Personal", "About the customer: never kept, never shown"),
        Role::Ignore => ("Not used", "Means nothing here"),
    }
}

/// What a person says a column is.
pub enum Meaning {
    /// Of a sales file.
    Role(Role),
    /// Of a companion file; `None`: it means nothing.
    Field(Option<&'static str>),
}

/// Columns to show with their roles.
pub struct Columns<'a> {
    /// Tells tables apart.
    pub salt: u64,
    /// In file order.
    pub columns: &'a [RecognisedColumn],
    /// What a companion file's columns are; empty for sales.
    pub fields: &'a [Option<&'static str>],
    /// What a companion file's columns can be.
    pub choices: &'a [&'static str],
    /// Columns of which a person said what they are.
    pub by_hand: Vec<&'a str>,
    /// Nothing can be changed now.
    pub busy: bool,
    /// Room for the table, points.
    pub height: f32,
}

impl Columns<'_> {
    fn means(&self, i: usize) -> bool {
        match self.fields.get(i) {
            Some(field) => field.is_some(),
            None => self.columns.get(i).is_some_and(|c| !matches!(c.role, Role::Ignore | Role::Personal)),
        }
    }
}

impl Columns<'_> {
    /// A column of what is known ahead, which is told by nothing but its name.
    fn is_by_name(&self, i: usize) -> bool {
        self.fields.get(i).is_some_and(|f| *f == Some("known_ahead"))
    }
}

/// The columns, those that mean something first; returns the change of a meaning.
pub fn columns(ui: &mut Ui, of: &Columns<'_>, all: &mut bool) -> Option<(String, Meaning)> {
    let t = theme::tokens(ui);
    let mut wish = None;
    let (used, unused): (Vec<usize>, Vec<usize>) = (0..of.columns.len()).partition(|i| of.means(*i));
    let few = unused.len() <= 3 || used.is_empty();
    let mut shown = used.clone();
    if *all || few {
        shown.extend(&unused);
    }
    ui.horizontal_wrapped(|ui| {
        let text = format!("{} of {} used", grouped(used.len() as f64, 0), plural(of.columns.len(), "column"));
        ui.label(RichText::new(text).color(t.weak));
        if !few {
            ui.checkbox(all, format!("Show the other {}", grouped(unused.len() as f64, 0)));
        }
    });
    let height = (shown.len() as f32 * (ROW + 5.0)).min(of.height);
    ui.push_id(("columns", of.salt), |ui| {
        ScrollArea::horizontal().id_salt("across").show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            // the name gives way before the table has to be scrolled sideways
            let name = ui.available_width() - 34.0 - 158.0 - 96.0 - 120.0 - 5.0 * ui.spacing().item_spacing.x - 14.0;
            TableBuilder::new(ui)
                .striped(true)
                .id_salt("roles")
                .min_scrolled_height(height)
                .max_scroll_height(height)
                .auto_shrink([false, true])
                .cell_layout(Layout::left_to_right(Align::Center))
                .column(Width::exact(34.0))
                .column(Width::initial(name.clamp(90.0, 150.0)).at_least(80.0).clip(true).resizable(true))
                .column(Width::exact(158.0))
                .column(Width::exact(96.0))
                .column(Width::remainder().at_least(120.0).clip(true))
                .header(ROW, |mut h| {
                    for name in ["#", "Column", "Taken for", "How sure", "Some of its values"] {
                        h.col(|ui| {
                            ui.strong(name);
                        });
                    }
                })
                .body(|body| {
                    body.rows(ROW + 4.0, shown.len(), |mut row| {
                        let at = shown.get(row.index()).copied().unwrap_or(0);
                        let Some(c) = of.columns.get(at) else { return };
                        row.col(|ui| {
                            ui.label(RichText::new(c.index.to_string()).color(t.weak));
                        });
                        row.col(|ui| {
                            ui.add(Label::new(&c.name).truncate());
                        });
                        row.col(|ui| match of.fields.get(at) {
                            Some(now) => {
                                let chosen = field(ui, c, *now, of).map(Meaning::Field);
                                wish = chosen.map(|m| (c.name.clone(), m)).or(wish.take());
                            }
                            None => wish = role(ui, c, of.busy).map(|r| (c.name.clone(), Meaning::Role(r))).or(wish.take()),
                        });
                        row.col(|ui| sureness(ui, of, at, c));
                        row.col(|ui| samples(ui, of, at, c));
                    });
                });
        });
    });
    wish
}

/// A column's role, which can be changed.
fn role(ui: &mut Ui, c: &RecognisedColumn, busy: bool) -> Option<Role> {
    let t = theme::tokens(ui);
    let mut chosen = c.role;
    ui.add_enabled_ui(!busy, |ui| {
        let (word, hint) = role_words(c.role);
        let color = if c.role == Role::Ignore { t.weak } else { t.text };
        let combo = ComboBox::from_id_salt(("role", c.index))
            .selected_text(RichText::new(word).color(color))
            .width(150.0)
            .height(460.0)
            .show_ui(ui, |ui| {
                for role in Role::ALL {
                    let (word, hint) = role_words(role);
                    ui.selectable_value(&mut chosen, role, word).on_hover_text(hint);
                }
            });
        combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Role of {}", c.name)));
        combo.response.on_hover_text(hint);
    });
    (chosen != c.role).then_some(chosen)
}

/// What a companion file's column is, which can be changed.
fn field(ui: &mut Ui, c: &RecognisedColumn, now: Option<&'static str>, of: &Columns<'_>) -> Option<Option<&'static str>> {
    let t = theme::tokens(ui);
    let mut chosen = now;
    let words = |f: Option<&'static str>| f.map_or("Not used", field_words);
    ui.add_enabled_ui(!of.busy, |ui| {
        let color = if now.is_none() { t.weak } else { t.text };
        let combo = ComboBox::from_id_salt(("field", c.index))
            .selected_text(RichText::new(words(now)).color(color))
            .width(150.0)
            .height(460.0)
            .show_ui(ui, |ui| {
                for f in of.choices.iter().copied().map(Some).chain([None]) {
                    let taken = f.is_some() && f != now && of.fields.contains(&f);
                    let choice = ui.selectable_value(&mut chosen, f, words(f));
                    if taken {
                        choice.on_hover_text("Another column is taken for this now; this one would be instead");
                    }
                }
            });
        combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Role of {}", c.name)));
        combo.response.on_hover_text("What this column is; another choice reads the file again");
    });
    (chosen != now).then_some(chosen)
}

fn sureness(ui: &mut Ui, of: &Columns<'_>, at: usize, c: &RecognisedColumn) {
    let t = theme::tokens(ui);
    let (word, color) = match c.confidence {
        _ if of.by_hand.contains(&c.name.as_str()) => ("Set by you".to_owned(), t.text),
        _ if !of.means(at) => (String::new(), t.weak),
        // a column known ahead is whatever the sales call by this name: there was nothing to guess
        _ if of.is_by_name(at) => ("By its name".to_owned(), t.text),
        x if x >= 0.9 => (format!("Sure, {:.0} %", x * 100.0), t.good),
        x if x >= 0.6 => (format!("Likely, {:.0} %", x * 100.0), t.text),
        x => (format!("A guess, {:.0} %", x * 100.0), t.warn),
    };
    ui.label(RichText::new(word).color(color));
}

fn samples(ui: &mut Ui, of: &Columns<'_>, at: usize, c: &RecognisedColumn) {
    let t = theme::tokens(ui);
    if c.samples.is_empty() {
        let why = match c.role {
            Role::Personal => "hidden: about people",
            _ if of.means(at) => "empty",
            _ => "not shown: may be about people",
        };
        ui.label(RichText::new(why).color(t.weak).italics());
    } else {
        let label = ui.add(Label::new(RichText::new(c.samples.join("  ·  ")).color(t.weak)).truncate());
        label.on_hover_text(c.samples.join("\n"));
    }
}
