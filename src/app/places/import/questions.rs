//! What a file leaves open, asked as cards with its answers as buttons; what was answered can be asked again.

use super::{Dropped, Import, Step};
use crate::app::import::looking;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::Stamp;
use crate::history::{Ask, Question, question, zones};
use eframe::egui::{self, Button, RichText, Ui};

/// What a person said in answer.
enum Reply {
    /// A value of the question's answers, or one written in the same form.
    Value(String),
    /// Ask an answered question again.
    Again,
}

impl Import {
    /// Draws the questions of the chosen file, and takes the answers.
    pub(super) fn questions(&mut self, ui: &mut Ui, step: &Step<'_>) {
        let Some(f) = self.files.get_mut(self.chosen) else { return };
        let open: Vec<Question> = f.seen().map(|s| s.look.questions.clone()).unwrap_or_default();
        let mut reply: Option<(Question, Reply)> = None;
        for q in open.iter().filter(|q| q.must).chain(open.iter().filter(|q| !q.must)) {
            // what was answered is not asked while the file is being looked at again
            if f.answered.iter().any(|(a, _)| (a.ask, &a.name) == (q.ask, &q.name)) {
                continue;
            }
            if let Some(value) = card(ui, q, &mut f.typed) {
                reply = Some((q.clone(), Reply::Value(value)));
            }
            ui.add_space(gap::XS);
        }
        let t = theme::tokens(ui);
        for (q, value) in &f.answered {
            ui.horizontal_wrapped(|ui| {
                let said = q.answers.iter().find(|a| a.value == *value).map_or(value.as_str(), |a| a.text.as_str());
                ui.label(RichText::new(&q.text).color(t.weak));
                ui.label(said);
                if ui.small_button("Change").on_hover_text("Ask this again").clicked() {
                    reply = Some((q.clone(), Reply::Again));
                }
            });
        }
        match reply {
            Some((q, Reply::Value(value))) => answer(f, &q, value, step),
            Some((q, Reply::Again)) => {
                f.answered.retain(|(a, _)| *a != q);
                let field = q.name.as_deref().unwrap_or_default();
                f.said.retain(|(ask, said)| *ask != q.ask || *ask == Ask::Field && said.rsplit_once('=').is_none_or(|s| s.1 != field));
                match q.ask {
                    Ask::Measure => f.map.retain(|(name, _)| Some(name) != q.name.as_ref()),
                    Ask::Column => f.map.clear(),
                    _ => {}
                }
                f.again();
            }
            None => {}
        }
    }
}

/// Takes an answer, and looks at the file again.
fn answer(f: &mut Dropped, q: &Question, value: String, step: &Step<'_>) {
    let mut options = looking::options(&f.map, &f.said, &step.originals.own);
    if !q.answer(&value, &mut options) {
        return;
    }
    f.map = options.map;
    if let (Ask::Field, Some((column, field))) = (q.ask, value.rsplit_once('=')) {
        f.say_field(column, field);
    } else if !matches!(q.ask, Ask::Measure | Ask::Column) {
        f.said.retain(|(ask, _)| *ask != q.ask);
        f.said.push((q.ask, value.clone()));
    }
    f.answered.push((q.clone(), value));
    f.typed = [String::new(), String::new()];
    f.again();
}

/// One question; returns the answer.
fn card(ui: &mut Ui, q: &Question, typed: &mut [String; 2]) -> Option<String> {
    let t = theme::tokens(ui);
    let mut said = None;
    let color = if q.must { t.warn } else { t.line };
    theme::card(t).stroke(egui::Stroke::new(if q.must { 1.5 } else { 1.0 }, color)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(&q.text).strong());
        ui.label(RichText::new(why(q)).color(t.weak));
        ui.horizontal_wrapped(|ui| {
            for a in q.answers.iter().filter(|_| q.ask != Ask::Unsold) {
                let button = if q.must { Button::new(RichText::new(&a.text).strong()) } else { Button::new(&a.text) };
                if ui.add(button).clicked() {
                    said = Some(a.value.clone());
                }
            }
            match q.ask {
                Ask::Covers => said = days(ui, q, typed).or(said.take()),
                Ask::TimeZone => said = zone(ui, typed).or(said.take()),
                Ask::Unsold => said = codes(ui, q, typed).or(said.take()),
                _ => {}
            }
        });
    });
    said
}

/// Why it is asked, or what is taken until somebody answers.
fn why(q: &Question) -> String {
    let column = q.name.as_ref().map_or_else(String::new, |n| format!("In the column {n} "));
    match q.ask {
        Ask::DateOrder if q.must => format!("{column}no day is above 12, so both readings are possible. Which is right?"),
        Ask::DateOrder => format!("{column}no day is above 12. It is read as the first of these; say so if it is the other"),
        Ask::Decimal => format!("{column}every separator could group thousands or divide. Which number is meant?"),
        Ask::Covers => "The file does not tell when its rows were sold. Say of which days they are, and they count for those".into(),
        Ask::TimeZone => "Times are written in UTC, and days are counted so. With the shop's time zone they are the shop's own days".into(),
        Ask::Measure => "It is read as the first of these. Money can be forecast but not ordered".into(),
        Ask::Unsold => {
            format!("{column}orders have code numbers of your shop system. All count as sold until you tick those that did not sell")
        }
        Ask::Column | Ask::Field if q.answers.is_empty() => {
            "No column looks like it. Say above what kind of file this is if it is another, or tell the column below".into()
        }
        Ask::Column | Ask::Field => "No column tells it by its name. Choose one; any other can be changed below".into(),
    }
}

/// First and last day, as typed or as suggested.
fn days(ui: &mut Ui, q: &Question, typed: &mut [String; 2]) -> Option<String> {
    if typed.iter().all(String::is_empty) && q.answers.is_empty() {
        let today = Stamp(crate::app::work::now().0);
        let text = today.iso();
        // the last whole month is what most reports are of
        let month = text.get(..7).and_then(question::covers).map(|(first, _)| first.plus_days(-1));
        if let Some((first, last)) = month.and_then(|m| m.iso().get(..7).and_then(question::covers)) {
            *typed = [first.iso(), last.iso()];
        }
    }
    let [first, last] = typed;
    ui.label("First day");
    widgets::search_field(ui, first, "First day", "2026-01-01", 100.0);
    ui.label("Last day");
    widgets::search_field(ui, last, "Last day", "2026-01-31", 100.0);
    let value = format!("{}..{}", first.trim(), last.trim());
    let good = question::covers(&value).is_some();
    let pressed = ui.add_enabled(good, Button::new("Use these days")).on_disabled_hover_text("Write days as 2026-01-31").clicked();
    pressed.then_some(value)
}

/// Code numbers to tick; `typed` keeps which are.
fn codes(ui: &mut Ui, q: &Question, typed: &mut [String; 2]) -> Option<String> {
    let [ticked, _] = typed;
    let mut chosen: Vec<String> = ticked.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect();
    for a in &q.answers {
        let mut on = chosen.contains(&a.value);
        if ui.checkbox(&mut on, &a.text).changed() {
            chosen.retain(|c| *c != a.value);
            if on {
                chosen.push(a.value.clone());
            }
        }
    }
    *ticked = chosen.join(",");
    let none = chosen.is_empty();
    let text = if none { "All of them sold" } else { "The ticked did not sell" };
    ui.button(text).on_hover_text("Orders that did not sell are set aside, with their lines").clicked().then(|| ticked.clone())
}

/// A time zone, found by typing.
fn zone(ui: &mut Ui, typed: &mut [String; 2]) -> Option<String> {
    let mut said = None;
    let [name, _] = typed;
    widgets::search_field(ui, name, "Time zone", "Berlin, New York …", 150.0);
    if name.trim().len() > 1 {
        for z in zones(name, 6) {
            if ui.button(z).clicked() {
                said = Some(z.to_owned());
            }
        }
    }
    if ui.button("Leave it in UTC").clicked() {
        said = Some("Etc/UTC".into());
    }
    said
}
