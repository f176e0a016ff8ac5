//! What the words of a status mean, in the languages we read.

use super::names;
use super::profile::Meaning;

/// What a status word means in the languages we read, where the profile does not say.
pub(super) fn state(text: &str) -> Meaning {
    // `Sales Order : Cancelled`: the kind of record, then its state
    let parts = || text.split(':').skip(1).map(one).find(|m| *m != Meaning::Sold);
    match one(text) {
        Meaning::Sold => parts().unwrap_or(Meaning::Sold),
        known => known,
    }
}

fn one(text: &str) -> Meaning {
    let t = names::plain(text.trim());
    let t = t.strip_prefix("wc-").unwrap_or(&t).replace('_', " ");
    let t = t.as_str();
    let starts = |set: &[&str]| set.iter().any(|w| t.starts_with(w));
    if matches!(
        t,
        "purchase"
            | "purchases"
            | "purchase receipt"
            | "purchase order"
            | "purchase invoice"
            | "goods receipt"
            | "vendor bill"
            | "item receipt"
            | "transfer"
            | "stock transfer"
            | "inventory transfer"
            | "adjustment"
            | "stock adjustment"
            | "inventory adjustment"
            | "positive adjmt."
            | "negative adjmt."
            | "stock count"
            | "opening balance"
            | "opening stock"
            | "payout"
            // Polish warehouse documents: goods received, made, used up, moved
            | "einkauf"
            | "zugang"
            | "abgang"
            | "umlagerung"
            | "verbrauch"
            | "istmeldung"
            // what Xero calls the bills of suppliers
            | "accpay"
            | "accpaycredit"
            | "pz"
            | "pw"
            | "rw"
            | "mm"
    ) {
        Meaning::Other
    } else if starts(&[
        "partial", "teil", "parcial", "partiel", "parz", "gedeelt", "czesc", "delvis", "castecn", "osittain", "reszben", "kismen",
    ]) {
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
            | "creditfactuur"
            | "factura rectificativa"
            | "facture d'avoir"
            | "kfv"
            | "fvk"
            | "kreditnota"
            | "kreditfaktura"
            | "korekta"
            | "faktura korygujaca"
            | "dobropis"
            | "iade"
            | "returns"
            | "customer return"
            | "customer returns"
            | "customerreturns"
            | "sales return"
            | "sale return"
            | "reembolso"
            | "remboursement"
            | "erstattung"
            | "ruckerstattung"
            | "rimborso"
            | "terugbetaling"
            | "zwrot"
            | "product credit"
            | "service credit"
            | "sales credit"
            | "sales return receipt"
            | "refund line"
            | "accreccredit"
            | "возврат"
    ) || t.ends_with("credit note")
        || t.ends_with(" refund")
        || t.ends_with("credit memo")
        || starts(&["gutschrift", "rechnungskorrektur", "stornorechnung", "storno-rechnung", "credit note", "credit memo"])
    {
        Meaning::Refund
    } else if starts(&[
        "cancel",
        "ยกเลิก",
        "ملغي",
        "ملغى",
        "الغاء",
        "בוטל",
        "ακυρ",
        "キャンセル",
        "取消",
        "da huy",
        "huy",
        "dibatalkan",
        "batal",
        "交易关闭",
        "交易關閉",
        "已关闭",
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
        "erreur de paiement",
        "error de pago",
        "errore di pagamento",
        "erro de pagamento",
        "betalingsfout",
        "zahlungsfehler",
        "payment error",
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
        "awaiting payment",
        "waiting for payment",
        "wartet auf zahlung",
        "zahlung ausstehend",
        "pendiente de pago",
        "pagamento pendente",
        "in attesa di pagamento",
        "attente de paiement",
        "en attente de paiement",
        "wachtend op betaling",
        "quotation",
        "estimate",
    ]) || PROMISES.contains(&t)
    {
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
        "retour ontvangen",
        "retour recu",
        "retoure erhalten",
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
        "dikembalikan",
        "tra hang",
        "hoan tien",
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
    } else if cancelled_inside(t) {
        Meaning::Cancelled
    } else {
        Meaning::Sold
    }
}

/// Documents that offer something, of which nobody knows whether it is sold.
const PROMISES: [&str; 28] = [
    "angebot",
    // Polish programs write FS, PA, PRO: invoice, receipt, pro forma
    "pro",
    "kostenvoranschlag",
    "proforma",
    "pro forma",
    "pro-forma",
    "proforma invoice",
    "pro forma invoice",
    "pro-forma invoice",
    "proformarechnung",
    "proforma-rechnung",
    "proformafaktura",
    "faktura proforma",
    "quote",
    "sales quote",
    "sales estimate",
    "devis",
    "presupuesto",
    "cotizacion",
    "preventivo",
    "orcamento",
    "offerte",
    "oferta",
    "offert",
    "tilbud",
    "tarjous",
    "nabidka",
    "arajanlat",
];

/// `Venta cancelada`, `Order was cancelled`: the word stands further behind, and nothing takes it back.
fn cancelled_inside(t: &str) -> bool {
    const STEMS: [&str; 9] =
        ["cancelled", "canceled", "cancelad", "annulee", "annulat", "annullat", "storniert", "geannuleerd", "dibatalkan"];
    const AGAINST: [&str; 12] =
        ["not", "no", "nicht", "non", "request", "requested", "solicitud", "partially", "partial", "parcial", "teilweise", "cannot"];
    let words: Vec<&str> = t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.len() <= 6 && words.iter().any(|w| STEMS.iter().any(|s| w.starts_with(s))) && !words.iter().any(|w| AGAINST.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_states() {
        for (text, meaning) in [
            ("Sales Order : Cancelled", Meaning::Cancelled),
            ("Invoice : Paid In Full", Meaning::Sold),
            ("Credit Memo : Fully Applied", Meaning::Refund),
            ("Product Credit", Meaning::Refund),
            ("wc-refunded", Meaning::Returned),
            ("交易关闭", Meaning::Cancelled),
            ("Venta cancelada", Meaning::Cancelled),
            ("Venta no cancelada", Meaning::Sold),
            ("Order partially cancelled", Meaning::Sold),
            ("Payment Refund", Meaning::Refund),
            ("Teilweise erstattet", Meaning::Sold),
            ("Angebot", Meaning::Cancelled),
            ("Creditfactuur", Meaning::Refund),
            ("Devis", Meaning::Cancelled),
            ("Anulată", Meaning::Cancelled),
            ("Umlagerung", Meaning::Other),
            ("PRO", Meaning::Cancelled),
            ("ACCPAY", Meaning::Other),
            ("ACCRECCREDIT", Meaning::Refund),
            ("AWAITING_PAYMENT", Meaning::Cancelled),
            ("awaiting_shipment", Meaning::Sold),
            ("Erreur de paiement", Meaning::Cancelled),
            ("Retour ontvangen", Meaning::Returned),
        ] {
            assert_eq!(state(text), meaning, "{text}");
        }
    }
}
