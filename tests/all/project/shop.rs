//! A small shop, and random edits of it.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;
use stockcast::base::{Diagnostic, Period, Stamp};
use stockcast::forecast::{Frozen, FrozenSeries, StockThen};
use stockcast::history::model::{
    BomRow, EventRow, ItemRow, LeadTimeCell, LocationRow, OnOrderRow, ReceiptRow, Scope, StockRow, SupplierItemRow, SupplierRow, VehicleRow,
};
use stockcast::history::{Ask, Fix, History, Masters, Measured, Recognised, RecognisedColumn, Role, Series, SetAside};
use stockcast::project::{
    Agreed, Change, Decision, DecisionState, Document, Edit, Overridden, Override, Project, SaidForecast, Sales, Scenario, Source,
    SourceKind, Table,
};
use stockcast::scenario::ForecastOverride;
use stockcast::scenario::plan::Adjust;
use stockcast::scenario::{Inputs, Plan};

pub fn day(n: i64) -> Stamp {
    Stamp(1_700_006_400 + n * 86_400)
}

/// `series` items at `main` over `periods` weeks, with holes, prices and a stock level.
pub fn history(series: usize, periods: usize) -> History {
    let one = |i: usize| {
        let mut s = Series::new(&format!("item-{i:05}"), day(0), (0..periods).map(|t| ((i * 7 + t * 3) % 11) as f64).collect());
        if let Some(y) = s.y.get_mut(periods / 2) {
            *y = f64::NAN;
        }
        s.description = i.is_multiple_of(2).then(|| format!("Thing {i}").into());
        s.price = Some((0..periods).map(|t| 2.0 + (t % 5) as f64 * 0.1).collect());
        s.in_stock = i.is_multiple_of(3).then(|| vec![1.0; periods]);
        s.last_stock = i.is_multiple_of(4).then_some(i as f64);
        s
    };
    History { period: Period::Week, measured: Measured::Units, series: (0..series).map(one).collect() }
}

pub fn source(kind: SourceKind, name: &str) -> Source {
    Source {
        name: name.into(),
        hash: stockcast::history::canonical::hash(name.as_bytes()),
        kind,
        imported: day(400),
        map: vec![("Menge".into(), Role::Quantity)],
        // the kept file of version 1 knows no answers
        said: Vec::new(),
        rows_read: 120,
        rows_used: 118,
        sequence: 0,
    }
}

pub fn recognised(file: &str) -> Recognised {
    let column = |index, name: &str, role, samples: &[&str]| RecognisedColumn {
        index,
        name: name.into(),
        role,
        confidence: 0.9,
        samples: samples.iter().map(|s| (*s).into()).collect(),
    };
    Recognised {
        file: file.into(),
        format: "csv",
        encoding: Some("UTF-8".into()),
        delimiter: Some(';'),
        quote: Some('"'),
        sheet: None,
        other_sheets: Vec::new(),
        decimal: Some(','),
        date_order: Some("dmy"),
        header_line: Some(1),
        profile: None,
        wide: false,
        transactions: true,
        columns: vec![column(1, "Artikel", Role::Item, &["tea"]), column(2, "Kunde", Role::Personal, &["Ada Lovelace"])],
        rows_read: 120,
        rows_used: 118,
        set_aside: vec![SetAside {
            reason: "cancelled-order",
            message: "2 rows set aside".into(),
            rows: 2,
            units: 3.0,
            lines: vec![5, 9],
            runs: Vec::new(),
        }],
        period: Some(Period::Week),
        period_reason: "dates stand a week apart".into(),
        // kept files of older versions have none
        currency: None,
    }
}

pub fn sales(series: usize, periods: usize, file: &str) -> Sales {
    Sales {
        sources: vec![source(SourceKind::Sales, file)],
        history: history(series, periods),
        recognised: vec![recognised(file)],
        transactions: true,
        notes: vec![Diagnostic::warning("cancelled-order", "2 rows set aside").file(file).line(5).fix("nothing to do")],
    }
}

pub fn item(scope: Scope, cost: f64, line: u64) -> ItemRow {
    ItemRow {
        scope,
        description: None,
        cost: Some(cost),
        price: Some(cost * 2.0),
        supplier: Some("acme".into()),
        lead_time: Some(LeadTimeCell::Days(10.0)),
        pack_size: Some(6.0),
        minimum: None,
        weight_kg: None,
        volume_m3: None,
        shelf_life_days: None,
        holding: None,
        shortage: None,
        category: None,
        successor: None,
        discontinued: false,
        price_breaks: None,
        kg_co2e: None,
        line,
    }
}

pub fn masters(items: usize) -> Masters {
    let id = |i: usize| Scope::UniqueId(format!("item-{i:05}").into());
    Masters {
        items: (0..items).map(|i| item(id(i), 1.0 + i as f64 / 7.0, i as u64 + 2)).collect(),
        stock: (0..items)
            .map(|i| StockRow {
                scope: id(i),
                on_hand: i as f64 * 1.5,
                committed: 0.0,
                unavailable: 0.0,
                as_of: i.is_multiple_of(2).then(|| day(300)),
                expires: None,
                line: i as u64 + 2,
            })
            .collect(),
        on_order: vec![OnOrderRow { scope: id(0), arrives: day(500), quantity: 12.0, line: 2 }],
        suppliers: vec![SupplierRow {
            supplier: "acme".into(),
            currency: Some("EUR".into()),
            order_days: vec![0, 3],
            minimum_value: Some(100.0),
            order_cost: None,
            container_kg: None,
            container_m3: Some(33.1),
            line: 2,
        }],
        supplier_items: vec![SupplierItemRow {
            supplier: "acme".into(),
            item: "item-00001".into(),
            cost: Some(0.1 + 0.2),
            units_per_pack: None,
            minimum: None,
            lead_time: Some(LeadTimeCell::Periods(2.0)),
            rank: Some(1.0),
            line: 2,
        }],
        receipts: vec![ReceiptRow {
            supplier: Some("acme".into()),
            item: None,
            location: None,
            ordered: day(10),
            received: day(21),
            quantity: None,
            line: 2,
        }],
        bom: vec![BomRow { kit: "gift".into(), component: "item-00001".into(), quantity: 2.0, line: 2 }],
        locations: vec![LocationRow { location: "main".into(), lat: 52.5, lon: -13.4, kind: Some("shop".into()), line: 2 }],
        vehicles: vec![VehicleRow {
            vehicle: "van".into(),
            capacity_kg: Some(900.0),
            cost_per_km: Some(0.35),
            emission_class: Some("van_diesel".into()),
            line: 2,
            ..VehicleRow::default()
        }],
        // since version 4
        carriers: Vec::new(),
        distances: Vec::new(),
        shipments: Vec::new(),
        events: vec![EventRow {
            ds: day(360),
            to: None,
            event: "fair".into(),
            unique_id: None,
            item: None,
            location: Some("main".into()),
            category: None,
            percent: None,
            line: 2,
        }],
    }
}

pub fn plan() -> Plan {
    let mut plan = Plan { name: "Base".into(), ..Plan::default() };
    plan.history.files = vec!["sales.csv".into()];
    plan
}

/// A shop of so many items, 60 weeks.
pub fn shop(items: usize) -> Document {
    let s = sales(items, 60, "sales.csv");
    let inputs = Inputs { history: Some(s.history), recognised: s.recognised, transactions: true, masters: masters(items), known: None };
    let files = [(SourceKind::Sales, "sales.csv"), (SourceKind::Items, "items.csv"), (SourceKind::Stock, "stock.csv")];
    Document::new("Tea & things", inputs, plan(), s.notes, files.map(|(k, n)| source(k, n)).to_vec())
}

pub fn decision(unique_id: &str, order_date: Stamp, arrives: Stamp, quantity: f64) -> Decision {
    Decision {
        unique_id: unique_id.into(),
        item: unique_id.into(),
        location: "main".into(),
        supplier: "acme".into(),
        order_date,
        arrives,
        advised: 24.0,
        quantity,
        unit_cost: 1.5,
        state: DecisionState::Approved,
        why: None,
        decided: day(430),
        after_source: 0,
    }
}

pub fn approve(d: Decision) -> Edit {
    Edit::one(format!("approve {}", d.unique_id), Change::Decide((d.unique_id.clone(), d.order_date), Some(d)))
}

pub fn set_cost(document: &Document, row: usize, cost: f64) -> Edit {
    let row = ItemRow { cost: Some(cost), ..document.masters.items[row].clone() };
    Edit::one(format!("set cost to {cost}"), Change::ItemRows(vec![(row.scope.clone(), Some(row))]))
}

pub fn import(series: usize, periods: usize, file: &str) -> Edit {
    Edit::one(format!("import {file}"), Change::Sales(Some(Arc::new(sales(series, periods, file)))))
}

/// The journal without the moments, which differ from run to run.
pub fn states(project: &Project) -> Vec<(String, bool, bool)> {
    project.journal().iter().map(|e| (e.label.clone(), e.undone, e.lost)).collect()
}

pub fn reopened(path: &Path) -> Project {
    let project = Project::open(path).unwrap();
    assert_eq!(project.read_only(), None);
    project
}

// ---- random edits ----

fn name() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![Just("item-00000"), Just("item-00003"), Just("tea"), Just("Grüner Tee; 100 g"), Just("a\"b'c")].prop_map(Arc::from)
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![name().prop_map(Scope::UniqueId), name().prop_map(Scope::Item), (name(), name()).prop_map(|(a, b)| Scope::ItemAt(a, b))]
}

/// Finite numbers of any size, each with all its digits.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(0.1 + 0.2), -1e6..1e6f64, any::<f64>().prop_filter("finite", |x| x.is_finite())]
}

fn stamp() -> impl Strategy<Value = Stamp> {
    prop_oneof![(-200_000..2_900_000i64).prop_map(|d| Stamp(d * 86_400)), (-9_000_000_000..90_000_000_000i64).prop_map(Stamp)]
}

fn item_row() -> impl Strategy<Value = ItemRow> {
    (scope(), option::of(number()), option::of(number()), option::of(name()), 0..9u64, any::<bool>()).prop_map(
        |(scope, cost, weight_kg, category, line, days)| ItemRow {
            cost,
            weight_kg,
            category,
            lead_time: cost.map(if days { LeadTimeCell::Days } else { LeadTimeCell::Periods }),
            ..item(scope, 1.0, line)
        },
    )
}

fn stock_row() -> impl Strategy<Value = StockRow> {
    (scope(), number(), option::of(stamp()), 0..9u64).prop_map(|(scope, on_hand, as_of, line)| StockRow {
        scope,
        on_hand,
        committed: 0.0,
        unavailable: on_hand / 3.0,
        as_of,
        expires: as_of,
        line,
    })
}

fn location_row() -> impl Strategy<Value = LocationRow> {
    (name(), number(), option::of("[a-z ]{0,5}"), 0..9u64).prop_map(|(location, lat, kind, line)| LocationRow {
        location,
        lat,
        lon: -lat,
        kind,
        line,
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    (1..5u64, "\\PC{0,12}", option::of(1..5u64), option::of(number()), any::<u32>()).prop_map(|(id, name, parent, holding, seed)| {
        let mut plan = Plan { name: name.clone(), seed: u64::from(seed), ..plan() };
        plan.cost.holding = holding;
        if let Some(x) = holding {
            plan.adjust = vec![Adjust { item: Some("tea".into()), price: Some(x), why: name.clone(), ..Adjust::default() }];
            plan.history.map.insert("Menge".into(), "quantity".into());
        }
        Scenario { id, name, plan, parent }
    })
}

fn a_decision() -> impl Strategy<Value = Decision> {
    (name(), stamp(), stamp(), number(), option::of("\\PC{0,20}")).prop_map(|(id, a, b, q, why)| Decision { why, ..decision(&id, a, b, q) })
}

/// A forecast put by, of one series.
pub fn frozen(ahead: Stamp, mean: f64) -> Frozen {
    let series = FrozenSeries {
        unique_id: "item-00001".into(),
        start: ahead,
        mean: vec![mean, mean + 0.125],
        statistical: vec![mean, mean],
        naive: vec![1.0, 2.0],
        low: Vec::new(),
        high: Vec::new(),
        stock: None,
    };
    Frozen { made: ahead, ahead, period: Period::Day, series: vec![series] }
}

/// The same with the stock behind the orders of that day.
pub fn frozen_with_stock(ahead: Stamp, mean: f64) -> Frozen {
    let mut out = frozen(ahead, mean);
    let stock = StockThen { on_hand: mean, coming: vec![(1, 2.5)], advised: 3.0, lead: 2, ..StockThen::default() };
    out.series[0].stock = Some(stock);
    out
}

fn an_override() -> impl Strategy<Value = Override> {
    (name(), 0..Overridden::ALL.len(), number(), stamp()).prop_map(|(unique_id, what, value, made)| Override {
        unique_id,
        what: Overridden::ALL[what],
        value,
        why: Some("known from last year".into()),
        made,
    })
}

fn a_source() -> impl Strategy<Value = Source> {
    (1..SourceKind::ALL.len(), stamp(), 1..99u64).prop_map(|(k, imported, sequence)| Source {
        imported,
        sequence,
        said: vec![(Ask::DateOrder, "dmy".into())],
        ..source(SourceKind::ALL[k], "file.csv")
    })
}

/// Any change, of few keys, so that changes meet.
pub fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        "\\PC{1,20}".prop_map(Change::Name),
        (0..3usize, 1..9usize).prop_map(|(s, p)| Change::Sales((s > 0).then(|| Arc::new(sales(s, p, "new.csv"))))),
        (a_source(), any::<bool>()).prop_map(|(s, put)| Change::Companion(s.kind, put.then_some(s))),
        vec(item_row(), 0..5).prop_map(|t| Change::MasterTable(Table::Items(Arc::new(t)))),
        vec(stock_row(), 0..5).prop_map(|t| Change::MasterTable(Table::Stock(Arc::new(t)))),
        vec(location_row(), 0..5).prop_map(|t| Change::MasterTable(Table::Locations(Arc::new(t)))),
        vec((item_row(), any::<bool>()), 1..14)
            .prop_map(|g| Change::ItemRows(g.into_iter().map(|(r, put)| (r.scope.clone(), put.then_some(r))).collect())),
        (scope(), vec(stock_row(), 0..4)).prop_map(|(s, rows)| {
            let rows = rows.into_iter().map(|r| StockRow { scope: s.clone(), ..r }).collect();
            Change::StockRows(vec![(s, rows)])
        }),
        (scope(), vec((stamp(), number(), 0..9u64), 0..4)).prop_map(|(s, rows)| {
            let row = |(arrives, quantity, line)| OnOrderRow { scope: s.clone(), arrives, quantity, line };
            Change::OnOrderRows(vec![(s.clone(), rows.into_iter().map(row).collect())])
        }),
        (name(), any::<bool>(), option::of(number())).prop_map(|(supplier, put, order_cost)| {
            let row = SupplierRow { supplier: supplier.clone(), order_cost, ..masters(0).suppliers.remove(0) };
            Change::SupplierRows(vec![(supplier, put.then_some(row))])
        }),
        (name(), name(), any::<bool>(), number()).prop_map(|(supplier, item, put, cost)| {
            let row =
                SupplierItemRow { supplier: supplier.clone(), item: item.clone(), cost: Some(cost), ..masters(0).supplier_items.remove(0) };
            Change::SupplierItemRows(vec![((supplier, item), put.then_some(row).into_iter().collect())])
        }),
        (name(), name(), vec((number(), 0..9u64), 0..3)).prop_map(|(kit, component, rows)| {
            let row = |(quantity, line)| BomRow { kit: kit.clone(), component: component.clone(), quantity, line };
            let rows = rows.into_iter().map(row).collect();
            Change::BomRows(vec![((kit.clone(), component.clone()), rows)])
        }),
        (location_row(), any::<bool>())
            .prop_map(|(r, put)| Change::LocationRows(vec![(r.location.clone(), put.then_some(r).into_iter().collect())])),
        (name(), any::<bool>(), option::of(number())).prop_map(|(vehicle, put, count)| {
            let row = VehicleRow { vehicle: vehicle.clone(), count, ..masters(0).vehicles.remove(0) };
            Change::VehicleRows(vec![(vehicle, put.then_some(row).into_iter().collect())])
        }),
        scenario().prop_map(Change::PutScenario),
        (1..5u64).prop_map(Change::RemoveScenario),
        (1..5u64).prop_map(Change::Activate),
        (a_decision(), any::<bool>()).prop_map(|(d, put)| Change::Decide((d.unique_id.clone(), d.order_date), put.then_some(d))),
        (an_override(), any::<bool>()).prop_map(|(o, put)| Change::Override(o.key(), put.then_some(o))),
        (1..5u64, name(), stamp(), 0.0..99.0f64, any::<bool>()).prop_map(|(id, item, at, set, put)| {
            let said = ForecastOverride { item: Some(item.to_string()), from: Some(day(3).iso()), set: Some(set), ..Default::default() };
            Change::Forecast(id, put.then_some(SaidForecast { id, said, made: at }))
        }),
        (stamp(), 0.0..99.0f64, any::<bool>()).prop_map(|(at, mean, put)| Change::Freeze(
            at,
            put.then(|| Arc::new(if mean > 1.0 { frozen_with_stock(at, mean) } else { frozen(at, mean) }))
        )),
        (name(), stamp(), number(), any::<bool>()).prop_map(|(item, at, to, demand)| {
            let fixes = vec![Fix::Cap { unique_id: item.to_string(), at, to }, Fix::Discontinue { item: item.to_string() }];
            let left = vec![Agreed::key("outliers", &item, Some(at))];
            Change::Agree(Agreed { fixes, left, sales_are_demand: demand })
        }),
    ]
}

pub fn edit() -> impl Strategy<Value = Edit> {
    (vec(change(), 1..4), option::of("\\PC{0,10}")).prop_map(|(changes, why)| Edit { label: "random".into(), why, changes })
}
