//! Overview: what replay found, what it costs to be wrong in either direction, what to do first, and which money rests on assumptions.
//!
//! In: the session. Out: every figure opens what is behind it.
//!
//! Reading order: this file, [`summary`] (sums over the lines), [`replay`] (the opening sentence), [`tiles`], [`first`] (what to do first, and data
//! worth money), [`behind`] (the table behind a figure).

mod behind;
mod first;
mod replay;
mod summary;
mod tiles;

use super::{Cx, Furnished};
use crate::app::jobs::Key;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::text::plural;
use behind::{Behind, Figure};
use eframe::egui::{RichText, ScrollArea, Ui};
use summary::Summary;

/// The place's look.
#[derive(Default)]
pub struct Overview {
    summary: Option<Summary>,
    behind: Option<Behind>,
}

/// What a click in the place asks for.
enum Wish {
    /// The table behind a figure.
    Behind(Figure),
    /// Something of the shell.
    Act(crate::app::action::Action),
}

impl Furnished for Overview {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if let Some(behind) = &mut self.behind {
            if behind.ui(ui, cx) {
                self.behind = None;
            }
            return;
        }
        let s = cx.session;
        if crate::app::work::only_deliveries(s.project.document()) {
            widgets::title(ui, "Overview", "Deliveries to plan, and no sales yet");
            let hint = "Trips and when they should leave stand in Routes. With a sales export there are forecasts, stock and orders too";
            if widgets::empty(ui, "This project holds deliveries only", hint, Some("Go to the deliveries")) {
                cx.act(crate::app::action::Action::Go(crate::app::places::Place::Routes));
            }
            return;
        }
        if super::is_unplanned(s) {
            widgets::title(ui, "Overview", "What it costs to be wrong, and what to do about it");
            super::unplanned(ui, cx);
            return;
        }
        if self.summary.as_ref().is_none_or(|old| !old.is_of(s)) {
            self.summary = Some(Summary::of(s));
        }
        let Some(summary) = &self.summary else { return };
        let mut wish = None;
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            // the bar that scrolls lies over the content
            ui.set_max_width(ui.available_width() - gap::M);
            widgets::title(ui, "Overview", &subtitle(cx));
            notice(ui, cx);
            let stale = s.is_stale();
            ui.scope(|ui| {
                if stale {
                    ui.multiply_opacity(0.6);
                }
                replay::ui(ui, cx, &mut wish);
                ui.add_space(gap::M);
                tiles::ui(ui, cx, summary, &mut wish);
                first::ui(ui, cx, summary, &mut wish);
            });
            ui.add_space(gap::L);
        });
        match wish {
            Some(Wish::Behind(figure)) => self.behind = Behind::new(figure, cx.session),
            Some(Wish::Act(action)) => cx.act(action),
            None => {}
        }
    }
}

fn subtitle(cx: &Cx<'_>) -> String {
    let s = cx.session;
    let Some(o) = &s.outcome else {
        return "What it costs to be wrong, and what to do about it".to_owned();
    };
    let places = s.rows.iter().map(|r| &*r.location).collect::<std::collections::BTreeSet<_>>().len();
    let sold = o.now.map_or_else(String::new, |now| format!(", sales up to {}", now.plus_days(-1)));
    let at = if places > 1 { format!(" at {}", plural(places, "place")) } else { String::new() };
    format!("{}{at}{sold}, the next {} simulated", plural(o.series.len(), "item"), plural(o.plan.periods, o.period.name()))
}

/// What is being computed, or why there is nothing.
fn notice(ui: &mut Ui, cx: &Cx<'_>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    let running = cx.running(Key::Run);
    if s.outcome.is_none() {
        let text = if running {
            "The first run forecasts and simulates every item; the figures below fill in when it is done, the bar at the bottom shows how far it is"
        } else {
            "Nothing is computed yet; press F5 to compute"
        };
        ui.label(RichText::new(text).color(t.weak));
        ui.add_space(gap::S);
    } else if s.is_stale() {
        let text = if running {
            format!("Computing again after your last edit: {} of {} items are new", s.fresh.min(s.rows.len()), s.rows.len())
        } else {
            "These figures are older than your last edit; press F5 to compute again".to_owned()
        };
        ui.label(RichText::new(text).color(t.warn));
        ui.add_space(gap::S);
    }
    if let Some(refused) = s.outcome.as_ref().map(|o| o.refusals()).and_then(|r| r.into_iter().next()) {
        let fix = refused.fix.as_ref().map_or_else(String::new, |f| format!(": {f}"));
        ui.label(RichText::new(format!("There is no result, since {}{fix}", refused.message)).color(t.bad));
        ui.add_space(gap::S);
    }
}
