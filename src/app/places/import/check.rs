//! The last line before an import: what will be imported, what is set aside, what new sales do to old ones, and the button.

use super::{Dropped, Import, Stand, Step};
use crate::app::action::Action;
use crate::app::import::Joined;
use crate::app::jobs::Key;
use crate::app::theme::{self, Tokens, gap};
use crate::app::widgets;
use crate::base::text::{grouped, plural};
use crate::history::{Ask, Role};
use crate::project::SourceKind;
use eframe::egui::{self, Align, Button, Label, Layout, ProgressBar, RichText, Ui, WidgetInfo};

impl Import {
    /// Draws it.
    pub(super) fn check(&mut self, ui: &mut Ui, step: &mut Step<'_>) {
        let t = theme::tokens(ui);
        theme::card(t).inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            if let Some(job) = step.job(Key::Open) {
                let (stage, share) = job.progress();
                let seconds = job.seconds();
                ui.horizontal(|ui| {
                    ui.label(RichText::new("Importing").strong());
                    ui.label(RichText::new(format!("{stage} · {seconds:.0} s")).color(t.weak));
                    let bar = ui.add(ProgressBar::new(share.unwrap_or(0.0)).desired_width(220.0).animate(true));
                    bar.widget_info(|| WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Importing"));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if ui.button("Stop importing").on_hover_text("Nothing is kept of it").clicked() {
                            step.act(Action::Cancel(Key::Open));
                        }
                    });
                });
                return;
            }
            self.sums(ui, t);
            self.joining(ui, step, t);
            self.remembering(ui, t);
            ui.add_space(gap::XS);
            self.buttons(ui, step, t);
        });
    }

    /// Rows, days, units and items of the sales that were looked at.
    fn sums(&self, ui: &mut Ui, t: &Tokens) {
        let Some(f) = self.files.get(self.chosen) else { return };
        let Some(look) = f.seen().map(|s| &s.look) else { return };
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = gap::M;
            if let (Some(sums), Some(r)) = (&look.sums, &look.recognised) {
                if !look.whole {
                    ui.label(RichText::new("At its beginning").color(t.weak));
                }
                ui.label(format!("{} of {} used", grouped(r.rows_used as f64, 0), plural(r.rows_read, "row")));
                // until somebody says which days they are of, totals have none
                if !look.questions.iter().any(|q| q.ask == Ask::Covers) {
                    ui.label(format!("{} to {}", day(sums.first), day(sums.last)));
                }
                let total = grouped(sums.total, if sums.total.fract() == 0.0 { 0 } else { 2 });
                let units = if (sums.total - 1.0).abs() < 1e-9 { "unit" } else { "units" };
                ui.label(if sums.money { format!("{total} in money") } else { format!("{total} {units}") });
                let placed = look.columns.iter().any(|c| c.role == Role::Location);
                ui.label(format!("{}{}", plural(sums.series, "item"), if placed { " by location" } else { "" }));
                let aside: Vec<String> = r.set_aside.iter().map(|s| s.message.clone()).collect();
                if aside.is_empty() {
                    ui.label(RichText::new("nothing set aside").color(t.good));
                } else {
                    let rows: usize = r.set_aside.iter().map(|s| s.rows).sum();
                    let label = ui.label(RichText::new(format!("{} set aside", plural(rows, "row"))).color(t.warn));
                    label.on_hover_text(aside.join("\n"));
                }
            } else {
                ui.label(plural(look.rows, "row"));
            }
        });
    }

    /// What new sales do to the sales that are there.
    fn joining(&mut self, ui: &mut Ui, step: &Step<'_>, t: &Tokens) {
        let Some(document) = step.session.map(|s| s.project.document()) else { return };
        let new = |f: &Dropped| f.kind() == SourceKind::Sales && f.stand(step.session) == Stand::Ready;
        let Some(old) = document.sales.as_ref().filter(|_| self.files.iter().any(new)) else {
            let replaced = self.files.iter().filter(|f| f.stand(step.session) == Stand::Ready);
            let old: Vec<&str> =
                replaced.filter_map(|f| document.companions.iter().find(|c| c.kind == f.kind())).map(|c| c.name.as_str()).collect();
            if !old.is_empty() {
                ui.label(RichText::new(format!("Takes the place of {}; Undo brings it back", old.join(", "))).color(t.weak));
            }
            return;
        };
        let at_hand = old.sources.iter().all(|s| step.originals.has(&s.hash));
        let before = self.joined;
        ui.horizontal_wrapped(|ui| {
            let (value, name, hint) = if at_hand {
                (
                    Joined::Together,
                    "Add to the sales that are here",
                    "For a newer export, or one of another shop: rows that both tell count once",
                )
            } else {
                (
                    Joined::Continued,
                    "Continue the sales that are here",
                    "The sales that are here count up to the first day of the new file, the new file from there on",
                )
            };
            ui.radio_value(&mut self.joined, value, name).on_hover_text(hint);
            ui.radio_value(&mut self.joined, Joined::Instead, "Use instead of them")
                .on_hover_text("For an export that covers the whole time again");
        });
        self.joined_by_hand |= self.joined != before;
    }

    /// Whether what was said of a file is remembered for the next one like it.
    fn remembering(&mut self, ui: &mut Ui, t: &Tokens) {
        let Some(f) = self.files.get_mut(self.chosen) else { return };
        if !f.touched() {
            return;
        }
        ui.horizontal(|ui| {
            ui.checkbox(&mut f.remember, "Remember this for the next export like it, as");
            ui.add_enabled_ui(f.remember, |ui| {
                widgets::search_field(ui, &mut f.profile, "Name of the profile", "a name for it", 180.0);
            });
            ui.add(Label::new(RichText::new("Found again by its header").color(t.weak)).truncate());
        });
    }

    fn buttons(&mut self, ui: &mut Ui, step: &mut Step<'_>, t: &Tokens) {
        let stands: Vec<Stand> = self.files.iter().map(|f| f.stand(step.session)).collect();
        let count = |s: fn(&Stand) -> bool| stands.iter().filter(|x| s(x)).count();
        let (ready, known) = (count(|s| *s == Stand::Ready), count(|s| *s == Stand::Known));
        let (asks, refused) = (count(|s| matches!(s, Stand::Asks(_))), count(|s| *s == Stand::Refused));
        let looking = count(|s| *s == Stand::Looking);
        let asked = |f: &Dropped| f.seen().map_or(0, |s| s.look.questions.iter().filter(|q| !q.must && !q.answers.is_empty()).count());
        let optional: usize = self.files.iter().map(asked).sum();
        let assumed: usize = self.files.iter().map(|f| super::detail::assumptions(f).len()).sum();
        let of_sales = |f: &Dropped| f.kind() == SourceKind::Sales && f.seen().is_none_or(|s| s.look.kind != "calendar");
        // deliveries are planned without anything being forecast
        let enough = |f: &Dropped| of_sales(f) || f.kind() == SourceKind::Shipments;
        let sales = self.files.iter().zip(&stands).any(|(f, s)| enough(f) && *s == Stand::Ready);
        let why = if step.read_only() {
            Some("This project is read only: nothing can be imported into it".to_owned())
        } else if looking > 0 {
            Some("Looking at the files".to_owned())
        } else if asks > 0 {
            Some(format!(
                "{} something that only you can say",
                if asks == 1 { "1 file asks".to_owned() } else { format!("{asks} files ask") }
            ))
        } else if ready + known == 0 {
            Some("Nothing here can be imported yet".to_owned())
        } else if step.session.is_none() && !sales {
            Some("The sales are missing: without them there is nothing to forecast".to_owned())
        } else {
            None
        };
        ui.horizontal(|ui| {
            let text = match (&why, refused) {
                (Some(why), _) => why.clone(),
                (None, 0) if ready == 0 => "All of it is in the project already; nothing would change".to_owned(),
                (None, 0) if optional > 0 => "Everything is clear; what is asked above can be left open".to_owned(),
                (None, 0) if assumed > 0 => "Nothing has to be said; what was assumed stands above".to_owned(),
                (None, 0) => "Everything is clear".to_owned(),
                (None, 1) => "The file that cannot be read is left out".to_owned(),
                (None, n) => format!("The {n} files that cannot be read are left out"),
            };
            let color = if why.is_some() && looking == 0 { t.warn } else { t.weak };
            let width = (ui.available_width() - 330.0).max(120.0);
            ui.allocate_ui(egui::vec2(width, 28.0), |ui| {
                ui.set_min_width(width);
                ui.add(Label::new(RichText::new(text).color(color)).wrap());
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let mut go = None;
                let name = format!("Import {}", plural((ready + known + asks).max(1), "file"));
                ui.add_enabled_ui(why.is_none(), |ui| {
                    let button = widgets::primary(ui, &name);
                    // who has nothing to say has nothing to do but press Enter
                    if why.is_none() && !self.offered && ui.memory(|m| m.focused().is_none()) {
                        button.request_focus();
                        self.offered = true;
                    }
                    if button.clicked() {
                        go = Some(false);
                    }
                });
                if step.session.is_some() {
                    ui.add_enabled_ui(why.is_none() && sales, |ui| {
                        let hint = "Leave the open project as it is and make another of these files";
                        if ui.add(Button::new("As a new project")).on_hover_text(hint).clicked() {
                            go = Some(true);
                        }
                    });
                }
                if ui.button("Discard").on_hover_text("Forget these files").clicked() {
                    step.act(Action::LeaveImport);
                }
                if let Some(new) = go {
                    let request = self.request(if new { None } else { step.session });
                    self.files.iter_mut().for_each(|f| f.refused.clear());
                    step.act(Action::Import { request: Box::new(request), new: new || step.session.is_none() });
                }
            });
        });
    }
}

fn day(at: crate::base::Stamp) -> String {
    at.iso().get(..10).unwrap_or_default().to_owned()
}
