//! The grids of what drives and where: vehicles, carriers' tariffs, places, distances. The last line is empty: what is typed there is a new row; a row whose name
//! is cleared goes.

mod records;

use super::cells::{self, Refused, assumed, given};
use super::masters::Panel;
use crate::app::places::Cx;
use crate::app::session::Session;
use crate::app::theme::gap;
use crate::app::widgets::grid::{GridCell, GridColumn, Sheet};
use crate::history::Masters;
use crate::history::model::{CarrierRow, DistanceRow, LocationRow, VehicleRow};
use crate::project::{Change, Edit, Table};
use eframe::egui::Ui;
use std::borrow::Cow;
use std::cell::RefCell;

/// A row of a table whose cells are typed into.
pub trait Record: Clone + PartialEq + 'static {
    /// Words for the grid: what it is called, what one line is, what counts as assumed.
    const WORDS: [&'static str; 3];
    /// From left to right; the first is the name.
    const COLUMNS: &'static [GridColumn];
    fn blank() -> Self;
    fn of(masters: &Masters) -> &[Self];
    fn table(rows: Vec<Self>) -> Table;
    fn name(&self) -> &str;
    /// Everything is there that a row must have.
    fn complete(&self) -> bool;
    /// Something that costs money or emits is not said.
    fn lacks(&self) -> bool;
    /// As typed; empty: not given.
    fn text(&self, column: usize) -> String;
    /// What is taken where nothing is given, and why.
    fn default_of(column: usize) -> (&'static str, &'static str);
    /// # Errors
    /// Why it cannot stand there.
    fn write(&mut self, column: usize, text: &str) -> Result<(), String>;
}

/// A grid of records.
pub struct Rows<R> {
    rows: Vec<R>,
    view: Vec<u32>,
    /// The row that is being added.
    draft: RefCell<R>,
}

impl<R: Record> Default for Rows<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), view: Vec::new(), draft: RefCell::new(R::blank()) }
    }
}

impl<R: Record> Rows<R> {
    /// Reads the session anew.
    pub fn build(&mut self, s: &Session) {
        let before = self.rows.len();
        self.rows = R::of(&s.project.document().masters).to_vec();
        if before != self.rows.len() {
            self.view = (0..self.rows.len() as u32).collect();
        }
    }

    /// Puts rows in order and leaves those out that are not looked for.
    pub fn arrange(&mut self, search: &str, only: bool, sort: Option<(usize, bool)>) {
        let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut view: Vec<u32> = (0..self.rows.len() as u32).collect();
        view.retain(|i| {
            self.rows.get(*i as usize).is_some_and(|r| {
                let text = format!("{} {}", r.text(0), r.text(1)).to_lowercase();
                words.iter().all(|w| text.contains(w.as_str())) && (!only || r.lacks())
            })
        });
        if let Some((column, down)) = sort {
            let key = |i: &u32| {
                let text = self.rows.get(*i as usize).map_or_else(String::new, |r| r.text(column));
                (crate::history::typed_number(&text).unwrap_or(f64::NEG_INFINITY), text.to_lowercase())
            };
            let mut keyed: Vec<((f64, String), u32)> = view.iter().map(|i| (key(i), *i)).collect();
            keyed.sort_by(|a, b| {
                let order = a.0.0.total_cmp(&b.0.0).then_with(|| a.0.1.cmp(&b.0.1));
                (if down { order.reverse() } else { order }).then(a.1.cmp(&b.1))
            });
            view = keyed.into_iter().map(|k| k.1).collect();
        }
        self.view = view;
    }

    /// Rows in all, and those that lack something.
    pub fn counts(&self) -> (usize, usize) {
        (self.rows.len(), self.rows.iter().filter(|r| r.lacks()).count())
    }

    /// What was written as one edit, and what was refused.
    pub fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
        let mut rows: Vec<Option<R>> = self.rows.iter().cloned().map(Some).collect();
        let (mut refused, mut done, mut last) = (Vec::new(), 0usize, None);
        let mut draft = self.draft.borrow_mut();
        for (row, column, text) in written {
            let Some(c) = R::COLUMNS.get(*column) else { continue };
            let at = self.view.get(*row).map(|i| *i as usize);
            let r = match at {
                Some(at) => match rows.get_mut(at).and_then(Option::as_mut) {
                    Some(r) => r,
                    None => continue,
                },
                None => &mut *draft,
            };
            let name = r.name().to_owned();
            match r.write(*column, text) {
                Ok(()) => {
                    done += 1;
                    last = Some(format!("{} of {}", c.name.to_lowercase(), if name.is_empty() { r.name() } else { &name }));
                }
                Err(why) => refused.push(Refused { row: row + 1, name, column: c.name, why }),
            }
            if at.is_some_and(|at| rows.get(at).and_then(Option::as_ref).is_some_and(|r| r.name().is_empty()))
                && let Some(slot) = at.and_then(|at| rows.get_mut(at))
            {
                *slot = None;
            }
        }
        let mut new: Vec<R> = rows.into_iter().flatten().filter(Record::complete).collect();
        if draft.complete() {
            new.push(std::mem::replace(&mut *draft, R::blank()));
        }
        let what = R::WORDS[0].to_lowercase().replace(" grid", "");
        let label = match (done, last) {
            _ if new.len() < self.rows.len() => {
                format!("remove {} of {what}", crate::base::text::plural(self.rows.len() - new.len(), "row"))
            }
            _ if new.len() > self.rows.len() => format!("add to {what}"),
            (1, Some(what)) => format!("set {what}"),
            _ => format!("set {} of {what}", crate::base::text::plural(done, "cell")),
        };
        ((new != self.rows).then(|| Edit::one(label, Change::MasterTable(R::table(new)))), refused)
    }

    fn with<T>(&self, row: usize, f: impl FnOnce(&R) -> T) -> T {
        match self.view.get(row).and_then(|i| self.rows.get(*i as usize)) {
            Some(r) => f(r),
            None => f(&self.draft.borrow()),
        }
    }
}

impl<R: Record> Sheet for Rows<R> {
    fn columns(&self) -> &[GridColumn] {
        R::COLUMNS
    }
    fn rows(&self) -> usize {
        self.view.len() + 1
    }
    fn filled(&self) -> usize {
        self.view.len()
    }
    fn name(&self, row: usize) -> &str {
        self.view.get(row).and_then(|i| self.rows.get(*i as usize)).map_or("a new row", Record::name)
    }
    fn cell(&self, row: usize, column: usize) -> GridCell<'_> {
        let text = self.with(row, |r| r.text(column));
        if !text.is_empty() {
            let number = R::COLUMNS.get(column).is_some_and(|c| c.right);
            let shown = match crate::history::typed_number(&text).filter(|_| number && !text.contains(':')) {
                Some(x) => cells::shown(x),
                None => text,
            };
            return given(shown);
        }
        if row >= self.view.len() {
            return if column == 0 { assumed("new …", "type here to add a row") } else { GridCell::default() };
        }
        let (text, why) = R::default_of(column);
        assumed(text, why)
    }
    fn given(&self, row: usize, column: usize) -> Cow<'_, str> {
        Cow::Owned(self.with(row, |r| r.text(column)))
    }
}

/// Which grid shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Which {
    #[default]
    Vehicles,
    Carriers,
    Places,
    Distances,
}

/// The tab.
#[derive(Default)]
pub struct Network {
    which: Which,
    vehicles: Panel<Rows<VehicleRow>>,
    carriers: Panel<Rows<CarrierRow>>,
    places: Panel<Rows<LocationRow>>,
    distances: Panel<Rows<DistanceRow>>,
}

impl Network {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            for (which, name) in [
                (Which::Vehicles, "Vehicles"),
                (Which::Carriers, "Carriers’ tariffs"),
                (Which::Places, "Places"),
                (Which::Distances, "Road distances"),
            ] {
                ui.selectable_value(&mut self.which, which, name);
            }
        });
        ui.add_space(gap::XS);
        match self.which {
            Which::Vehicles => self.vehicles.ui(ui, cx),
            Which::Carriers => self.carriers.ui(ui, cx),
            Which::Places => self.places.ui(ui, cx),
            Which::Distances => self.distances.ui(ui, cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[(usize, usize, &str)]) -> Vec<(usize, usize, String)> {
        cells.iter().map(|(r, c, t)| (*r, *c, (*t).to_owned())).collect()
    }

    fn table(edit: Option<Edit>) -> Option<Table> {
        edit.and_then(|e| e.changes.into_iter().next()).and_then(|c| if let Change::MasterTable(t) = c { Some(t) } else { None })
    }

    #[test]
    fn a_new_vehicle_a_changed_one_and_one_that_goes() {
        let rows = vec![
            VehicleRow { vehicle: "van".into(), line: 2, ..VehicleRow::default() },
            VehicleRow { vehicle: "old".into(), line: 3, ..VehicleRow::default() },
        ];
        let grid = Rows::<VehicleRow> { rows, view: vec![0, 1], ..Rows::default() };
        let (edit, refused) =
            grid.edit(&written(&[(0, 5, "0.42"), (0, 8, "06:30"), (0, 7, "1.5"), (1, 0, ""), (2, 0, "lorry"), (2, 1, "7,500")]));
        assert_eq!(refused.len(), 1, "{refused:?}");
        let Some(Table::Vehicles(rows)) = table(edit) else { panic!("no vehicles") };
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].cost_per_km, rows[0].shift_start, rows[0].count), (Some(0.42), Some(6.5), None));
        assert_eq!((&*rows[1].vehicle, rows[1].capacity_kg), ("lorry", Some(7500.0)));
        assert_eq!(grid.draft.borrow().name(), "");
    }

    /// A place is added once its coordinates are there too; until then what was typed stays in the last line.
    #[test]
    fn a_place_needs_its_coordinates() {
        let mut grid = Rows::<LocationRow>::default();
        let (edit, refused) = grid.edit(&written(&[(0, 0, "Depot"), (0, 1, "51.5")]));
        assert!(edit.is_none() && refused.is_empty());
        assert_eq!((grid.cell(0, 0).text, grid.rows()), (Cow::Borrowed("Depot"), 1));
        let (edit, refused) = grid.edit(&written(&[(0, 2, "-200")]));
        assert!(edit.is_none() && refused.len() == 1);
        let (edit, _) = grid.edit(&written(&[(0, 2, "-2.6")]));
        let Some(Table::Locations(rows)) = table(edit) else { panic!("no places") };
        assert_eq!((rows[0].lat, rows[0].lon), (51.5, -2.6));
        grid.rows = rows.to_vec();
        grid.view = vec![0];
        assert!(grid.cell(1, 0).assumed && grid.counts() == (1, 1));
        assert_eq!((grid.rows(), grid.filled()), (2, 1));
    }

    /// Lines of a tariff keep apart: each typed one has a number of its own.
    #[test]
    fn lines_of_a_tariff_are_numbered() {
        let grid = Rows::<CarrierRow>::default();
        let (edit, _) = grid.edit(&written(&[(0, 0, "parcel"), (0, 2, "30"), (0, 3, "7.9")]));
        let Some(Table::Carriers(rows)) = table(edit) else { panic!("no carriers") };
        let mut grid = Rows::<CarrierRow> { rows: rows.to_vec(), view: vec![0], ..Rows::default() };
        let (edit, _) = grid.edit(&written(&[(1, 0, "parcel"), (1, 2, "100"), (1, 3, "19")]));
        let Some(Table::Carriers(rows)) = table(edit) else { panic!("no carriers") };
        assert!(rows[0].line != rows[1].line && rows[1].up_to_kg == Some(100.0));
        grid.rows = rows.to_vec();
        let (edit, _) = grid.edit(&written(&[(0, 0, "")]));
        let Some(Table::Carriers(rows)) = table(edit) else { panic!("no carriers") };
        assert_eq!(rows.len(), 1);
    }
}
