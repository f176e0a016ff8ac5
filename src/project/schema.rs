//! The tables of the file, its identity and its versions.
//!
//! | table | holds |
//! | --- | --- |
//! | `meta` | `name`, `active` (scenario), `program` (that wrote last), `created`, `agreed` (fixes and answers to findings, as JSON), `moves` (stops on other trips, as JSON), `known_ahead` (columns known ahead, as JSON) |
//! | `import` | files imported: of a version of the sales (`sales` = its hash), or of a table of masters (`sales` empty) |
//! | `sales` | versions of the sales: the one in use, and those that the journal can bring back |
//! | `sales_chunk` | the chunks of a version, in order |
//! | `chunk` | immutable content by the hash of its bytes: Parquet rows of sales (`parquet`), replaced tables of masters (`json.gz`) |
//! | `item` … `event` | the masters; `line` is the line in the file, 0 for rows added by hand |
//! | `scenario` | assumptions, the plan as the text of a scenario file |
//! | `decision`, `override` | what was approved, held, cancelled; numbers set by hand |
//! | `forecast_override` | forecasts changed by hand, as they were said: whose (all names NULL: everything), when, and `set_to`, `percent` or `add_units` |
//! | `frozen` | forecasts as they stood when newer sales came in, by their first period, as JSON |
//! | `journal` | when, what, why, from and to in words; `undo` and `redo` as JSON; `done`, `undone` or `lost` (undone, no way back) |
//! | `journal_content` | which contents an entry needs to be undone or redone |
//!
//! Dates are ISO 8601 text on the shop's own clock, money per unit in the project's currency, an unknown cell is NULL. A scope is either
//! `unique_id`, or `item` with or without `location`.

use rusqlite::{Connection, Transaction};

/// `Stkc`: tells a project from any other SQLite file.
pub(super) const APPLICATION_ID: i32 = 0x5374_6b63;

/// The version this program writes.
pub(super) const VERSION: i32 = STEPS.len() as i32;

type Step = fn(&Transaction<'_>) -> rusqlite::Result<()>;

/// Step `i` makes version `i + 1` of version `i`; version 0 is an empty file.
const STEPS: [Step; 8] = [
    |t| t.execute_batch(VERSION_1),
    |t| t.execute_batch(VERSION_2),
    |t| t.execute_batch(VERSION_3),
    |t| t.execute_batch(VERSION_4),
    |t| t.execute_batch(VERSION_5),
    |t| t.execute_batch(VERSION_6),
    |t| t.execute_batch(VERSION_7),
    |t| t.execute_batch(VERSION_8),
];

/// Brings a file to this program's version, one transaction a version.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    climb(connection, &STEPS)
}

fn climb(connection: &mut Connection, steps: &[Step]) -> rusqlite::Result<()> {
    loop {
        let version = version(connection)?;
        let Some(step) = usize::try_from(version).ok().and_then(|v| steps.get(v)) else { return Ok(()) };
        let t = connection.transaction()?;
        step(&t)?;
        t.pragma_update(None, "application_id", APPLICATION_ID)?;
        t.pragma_update(None, "user_version", version + 1)?;
        t.commit()?;
    }
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |r| r.get(0))
}

pub(super) fn application_id(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "application_id", |r| r.get(0))
}

/// Days that a carrier takes.
const VERSION_8: &str = "ALTER TABLE carrier ADD COLUMN days REAL";

/// Items that end, prices by quantity, emissions per unit.
const VERSION_7: &str = r#"
ALTER TABLE item ADD COLUMN discontinued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN price_breaks TEXT;
ALTER TABLE item ADD COLUMN kg_co2e REAL;
"#;

/// Events that last, of one item or category, with an expected effect.
const VERSION_6: &str = r#"
ALTER TABLE event ADD COLUMN ends TEXT;
ALTER TABLE event ADD COLUMN item TEXT;
ALTER TABLE event ADD COLUMN category TEXT;
ALTER TABLE event ADD COLUMN percent REAL;
"#;

/// Shipments of one's own.
const VERSION_5: &str = r#"
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY, shipment TEXT NOT NULL, ready TEXT NOT NULL, from_place TEXT NOT NULL, to_place TEXT NOT NULL,
  weight_kg REAL NOT NULL, volume_m3 REAL, pallets REAL, due TEXT, lat REAL, lon REAL, window_start REAL, window_end REAL, service_min REAL,
  line INTEGER NOT NULL) STRICT;
"#;

/// Shifts and limits of vehicles, tariffs of carriers, distances.
const VERSION_4: &str = r#"
ALTER TABLE vehicle ADD COLUMN capacity_pallets REAL;
ALTER TABLE vehicle ADD COLUMN shift_start REAL;
ALTER TABLE vehicle ADD COLUMN shift_end REAL;
ALTER TABLE vehicle ADD COLUMN max_hours REAL;
ALTER TABLE vehicle ADD COLUMN max_driving_hours REAL;
ALTER TABLE vehicle ADD COLUMN max_km REAL;
CREATE TABLE carrier (
  id INTEGER PRIMARY KEY, carrier TEXT NOT NULL, to_place TEXT, up_to_kg REAL, price REAL, per_kg REAL, minimum REAL, kg_per_m3 REAL,
  emission_class TEXT, line INTEGER NOT NULL) STRICT;
CREATE TABLE distance (
  id INTEGER PRIMARY KEY, from_place TEXT NOT NULL, to_place TEXT NOT NULL, km REAL NOT NULL, hours REAL, line INTEGER NOT NULL) STRICT;
"#;

/// Forecasts changed by hand, and forecasts kept to be compared with what was sold.
const VERSION_3: &str = r#"
CREATE TABLE forecast_override (
  id INTEGER PRIMARY KEY, unique_id TEXT, item TEXT, location TEXT, category TEXT, begins TEXT, ends TEXT, set_to REAL, percent REAL,
  add_units REAL, why TEXT NOT NULL, made TEXT NOT NULL) STRICT;
CREATE TABLE frozen (ahead TEXT PRIMARY KEY, made TEXT NOT NULL, forecast TEXT NOT NULL) STRICT, WITHOUT ROWID;
"#;

/// Answers to what a file left open; `meta` may hold `agreed`, which a program of version 1 would not apply.
const VERSION_2: &str = "ALTER TABLE import ADD COLUMN said TEXT NOT NULL DEFAULT '[]'";

const VERSION_1: &str = r#"
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE chunk (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE sales (
  hash TEXT PRIMARY KEY, in_use INTEGER NOT NULL, period TEXT NOT NULL, measured TEXT NOT NULL, transactions INTEGER NOT NULL,
  recognised TEXT NOT NULL, notes TEXT NOT NULL) STRICT;
CREATE TABLE sales_chunk (
  sales TEXT NOT NULL REFERENCES sales (hash) ON DELETE CASCADE, position INTEGER NOT NULL, chunk TEXT NOT NULL REFERENCES chunk (hash),
  PRIMARY KEY (sales, position)) STRICT, WITHOUT ROWID;
CREATE TABLE import (
  id INTEGER PRIMARY KEY, sales TEXT REFERENCES sales (hash) ON DELETE CASCADE, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  name TEXT NOT NULL, hash TEXT NOT NULL, imported TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_used INTEGER NOT NULL,
  map TEXT NOT NULL) STRICT;
CREATE TABLE item (
  id INTEGER PRIMARY KEY, unique_id TEXT, item TEXT, location TEXT, description TEXT, cost REAL, price REAL, supplier TEXT,
  lead_time REAL, lead_time_days REAL, pack_size REAL, minimum REAL, weight_kg REAL, volume_m3 REAL, shelf_life_days REAL,
  holding REAL, shortage REAL, category TEXT, successor TEXT, line INTEGER NOT NULL) STRICT;
CREATE INDEX item_scope ON item (unique_id, item, location);
CREATE TABLE stock (
  id INTEGER PRIMARY KEY, unique_id TEXT, item TEXT, location TEXT, on_hand REAL, committed REAL, unavailable REAL, as_of TEXT,
  expires TEXT, line INTEGER NOT NULL) STRICT;
CREATE INDEX stock_scope ON stock (unique_id, item, location);
CREATE TABLE on_order (
  id INTEGER PRIMARY KEY, unique_id TEXT, item TEXT, location TEXT, arrives TEXT NOT NULL, quantity REAL, line INTEGER NOT NULL) STRICT;
CREATE INDEX on_order_scope ON on_order (unique_id, item, location);
CREATE TABLE supplier (
  id INTEGER PRIMARY KEY, supplier TEXT NOT NULL, currency TEXT, order_days TEXT NOT NULL, minimum_value REAL, order_cost REAL,
  container_kg REAL, container_m3 REAL, line INTEGER NOT NULL) STRICT;
CREATE INDEX supplier_name ON supplier (supplier);
CREATE TABLE supplier_item (
  id INTEGER PRIMARY KEY, supplier TEXT NOT NULL, item TEXT NOT NULL, cost REAL, units_per_pack REAL, minimum REAL, lead_time REAL,
  lead_time_days REAL, rank REAL, line INTEGER NOT NULL) STRICT;
CREATE INDEX supplier_item_name ON supplier_item (supplier, item);
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, supplier TEXT, item TEXT, location TEXT, ordered TEXT NOT NULL, received TEXT NOT NULL, quantity REAL,
  line INTEGER NOT NULL) STRICT;
CREATE TABLE bom (
  id INTEGER PRIMARY KEY, kit TEXT NOT NULL, component TEXT NOT NULL, quantity REAL, line INTEGER NOT NULL) STRICT;
CREATE INDEX bom_name ON bom (kit, component);
CREATE TABLE location (
  id INTEGER PRIMARY KEY, location TEXT NOT NULL, lat REAL, lon REAL, kind TEXT, line INTEGER NOT NULL) STRICT;
CREATE INDEX location_name ON location (location);
CREATE TABLE vehicle (
  id INTEGER PRIMARY KEY, vehicle TEXT NOT NULL, capacity_kg REAL, capacity_m3 REAL, cost_per_trip REAL, cost_per_km REAL,
  cost_per_hour REAL, emission_class TEXT, count REAL, line INTEGER NOT NULL) STRICT;
CREATE INDEX vehicle_name ON vehicle (vehicle);
CREATE TABLE event (
  id INTEGER PRIMARY KEY, ds TEXT NOT NULL, event TEXT NOT NULL, unique_id TEXT, location TEXT, line INTEGER NOT NULL) STRICT;
CREATE TABLE scenario (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INTEGER, plan TEXT NOT NULL) STRICT;
CREATE TABLE decision (
  unique_id TEXT NOT NULL, order_date TEXT NOT NULL, item TEXT NOT NULL, location TEXT NOT NULL, supplier TEXT NOT NULL,
  arrives TEXT NOT NULL, advised REAL NOT NULL, quantity REAL NOT NULL, unit_cost REAL NOT NULL, state TEXT NOT NULL, why TEXT,
  decided TEXT NOT NULL, after_source INTEGER NOT NULL, PRIMARY KEY (unique_id, order_date)) STRICT, WITHOUT ROWID;
CREATE TABLE override (
  unique_id TEXT NOT NULL, what TEXT NOT NULL, value REAL NOT NULL, why TEXT, made TEXT NOT NULL,
  PRIMARY KEY (unique_id, what)) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, label TEXT NOT NULL, why TEXT, "from" TEXT NOT NULL, "to" TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'lost')), undo TEXT NOT NULL, redo TEXT NOT NULL) STRICT;
CREATE INDEX journal_undone ON journal (state) WHERE state = 'undone';
CREATE TABLE journal_content (
  entry INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE, hash TEXT NOT NULL, PRIMARY KEY (entry, hash)) STRICT, WITHOUT ROWID;
"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of an older version climbs step by step and keeps its rows.
    #[test]
    fn versions_climb_one_at_a_time() {
        let steps: [Step; 2] = [
            |t| t.execute_batch("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO meta VALUES ('name', 'Tea')"),
            |t| t.execute_batch("ALTER TABLE meta ADD COLUMN note TEXT; UPDATE meta SET note = value || '!'"),
        ];
        let mut c = Connection::open_in_memory().unwrap();
        climb(&mut c, &steps[..1]).unwrap();
        assert_eq!((version(&c).unwrap(), application_id(&c).unwrap()), (1, APPLICATION_ID));
        climb(&mut c, &steps).unwrap();
        assert_eq!(version(&c).unwrap(), 2);
        assert_eq!(c.query_row("SELECT note FROM meta", [], |r| r.get::<_, String>(0)).unwrap(), "Tea!");
        // a step that fails leaves the version before it
        let broken: [Step; 3] = [steps[0], steps[1], |t| t.execute_batch("DROP TABLE meta; SELECT nonsense FROM nowhere")];
        assert!(climb(&mut c, &broken).is_err());
        assert_eq!(version(&c).unwrap(), 2);
        assert_eq!(c.query_row("SELECT value FROM meta", [], |r| r.get::<_, String>(0)).unwrap(), "Tea");
    }
}
