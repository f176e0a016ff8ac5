//! A grid whose cells are typed into: virtual rows, a cursor moved by keys, whole blocks pasted from and copied to a spreadsheet.
//!
//! The grid knows nothing of what it shows: a [`Sheet`] answers for cells, what was written comes back as [`Happened`].

use super::table::heading;
use crate::app::theme::{self, ROW};
use eframe::egui::{
    self, Align, Event, EventFilter, Id, Key, Layout, Modifiers, RichText, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo,
};
use egui_extras::{Column as Width, TableBuilder};
use std::borrow::Cow;

/// A column of a grid.
#[derive(Debug, Clone, Copy)]
pub struct GridColumn {
    /// Its heading.
    pub name: &'static str,
    /// What it means, on hover.
    pub hint: &'static str,
    /// Points.
    pub width: f32,
    /// Numbers stand right.
    pub right: bool,
    /// Can be typed into.
    pub editable: bool,
}

/// A cell as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GridCell<'a> {
    /// What stands there.
    pub text: Cow<'a, str>,
    /// It is assumed or derived, not given: greyed.
    pub assumed: bool,
    /// Something is odd about it: marked.
    pub odd: bool,
    /// Where it is from, on hover.
    pub why: Cow<'a, str>,
}

/// What a grid shows.
pub trait Sheet {
    /// From left to right.
    fn columns(&self) -> &[GridColumn];
    /// Rows in view.
    fn rows(&self) -> usize;
    /// Those of them that hold something: all but an empty one to type into.
    fn filled(&self) -> usize {
        self.rows()
    }
    /// A row's name, for people who hear the grid.
    fn name(&self, row: usize) -> &str;
    /// A cell as shown.
    fn cell(&self, row: usize, column: usize) -> GridCell<'_>;
    /// A cell as typed: what is given, empty where it is assumed.
    fn given(&self, row: usize, column: usize) -> Cow<'_, str>;
}

/// Cursor, selection and what is being typed.
#[derive(Debug, Default)]
pub struct GridState {
    /// Row and column in view.
    pub cursor: Option<(usize, usize)>,
    /// Column sorted by, the largest first or not.
    pub sort: Option<(usize, bool)>,
    anchor: Option<(usize, usize)>,
    typing: Option<String>,
    fresh: bool,
    follow: bool,
}

/// What people did in a grid.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Cells written: row and column in view, and the text; empty clears.
    pub written: Vec<(usize, usize, String)>,
    /// Rows of a paste that found no row to stand in.
    pub beyond: usize,
    /// The sort was changed.
    pub sorted: bool,
}

impl GridState {
    /// Moves the cursor and shows it.
    pub fn select(&mut self, row: usize, column: usize) {
        self.cursor = Some((row, column));
        self.anchor = self.cursor;
        self.typing = None;
        self.follow = true;
    }

    /// Draws it in all the room there is.
    pub fn ui(&mut self, ui: &mut Ui, salt: &str, sheet: &dyn Sheet) -> Happened {
        let mut happened = Happened::default();
        let (rows, columns) = (sheet.rows(), sheet.columns());
        let fits = |at: &(usize, usize)| at.0 < rows && at.1 < columns.len();
        self.cursor = self.cursor.filter(fits);
        self.anchor = self.anchor.filter(fits).or(self.cursor);
        let id = Id::unique(("grid", salt));
        let whole = ui.interact(ui.available_rect_before_wrap(), id, Sense::focusable_noninteractive());
        whole.widget_info(|| WidgetInfo::labeled(Role::Grid, true, salt));
        let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
        if self.typing.is_some() {
            self.typing_keys(ui, id, sheet, &mut happened);
        } else if whole.has_focus() {
            if self.cursor.is_none() && rows > 0 {
                self.select(0, columns.iter().position(|c| c.editable).unwrap_or(0));
            }
            self.keys(ui, id, sheet, &mut happened);
        }
        let follow = std::mem::take(&mut self.follow);
        let t = theme::tokens(ui);
        egui::ScrollArea::horizontal().id_salt((salt, "across")).auto_shrink([false, false]).show(ui, |ui| {
            // a figure at the right of its column does not touch the text after it
            ui.spacing_mut().item_spacing.x = theme::gap::COLUMN;
            let mut builder = TableBuilder::new(ui)
                .id_salt(salt)
                .striped(true)
                .resizable(true)
                .auto_shrink([false, false])
                .animate_scrolling(false)
                .cell_layout(Layout::left_to_right(Align::Center));
            if let Some((row, _)) = self.cursor.filter(|_| follow) {
                builder = builder.scroll_to_row(row, None);
            }
            for c in columns {
                builder = builder.column(Width::initial(c.width).at_least(40.0).clip(true));
            }
            builder
                .header(ROW + 2.0, |mut header| {
                    for (i, c) in columns.iter().enumerate() {
                        let (_, response) = header.col(|ui| {
                            if heading(ui, c.name, c.right, self.sort.filter(|(at, _)| *at == i).map(|(_, down)| down)) {
                                self.sort = Some(match self.sort {
                                    Some((at, down)) if at == i => (i, !down),
                                    _ => (i, c.right),
                                });
                                happened.sorted = true;
                            }
                        });
                        if !c.hint.is_empty() {
                            response.on_hover_text(c.hint);
                        }
                    }
                })
                .body(|body| {
                    body.rows(ROW, rows, |mut row| {
                        let r = row.index();
                        for (c, column) in columns.iter().enumerate() {
                            row.col(|ui| self.cell(ui, id, sheet, (r, c), column, follow, t, &mut happened));
                        }
                    });
                });
        });
        happened
    }

    #[allow(clippy::too_many_arguments, reason = "a cell needs to know where it is, how it looks and whom to tell")]
    fn cell(
        &mut self,
        ui: &mut Ui,
        id: Id,
        sheet: &dyn Sheet,
        at: (usize, usize),
        column: &GridColumn,
        follow: bool,
        t: &theme::Tokens,
        happened: &mut Happened,
    ) {
        let rect = ui.max_rect().expand2(egui::vec2(3.0, 0.0));
        let here = self.cursor == Some(at);
        if here && self.typing.is_some() {
            self.field(ui, id, sheet, at, column, happened);
            return;
        }
        let cell = sheet.cell(at.0, at.1);
        let response = ui.interact(rect, id.with(at), Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, format!("{} of {}", column.name, sheet.name(at.0)));
            info.current_text_value = Some(cell.text.to_string());
            info
        });
        if self.is_selected(at) {
            ui.painter().rect_filled(rect, 0.0, t.selected);
        }
        if here {
            let color = if ui.memory(|m| m.has_focus(id)) { t.accent } else { t.weak };
            ui.painter().rect_stroke(ui.max_rect(), 2.0, Stroke::new(1.5, color), StrokeKind::Inside);
            if follow {
                ui.scroll_to_rect(rect, None);
            }
        }
        let color = if cell.odd {
            t.warn
        } else if cell.assumed {
            t.assumed
        } else {
            t.text
        };
        let mut text = RichText::new(&*cell.text).color(color);
        if cell.assumed && column.editable {
            text = text.italics();
        }
        let label = egui::Label::new(text).truncate().selectable(false);
        let layout = if column.right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        ui.with_layout(layout, |ui| ui.add(label));
        if response.clicked() {
            self.commit(sheet, happened);
            let shift = ui.input(|i| i.modifiers.shift);
            self.cursor = Some(at);
            if !shift {
                self.anchor = Some(at);
            }
            ui.memory_mut(|m| m.request_focus(id));
            if response.double_clicked() && column.editable {
                self.begin(sheet.given(at.0, at.1).into_owned());
            }
        }
        if !cell.why.is_empty() {
            response.on_hover_text(&*cell.why);
        } else if cell.text.chars().count() > 24 {
            response.on_hover_text(&*cell.text);
        }
    }

    /// The cell that is typed into.
    fn field(&mut self, ui: &mut Ui, id: Id, sheet: &dyn Sheet, at: (usize, usize), column: &GridColumn, happened: &mut Happened) {
        let Some(text) = &mut self.typing else { return };
        let align = if column.right { Align::Max } else { Align::Min };
        let field = TextEdit::singleline(text)
            .id(id.with("field"))
            .desired_width(f32::INFINITY)
            .align(egui::Align2([align, Align::Center]))
            .lock_focus(true)
            .margin(egui::Margin::symmetric(2, 2));
        let output = field.show(ui);
        let (value, name) = (text.clone(), format!("{} of {}", column.name, sheet.name(at.0)));
        output.response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, "", value.as_str(), "");
            info.label = Some(name.clone());
            info
        });
        if std::mem::take(&mut self.fresh) {
            output.response.request_focus();
            let end = egui::text::CCursor::new(text.chars().count());
            let mut state = output.state;
            state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
            state.store(ui.ctx(), output.response.id);
        } else if output.response.lost_focus() {
            self.commit(sheet, happened);
        }
    }

    fn is_selected(&self, at: (usize, usize)) -> bool {
        let (Some(a), Some(b)) = (self.anchor, self.cursor) else { return false };
        a != b && (a.0.min(b.0)..=a.0.max(b.0)).contains(&at.0) && (a.1.min(b.1)..=a.1.max(b.1)).contains(&at.1)
    }

    fn begin(&mut self, text: String) {
        self.typing = Some(text);
        self.anchor = self.cursor;
        self.fresh = true;
        self.follow = true;
    }

    /// What was typed is written, if it differs.
    fn commit(&mut self, sheet: &dyn Sheet, happened: &mut Happened) {
        if let (Some(text), Some((row, column))) = (self.typing.take(), self.cursor)
            && text.trim() != sheet.given(row, column)
        {
            happened.written.push((row, column, text.trim().to_owned()));
        }
    }

    fn step(&mut self, sheet: &dyn Sheet, rows: isize, columns: isize, extend: bool) {
        let Some((r, c)) = self.cursor else { return };
        let to = |at: usize, by: isize, n: usize| at.saturating_add_signed(by).min(n.saturating_sub(1));
        self.cursor = Some((to(r, rows, sheet.rows()), to(c, columns, sheet.columns().len())));
        if !extend {
            self.anchor = self.cursor;
        }
        self.follow = true;
    }

    fn typing_keys(&mut self, ui: &Ui, id: Id, sheet: &dyn Sheet, happened: &mut Happened) {
        let pressed = |m: Modifiers, k: Key| ui.input_mut(|i| i.consume_key(m, k));
        let (rows, columns) = if pressed(Modifiers::NONE, Key::Enter) || pressed(Modifiers::NONE, Key::ArrowDown) {
            (1, 0)
        } else if pressed(Modifiers::NONE, Key::ArrowUp) {
            (-1, 0)
        } else if pressed(Modifiers::SHIFT, Key::Tab) {
            (0, -1)
        } else if pressed(Modifiers::NONE, Key::Tab) {
            (0, 1)
        } else if pressed(Modifiers::NONE, Key::Escape) {
            self.typing = None;
            (0, 0)
        } else {
            return;
        };
        self.commit(sheet, happened);
        self.step(sheet, rows, columns, false);
        ui.memory_mut(|m| m.request_focus(id));
    }

    fn keys(&mut self, ui: &Ui, id: Id, sheet: &dyn Sheet, happened: &mut Happened) {
        let Some(cursor) = self.cursor else { return };
        let editable = sheet.columns().get(cursor.1).is_some_and(|c| c.editable);
        let page = 15;
        for event in ui.input(|i| i.events.clone()) {
            match event {
                Event::Key { key, pressed: true, modifiers, .. } => {
                    let shift = modifiers.shift;
                    let far = if modifiers.command { isize::MAX / 2 } else { 1 };
                    match key {
                        Key::ArrowDown => self.step(sheet, far, 0, shift),
                        Key::ArrowUp => self.step(sheet, -far, 0, shift),
                        Key::ArrowRight => self.step(sheet, 0, far, shift),
                        Key::ArrowLeft => self.step(sheet, 0, -far, shift),
                        Key::Tab => self.step(sheet, 0, if shift { -1 } else { 1 }, false),
                        Key::PageDown => self.step(sheet, page, 0, shift),
                        Key::PageUp => self.step(sheet, -page, 0, shift),
                        Key::Home => self.step(sheet, 0, -(isize::MAX / 2), shift),
                        Key::End => self.step(sheet, 0, isize::MAX / 2, shift),
                        Key::Escape => ui.memory_mut(|m| m.surrender_focus(id)),
                        Key::Enter | Key::F2 if editable => self.begin(sheet.given(cursor.0, cursor.1).into_owned()),
                        Key::Delete | Key::Backspace => happened.written.extend(self.selected(sheet).map(|(r, c)| (r, c, String::new()))),
                        _ => {}
                    }
                }
                Event::Text(text) if editable && self.typing.is_none() && !text.trim().is_empty() => self.begin(text),
                Event::Text(text) if self.typing.is_some() => self.typing.iter_mut().for_each(|t| t.push_str(&text)),
                Event::Copy => ui.ctx().copy_text(self.text(sheet)),
                Event::Paste(text) => self.paste(sheet, cursor, &text, happened),
                _ => {}
            }
        }
    }

    /// Editable cells of the selection.
    fn selected<'a>(&self, sheet: &'a dyn Sheet) -> impl Iterator<Item = (usize, usize)> + 'a {
        let block = self.anchor.zip(self.cursor).into_iter();
        let cells = block.flat_map(|(a, b)| {
            let columns = a.1.min(b.1)..=a.1.max(b.1);
            (a.0.min(b.0)..=a.0.max(b.0)).flat_map(move |r| columns.clone().map(move |c| (r, c)))
        });
        cells.filter(|(_, c)| sheet.columns().get(*c).is_some_and(|c| c.editable))
    }

    fn paste(&mut self, sheet: &dyn Sheet, at: (usize, usize), text: &str, happened: &mut Happened) {
        let lines: Vec<&str> = text.trim_end_matches(['\n', '\r']).split('\n').map(|l| l.trim_end_matches('\r')).collect();
        // one value fills everything selected
        if let [one] = lines[..]
            && !one.contains('\t')
        {
            happened.written.extend(self.selected(sheet).map(|(r, c)| (r, c, one.trim().to_owned())));
            return;
        }
        let origin = self.anchor.map_or(at, |a| (a.0.min(at.0), a.1.min(at.1)));
        let mut last = origin;
        for (i, line) in lines.iter().enumerate() {
            let row = origin.0 + i;
            if row >= sheet.rows() {
                happened.beyond += 1;
                continue;
            }
            for (j, cell) in line.split('\t').enumerate() {
                let column = origin.1 + j;
                if column < sheet.columns().len() {
                    happened.written.push((row, column, cell.trim().trim_matches('"').to_owned()));
                    last = (row, last.1.max(column));
                }
            }
        }
        self.anchor = Some(origin);
        self.cursor = Some(last);
    }

    /// What is selected, ready for a spreadsheet.
    fn text(&self, sheet: &dyn Sheet) -> String {
        let (Some(a), Some(b)) = (self.anchor, self.cursor) else { return String::new() };
        let line = |r: usize| -> String {
            let cells = (a.1.min(b.1)..=a.1.max(b.1)).map(|c| {
                let given = sheet.given(r, c);
                if given.is_empty() { sheet.cell(r, c).text.into_owned() } else { given.into_owned() }
            });
            cells.collect::<Vec<_>>().join("\t")
        };
        (a.0.min(b.0)..=a.0.max(b.0)).map(line).collect::<Vec<_>>().join("\n")
    }
}
