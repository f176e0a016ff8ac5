//! What a column's name means that is in no list: by its words, by what is left without its tax and currency, and by the characters that
//! Chinese, Japanese and Korean exports put their names together from.

use super::names::{self, words};
use super::options::Role;

/// Rank of a name that is in no list: behind every name that is.
const TAIL: usize = 1000;
/// Rank of one that only its words tell, behind what is listed but for tax and currency.
const BY_WORDS: usize = 1300;

/// Rank of one that is listed once its words are spelled out.
const SPELLED: usize = 1150;

/// Comparison columns (`… (previous_year)`) and shares are never the thing itself.
const OTHERS: &[&str] =
    &["previous", "prior", "last", "percentage", "percent", "pct", "share", "rate", "b2b", "vorjahr", "budget", "plan", "target"];
const TAX: &[&str] = &["tax", "taxes", "vat", "mwst", "ust", "iva", "btw", "tva", "gst", "moms", "dph", "kdv", "alv", "pdv"];
/// Words that say only how money is counted.
const WITHOUT: &[&str] = &[
    "excl",
    "excluding",
    "exclusive",
    "ex",
    "exkl",
    "net",
    "nett",
    "netto",
    "ht",
    "ohne",
    "hors",
    "sans",
    "sin",
    "sem",
    "senza",
    "zonder",
    "before",
    "bez",
    "untaxed",
    // fields that a shop added itself, in Stripe's exports
    "metadata",
    "neta",
    "netas",
    "neto",
    "netos",
    "nette",
    "nettes",
    "netti",
    "liquido",
    "liquida",
    "liquidas",
];
const WITH: &[&str] = &[
    "incl",
    "including",
    "inclusive",
    "inc",
    "inkl",
    "gross",
    "brutto",
    "ttc",
    "mit",
    "con",
    "com",
    "avec",
    "met",
    "after",
    "bruta",
    "brutas",
    "bruto",
    "brutos",
    "brut",
    "brutes",
    "lordo",
    "lorda",
    "lorde",
];
const CURRENCIES: &[&str] = &[
    "eur", "usd", "gbp", "chf", "pln", "czk", "sek", "nok", "dkk", "huf", "ron", "cad", "aud", "nzd", "brl", "mxn", "inr", "zar", "jpy",
    "ars", "clp", "cop", "pen", "uyu", "krw", "cny", "hkd", "sgd", "myr", "thb", "php", "idr", "twd", "vnd", "try", "aed", "sar", "ils",
    "actual", "local", "base", "in",
];

const ORDER: &[&str] = &[
    "order",
    "invoice",
    "receipt",
    "ticket",
    "transaction",
    "sale",
    "sales",
    "bill",
    "check",
    "cheque",
    "document",
    "doc",
    "voucher",
    "basket",
    "cart",
    "facture",
    "commande",
    "rechnung",
    "beleg",
    "bestellung",
    "auftrag",
    "vorgang",
    "pedido",
    "factura",
    "fatura",
    "venda",
    "venta",
    "fattura",
    "ordine",
    "scontrino",
    "bestelling",
    "factuur",
    "bon",
    "zamowienia",
    "faktury",
    "objednavky",
    "ordre",
    "siparis",
    "purchase",
    "faktura",
    "recibo",
    "tique",
    "quittung",
    "recu",
    "ricevuta",
    "заказа",
    "заказ",
    "чека",
    "pesanan",
    "hang",
];
const NUMBER: &[&str] = &[
    "no",
    "nr",
    "number",
    "num",
    "id",
    "numero",
    "nummer",
    "n",
    "nº",
    "ref",
    "reference",
    "referenz",
    "referencia",
    "cislo",
    "numer",
    "номер",
    "nomor",
    "ma",
];
const ITEM: &[&str] = &[
    "product",
    "item",
    "article",
    "artikel",
    "produit",
    "producto",
    "produto",
    "prodotto",
    "articulo",
    "articolo",
    "variant",
    "variation",
    "material",
    "part",
    "prod",
    "art",
    "goods",
    "vare",
    "produkt",
    "tuote",
    "towaru",
    "produktu",
    "товара",
    "продукта",
    "produk",
];
/// Kinds of codes that items have.
const CODES: &[&str] = &["sku", "plu", "upc", "ean", "gtin"];
const CODE: &[&str] = &["code", "kod", "codigo", "codice", "key", "identifier", "kode", "cod", "артикул"];
const NAME: &[&str] = &[
    "name",
    "title",
    "description",
    "desc",
    "descr",
    "bezeichnung",
    "nom",
    "nombre",
    "nome",
    "naam",
    "designation",
    "text",
    "titel",
    "titulo",
    "nazwa",
    "kurztext",
    "descripcion",
    "descricao",
    "descrizione",
    "omschrijving",
    "наименование",
    "название",
    "nama",
];
const STATUS: &[&str] = &["status", "state", "etat", "statut", "stato", "estado", "situacao", "stav", "статус", "durumu", "statusu"];
const KIND: &[&str] = &["type", "typ", "tipo", "art", "kind"];
/// What has a state that tells whether it was a sale.
const STATED: &[&str] = &[
    "order",
    "payment",
    "financial",
    "fulfillment",
    "fulfilment",
    "fulfilled",
    "delivery",
    "shipment",
    "shipping",
    "invoice",
    "transaction",
    "voucher",
    "document",
    "doc",
    "line",
    "sale",
    "sales",
    "receipt",
    "item",
    "refund",
    "return",
    "commande",
    "paiement",
    "pedido",
    "ordine",
    "bestellung",
    "zahlung",
    "billing",
    "record",
    "event",
    "заказа",
    "recibo",
    "siparis",
    "pesanan",
];

/// Every role that the words of a name suggest, with a rank behind all listed names.
pub(super) fn roles(name: &str) -> Vec<(Role, usize)> {
    let all = words(name);
    let has = |set: &[&str]| all.iter().any(|w| set.contains(&w.as_str()));
    if let Some(found) = eastern(name) {
        return found;
    }
    let taxed = has(TAX);
    // `bez` is without in the east, and short for a name in German
    let beside_tax = |w: &str| w != "bez" || taxed;
    if has(OTHERS) || taxed && !has(WITH) && !has(WITHOUT) {
        return Vec::new();
    }
    // `Montant HT`, `Price (EUR)`, `Total excl. tax`: the same without
    let rest: Vec<&str> = all
        .iter()
        .map(String::as_str)
        .filter(|w| !beside_tax(w) || ![TAX, WITHOUT, WITH, CURRENCIES].iter().any(|set| set.contains(w)) && *w != "of")
        .collect();
    if rest.len() < all.len() && !rest.is_empty() {
        let found = names::listed(&rest.concat());
        // what includes taxes is second to what does not
        let gross = if has(WITH) { 60 } else { 0 };
        let money = |r: Role| matches!(r, Role::Revenue | Role::Price) || !taxed;
        let found: Vec<_> = found.into_iter().filter(|f| money(f.0)).map(|(role, rank)| (role, TAIL + gross + rank)).collect();
        if !found.is_empty() {
            return found;
        }
        if names::is_sales(&rest.concat()) && (has(WITH) || has(WITHOUT)) {
            return vec![(Role::Revenue, TAIL + gross)];
        }
    }
    // `Net` beside `Tax` and `Gross`
    if rest.is_empty() && all.len() == 1 && has(&["net", "netto", "nett", "gross", "brutto"]) {
        return vec![(Role::Revenue, TAIL + if has(WITH) { 130 } else { 70 })];
    }
    let spelled = spell_out(&all);
    if spelled != all {
        let joined = spelled.concat();
        let found: Vec<_> = names::listed(&joined).into_iter().map(|(role, rank)| (role, SPELLED + rank)).collect();
        if !found.is_empty() {
            return found;
        }
        if names::is_sales(&joined) {
            return vec![(Role::Revenue, SPELLED)];
        }
    }
    by_words(name, &spelled)
}

/// What tills and back offices shorten, by the word it is short for.
const SHORT: [(&str, &str); 37] = [
    ("description", "descr desc dscr dsc descrip descp"),
    ("price", "prc prce pric"),
    ("amount", "amt amnt amout"),
    ("total", "tot ttl totl"),
    ("extended", "ext extd extnd"),
    ("department", "dept dpt dep dpto"),
    ("category", "cat catg ctg categ"),
    ("item", "itm"),
    ("sales", "sls"),
    ("sold", "sld"),
    ("quantity", "qnt qnty qntty quan quant qtty"),
    ("number", "nbr nmbr nb numb"),
    ("transaction", "trx trn txn trans tran trns"),
    ("receipt", "rcpt rcp"),
    ("order", "ord"),
    ("date", "dt dte"),
    ("time", "tm"),
    ("location", "loc locn"),
    ("store", "str"),
    ("warehouse", "whs whse wh"),
    ("discount", "disc dsct dscnt dscto"),
    ("product", "prd prdct prdt"),
    ("unit", "unt"),
    ("each", "ea"),
    ("retail", "rtl"),
    ("net", "nt"),
    ("gross", "grs"),
    ("returned", "ret rtn rtrn retd"),
    ("onhand", "oh"),
    ("available", "avl avail"),
    ("selling", "sell"),
    ("datum", "dat"),
    ("bezeichnung", "bez"),
    ("menge", "mng"),
    ("preis", "prs"),
    ("gesamt", "ges"),
    ("valor", "vl vlr val"),
];

/// The words of a name, those in full that are shortened; `inv` is an invoice where it has a number or a date.
fn spell_out(all: &[String]) -> Vec<String> {
    const SPELT: &[&str] = &["no", "nr", "num", "number", "nbr", "id", "date", "dt", "line", "type", "amt", "amount", "total"];
    let invoice = all.iter().any(|w| SPELT.contains(&w.as_str()));
    let one = |w: &String| match w.as_str() {
        "inv" if invoice => "invoice".to_owned(),
        "inv" => "inventory".to_owned(),
        w => SHORT.iter().find(|(_, short)| short.split(' ').any(|s| s == w)).map_or_else(|| w.to_owned(), |(long, _)| (*long).to_owned()),
    };
    all.iter().map(one).collect()
}

fn by_words(name: &str, all: &[String]) -> Vec<(Role, usize)> {
    const FILL: &[&str] = &["de", "del", "da", "do", "du", "des", "der", "di", "la", "le", "el", "the", "van", "och"];
    let all: Vec<&String> = all.iter().filter(|w| !FILL.contains(&w.as_str())).collect();
    let has = |set: &[&str]| all.iter().any(|w| set.contains(&w.as_str()));
    let only = |sets: &[&[&str]]| all.iter().all(|w| sets.iter().any(|set| set.contains(&w.as_str())));
    let one = |role, more: usize| vec![(role, BY_WORDS + more)];
    if has(&["date", "datum", "fecha", "timestamp", "дата", "tanggal", "ngay", "tarihi"]) && !names::is_to_come(name) {
        let later = ["ship", "shipped", "due", "delivery", "update", "updated", "next", "expected", "by", "payout", "refund", "return"];
        return one(Role::Date, usize::from(has(&later)));
    }
    let units = has(&["units"]) && has(&["sold", "ordered", "shipped"]);
    if (has(&[
        "quantity",
        "qty",
        "menge",
        "cantidad",
        "quantidade",
        "quantite",
        "quantita",
        "aantal",
        "ilosc",
        "количество",
        "soluong",
        "jumlah",
    ]) || units)
        && (!has(&["unit"]) || all.len() == 2)
        && !names::counts_no_sales(name)
        && !has(&[
            "per",
            "stock",
            "available",
            "hand",
            "onhand",
            "open",
            "cancelled",
            "canceled",
            "cancellation",
            "backorder",
            "backordered",
            "reserved",
            "allocated",
            "committed",
            "inventory",
            "reorder",
        ])
    {
        let back = has(&["refunded", "returned", "refund", "return", "returns", "retour", "retoure"]);
        // what a customer takes home rather than what it was packed in
        let packed =
            has(&["case", "cases", "carton", "cartons", "pack", "packs", "pallet", "box", "boxes", "free", "bonus", "karton", "caja"]);
        let minor = usize::from(has(&["invoiced", "delivered", "shipped", "fulfilled"])) + 20 * usize::from(packed);
        return one(if back { Role::Returned } else { Role::Quantity }, minor);
    }
    let of_group = has(&["group", "category", "type", "family", "class", "parent", "line", "position", "status", "count"]);
    if has(CODES) && has(NAME) && only(&[CODES, NAME]) {
        return one(Role::Description, 1);
    }
    if has(&["sku"]) && !has(&["parent"]) {
        return one(Role::Item, usize::from(has(&["unit", "subtotal", "platform", "seller"])));
    }
    if has(ITEM) && only(&[ITEM, CODE, NUMBER, &["order"]]) && has(CODE) && !of_group {
        return one(Role::Item, 1);
    }
    if has(ITEM) && only(&[ITEM, NUMBER]) && has(NUMBER) && !of_group {
        return one(Role::Item, 2);
    }
    if has(ITEM) && has(NAME) && only(&[ITEM, NAME]) {
        return one(Role::Description, 0);
    }
    if all.len() == 2 && has(&["product", "item", "article"]) && has(&["variant", "variation"]) {
        return vec![(Role::Item, BY_WORDS + 3), (Role::Description, BY_WORDS + 1)];
    }
    if has(ORDER) && has(NUMBER) && only(&[ORDER, NUMBER, &["customer", "original", "shop", "store", "external", "web"]]) {
        return one(Role::Order, usize::from(has(&["original", "external", "customer"])));
    }
    let region = has(&["state", "estado", "stato"]) && has(&["ship", "shipping", "shipment", "billing", "delivery", "to", "customer"]);
    if has(STATUS) && has(STATED) && !region {
        return one(Role::Status, 0);
    }
    let kinds = [
        "transaction",
        "order",
        "sale",
        "sales",
        "document",
        "doc",
        "voucher",
        "invoice",
        "line",
        "receipt",
        "record",
        "event",
        "entry",
        "movement",
        "posting",
        "recibo",
        "recu",
        "ricevuta",
        "documento",
        "belegs",
        "venta",
        "venda",
        "vente",
        "transaccion",
        "transacao",
    ];
    if has(KIND) && has(&kinds) && all.len() == 2 {
        return one(Role::Status, 1);
    }
    if has(&["revenue", "umsatz", "omzet", "fatturato", "receita", "сумма", "выручка", "tutari", "ingresos", "erlos", "erlose", "ricavi"])
    {
        return one(Role::Revenue, 0);
    }
    let prices = ["цена", "fiyati", "fiyat", "harga", "price", "preis", "precio", "preco", "prix", "prezzo", "prijs"];
    if has(&prices) && !has(&["compare", "cost", "fuel", "competitor", "competition", "shipping", "list", "oil", "index"]) {
        return one(Role::Price, usize::from(has(&["original", "regular", "retail"])));
    }
    Vec::new()
}

/// Names in Chinese, Japanese or Korean characters, which do not part their words; `None` for names in other letters.
fn eastern(name: &str) -> Option<Vec<(Role, usize)>> {
    if !name.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')) {
        return None;
    }
    let has = |set: &[&str]| set.iter().any(|w| name.contains(w));
    let returned = has(&["退", "返品", "返金", "반품", "환불", "キャンセル", "取消"]);
    let stock = has(&["在庫", "库存", "庫存", "재고"]);
    let role = if names::is_personal(name) {
        return Some(Vec::new());
    } else if has(&["状态", "狀態", "状態", "ステータス", "상태"]) {
        (Role::Status, 0)
    } else if has(&["日時", "日付", "日期", "时间", "時間", "날짜", "일시", "일자"]) && !returned {
        let later = has(&[
            "发货", "發貨", "発送", "배송", "出荷", "收货", "更新", "締切", "到着", "予定", "希望", "付款", "支付", "入金", "結帳", "결제",
        ]);
        (Role::Date, usize::from(later))
    } else if has(&["数量", "數量", "個数", "件数", "수량"]) && !stock {
        (if returned { Role::Returned } else { Role::Quantity }, 0)
    } else if has(&["订单编号", "订单号", "訂單編號", "訂單號", "注文番号", "受注番号", "伝票番号", "주문번호"])
    {
        (Role::Order, 0)
    } else if has(&["商品ID", "商品番号", "商品コード", "管理番号", "品番", "型番", "编码", "編碼", "货号", "貨號", "상품코드", "상품번호"])
    {
        (Role::Item, 0)
    } else if has(&["商品名", "品名", "标题", "標題", "상품명", "제품명", "宝贝名称"]) {
        (Role::Description, 0)
    } else if has(&["单价", "單價", "単価", "단가"]) {
        (Role::Price, 0)
    } else if has(&["金额", "金額", "売上", "금액", "매출"])
        && !returned
        && !has(&["运费", "運費", "送料", "税", "優惠", "优惠", "割引", "배송"])
    {
        (Role::Revenue, usize::from(has(&["合計", "总", "總", "実", "实", "합계", "총"])))
    } else {
        return Some(Vec::new());
    };
    Some(vec![(role.0, TAIL + role.1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_leavings() {
        for (name, role) in [
            ("Montant HT", Some(Role::Revenue)),
            ("PU HT", Some(Role::Price)),
            ("Price (EUR)", Some(Role::Price)),
            ("Sales (excl. VAT)", Some(Role::Revenue)),
            ("N° facture", Some(Role::Order)),
            ("Référence commande", Some(Role::Order)),
            ("Voucher No.", Some(Role::Order)),
            ("Voucher Type", Some(Role::Status)),
            ("payment_status", Some(Role::Status)),
            ("Invoice Type", Some(Role::Status)),
            ("Référence produit", Some(Role::Item)),
            ("Item Name", Some(Role::Description)),
            ("Product Variant", Some(Role::Item)),
            ("购买数量", Some(Role::Quantity)),
            ("订单创建时间", Some(Role::Date)),
            ("商家编码", Some(Role::Item)),
            ("宝贝标题", Some(Role::Description)),
            ("商品合計金額", Some(Role::Revenue)),
            // not the thing itself
            ("Tax amount", None),
            ("Net sales (previous_year)", None),
            ("Shipping state", None),
            ("Order item id", None),
            ("Product type", None),
            ("Payment type", None),
            ("买家会员名", None),
            ("退款金额", None),
        ] {
            assert_eq!(names::roles_of(name).first().map(|r| r.0), role, "{name}");
        }
        let rank = |name: &str| names::roles_of(name)[0].1;
        assert!(rank("Sales (excl. VAT)") < rank("Sales (incl. VAT)"));
    }
}
