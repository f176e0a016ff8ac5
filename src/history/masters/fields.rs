//! The columns that each kind of companion file may have, with what else they are called.

use super::super::sheet::Field;

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
    ("status", "itemstatus productstatus lifecycle lifecyclestatus discontinued"),
    ("price_breaks", "pricebreaks quantitybreaks quantitydiscounts volumediscounts staffelpreise staffel"),
    ("price_break_kind", "pricebreakkind discountkind breakkind"),
    ("kg_co2e", "kgco2e co2e co2 kgco2 carbon carbonkg footprint footprintkg emissions"),
];
const STOCK: &[Field] = &[
    ("unique_id", UNIQUE_ID),
    ("item", ITEM),
    ("location", PLACE),
    (
        "on_hand",
        "onhand quantityonhand qtyonhand stockonhand stock stocklevel inventory inventorylevel quantity qty units endinginventoryunits endingunits totalinventory \
        available availableunits availableinventory afnfulfillablequantity dtctotalquantity availableinawdunits bestand lagerbestand existencias estoque inventario quantiteenstock giacenza voorraad \
        stan stanmagazynowy zasoba zasoby stavzasob lagersaldo lagerbeholdning varastosaldo keszlet raktarkeszlet stoc stok stokmiktari остаток остатки залишок αποθεμα 在庫 在庫数 库存 庫存 재고 tonkho المخزون מלאי qoh oh qtyoh",
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
        "arrival arrivaldate arrivesat eta etadate expected expecteddate expecteddeliverydate expecteddelivery expectedreceiptdate expectedon expectedby estimatedarrival \
            estimatedarrivaldate estimateddelivery plannedreceiptdate scheduledreceiptdate promiseddate liefertermin voraussichtlicheslieferdatum \
            datelivraisonprevue fechaprevista dataprevista verwachteleverdatum expectedarrival duedate deliverydate due lieferdatum fechadeentrega dataentrega datelivraison consegna leverdatum",
    ),
    ("quantity", QUANTITY),
    (
        "arrived",
        "received quantityreceived receivedquantity qtyreceived receivedqty unitsreceived receivedunits quantitydelivered deliveredquantity geliefert \
            geliefertemenge cantidadrecibida quantiterecue quantitaricevuta aantalontvangen",
    ),
    ("status", "orderstatus postatus state"),
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
    ("days", "transitdays transit transittime deliverydays laufzeit dias giorni jours"),
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
/// Whose and when; every other column is what is known ahead.
const FUTURE: &[Field] = &[
    ("unique_id", UNIQUE_ID),
    ("item", ITEM),
    ("location", PLACE),
    ("ds", "date day week month datum fecha data jour giorno tag semana mes settimana mese"),
    (KNOWN_AHEAD, ""),
];
/// What a column of the future is that is no key.
pub(in crate::history) const KNOWN_AHEAD: &str = "known_ahead";

/// A kind of companion file.
#[derive(Clone, Copy)]
pub(in crate::history) struct Sort {
    /// Its name in sentences.
    pub words: &'static str,
    /// Its columns.
    pub fields: &'static [Field],
    /// Columns without which the file means nothing; of those joined by `|` one is enough.
    pub needs: &'static [&'static str],
}

/// The kind of this name, as of [`Guess::kind`](crate::history::Guess).
pub(in crate::history) fn sort(kind: &str) -> Option<Sort> {
    let (words, fields, needs): (_, &[Field], &[&str]) = match kind {
        "items" => ("items", ITEMS, &["item|unique_id|description"]),
        "stock" => ("stock", STOCK, &["item|unique_id", "on_hand"]),
        "on_order" => ("on-order", ON_ORDER, &["item|unique_id", "arrives", "quantity"]),
        "suppliers" => ("suppliers", SUPPLIERS, &["supplier"]),
        "supplier_items" => ("supplier items", SUPPLIER_ITEMS, &["supplier", "item"]),
        "receipts" => ("receipts", RECEIPTS, &["ordered", "received"]),
        "bom" => ("bill of materials", BOM, &["kit", "component"]),
        "locations" => ("locations", LOCATIONS, &["location", "lat", "lon"]),
        "vehicles" => ("vehicles", VEHICLES, &["vehicle"]),
        "carriers" => ("carriers", CARRIERS, &["carrier", "price|per_kg"]),
        "distances" => ("distances", super::super::distances::FIELDS, &["from", "to", "km"]),
        "shipments" => ("shipments", super::super::shipments::FIELDS, &["shipment", "ready", "from", "to", "weight_kg"]),
        "events" => ("events", EVENTS, &["event", "ds"]),
        "future" => ("known-ahead", FUTURE, &["ds"]),
        _ => return None,
    };
    Some(Sort { words, fields, needs })
}

/// The fields that the columns of a companion file may be, by the kind's name; none where there is no such kind.
pub fn fields_of(kind: &str) -> Vec<&'static str> {
    sort(kind).map_or_else(Vec::new, |s| s.fields.iter().map(|f| f.0).collect())
}

/// Fields that hold dates.
pub(in crate::history) const DATES: [&str; 8] = ["as_of", "expires", "arrives", "ordered", "received", "ds", "ready", "due"];
/// Fields that hold text.
pub(in crate::history) const TEXTS: [&str; 26] = [
    "unique_id",
    "item",
    "location",
    "description",
    "supplier",
    "category",
    "successor",
    "status",
    "price_breaks",
    "price_break_kind",
    "currency",
    "order_days",
    "kit",
    "component",
    "kind",
    "vehicle",
    "emission_class",
    "shift_start",
    "shift_end",
    "carrier",
    "from",
    "to",
    "event",
    "shipment",
    "window_start",
    "window_end",
];

/// A field's name and what else it is called in a kind of companion file, without case and punctuation; none where there is no such field.
pub(in crate::history) fn names_of(kind: &str, field: &str) -> Vec<String> {
    let found = sort(kind).and_then(|s| s.fields.iter().find(|f| f.0 == field));
    found.map_or_else(Vec::new, |(name, more)| {
        std::iter::once(super::super::names::compact(name)).chain(more.split_whitespace().map(str::to_owned)).collect()
    })
}
