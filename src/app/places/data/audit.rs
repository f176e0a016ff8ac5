//! What the data are worth: five scores, what lies behind each, fixes to agree to, and what was agreed to.
//!
//! The sales of the project stay as imported; what is agreed to is applied to them anew for every run ([`Agreed`]), so each click can be undone.

use super::{Arrived, Tab as Place, demand, findings};
use crate::app::action::{Action, Answer};
use crate::app::commands::Command;
use crate::app::import::reading::{Aside, Reading, reading};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place as Goal};
use crate::app::theme::{self, gap};
use crate::app::toasts::sentence;
use crate::app::widgets;
use crate::base::Stamp;
use crate::base::text::{grouped, plural};
use crate::history::audit::Score;
use crate::history::{self, Audit, Fix};
use crate::project::{Agreed, Change, Edit, Sales};
use crate::report::{Column, Table};
use eframe::egui::{self, RichText, ScrollArea, Ui, vec2};
use std::sync::Arc;

/// What was judged: these sales, with this agreed to.
type Judged = (Arc<Sales>, Agreed);

/// What the judging job answers.
pub struct Verdict {
    of: Judged,
    audit: Audit,
    rows: Vec<findings::Rows>,
    demand: Option<demand::Totals>,
}

/// The tab's look.
#[derive(Default)]
pub struct Tab {
    verdict: Option<Verdict>,
    asked: Option<Judged>,
    open: findings::Open,
}

fn same(a: &Judged, b: &Judged) -> bool {
    Arc::ptr_eq(&a.0, &b.0) && a.1 == b.1
}

impl Tab {
    /// A verdict has come in.
    pub fn take(&mut self, verdict: Verdict) {
        self.verdict = Some(verdict);
    }

    /// Draws it; returns the tab that is to be shown instead.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut Cx<'_>,
        arrived: &mut Option<Arrived>,
        aside: Option<&(Reading, Arc<Vec<Aside>>)>,
    ) -> Option<Place> {
        let mut go = None;
        banner(ui, cx, arrived, &mut go);
        let document = cx.session.project.document();
        let Some(sales) = document.sales.clone() else {
            let next = "Import a sales export; what it is worth is judged at once";
            if widgets::empty(ui, "No sales were imported yet", next, Some("Import files…")) {
                cx.act(Action::Command(Command::Import));
            }
            return go;
        };
        let now = (sales, document.agreed.clone());
        if !self.verdict.as_ref().is_some_and(|v| same(&v.of, &now)) && !self.asked.as_ref().is_some_and(|a| same(a, &now)) {
            self.asked = Some(now.clone());
            let today = cx.session.project.now();
            cx.act(Action::Work {
                place: Goal::Data,
                key: Key::Audit,
                label: "Judging the data".into(),
                work: Box::new(move |_| Box::new(judge(now, today)) as Answer),
            });
        }
        let Some(verdict) = &self.verdict else {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label("Judging the data");
            });
            return go;
        };
        let read_only = cx.session.project.read_only().is_some();
        let mut wish = None;
        ScrollArea::vertical().id_salt("audit").auto_shrink([false, false]).show(ui, |ui| {
            scores(ui, &verdict.audit.scores);
            ui.add_space(gap::S);
            used(ui, cx, verdict, aside, &mut go);
            if let Some(totals) = &verdict.demand {
                ui.add_enabled_ui(!read_only, |ui| {
                    wish = demand::ui(ui, totals, &verdict.of.1).or(wish.take());
                });
            }
            widgets::section(ui, "What was found");
            ui.add_enabled_ui(!read_only, |ui| {
                wish = self.open.ui(ui, cx, &verdict.audit.findings, &verdict.rows).or(wish.take());
                wish = agreed(ui, &verdict.of.1).or(wish.take());
            });
            ui.add_space(gap::L);
        });
        if let Some((label, change)) = wish {
            let mut next = cx.session.project.document().agreed.clone();
            change.make(&mut next);
            cx.act(Action::Edit(Edit::one(label, Change::Agree(next))));
        }
        go
    }
}

/// A change of what is agreed to.
pub enum Wish {
    /// These too.
    Fix(Vec<Fix>),
    /// These questions are answered: leave it.
    Leave(Vec<String>),
    /// The fix at this place goes.
    TakeBack(usize),
    /// All of it goes.
    TakeBackAll,
    /// Answered questions are asked again.
    AskAgain,
    /// Sales are demand, or not.
    SalesAreDemand(bool),
}

impl Wish {
    fn make(self, agreed: &mut Agreed) {
        match self {
            Self::Fix(fixes) => agreed.fixes.extend(fixes),
            Self::Leave(keys) => agreed.left.extend(keys),
            Self::TakeBack(i) if i < agreed.fixes.len() => drop(agreed.fixes.remove(i)),
            Self::TakeBack(_) => {}
            Self::TakeBackAll => agreed.fixes.clear(),
            Self::AskAgain => agreed.left.clear(),
            Self::SalesAreDemand(yes) => agreed.sales_are_demand = yes,
        }
    }
}

/// A wish with what it is called in the journal.
pub type Labelled = (String, Wish);

/// Judges sales as they are with what was agreed to; questions that were answered are left out.
fn judge(of: Judged, today: Stamp) -> Verdict {
    let (sales, agreed) = (&of.0, &of.1);
    let mended = Agreed { sales_are_demand: false, ..agreed.clone() }.history(&sales.history);
    let demand = demand::totals(&mended);
    let import = sales.as_import(agreed);
    let mut audit = history::audit(&import, Some(today));
    let files: Vec<String> = sales.recognised.iter().map(|r| r.file.clone()).collect();
    let mut rows: Vec<findings::Rows> = audit.findings.iter().map(|f| findings::rows(f, &import.history, &files, &agreed.left)).collect();
    // a question that was answered in full is no finding any more
    let open: Vec<bool> = audit.findings.iter().zip(&rows).map(|(f, r)| !f.question || !r.list.is_empty()).collect();
    let mut keep = open.iter();
    rows.retain(|_| keep.next().copied().unwrap_or(true));
    let mut keep = open.iter();
    audit.findings.retain(|_| keep.next().copied().unwrap_or(true));
    Verdict { audit, rows, demand, of }
}

/// What came of the last import.
fn banner(ui: &mut Ui, cx: &mut Cx<'_>, arrived: &mut Option<Arrived>, go: &mut Option<Place>) {
    let Some(a) = arrived.as_ref() else { return };
    let t = theme::tokens(ui);
    let mut done = false;
    theme::card(t).stroke(egui::Stroke::new(1.0, t.good)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        for line in &a.lines {
            ui.label(RichText::new(line).strong());
        }
        ui.horizontal_wrapped(|ui| {
            let deliveries = crate::app::work::only_deliveries(cx.session.project.document());
            let (text, goal) = if deliveries { ("Go to the deliveries", Goal::Routes) } else { ("Go to the overview", Goal::Overview) };
            if widgets::primary(ui, text).clicked() {
                done = true;
                cx.act(Action::Go(goal));
            }
            if ui.button("Show problems").on_hover_text("What was assumed, set aside or looks wrong").clicked() {
                *go = Some(Place::Problems);
            }
            if ui.button("Dismiss").clicked() {
                done = true;
            }
        });
    });
    ui.add_space(gap::S);
    if done {
        *arrived = None;
    }
}

/// The five scores.
fn scores(ui: &mut Ui, scores: &[Score]) {
    let t = theme::tokens(ui);
    let (n, w) = widgets::plot::columns(ui, 150.0, 5);
    for chunk in scores.chunks(n) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for s in chunk {
                theme::card(t).inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
                    ui.set_width(w - 26.0);
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 3.0;
                        ui.label(RichText::new(sentence(s.dimension.name())).color(t.weak)).on_hover_text(meaning(s.dimension));
                        ui.label(RichText::new(format!("{:.0}", s.score.floor())).text_style(theme::figure()));
                        let color = if s.score >= 90.0 {
                            t.good
                        } else if s.score >= 60.0 {
                            t.warn
                        } else {
                            t.bad
                        };
                        let (rect, response) = ui.allocate_exact_size(vec2(w - 26.0, 5.0), egui::Sense::hover());
                        response.widget_info(|| {
                            egui::WidgetInfo::labeled(
                                egui::Role::ProgressIndicator,
                                true,
                                format!("{}: {:.0} of 100", s.dimension.name(), s.score.floor()),
                            )
                        });
                        ui.painter().rect_filled(rect, 2.0, t.line);
                        let mut full = rect;
                        full.set_width(rect.width() * (s.score / 100.0).clamp(0.0, 1.0) as f32);
                        ui.painter().rect_filled(full, 2.0, color);
                    });
                });
            }
        });
        ui.add_space(gap::XS);
    }
}

const fn meaning(d: history::Dimension) -> &'static str {
    match d {
        history::Dimension::Completeness => "Nothing is missing: rows with a date and an item, no gaps",
        history::Dimension::Accuracy => "Values are what happened: no slips, no empty shelves taken for no demand",
        history::Dimension::Consistency => "The same thing is called and counted the same everywhere",
        history::Dimension::Timeliness => "The data reach up to now",
        history::Dimension::Relevance => "The data are about what is to be decided: units, and enough of them",
    }
}

/// Rows used and set aside, and the list of them.
fn used(ui: &mut Ui, cx: &mut Cx<'_>, verdict: &Verdict, all: Option<&(Reading, Arc<Vec<Aside>>)>, go: &mut Option<Place>) {
    let t = theme::tokens(ui);
    let (sales, audit) = (&verdict.of.0, &verdict.audit);
    let aside: usize = sales.recognised.iter().flat_map(|r| &r.set_aside).map(|s| s.rows).sum();
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("{} used, {} set aside", plural(audit.rows_used, "row"), grouped(aside as f64, 0)));
        if aside > 0 {
            if ui.button("Export what was set aside…").on_hover_text("Each line that is not used, and why").clicked() {
                cx.act(Action::ExportTable {
                    table: Box::new(aside_table(sales, all.filter(|a| a.0 == reading(sales)).map(|a| &*a.1))),
                    name: "set aside.csv".into(),
                });
            }
            if ui.link("Reasons").on_hover_text("By reason, under Recognised").clicked() {
                *go = Some(Place::Recognised);
            }
        }
        if !audit.findings.is_empty() && ui.button("Export findings…").clicked() {
            cx.act(Action::ExportTable { table: Box::new(findings::table(&audit.findings, &verdict.rows)), name: "findings.csv".into() });
        }
        let open = audit.findings.iter().filter(|f| f.question).count();
        if open > 0 {
            ui.label(RichText::new(format!("{} for you", plural(open, "question"))).color(t.warn));
        }
    });
}

/// Lines that are not used, with their reason: `all` that this session has read, else what the project kept, and how many more there are.
pub fn aside_table(sales: &Sales, all: Option<&Vec<Aside>>) -> Table {
    let mut rows: Vec<(&str, Option<u64>, &str, String)> = Vec::new();
    let why = |reason: &str| {
        let said = sales.recognised.iter().flat_map(|r| &r.set_aside).find(|s| s.reason == reason).map_or("", |s| s.message.as_str());
        said.split_once("set aside: ").map_or(said, |(_, w)| w).to_owned()
    };
    rows.extend(all.into_iter().flatten().map(|(file, line, reason)| (file.as_str(), Some(*line), *reason, why(reason))));
    for r in sales.recognised.iter().filter(|_| all.is_none()) {
        for s in &r.set_aside {
            let why = s.message.split_once("set aside: ").map_or(s.message.as_str(), |(_, w)| w);
            rows.extend(s.every_line().map(|line| (r.file.as_str(), Some(line), s.reason, why.to_owned())));
            if s.unlisted() > 0 {
                rows.push((r.file.as_str(), None, s.reason, format!("{why}: {} more", grouped(s.unlisted() as f64, 0))));
            }
        }
    }
    Table::new(vec![
        Column::text("file", rows.iter().map(|r| r.0)),
        Column::integer_opt("line", rows.iter().map(|r| r.1.map(|l| l as i64))),
        Column::text("reason", rows.iter().map(|r| r.2)),
        Column::text("why", rows.iter().map(|r| r.3.clone())),
    ])
}

/// What was agreed to, each with a way back.
fn agreed(ui: &mut Ui, agreed: &Agreed) -> Option<Labelled> {
    if agreed.fixes.is_empty() && agreed.left.is_empty() {
        return None;
    }
    let t = theme::tokens(ui);
    let mut wish = None;
    widgets::section(ui, "What you agreed to");
    ui.label(RichText::new("Applied to the sales as they were imported, again after every import").color(t.weak));
    if agreed.fixes.len() > 1 && ui.button("Take all back").clicked() {
        wish = Some((format!("take back {}", plural(agreed.fixes.len(), "agreed change")), Wish::TakeBackAll));
    }
    let height = (agreed.fixes.len() as f32 * theme::ROW + 8.0).min(180.0);
    ScrollArea::vertical().id_salt("agreed").max_height(height).auto_shrink([false, true]).show_rows(
        ui,
        theme::ROW,
        agreed.fixes.len(),
        |ui, range| {
            for i in range {
                let Some(fix) = agreed.fixes.get(i) else { continue };
                ui.horizontal(|ui| {
                    let words = findings::fix_words(fix, None);
                    if ui.small_button("Take back").on_hover_text(format!("Take back: {words}")).clicked() {
                        wish = Some((format!("take back: {words}"), Wish::TakeBack(i)));
                    }
                    ui.add(egui::Label::new(words).truncate());
                });
            }
        },
    );
    if !agreed.left.is_empty() {
        ui.horizontal(|ui| {
            ui.label(format!("{} left as it is", plural(agreed.left.len(), "question")));
            if ui.small_button("Ask again").clicked() {
                wish = Some((format!("ask {} again", plural(agreed.left.len(), "question")), Wish::AskAgain));
            }
        });
    }
    wish
}
