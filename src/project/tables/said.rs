//! What people said and decided, forecasts that stood, and the files that were imported.

use super::super::document::{Decision, DecisionState, Overridden, Override, SaidForecast, Source, SourceKind};
use super::{Cells, Iso, Stored, date, maybe, real, text, whole};
use crate::forecast::Frozen;
use crate::scenario::ForecastOverride;
use rusqlite::types::Value;
use std::sync::Arc;

impl Stored for Decision {
    const TABLE: &'static str = "decision";
    const COLUMNS: &'static [&'static str] = &[
        "unique_id",
        "order_date",
        "item",
        "location",
        "supplier",
        "arrives",
        "advised",
        "quantity",
        "unit_cost",
        "state",
        "why",
        "decided",
        "after_source",
    ];
    const KEYS: usize = 2;
    fn cells(&self) -> Vec<Value> {
        vec![
            text(&self.unique_id),
            date(self.order_date),
            text(&self.item),
            text(&self.location),
            text(&self.supplier),
            date(self.arrives),
            Value::Real(self.advised),
            Value::Real(self.quantity),
            Value::Real(self.unit_cost),
            text(self.state.name()),
            maybe(self.why.as_deref()),
            date(self.decided),
            whole(self.after_source),
        ]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            unique_id: r.name()?,
            order_date: r.get::<Iso>()?.0,
            item: r.name()?,
            location: r.name()?,
            supplier: r.name()?,
            arrives: r.get::<Iso>()?.0,
            advised: r.get()?,
            quantity: r.get()?,
            unit_cost: r.get()?,
            state: r.word(DecisionState::parse)?,
            why: r.get()?,
            decided: r.get::<Iso>()?.0,
            after_source: r.line()?,
        })
    }
}

impl Stored for Override {
    const TABLE: &'static str = "override";
    const COLUMNS: &'static [&'static str] = &["unique_id", "what", "value", "why", "made"];
    const KEYS: usize = 2;
    fn cells(&self) -> Vec<Value> {
        vec![text(&self.unique_id), text(self.what.name()), Value::Real(self.value), maybe(self.why.as_deref()), date(self.made)]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self { unique_id: r.name()?, what: r.word(Overridden::parse)?, value: r.get()?, why: r.get()?, made: r.get::<Iso>()?.0 })
    }
}

impl Stored for SaidForecast {
    const TABLE: &'static str = "forecast_override";
    const COLUMNS: &'static [&'static str] =
        &["id", "unique_id", "item", "location", "category", "begins", "ends", "set_to", "percent", "add_units", "why", "made"];
    const KEYS: usize = 1;
    fn cells(&self) -> Vec<Value> {
        let s = &self.said;
        let mut v = vec![whole(self.id)];
        v.extend([&s.unique_id, &s.item, &s.location, &s.category, &s.from, &s.to].map(|t| maybe(t.as_deref())));
        v.extend([s.set, s.percent, s.add].map(real));
        v.extend([text(&s.why), date(self.made)]);
        v
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: r.line()?,
            said: ForecastOverride {
                unique_id: r.get()?,
                item: r.get()?,
                location: r.get()?,
                category: r.get()?,
                from: r.get()?,
                to: r.get()?,
                set: r.get()?,
                percent: r.get()?,
                add: r.get()?,
                why: r.get()?,
            },
            made: r.get::<Iso>()?.0,
        })
    }
}

/// A frozen forecast as a row.
#[derive(Clone)]
pub(in crate::project) struct Kept(pub Arc<Frozen>);

impl Stored for Kept {
    const TABLE: &'static str = "frozen";
    const COLUMNS: &'static [&'static str] = &["ahead", "made", "forecast"];
    const KEYS: usize = 1;
    fn cells(&self) -> Vec<Value> {
        vec![date(self.0.ahead), date(self.0.made), text(&serde_json::to_string(&*self.0).unwrap_or_default())]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        let _: (Iso, Iso) = (r.get()?, r.get()?);
        Ok(Self(r.word(|t| serde_json::from_str(t).ok())?))
    }
}

/// A file imported, and the version of the sales it belongs to.
pub(in crate::project) struct Imported {
    pub sales: Option<Arc<str>>,
    pub source: Source,
}

impl Stored for Imported {
    const TABLE: &'static str = "import";
    const COLUMNS: &'static [&'static str] =
        &["sales", "kind", "sequence", "name", "hash", "imported", "rows_read", "rows_used", "map", "said"];
    const KEYS: usize = 2;
    fn cells(&self) -> Vec<Value> {
        let s = &self.source;
        vec![
            maybe(self.sales.as_deref()),
            text(s.kind.name()),
            whole(s.sequence),
            text(&s.name),
            text(&s.hash),
            date(s.imported),
            whole(s.rows_read),
            whole(s.rows_used),
            text(&serde_json::to_string(&s.map).unwrap_or_default()),
            text(&serde_json::to_string(&s.said).unwrap_or_default()),
        ]
    }
    fn read(r: &mut Cells<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            sales: r.maybe()?,
            source: Source {
                kind: r.word(SourceKind::parse)?,
                sequence: r.line()?,
                name: r.get()?,
                hash: r.get()?,
                imported: r.get::<Iso>()?.0,
                rows_read: r.line()?,
                rows_used: r.line()?,
                map: r.word(|t| serde_json::from_str(t).ok())?,
                said: r.word(|t| serde_json::from_str(t).ok())?,
            },
        })
    }
}
