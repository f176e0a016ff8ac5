//! Findings as cards: what was found, the rows behind it, a fix to agree to, or a question to answer.

use super::audit::{Labelled, Wish};
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, ROW, Tokens, gap};
use crate::app::toasts::sentence;
use crate::base::text::{grouped, plural};
use crate::history::{Finding, Fix, History};
use crate::project::Agreed;
use crate::report::{Column, Table};
use eframe::egui::{self, Button, Label, RichText, ScrollArea, Ui, WidgetInfo};
use std::sync::Arc;

/// The rows behind a finding.
pub struct Rows {
    /// In the finding's order; answered ones left out.
    pub list: Vec<Row>,
}

/// One row behind a finding.
pub struct Row {
    /// In words.
    words: String,
    /// What would mend it.
    fix: Option<Fix>,
    /// Another change that answers it.
    otherwise: Option<Fix>,
    /// Names the question, where it is one.
    key: String,
    /// The series it is about, to be shown.
    series: Option<Arc<str>>,
    /// The line of a file it is about.
    line: Option<(String, u64)>,
}

/// A fix in words; `was` is what stands there now.
pub fn fix_words(fix: &Fix, was: Option<f64>) -> String {
    let amount = |x: f64| grouped(x, if x.fract() == 0.0 { 0 } else { 1 });
    match fix {
        Fix::FillGaps { unique_id } => format!("{unique_id}: periods of which nothing is known sold nothing"),
        Fix::Merge { from, into } => format!("{from} is {into}"),
        Fix::Cap { unique_id, at, to } => {
            let was = was.map_or_else(String::new, |w| format!(" instead of {}", amount(w)));
            format!("{unique_id}, {at}: {}{was}", amount(*to))
        }
        Fix::Stockout { unique_id, from, to } if from == to => format!("{unique_id}: out of stock in the period of {from}"),
        Fix::Stockout { unique_id, from, to } => format!("{unique_id}: out of stock from {from} to {to}"),
        Fix::Level { unique_id, at, by } => {
            format!("{unique_id}: sales before {at} count {} times, at the level since", grouped(*by, 2))
        }
        Fix::Since { unique_id, at } => format!("{unique_id}: sales before {at} are left out"),
        Fix::Discontinue { item } => format!("{item} is no longer sold"),
        Fix::Successor { item, by } => format!("{item} was replaced by {by}"),
    }
}

/// A fix about items in words, with their names where they have some.
fn named(fix: &Fix, history: &History) -> Option<String> {
    let name = |item: &str| {
        let described = history.series.iter().find(|s| *s.item == *item && s.description.is_some());
        described.and_then(|s| s.description.as_deref()).map_or_else(|| item.to_owned(), |d| format!("{item} ({d})"))
    };
    match fix {
        Fix::Merge { from, into } => Some(format!("{} is {}", name(from), name(into))),
        Fix::Discontinue { item } => Some(format!("{} is no longer sold", name(item))),
        Fix::Successor { item, by } => Some(format!("{} was replaced by {}", name(item), name(by))),
        _ => None,
    }
}

/// What a fix is about: an item or a series, and when.
fn about(fix: &Fix) -> (&str, Option<crate::base::Stamp>) {
    match fix {
        Fix::FillGaps { unique_id } => (unique_id, None),
        Fix::Merge { from, .. } => (from, None),
        Fix::Cap { unique_id, at, .. } | Fix::Level { unique_id, at, .. } | Fix::Since { unique_id, at } => (unique_id, Some(*at)),
        Fix::Stockout { unique_id, from, .. } => (unique_id, Some(*from)),
        Fix::Discontinue { item } | Fix::Successor { item, .. } => (item, None),
    }
}

/// The rows behind a finding: its fixes where it has some, else its lines, else its series.
pub fn rows(f: &Finding, history: &History, files: &[String], left: &[String]) -> Rows {
    let find = |id: &str| history.series.binary_search_by(|s| (*s.unique_id).cmp(id)).ok().and_then(|i| history.series.get(i));
    let mut list: Vec<Row> = Vec::new();
    for (i, fix) in f.fixes.iter().enumerate() {
        let (name, at) = about(fix);
        let series = find(name).or_else(|| history.series.iter().find(|s| *s.item == *name));
        let was = at.zip(series).and_then(|(at, s)| s.y.get(usize::try_from(s.calendar(history.period).index(at)).ok()?).copied());
        list.push(Row {
            words: named(fix, history).unwrap_or_else(|| fix_words(fix, was)),
            key: Agreed::key(f.code, name, at),
            series: series.map(|s| s.unique_id.clone()),
            fix: Some(fix.clone()),
            otherwise: f.otherwise.get(i).cloned(),
            line: None,
        });
    }
    if list.is_empty() {
        for l in &f.lines {
            let file = files.get(l.file as usize).cloned().unwrap_or_default();
            let words = format!("{file}, line {}", l.line);
            list.push(Row { words, fix: None, otherwise: None, key: String::new(), series: None, line: Some((file, l.line)) });
        }
    }
    if list.is_empty() {
        for id in &f.series {
            let series = find(id);
            let name = series.and_then(|s| s.description.as_deref()).map_or_else(|| id.clone(), |d| format!("{id} ({d})"));
            list.push(Row {
                words: name,
                fix: None,
                otherwise: None,
                key: Agreed::key(f.code, id, None),
                series: series.map(|s| s.unique_id.clone()),
                line: None,
            });
        }
    }
    list.retain(|r| r.key.is_empty() || !left.contains(&r.key));
    Rows { list }
}

/// What to do about all of a finding, in words: what the button says, and what leaving it is called.
const fn answers(code: &str) -> (&'static str, &'static str) {
    match code.as_bytes() {
        b"gaps" => ("Count them as nothing sold", "Leave them unknown"),
        b"nothing-sold" => ("Yes: leave those days out", "No: nobody came"),
        b"impossible-value" => ("Use the usual amounts", "Leave them"),
        b"outliers" => ("They are slips: use the usual amounts", "They happened: leave them"),
        b"level-shift" => ("Here to stay: scale what came before to it", "It will pass: leave it"),
        b"empty-shelves" => ("Yes, mark as out of stock", "No, nobody came: leave them"),
        b"spelled-twice" => ("Make them one item", "Leave them apart"),
        b"nearly-spelled-alike" => ("The same: make them one", "Not the same: leave them"),
        b"silent" => ("Yes, no longer sold or replaced", "No, still sold"),
        _ => ("Mend it", "Leave it"),
    }
}

/// The other answer to all of a finding, where there is one.
const fn otherwise(code: &str) -> &'static str {
    match code.as_bytes() {
        b"level-shift" => "Here to stay: leave out what came before",
        _ => "Mend it the other way",
    }
}

/// Which findings are unfolded, by their code.
#[derive(Default)]
pub struct Open(Vec<&'static str>);

impl Open {
    /// Draws the findings; returns what is agreed to.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, findings: &[Finding], rows: &[Rows]) -> Option<Labelled> {
        let t = theme::tokens(ui);
        let mut wish = None;
        if findings.is_empty() {
            ui.label(RichText::new("Nothing is left to mend or to answer").color(t.good));
        }
        for (f, r) in findings.iter().zip(rows) {
            wish = self.card(ui, cx, f, r).or(wish.take());
            ui.add_space(gap::XS);
        }
        wish
    }

    fn card(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, f: &Finding, rows: &Rows) -> Option<Labelled> {
        let t = theme::tokens(ui);
        let mut wish = None;
        theme::card(t).inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(sentence(&f.message)).wrap());
            ui.horizontal_wrapped(|ui| {
                let color = if f.question { t.warn } else { t.weak };
                ui.label(RichText::new(if f.question { "Question" } else { "Finding" }).small().color(color));
                ui.label(RichText::new(sentence(f.dimension.name())).small().color(t.weak));
                let unfolded = self.0.contains(&f.code);
                if !rows.list.is_empty() {
                    let text = format!("{} {}", if unfolded { "Hide" } else { "Show" }, plural(rows.list.len(), "row"));
                    let button = ui.small_button(text);
                    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Rows behind {}", f.code)));
                    if button.clicked() {
                        if unfolded {
                            self.0.retain(|c| *c != f.code);
                        } else {
                            self.0.push(f.code);
                        }
                    }
                }
                let (yes, no) = answers(f.code);
                let fixes: Vec<Fix> = rows.list.iter().filter_map(|r| r.fix.clone()).collect();
                if !fixes.is_empty() && ui.button(yes).on_hover_text("Undo takes it back").clicked() {
                    wish = Some((format!("{} ({})", yes.to_lowercase(), plural(fixes.len(), "change")), Wish::Fix(fixes)));
                }
                let others: Vec<Fix> = rows.list.iter().filter_map(|r| r.otherwise.clone()).collect();
                let other = otherwise(f.code);
                if !others.is_empty() && ui.button(other).on_hover_text("Undo takes it back").clicked() {
                    wish = Some((format!("{} ({})", other.to_lowercase(), plural(others.len(), "change")), Wish::Fix(others)));
                }
                let keys: Vec<String> = rows.list.iter().map(|r| r.key.clone()).filter(|k| !k.is_empty()).collect();
                if f.question && !keys.is_empty() && ui.button(no).clicked() {
                    wish = Some((format!("answer: {}", no.to_lowercase()), Wish::Leave(keys)));
                }
            });
            if self.0.contains(&f.code) {
                wish = unfolded(ui, cx, t, f, rows).or(wish.take());
            }
        });
        wish
    }
}

/// The rows, each with its own fix or answer.
fn unfolded(ui: &mut Ui, cx: &mut Cx<'_>, t: &Tokens, f: &Finding, rows: &Rows) -> Option<Labelled> {
    let mut wish = None;
    let height = ((rows.list.len() as f32) * (ROW + ui.spacing().item_spacing.y)).min(220.0);
    ScrollArea::vertical().id_salt(("rows", f.code)).max_height(height).auto_shrink([false, true]).show_rows(
        ui,
        ROW,
        rows.list.len(),
        |ui, range| {
            for r in rows.list.get(range).unwrap_or_default() {
                ui.horizontal(|ui| {
                    if let Some(fix) = &r.fix {
                        let b = ui.small_button("Do it");
                        b.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Do it: {}", r.words)));
                        if b.clicked() {
                            wish = Some((r.words.clone(), Wish::Fix(vec![fix.clone()])));
                        }
                    }
                    if let Some(other) = &r.otherwise {
                        let words = fix_words(other, None);
                        let b = ui.small_button("Leave out before").on_hover_text(&words);
                        b.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Do it: {words}")));
                        if b.clicked() {
                            wish = Some((words, Wish::Fix(vec![other.clone()])));
                        }
                    }
                    if f.question && !r.key.is_empty() {
                        let b = ui.add(Button::new("Leave").small());
                        b.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Leave: {}", r.words)));
                        if b.clicked() {
                            wish = Some((format!("leave as it is: {}", r.words), Wish::Leave(vec![r.key.clone()])));
                        }
                    }
                    if let Some(id) = &r.series
                        && ui.small_button("Show").on_hover_text("Its history and forecast, in Items").clicked()
                    {
                        cx.act(Action::Show(id.clone()));
                    }
                    let color = if r.line.is_some() { t.weak } else { t.text };
                    ui.add(Label::new(RichText::new(&r.words).color(color)).truncate());
                });
            }
        },
    );
    wish
}

/// All findings with their rows, for a file.
pub fn table(findings: &[Finding], rows: &[Rows]) -> Table {
    let mut all: Vec<(&Finding, Option<&Row>)> = Vec::new();
    for (f, r) in findings.iter().zip(rows) {
        if r.list.is_empty() {
            all.push((f, None));
        }
        all.extend(r.list.iter().map(|row| (f, Some(row))));
    }
    fn line<'a>(r: &Option<&'a Row>) -> Option<&'a (String, u64)> {
        r.and_then(|r| r.line.as_ref())
    }
    Table::new(vec![
        Column::text("dimension", all.iter().map(|(f, _)| f.dimension.name())),
        Column::text("code", all.iter().map(|(f, _)| f.code)),
        Column::text("finding", all.iter().map(|(f, _)| f.message.clone())),
        Column::text_opt("file", all.iter().map(|(_, r)| line(r).map(|l| l.0.clone()))),
        Column::integer_opt("line", all.iter().map(|(_, r)| line(r).map(|l| l.1 as i64))),
        Column::text_opt("unique_id", all.iter().map(|(_, r)| r.and_then(|r| r.series.as_ref()).map(ToString::to_string))),
        Column::text_opt("row", all.iter().map(|(_, r)| r.map(|r| r.words.clone()))),
    ])
}
