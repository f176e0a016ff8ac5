//! The command palette: type a few letters of a command or of an item, press Enter.

use super::action::Action;
use super::commands::{self, Command};
use super::session::Session;
use super::theme::{self, gap};
use eframe::egui::{self, Align2, Area, Id, Key, Modifiers, Order, RichText, ScrollArea, TextEdit};
use std::sync::Arc;

/// The palette's state.
#[derive(Default)]
pub struct Palette {
    open: bool,
    typed: String,
    chosen: usize,
    /// What had the keys when it opened, and has them again once it closes.
    before: Option<Option<Id>>,
}

enum Hit {
    Command(Command, &'static str, &'static str, String),
    Item(Arc<str>, String),
}

/// Answers shown.
const MOST: usize = 14;

impl Palette {
    /// Shows or hides it.
    pub fn toggle(&mut self) {
        self.open = !self.open;
        self.typed.clear();
        self.chosen = 0;
    }
    /// True while it shows.
    pub const fn is_open(&self) -> bool {
        self.open
    }

    fn hits(&self, ctx: &egui::Context, session: Option<&Session>) -> Vec<Hit> {
        let mut found: Vec<(i32, Hit)> = commands::ALL
            .iter()
            .filter(|e| (session.is_some() || !e.needs_project) && e.command != Command::Palette)
            .filter_map(|e| {
                let key = e.shortcut.map_or_else(String::new, |k| ctx.format_shortcut(&k));
                commands::score(&self.typed, e.name).map(|s| (s, Hit::Command(e.command, e.name, e.hint, key)))
            })
            .collect();
        if !self.typed.is_empty() {
            found.sort_by_key(|(s, _)| -s);
            let typed = self.typed.to_lowercase();
            let items = session.into_iter().flat_map(|s| &s.rows).filter(|r| r.haystack.contains(&typed)).take(MOST);
            found.extend(items.map(|r| (0, Hit::Item(r.unique_id.clone(), format!("{}, {}", r.name, r.location)))));
        }
        found.into_iter().map(|(_, h)| h).take(MOST).collect()
    }

    /// Draws it over everything.
    pub fn ui(&mut self, ctx: &egui::Context, session: Option<&Session>, actions: &mut Vec<Action>) {
        if !self.open {
            if let Some(Some(id)) = self.before.take() {
                ctx.memory_mut(|m| m.request_focus(id));
            }
            return;
        }
        self.before.get_or_insert_with(|| ctx.memory(|m| m.focused()));
        let (up, down, enter, escape) = ctx.input_mut(|i| {
            (
                i.consume_key(Modifiers::NONE, Key::ArrowUp),
                i.consume_key(Modifiers::NONE, Key::ArrowDown),
                i.consume_key(Modifiers::NONE, Key::Enter),
                i.consume_key(Modifiers::NONE, Key::Escape),
            )
        });
        let hits = self.hits(ctx, session);
        let last = hits.len().saturating_sub(1);
        self.chosen = if down { (self.chosen + 1).min(last) } else { self.chosen.saturating_sub(usize::from(up)).min(last) };
        let mut picked = enter.then_some(self.chosen).filter(|_| !hits.is_empty());
        let area = Area::new(Id::unique("palette")).order(Order::Foreground).anchor(Align2::CENTER_TOP, [0.0, 70.0]).show(ctx, |ui| {
            let t = theme::tokens(ui);
            theme::card(t).shadow(ui.visuals().popup_shadow).show(ui, |ui| {
                ui.set_width(560.0);
                let field = ui.add(
                    TextEdit::singleline(&mut self.typed)
                        .id(Id::unique("palette field"))
                        .hint_text("Type a command or the name of an item")
                        .desired_width(f32::INFINITY),
                );
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Command palette"));
                field.request_focus();
                if field.changed() {
                    self.chosen = 0;
                }
                ui.add_space(gap::XS);
                if hits.is_empty() {
                    ui.label(RichText::new("Nothing by that name").color(t.weak));
                }
                ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
                    for (i, hit) in hits.iter().enumerate() {
                        let (name, hint, key) = match hit {
                            Hit::Command(_, name, hint, key) => (*name, *hint, key.as_str()),
                            Hit::Item(_, name) => (name.as_str(), "item", ""),
                        };
                        let aside = if key.is_empty() { hint.to_owned() } else { format!("{hint}    {key}") };
                        let button = egui::Button::selectable(i == self.chosen, name).right_text(RichText::new(aside).color(t.weak));
                        let response = ui.add_sized([ui.available_width(), 26.0], button);
                        if response.clicked() {
                            picked = Some(i);
                        }
                    }
                });
            });
        });
        if escape || (ctx.input(|i| i.pointer.any_pressed()) && !area.response.contains_pointer()) {
            self.open = false;
        }
        if let Some(hit) = picked.and_then(|i| hits.into_iter().nth(i)) {
            self.open = false;
            actions.push(match hit {
                Hit::Command(c, ..) => Action::Command(c),
                Hit::Item(id, _) => Action::Show(id),
            });
        }
    }
}
