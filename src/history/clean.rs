//! What a row means for demand: cancellations before shipping are none, returns are demand met and later supply, and lines that sell
//! nothing that could be stocked are set aside (DESIGN §3).

use super::options::Role;
use super::profile::Meaning;
use super::roles::Assigned;
use super::rows::{Reason, Rows};
use super::table::Table;
use super::values::{Codes, NONE};
use super::{names, number};
use std::collections::HashMap;

/// A cancellation this long after the sale comes after shipping: it is a return.
const CANCEL_SECONDS: i64 = 14 * 86_400;

/// What a status word means in the languages we read, where the profile does not say.
pub(super) fn state(text: &str) -> Meaning {
    let t = names::plain(text.trim());
    let t = t.strip_prefix("wc-").unwrap_or(&t);
    let starts = |set: &[&str]| set.iter().any(|w| t.starts_with(w));
    if starts(&["partial", "teil", "parcial", "partiel", "parz", "gedeelt", "czesc", "delvis", "castecn", "osittain", "reszben", "kismen"])
    {
        Meaning::Sold
    } else if starts(&["test"]) {
        Meaning::Test
    } else if matches!(
        t,
        "refund"
            | "return"
            | "credit memo"
            | "credit note"
            | "creditnote"
            | "credit"
            | "retoure"
            | "gutschrift"
            | "devolucion"
            | "devolucao"
            | "reso"
            | "retour"
            | "avoir"
            | "nota de credito"
            | "nota di credito"
            | "creditnota"
            | "kreditnota"
            | "kreditfaktura"
            | "korekta"
            | "faktura korygujaca"
            | "dobropis"
            | "iade"
    ) || t.ends_with("credit note")
        || t.ends_with("credit memo")
        || starts(&["gutschrift", "rechnungskorrektur", "stornorechnung", "storno-rechnung", "credit note", "credit memo"])
    {
        Meaning::Refund
    } else if starts(&[
        "cancel",
        "キャンセル",
        "取消",
        "已取消",
        "취소",
        "отмен",
        "void",
        "annul",
        "anul",
        "storn",
        "draft",
        "entwurf",
        "borrador",
        "rascunho",
        "bozza",
        "brouillon",
        "concept",
        "deleted",
        "parked",
        "failed",
        "fehlgeschlagen",
        "fallid",
        "falhad",
        "malsucedid",
        "echoue",
        "fallit",
        "mislukt",
        "abgebrochen",
        "geannul",
        "abandoned",
        "trash",
        "niedokon",
        "nieudan",
        "odrzucon",
        "oczekuje na platnosc",
        "nieoplacon",
        "usunie",
        "avbrut",
        "avbestal",
        "makuler",
        "kansel",
        "mislykk",
        "afventer betaling",
        "avventer betaling",
        "invantar betalning",
        "vantar pa betalning",
        "zrusen",
        "neuspes",
        "ceka na platbu",
        "neuhrazen",
        "peruttu",
        "peruutettu",
        "epaonnis",
        "odottaa maksua",
        "torolve",
        "torolt",
        "sikertelen",
        "fizetesre var",
        "iptal",
        "basarisiz",
        "odeme bekl",
        "anulat",
        "gelosch",
        "geloesch",
        "abgelehnt",
        "supprim",
        "refus",
        "attente paiement",
        "rechazad",
        "eliminad",
        "recusad",
        "rifiutat",
        "geweigerd",
        "expired",
        "declined",
        "rejected",
        "unpaid",
        "pending payment",
        "payment pending",
        "zahlung ausstehend",
        "pendiente de pago",
        "pagamento pendente",
        "in attesa di pagamento",
        "attente de paiement",
        "en attente de paiement",
        "wachtend op betaling",
        "quotation",
        "estimate",
    ]) {
        Meaning::Cancelled
    } else if starts(&[
        "refunded",
        "returned",
        "reembols",
        "rembours",
        "erstattet",
        "ruckerstattet",
        "zuruckerstattet",
        "retourniert",
        "zuruckgegeben",
        "rimbors",
        "restituit",
        "terugbetaald",
        "geretourneerd",
        "devuelt",
        "devolvid",
        "retourne",
        "zwroc",
        "aterbetal",
        "returnerad",
        "tilbagebetal",
        "refunder",
        "returner",
        "vracen",
        "hyvitet",
        "palautet",
        "visszaterit",
        "iade edil",
        "返品",
        "返金",
        "退款",
        "退货",
        "반품",
        "환불",
        "возврат",
        "rambursat",
    ]) {
        Meaning::Returned
    } else {
        Meaning::Sold
    }
}

/// Columns whose true cells tell test orders, whoever wrote them.
const TEST_FLAGS: &str = "test istest testorder testmode istestorder training trainingmode sandbox";
/// Columns whose true cells tell that a line never became a sale.
const VOID_FLAGS: &str =
    "void voided isvoid isvoided cancelled canceled iscancelled iscanceled ordercancelled deleted isdeleted storniert annule anulado";
/// Columns whose true cells tell that a line came back; in words only, since a number counts units.
const RETURN_FLAGS: &str = "refunded isrefunded returned isreturned exchanged erstattet rembourse reembolsado";

/// Sets aside what statuses call dead, and marks refunds and orders that came back whole (a return is demand met and later supply, DESIGN §3).
/// A state or cancelled-at date on an order's first line counts for all its lines.
pub(super) fn statuses(table: &Table, assigned: &Assigned, rows: &mut Rows) {
    let n = table.rows;
    // by order: why it is dead (a cancellation before a test), and whether it came back
    let orders = rows.order.values.len();
    let (mut dead, mut any_dead) = (vec![Reason::Used; orders], false);
    let (mut undone_orders, mut undone) = (vec![false; orders], vec![false; n]);
    let mut mark = |rows: &mut Rows, row: usize, s: Meaning| match s {
        Meaning::Sold => {}
        Meaning::Refund => rows.refund[row] = true,
        Meaning::Other => {
            if rows.reason[row] == Reason::Used {
                rows.reason[row] = Reason::NonProduct;
            }
        }
        Meaning::Returned if rows.units.get(row) < 0.0 => rows.refund[row] = true,
        Meaning::Returned => {
            undone_orders.get_mut(rows.order.code(row) as usize).into_iter().for_each(|o| *o = true);
            undone[row] = true;
        }
        Meaning::Cancelled if rows.units.get(row) < 0.0 => rows.refund[row] = true,
        Meaning::Cancelled | Meaning::Test => {
            let why = if s == Meaning::Test { Reason::Test } else { Reason::Cancelled };
            if let Some(order) = dead.get_mut(rows.order.code(row) as usize) {
                *order = if *order == Reason::Used { why } else { why.min(*order) };
                any_dead = true;
            }
            if rows.reason[row] == Reason::Used {
                rows.reason[row] = why;
            }
        }
    };
    let mut line_back = Vec::new();
    // a row without any status of its own goes with its order (Shopify writes them on the first line only)
    let mut follows = vec![true; n];
    for (i, (role, _)) in assigned.roles.iter().enumerate() {
        let Some(column) = table.columns.get(i) else { continue };
        match role {
            Role::Status => {
                let codes = Codes::of(column, n);
                let known = |t: &str| assigned.profile.as_ref().and_then(|p| p.meaning(t)).unwrap_or_else(|| state(t));
                let states = codes.each(known);
                for (row, code) in codes.codes.iter().enumerate() {
                    follows[row] &= code == NONE;
                    if let Some(state) = states.get(code as usize).filter(|s| **s != Meaning::Sold) {
                        mark(rows, row, *state);
                    }
                }
            }
            Role::CancelledAt => {
                for (row, _) in Codes::of(column, n).codes.iter().enumerate().filter(|(_, c)| *c != NONE) {
                    mark(rows, row, Meaning::Cancelled);
                }
            }
            _ => {
                let words =
                    assigned.profile.iter().flat_map(|p| &p.test).find(|(name, _)| names::compact(name) == names::compact(&column.name));
                let is = |list| names::in_list(&column.name, list);
                let means = match (words.is_some() || is(TEST_FLAGS), is(VOID_FLAGS), is(RETURN_FLAGS)) {
                    (true, ..) => Meaning::Test,
                    (_, true, _) => Meaning::Cancelled,
                    (.., true) => Meaning::Returned,
                    _ => continue,
                };
                let codes = Codes::of(column, n);
                if means == Meaning::Returned && codes.values.iter().any(|t| number::mark(t).is_some()) {
                    continue;
                }
                let tests = codes.each(|t| match words {
                    Some((_, words)) => words.iter().any(|w| names::plain(t).contains(&names::plain(w))),
                    None => number::parse_flag(t) == Some(1.0),
                });
                for (row, code) in codes.codes.iter().enumerate() {
                    if tests.get(code as usize) == Some(&true) {
                        // a flag is about its own line; a test is one of its whole order
                        match means {
                            Meaning::Cancelled if rows.reason[row] == Reason::Used => rows.reason[row] = Reason::Cancelled,
                            Meaning::Returned => line_back.push(row),
                            other => mark(rows, row, other),
                        }
                    }
                }
            }
        }
    }
    line_back.into_iter().for_each(|row| undone[row] = true);
    if undone.contains(&true) {
        rows.undone.resize(n, false);
        rows.returned.or_blank(n);
        for (row, undone) in undone.iter().enumerate() {
            let of_order = || follows[row] && undone_orders.get(rows.order.code(row) as usize) == Some(&true);
            let sold = |rows: &Rows| rows.reason[row] == Reason::Used && rows.units.get(row) > 0.0;
            let said = |rows: &Rows| rows.returned.get(row) > 0.0;
            if (*undone || of_order()) && sold(rows) && !said(rows) {
                rows.returned.set(row, rows.units.get(row));
                rows.undone[row] = true;
            }
        }
    }
    if any_dead {
        for (row, follows) in follows.iter().enumerate() {
            if *follows
                && rows.reason[row] == Reason::Used
                && let Some(why) = dead.get(rows.order.code(row) as usize)
            {
                rows.reason[row] = *why;
            }
        }
    }
}

/// Whether a column without a meaning of its own tells of rows that are tests, void or brought back.
pub(super) fn is_flag(table: &Table, assigned: &Assigned, column: usize) -> bool {
    let Some(name) = table.columns.get(column).map(|c| &c.name) else { return false };
    let of_profile = || assigned.profile.iter().flat_map(|p| &p.test).any(|(n, _)| names::compact(n) == names::compact(name));
    [TEST_FLAGS, VOID_FLAGS, RETURN_FLAGS].iter().any(|list| names::in_list(name, list)) || of_profile()
}

/// Finds non-products, stock adjustments, and sales cancelled before shipping. For transactions only.
pub(super) fn transactions(rows: &mut Rows, keep_non_products: bool) {
    if !keep_non_products {
        non_products(rows);
    }
    let cancelling = cancel_orders(rows);
    adjustments(rows, &cancelling);
    match_cancellations(rows, &cancelling);
}

/// Phrases that name a service, fee or correction when they are the whole description or code, or begin it.
const NON_PRODUCTS: &[&str] = &[
    "postage",
    "carriage",
    "shipping",
    "shipping fee",
    "shipping cost",
    "delivery",
    "delivery fee",
    "freight",
    "dotcom postage",
    "next day carriage",
    "post",
    "handling",
    "handling fee",
    "packaging fee",
    "bank charges",
    "bank charge",
    "amazon fee",
    "amazonfee",
    "fee",
    "fees",
    "service fee",
    "service charge",
    "cruk commission",
    "commission",
    "manual",
    "discount",
    "adjust bad debt",
    "bad debt",
    "samples",
    "tip",
    "tips",
    "gratuity",
    "deposit",
    "rounding",
    "surcharge",
    "insurance",
    "gift wrap fee",
    "versand",
    "versandkosten",
    "porto",
    "lieferung",
    "fracht",
    "rabatt",
    "trinkgeld",
    "pfand",
    "gebuhr",
    "frete",
    "desconto",
    "taxa",
    "gorjeta",
    "envio",
    "gastos de envio",
    "flete",
    "descuento",
    "propina",
    "comision",
    "livraison",
    "frais de port",
    "frais de livraison",
    "port",
    "remise",
    "pourboire",
    "spedizione",
    "spese di spedizione",
    "sconto",
    "mancia",
    "verzending",
    "verzendkosten",
    "korting",
    "fooi",
    "bezorging",
];

fn non_products(rows: &mut Rows) {
    let phrase = |t: &str| {
        let p = names::plain(t.trim().trim_end_matches(['.', '!']));
        NON_PRODUCTS.contains(&p.as_str())
    };
    // codes with digits are the rule, so a short one without is an exception
    let with_digit = rows.item.values.iter().filter(|t| t.chars().any(|c| c.is_ascii_digit())).count();
    let coded = rows.item.values.len() >= 20 && with_digit * 10 >= rows.item.values.len() * 9;
    let odd_code = rows.item.each(|t| phrase(t) || (coded && t.chars().count() <= 3 && !t.chars().any(|c| c.is_ascii_digit())));
    let odd_name = rows.description.each(phrase);
    let no_items = rows.item.is_empty();
    if !odd_code.contains(&true) && !odd_name.contains(&true) {
        return;
    }
    for i in 0..rows.reason.len() {
        let (code, name) = (rows.item.code(i), rows.description.code(i));
        let by_code = odd_code.get(code as usize).copied().unwrap_or(false);
        let by_name = odd_name.get(name as usize).copied().unwrap_or(false)
            && (no_items || code == NONE || rows.item.value(code).is_some_and(|c| c.chars().count() <= 5));
        if rows.reason[i] == Reason::Used && (by_code || by_name) {
            rows.reason[i] = Reason::NonProduct;
        }
    }
}

/// Order numbers that start with a `C` where the others are plain numbers cancel (UCI Online Retail's own convention).
fn cancel_orders(rows: &Rows) -> Vec<bool> {
    let plain = rows.order.values.iter().filter(|t| t.bytes().all(|b| b.is_ascii_digit())).count();
    let convention = plain * 2 > rows.order.values.len();
    rows.order.each(|t| convention && t.strip_prefix(['C', 'c']).is_some_and(|r| r.len() >= 3 && r.bytes().all(|b| b.is_ascii_digit())))
}

/// Negative quantities without price or cancellation correct the stock (damage, loss, count).
fn adjustments(rows: &mut Rows, cancelling: &[bool]) {
    if !rows.has.price {
        return;
    }
    for i in 0..rows.reason.len() {
        let price = rows.price.get(i);
        if rows.reason[i] == Reason::Used
            && rows.units.get(i) < 0.0
            && i < rows.price.len()
            && (price == 0.0 || price.is_nan())
            && !cancelling.get(rows.order.code(i) as usize).copied().unwrap_or(false)
            && !rows.refund[i]
        {
            rows.reason[i] = Reason::Adjustment;
        }
    }
}

/// The sales of one item at one place in one quantity: moment and row, in file order.
type Candidates = HashMap<(u32, u32, u32, u64), Vec<(i64, usize)>>;

/// A cancellation takes with it the latest earlier sale of the same item, place and quantity, if that was within two weeks.
fn match_cancellations(rows: &mut Rows, cancelling: &[bool]) {
    let cancels = |rows: &Rows, i: usize| {
        rows.reason[i] == Reason::Used && rows.units.get(i) < 0.0 && cancelling.get(rows.order.code(i) as usize).copied().unwrap_or(false)
    };
    let mut cancellations: Vec<usize> = (0..rows.reason.len()).filter(|i| cancels(rows, *i)).collect();
    if cancellations.is_empty() {
        return;
    }
    cancellations.sort_by_key(|i| (rows.at[*i], *i));
    let key = |rows: &Rows, i: usize| {
        (
            rows.item.code(i),
            if rows.item.is_empty() { rows.description.code(i) } else { NONE },
            rows.location.code(i),
            rows.units.get(i).abs().to_bits(),
        )
    };
    let mut sales = Candidates::new();
    for i in cancellations.iter() {
        sales.entry(key(rows, *i)).or_default();
    }
    for i in 0..rows.reason.len() {
        if rows.reason[i] == Reason::Used
            && rows.units.get(i) > 0.0
            && let Some(list) = sales.get_mut(&key(rows, i))
        {
            list.push((rows.at[i].0, i));
        }
    }
    for list in sales.values_mut() {
        list.sort_unstable();
    }
    for i in cancellations {
        let at = rows.at[i].0;
        if let Some(list) = sales.get_mut(&key(rows, i)) {
            let upto = list.partition_point(|s| s.0 <= at);
            if let Some(pick) = upto.checked_sub(1).filter(|p| at - list[*p].0 <= CANCEL_SECONDS) {
                let (_, sale) = list.remove(pick);
                rows.reason[sale] = Reason::CancelledOrder;
                rows.reason[i] = Reason::CancelledOrder;
            }
        }
    }
}
