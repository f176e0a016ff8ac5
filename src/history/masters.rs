//! The companion files of a scenario: items, stock, suppliers, network, events.

use super::model::{
    BomRow, CarrierRow, EventRow, ItemRow, LeadTimeCell, LocationRow, Masters, OnOrderRow, ReceiptRow, Scope, StockRow, SupplierItemRow,
    SupplierRow, VehicleRow,
};
use super::sheet::{Field, Sheet, Texts, weekday};
use super::table;
use crate::base::{Diagnostic, Severity};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the companion files are (`T` = path) or what is in them (`T` = name and bytes).
#[derive(Debug, Clone, Default)]
pub struct MasterFiles<T = PathBuf> {
    /// item [, location | unique_id], description, cost, price, supplier, lead_time[_days], pack_size, minimum, weight_kg, volume_m3,
    /// shelf_life_days, holding, shortage, category, successor
    pub items: Option<T>,
    /// unique_id | item [, location], on_hand [, committed, unavailable, as_of, expires]
    pub stock: Option<T>,
    /// unique_id | item [, location], arrives, quantity
    pub on_order: Option<T>,
    /// supplier, currency, order_days, minimum_value, order_cost, container_kg, container_m3
    pub suppliers: Option<T>,
    /// supplier, item, cost, units_per_pack, minimum, lead_time[_days], rank
    pub supplier_items: Option<T>,
    /// supplier, item, location, ordered, received, quantity
    pub receipts: Option<T>,
    /// kit, component, quantity
    pub bom: Option<T>,
    /// location, lat, lon, kind
    pub locations: Option<T>,
    /// vehicle, capacity_kg, capacity_m3, cost_per_trip, cost_per_km, cost_per_hour, emission_class, count, capacity_pallets, shift_start, shift_end, max_hours,
    /// max_driving_hours, max_km
    pub vehicles: Option<T>,
    /// carrier, to, up_to_kg, price, per_kg, minimum, kg_per_m3, emission_class
    pub carriers: Option<T>,
    /// from, to, km [, hours]; or a table that an OSRM server gave, as JSON
    pub distances: Option<T>,
    /// shipment, ready, from, to, weight_kg, volume_m3 [, pallets, due, lat, lon, window_start, window_end, service_min]
    pub shipments: Option<T>,
    /// ds, event [, unique_id | location]
    pub events: Option<T>,
}

/// Reads the companion files that are given. A bad cell is a diagnostic with file, line, column and fix; it is an error where the row
/// means nothing without it (then the result is `Err`), else a warning and the cell stays unknown.
pub fn read_masters(files: &MasterFiles) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut trouble = Vec::new();
    let mut load = |path: &Option<PathBuf>| {
        let loaded = path.as_deref().map(table::load)?;
        loaded.map_err(|d| trouble.push(d)).ok()
    };
    let loaded = MasterFiles {
        items: load(&files.items),
        stock: load(&files.stock),
        on_order: load(&files.on_order),
        suppliers: load(&files.suppliers),
        supplier_items: load(&files.supplier_items),
        receipts: load(&files.receipts),
        bom: load(&files.bom),
        locations: load(&files.locations),
        vehicles: load(&files.vehicles),
        carriers: load(&files.carriers),
        distances: load(&files.distances),
        shipments: load(&files.shipments),
        events: load(&files.events),
    };
    match read_masters_bytes(&loaded) {
        Ok(read) if trouble.is_empty() => Ok(read),
        Ok((_, notes)) | Err(notes) => Err(trouble.into_iter().chain(notes).collect()),
    }
}

/// The same from memory.
pub fn read_masters_bytes(files: &MasterFiles<(String, Vec<u8>)>) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut notes = Vec::new();
    let mut masters = Masters::default();
    read_one("items", &files.items, ITEMS, &mut notes, |s| masters.items = items(s));
    read_one("stock", &files.stock, STOCK, &mut notes, |s| masters.stock = stock(s));
    read_one("on-order", &files.on_order, ON_ORDER, &mut notes, |s| masters.on_order = on_order(s));
    read_one("suppliers", &files.suppliers, SUPPLIERS, &mut notes, |s| masters.suppliers = suppliers(s));
    read_one("supplier items", &files.supplier_items, SUPPLIER_ITEMS, &mut notes, |s| masters.supplier_items = supplier_items(s));
    read_one("receipts", &files.receipts, RECEIPTS, &mut notes, |s| masters.receipts = receipts(s));
    read_one("bill of materials", &files.bom, BOM, &mut notes, |s| masters.bom = bom(s));
    read_one("locations", &files.locations, LOCATIONS, &mut notes, |s| masters.locations = locations(s));
    read_one("vehicles", &files.vehicles, VEHICLES, &mut notes, |s| masters.vehicles = vehicles(s));
    read_one("carriers", &files.carriers, CARRIERS, &mut notes, |s| masters.carriers = carriers(s));
    if let Some((name, bytes)) = &files.shipments {
        match super::shipments::read_shipments_bytes(name, bytes) {
            Ok((rows, said)) => {
                masters.shipments = rows;
                notes.extend(said);
            }
            Err(said) => notes.extend(said),
        }
    }
    if let Some((name, bytes)) = &files.distances {
        let of_shipments = masters.shipments.iter().filter_map(|s| s.lat_lon.map(|at| (s.to.clone(), at)));
        let places: Vec<(Arc<str>, (f64, f64))> =
            masters.locations.iter().map(|l| (l.location.clone(), (l.lat, l.lon))).chain(of_shipments).collect();
        match super::distances::read_bytes(name, bytes, &places) {
            Ok((rows, said)) => {
                masters.distances = rows;
                notes.extend(said);
            }
            Err(said) => notes.extend(said),
        }
    }
    read_one("events", &files.events, EVENTS, &mut notes, |s| masters.events = events(s));
    if notes.iter().any(|d| d.severity == Severity::Error) { Err(notes) } else { Ok((masters, notes)) }
}

fn read_one(
    kind: &'static str,
    file: &Option<(String, Vec<u8>)>,
    fields: &[Field],
    notes: &mut Vec<Diagnostic>,
    take: impl FnOnce(&mut Sheet<'_>),
) {
    let Some((name, bytes)) = file else { return };
    match Sheet::read(kind, name, bytes, fields) {
        Ok(mut sheet) => {
            take(&mut sheet);
            notes.append(&mut sheet.notes);
        }
        Err(said) => notes.extend(said),
    }
}

const ITEM: &str = "sku itemid itemcode itemno itemnumber productid productcode product stockcode variantsku productvariantsku merchantsku msku sellersku \
    artikel artikelnummer artikelnr articulo codigo produto producto article articolo artikelcode material part partnumber";
const PLACE: &str = "store storeid shop warehouse warehousename branch site depot facility filiale lager laden tienda almacen loja magasin entrepot magazzino \
    negozio winkel magazijn defaultlocation";
const UNIQUE_ID: &str = "uniqueid seriesid";
const SUPPLIER: &str = "vendor suppliername vendorname lieferant proveedor fornecedor fournisseur fornitore leverancier";
const COST: &str = "unitcost itemcost inventoryitemcost purchaseprice buyingprice landedcost costprice cogs standardcost einkaufspreis ekpreis ek kosten coste costo \
    custo cout prixdachat prixachat prezzodiacquisto inkoopprijs kostprijs";
const QUANTITY: &str = "qty units amount menge anzahl cantidad quantidade quantite quantita aantal hoeveelheid orderedquantity quantityordered intransit inbound";
const MINIMUM: &str = "minimumorder minimumorderquantity minimumquantity minorder minorderqty minqty moq mindestbestellmenge mindestmenge";
const LEAD: &str = "leadtimeperiods";
const LEAD_DAYS: &str =
    "leaddays leadtimeindays supplierleadtimedays lieferzeit lieferzeittage plazodeentrega prazodeentrega delai delaidelivraison levertijd";

const ITEMS: &[Field] = &[
    ("item", ITEM),
    ("location", PLACE),
    ("unique_id", UNIQUE_ID),
    (
        "description",
        "name itemname productname title producttitle itemdescription bezeichnung descripcion nombre descricao nome designation descrizione omschrijving naam",
    ),
    ("cost", COST),
    (
        "price",
        "sellingprice unitprice retailprice salesprice listprice variantprice preis verkaufspreis vk precio preco prix prezzo prijs verkoopprijs",
    ),
    ("supplier", SUPPLIER),
    ("lead_time", LEAD),
    ("lead_time_days", LEAD_DAYS),
    (
        "pack_size",
        "pack packsize unitsperpack packqty caseqty casesize casepack unitspercase lotsize multiple ordermultiple verpackungseinheit ve",
    ),
    ("minimum", MINIMUM),
    ("weight_kg", "weight kg weightkg unitweight gewicht gewichtkg peso poids"),
    ("volume_m3", "volume m3 cbm volumen volumem3 unitvolume"),
    ("shelf_life_days", "shelflife shelflifedays haltbarkeit haltbarkeittage vidautil validade"),
    ("holding", "holdingcost storagecost"),
    ("shortage", "shortagecost stockoutcost penalty backordercost"),
    ("category", "department dept family group productgroup producttype type kategorie warengruppe categoria categorie"),
    ("successor", "replacedby replacement supersededby nachfolger sustituto"),
];
const STOCK: &[Field] = &[
    ("unique_id", UNIQUE_ID),
    ("item", ITEM),
    ("location", PLACE),
    (
        "on_hand",
        "onhand quantityonhand qtyonhand stockonhand stock stocklevel inventory inventorylevel quantity qty units endinginventoryunits endingunits totalinventory \
        available availableunits availableinventory afnfulfillablequantity dtctotalquantity availableinawdunits bestand lagerbestand existencias estoque inventario quantiteenstock giacenza voorraad",
    ),
    ("committed", "allocated reserved reservedunits reservedquantity promised reserviert reservado goodreserved"),
    ("unavailable", "damaged quarantined unsellable defective unavailableunits unavailableforsalequantity blocked gesperrt"),
    ("as_of", "asof date snapshotdate counted countdate stocktakedate datum fecha data stand"),
    ("expires", "expiry expirydate expirationdate bestbefore usebyd mhd vencimiento validade"),
];
const ON_ORDER: &[Field] = &[
    ("unique_id", UNIQUE_ID),
    ("item", ITEM),
    ("location", PLACE),
    (
        "arrives",
        "arrival arrivaldate arrivesat eta expected expecteddate expectedarrival duedate deliverydate due lieferdatum fechadeentrega dataentrega datelivraison consegna leverdatum",
    ),
    ("quantity", QUANTITY),
];
const SUPPLIERS: &[Field] = &[
    ("supplier", "vendor name suppliername vendorname lieferant proveedor fornecedor fournisseur fornitore leverancier"),
    ("currency", "wahrung moneda moeda devise valuta"),
    ("order_days", "orderdays orderday weekdays bestelltage"),
    ("minimum_value", "minimumorder minimumordervalue minordervalue minvalue mindestbestellwert"),
    ("order_cost", "ordercost costperorder orderingcost bestellkosten"),
    ("container_kg", "containerkg containerweight"),
    ("container_m3", "containerm3 containervolume"),
];
const SUPPLIER_ITEMS: &[Field] = &[
    ("supplier", SUPPLIER),
    ("item", ITEM),
    ("cost", COST),
    ("units_per_pack", "packsize pack casepack casesize unitspercase lotsize multiple"),
    ("minimum", MINIMUM),
    ("lead_time", LEAD),
    ("lead_time_days", LEAD_DAYS),
    ("rank", "priority preference rang"),
];
const RECEIPTS: &[Field] = &[
    ("supplier", SUPPLIER),
    ("item", ITEM),
    ("location", PLACE),
    ("ordered", "orderdate orderedat dateordered bestelldatum fechapedido datapedido datecommande dataordine besteldatum"),
    (
        "received",
        "receiptdate receivedat datereceived arrived delivered deliverydate eingangsdatum wareneingang fecharecepcion datarecebimento datereception dataricevimento ontvangstdatum",
    ),
    ("quantity", "qty units receivedunits quantityreceived receivedquantity menge cantidad quantidade quantite quantita aantal"),
];
const BOM: &[Field] = &[
    ("kit", "bundle parent parentitem product assembly set kitsku bundlesku"),
    ("component", "child part componentsku item sku childitem"),
    ("quantity", "qty units amount quantityper menge cantidad quantidade quantite quantita aantal"),
];
const LOCATIONS: &[Field] = &[
    ("location", "name store shop warehouse site depot branch city filiale lager tienda loja magasin winkel"),
    ("lat", "latitude breitengrad latitud y"),
    ("lon", "lng long longitude langengrad longitud x"),
    ("kind", "type role art tipo"),
];
const VEHICLES: &[Field] = &[
    ("vehicle", "name truck van type fahrzeug vehiculo veiculo vehicule veicolo voertuig"),
    ("capacity_kg", "payload payloadkg maxkg weightcapacity kg capacity"),
    ("capacity_m3", "maxm3 volumecapacity m3 volume"),
    ("cost_per_trip", "tripcost fixedcost costtrip"),
    ("cost_per_km", "kmcost costkm variablecost"),
    ("cost_per_hour", "hourcost costhour wage hourlycost"),
    ("emission_class", "emissionclass emissions class factor"),
    ("count", "number quantity available fleet anzahl"),
    ("capacity_pallets", "pallets maxpallets palletspaces stellplatze paletten"),
    ("shift_start", "shiftstart starts start from workfrom begin schichtbeginn"),
    ("shift_end", "shiftend ends end until workuntil schichtende"),
    ("max_hours", "maxhours hours maxduration dutyhours maxworkinghours"),
    ("max_driving_hours", "maxdrivinghours drivinghours maxdriving lenkzeit"),
    ("max_km", "maxkm range maxdistance rangekm reichweite"),
];
const CARRIERS: &[Field] = &[
    ("carrier", "name haulier spediteur transportista transporteur vettore vervoerder service"),
    ("to", "zone zip postcode postalcode destination area plz region country"),
    ("up_to_kg", "uptokg maxkg tokg weightto weightupto kg weight bis"),
    ("price", "rate fee charge cost preis precio prix prezzo prijs"),
    ("per_kg", "perkg priceperkg rateperkg kgprice"),
    ("minimum", "minimumcharge mincharge minprice"),
    ("kg_per_m3", "kgperm3 volumetric dimfactor volumeweight"),
    ("emission_class", "emissionclass emissions class mode"),
];
const EVENTS: &[Field] = &[
    ("ds", "date day datum fecha data jour giorno start from begins firstday"),
    ("to", "until end ends lastday enddate bis hasta fin fine"),
    ("event", "name holiday promotion promo description occasion"),
    ("unique_id", UNIQUE_ID),
    ("item", ITEM),
    ("location", PLACE),
    ("category", "itemcategory productcategory producttype group"),
    ("percent", "expectedpercent expected uplift upliftpercent effect effectpercent size"),
];

const ANY: std::ops::RangeInclusive<f64> = 0.0..=f64::INFINITY;

/// Whom each row is about; rows that name nobody are left out and said.
fn scopes(s: &mut Sheet<'_>) -> Vec<Option<Scope>> {
    // a list that only names its items is keyed by their names
    let key = if !s.has("item") && !s.has("unique_id") && s.has("description") { "description" } else { "item" };
    s.need(&[key, "unique_id"]);
    let (id, item, place) = (s.texts("unique_id"), s.texts(key), s.texts("location"));
    let mut nobody = Vec::new();
    let out = (0..s.rows())
        .map(|r| match (id.arc(r), item.arc(r), place.arc(r)) {
            (Some(id), ..) => Some(Scope::UniqueId(id)),
            (None, Some(item), Some(place)) => Some(Scope::ItemAt(item, place)),
            (None, Some(item), None) => Some(Scope::Item(item)),
            _ => {
                if !s.is_empty_row(r) {
                    nobody.push(r);
                }
                None
            }
        })
        .collect();
    if let Some(first) = nobody.first() {
        let message = format!("{} without an item were left out", crate::base::text::plural(nobody.len(), "row"));
        s.cell(Severity::Warning, "no-item", *first, "item", message, "fill the item in");
    }
    out
}

fn lead_time(periods: Option<f64>, days: Option<f64>) -> Option<LeadTimeCell> {
    days.map(LeadTimeCell::Days).or(periods.map(LeadTimeCell::Periods))
}

fn items(s: &mut Sheet<'_>) -> Vec<ItemRow> {
    let scope = scopes(s);
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let (cost, price) = (s.numbers("cost", ANY), s.numbers("price", ANY));
    let (lead, lead_days) = (s.numbers("lead_time", ANY), s.numbers("lead_time_days", ANY));
    let (pack, minimum) = (s.numbers("pack_size", positive), s.numbers("minimum", ANY));
    let (weight, volume, life) = (s.numbers("weight_kg", ANY), s.numbers("volume_m3", ANY), s.numbers("shelf_life_days", ANY));
    let (holding, shortage) = (s.numbers("holding", ANY), s.numbers("shortage", ANY));
    let [description, supplier, category, successor] = ["description", "supplier", "category", "successor"].map(|f| s.texts(f));
    let mut out = Vec::with_capacity(s.rows());
    for (r, scope) in scope.into_iter().enumerate() {
        let Some(scope) = scope else { continue };
        out.push(ItemRow {
            scope,
            description: description.get(r).map(str::to_owned),
            cost: cost[r],
            price: price[r],
            supplier: supplier.arc(r),
            lead_time: lead_time(lead[r], lead_days[r]),
            pack_size: pack[r],
            minimum: minimum[r],
            weight_kg: weight[r],
            volume_m3: volume[r],
            shelf_life_days: life[r],
            holding: holding[r],
            shortage: shortage[r],
            category: category.arc(r),
            successor: successor.arc(r),
            line: s.line(r),
        });
    }
    repeated(s, out.iter().map(|i| (&i.scope, i.line)));
    out
}

/// The same item twice in the item file: the later row is heard, which should be known.
fn repeated<'a>(s: &mut Sheet<'_>, rows: impl Iterator<Item = (&'a Scope, u64)>) {
    let mut seen = std::collections::HashMap::new();
    for (scope, line) in rows {
        if let Some(first) = seen.insert(scope, line) {
            s.notes.push(
                Diagnostic::warning("item-repeated", format!("the item was already given on line {first}"))
                    .line(line)
                    .fix("keep one row an item"),
            );
        }
    }
}

fn stock(s: &mut Sheet<'_>) -> Vec<StockRow> {
    let scope = scopes(s);
    s.need(&["on_hand"]);
    let on_hand = s.numbers("on_hand", f64::NEG_INFINITY..=f64::INFINITY);
    let (committed, unavailable) = (s.numbers("committed", ANY), s.numbers("unavailable", ANY));
    let (as_of, expires) = (s.dates("as_of"), s.dates("expires"));
    let mut out = Vec::with_capacity(s.rows());
    for (r, scope) in scope.into_iter().enumerate() {
        let Some(scope) = scope else { continue };
        let Some(mut units) = on_hand[r] else {
            if s.has("on_hand") {
                s.cell(
                    Severity::Warning,
                    "cell-missing",
                    r,
                    "on_hand",
                    "the row has no usable on_hand and was left out".into(),
                    "fill the cell in",
                );
            }
            continue;
        };
        if units < 0.0 {
            s.cell(Severity::Warning, "negative-stock", r, "on_hand", format!("stock of {units} counts as none"), "count the stock again");
            units = 0.0;
        }
        out.push(StockRow {
            scope,
            on_hand: units,
            committed: committed[r].unwrap_or(0.0),
            unavailable: unavailable[r].unwrap_or(0.0),
            as_of: as_of[r],
            expires: expires[r],
            line: s.line(r),
        });
    }
    out
}

fn on_order(s: &mut Sheet<'_>) -> Vec<OnOrderRow> {
    let scope = scopes(s);
    s.need(&["arrives"]);
    s.need(&["quantity"]);
    let (arrives, quantity) = (s.dates("arrives"), s.numbers("quantity", ANY));
    let mut out = Vec::new();
    for (r, scope) in scope.into_iter().enumerate() {
        match (scope, arrives[r], quantity[r]) {
            (Some(scope), Some(arrives), Some(quantity)) => out.push(OnOrderRow { scope, arrives, quantity, line: s.line(r) }),
            (Some(_), ..) if s.has("arrives") && s.has("quantity") => {
                let field = if arrives[r].is_none() { "arrives" } else { "quantity" };
                s.missing(field, &[r]);
            }
            _ => {}
        }
    }
    out
}

/// The texts of a column the rows mean nothing without: missing ones are said, unless the row is empty.
fn required(s: &mut Sheet<'_>, field: &'static str) -> Texts {
    s.need(&[field]);
    let texts = s.texts(field);
    if s.has(field) {
        let missing: Vec<usize> = (0..s.rows()).filter(|r| texts.get(*r).is_none() && !s.is_empty_row(*r)).collect();
        s.missing(field, &missing);
    }
    texts
}

fn suppliers(s: &mut Sheet<'_>) -> Vec<SupplierRow> {
    let name = required(s, "supplier");
    let (minimum, order) = (s.numbers("minimum_value", ANY), s.numbers("order_cost", ANY));
    let (kg, m3) = (s.numbers("container_kg", ANY), s.numbers("container_m3", ANY));
    let (currency, days) = (s.texts("currency"), s.texts("order_days"));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(supplier) = name.arc(r) else { continue };
        let mut order_days = Vec::new();
        for word in days.get(r).unwrap_or_default().split([',', ';', ' ', '/', '|', '+']).filter(|w| !w.is_empty()) {
            match weekday(word) {
                Some(d) => order_days.push(d),
                None if matches!(word.to_lowercase().as_str(), "daily" | "any" | "all" | "every" | "day") => {}
                None => s.cell(
                    Severity::Warning,
                    "weekday-unknown",
                    r,
                    "order_days",
                    format!("{word:?} is no day of the week"),
                    "write days as mon, tue, wed …",
                ),
            }
        }
        order_days.sort_unstable();
        order_days.dedup();
        out.push(SupplierRow {
            supplier,
            currency: currency.get(r).map(str::to_uppercase),
            order_days,
            minimum_value: minimum[r],
            order_cost: order[r],
            container_kg: kg[r],
            container_m3: m3[r],
            line: s.line(r),
        });
    }
    out
}

fn supplier_items(s: &mut Sheet<'_>) -> Vec<SupplierItemRow> {
    let (supplier, item) = (required(s, "supplier"), required(s, "item"));
    let (cost, pack, minimum) =
        (s.numbers("cost", ANY), s.numbers("units_per_pack", f64::MIN_POSITIVE..=f64::INFINITY), s.numbers("minimum", ANY));
    let (lead, days, rank) = (s.numbers("lead_time", ANY), s.numbers("lead_time_days", ANY), s.numbers("rank", ANY));
    (0..s.rows())
        .filter_map(|r| {
            Some(SupplierItemRow {
                supplier: supplier.arc(r)?,
                item: item.arc(r)?,
                cost: cost[r],
                units_per_pack: pack[r],
                minimum: minimum[r],
                lead_time: lead_time(lead[r], days[r]),
                rank: rank[r],
                line: s.line(r),
            })
        })
        .collect()
}

fn receipts(s: &mut Sheet<'_>) -> Vec<ReceiptRow> {
    s.need(&["ordered"]);
    s.need(&["received"]);
    let [supplier, item, location] = ["supplier", "item", "location"].map(|f| s.texts(f));
    let (ordered, received, quantity) = (s.dates("ordered"), s.dates("received"), s.numbers("quantity", ANY));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        match (ordered[r], received[r]) {
            (Some(a), Some(b)) if b >= a => out.push(ReceiptRow {
                supplier: supplier.arc(r),
                item: item.arc(r),
                location: location.arc(r),
                ordered: a,
                received: b,
                quantity: quantity[r],
                line: s.line(r),
            }),
            (Some(_), Some(_)) => s.cell(
                Severity::Warning,
                "received-before-ordered",
                r,
                "received",
                "received before it was ordered; the row was left out".into(),
                "correct the dates",
            ),
            // not yet received: no lead time to learn from
            _ => {}
        }
    }
    out
}

fn bom(s: &mut Sheet<'_>) -> Vec<BomRow> {
    let (kit, component) = (required(s, "kit"), required(s, "component"));
    let quantity = s.numbers("quantity", f64::MIN_POSITIVE..=f64::INFINITY);
    let mut out = Vec::new();
    for (r, quantity) in quantity.iter().enumerate() {
        let (Some(kit), Some(component)) = (kit.arc(r), component.arc(r)) else { continue };
        if kit == component {
            s.cell(Severity::Error, "kit-in-itself", r, "component", "a kit cannot contain itself".into(), "correct the component");
        }
        out.push(BomRow { kit, component, quantity: quantity.unwrap_or(1.0), line: s.line(r) });
    }
    out
}

fn locations(s: &mut Sheet<'_>) -> Vec<LocationRow> {
    let name = required(s, "location");
    s.need(&["lat"]);
    s.need(&["lon"]);
    let (lat, lon, kind) = (s.numbers("lat", -90.0..=90.0), s.numbers("lon", -180.0..=180.0), s.texts("kind"));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(location) = name.arc(r) else { continue };
        match (lat[r], lon[r]) {
            (Some(lat), Some(lon)) => out.push(LocationRow { location, lat, lon, kind: kind.get(r).map(str::to_owned), line: s.line(r) }),
            _ if s.has("lat") && s.has("lon") => s.missing(if lat[r].is_none() { "lat" } else { "lon" }, &[r]),
            _ => {}
        }
    }
    out
}

fn vehicles(s: &mut Sheet<'_>) -> Vec<VehicleRow> {
    let name = required(s, "vehicle");
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let pallets = s.numbers("capacity_pallets", positive.clone());
    let (kg, m3) = (s.numbers("capacity_kg", positive.clone()), s.numbers("capacity_m3", positive));
    let (trip, km, hour, count) =
        (s.numbers("cost_per_trip", ANY), s.numbers("cost_per_km", ANY), s.numbers("cost_per_hour", ANY), s.numbers("count", ANY));
    let class = s.texts("emission_class");
    let (starts, ends) = (time_of_day(s, "shift_start"), time_of_day(s, "shift_end"));
    let (hours, driving, most_km) = (s.numbers("max_hours", ANY), s.numbers("max_driving_hours", ANY), s.numbers("max_km", ANY));
    (0..s.rows())
        .filter_map(|r| {
            Some(VehicleRow {
                vehicle: name.arc(r)?,
                capacity_kg: kg[r],
                capacity_m3: m3[r],
                cost_per_trip: trip[r],
                cost_per_km: km[r],
                cost_per_hour: hour[r],
                emission_class: class.get(r).map(str::to_owned),
                count: count[r],
                capacity_pallets: pallets[r],
                shift_start: starts[r],
                shift_end: ends[r],
                max_hours: hours[r],
                max_driving_hours: driving[r],
                max_km: most_km[r],
                line: s.line(r),
            })
        })
        .collect()
}

/// `08:30`, or a plain number of hours after midnight.
fn time_of_day(s: &mut Sheet<'_>, field: &'static str) -> Vec<Option<f64>> {
    let texts = s.texts(field);
    (0..s.rows())
        .map(|r| {
            let text = texts.get(r)?;
            let read = match super::date::clock(text) {
                Some(seconds) if text.contains(':') => Some(seconds as f64 / 3600.0),
                _ => super::number::parse(text, '.').filter(|h| (0.0..=48.0).contains(h)),
            };
            if read.is_none() {
                let message = format!("{text:?} is no time of day; the shift was left open there");
                s.cell(Severity::Warning, "time-unreadable", r, field, message, "write times as HH:MM");
            }
            read
        })
        .collect()
}

fn carriers(s: &mut Sheet<'_>) -> Vec<CarrierRow> {
    let name = required(s, "carrier");
    s.need(&["price", "per_kg"]);
    let (to, class) = (s.texts("to"), s.texts("emission_class"));
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let (up_to, m3) = (s.numbers("up_to_kg", positive.clone()), s.numbers("kg_per_m3", positive));
    let (price, per_kg, minimum) = (s.numbers("price", ANY), s.numbers("per_kg", ANY), s.numbers("minimum", ANY));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(carrier) = name.arc(r) else { continue };
        if price[r].is_none() && per_kg[r].is_none() {
            if s.has("price") || s.has("per_kg") {
                s.missing(if s.has("price") { "price" } else { "per_kg" }, &[r]);
            }
            continue;
        }
        out.push(CarrierRow {
            carrier,
            to: to.arc(r).filter(|t| &**t != "*"),
            up_to_kg: up_to[r],
            price: price[r],
            per_kg: per_kg[r],
            minimum: minimum[r],
            kg_per_m3: m3[r],
            emission_class: class.get(r).map(str::to_owned),
            line: s.line(r),
        });
    }
    out
}

fn events(s: &mut Sheet<'_>) -> Vec<EventRow> {
    let event = required(s, "event");
    s.need(&["ds"]);
    let (ds, to, percent) = (s.dates("ds"), s.dates("to"), s.numbers("percent", -100.0..=f64::INFINITY));
    let [id, item, place, category] = ["unique_id", "item", "location", "category"].map(|f| s.texts(f));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(event): Option<Arc<str>> = event.arc(r) else { continue };
        match ds[r] {
            Some(ds) => out.push(EventRow {
                ds,
                to: to[r].filter(|t| *t > ds),
                event,
                unique_id: id.arc(r),
                item: item.arc(r),
                location: place.arc(r),
                category: category.arc(r),
                percent: percent[r],
                line: s.line(r),
            }),
            None if s.has("ds") => s.missing("ds", &[r]),
            None => {}
        }
    }
    out
}

/// The sheet that a table is as a companion file of this kind.
pub(super) fn sheet_of(kind: &str, table: super::table::Table) -> Option<Sheet<'static>> {
    let (kind, fields): (&'static str, &'static [Field]) = match kind {
        "items" => ("items", ITEMS),
        "stock" => ("stock", STOCK),
        "on_order" => ("on-order", ON_ORDER),
        "suppliers" => ("suppliers", SUPPLIERS),
        "supplier_items" => ("supplier items", SUPPLIER_ITEMS),
        "receipts" => ("receipts", RECEIPTS),
        "bom" => ("bill of materials", BOM),
        "locations" => ("locations", LOCATIONS),
        "vehicles" => ("vehicles", VEHICLES),
        "carriers" => ("carriers", CARRIERS),
        "distances" => ("distances", super::distances::FIELDS),
        "shipments" => ("shipments", super::shipments::FIELDS),
        "events" => ("events", EVENTS),
        _ => return None,
    };
    Some(Sheet::of(kind, table, fields))
}

/// A field's name and what else it is called in a kind of companion file, without case and punctuation; none where there is no such field.
pub(super) fn names_of(kind: &str, field: &str) -> Vec<String> {
    let fields = match kind {
        "items" => ITEMS,
        "stock" => STOCK,
        "on_order" => ON_ORDER,
        "suppliers" => SUPPLIERS,
        "supplier_items" => SUPPLIER_ITEMS,
        "receipts" => RECEIPTS,
        "bom" => BOM,
        "locations" => LOCATIONS,
        "vehicles" => VEHICLES,
        "carriers" => CARRIERS,
        "distances" => super::distances::FIELDS,
        "shipments" => super::shipments::FIELDS,
        "events" => EVENTS,
        _ => &[],
    };
    let found = fields.iter().find(|f| f.0 == field);
    found.map_or_else(Vec::new, |(name, more)| {
        std::iter::once(super::names::compact(name)).chain(more.split_whitespace().map(str::to_owned)).collect()
    })
}
