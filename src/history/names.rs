//! What column names mean, in English, German, Portuguese, Spanish, French, Italian and Dutch, in Polish, Czech and Slovak, Swedish, Danish
//! and Norwegian, Finnish, Hungarian, Romanian and Turkish, and in the shop systems' own words.
//!
//! Names are compared without case, accents, blanks and punctuation. Earlier entries of a list are preferred when a file has several.

use super::options::Role;

/// A word in lower case without accents.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' => out.push('d'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ğ' => out.push('g'),
            'ì'..='ï' | 'ī' | 'ı' => out.push('i'),
            'ł' | 'ľ' | 'ĺ' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
            'ř' | 'ŕ' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            // Vietnamese, with an accent on an accent
            'ơ' | '\u{1ECC}'..='\u{1EE3}' => out.push('o'),
            'ư' | '\u{1EE4}'..='\u{1EF1}' => out.push('u'),
            '\u{1EA0}'..='\u{1EB7}' => out.push('a'),
            '\u{1EB8}'..='\u{1EC7}' => out.push('e'),
            '\u{1EC8}'..='\u{1ECB}' => out.push('i'),
            '\u{1EF2}'..='\u{1EF9}' => out.push('y'),
            // accents that stand behind their letter
            '\u{300}'..='\u{36F}' => {}
            'ά' => out.push('α'),
            'έ' => out.push('ε'),
            'ή' => out.push('η'),
            'ί' | 'ϊ' | 'ΐ' => out.push('ι'),
            'ό' => out.push('ο'),
            'ύ' | 'ϋ' | 'ΰ' => out.push('υ'),
            'ώ' => out.push('ω'),
            'ς' => out.push('σ'),
            'أ' | 'إ' | 'آ' => out.push('ا'),
            'ё' => out.push('е'),
            // Persian letters with a shape of their own
            'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            _ => out.push(c),
        }
    }
    out
}

/// Digits and signs as ASCII where some are full-width or Arabic; `None` where none is.
pub(super) fn narrow(text: &str) -> Option<String> {
    let wide = |c: char| matches!(c, '\u{FF10}'..='\u{FF19}' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}');
    if text.is_ascii() || !text.chars().any(wide) {
        return None;
    }
    let one = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{660}'..='\u{669}' => char::from_u32(c as u32 - 0x660 + 0x30).unwrap_or(c),
        '\u{6F0}'..='\u{6F9}' => char::from_u32(c as u32 - 0x6F0 + 0x30).unwrap_or(c),
        '\u{66B}' => '.',
        '\u{66C}' => ',',
        c => c,
    };
    Some(text.chars().map(one).collect())
}

/// Only the letters and digits of [`plain`]: `Invoice No.` and `InvoiceNo` are the same.
pub(super) fn compact(text: &str) -> String {
    plain(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a name: split at punctuation and at `camelCase` humps.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut lower_before = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            out.push(String::new());
        }
        lower_before = c.is_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric()
            && let Some(last) = out.last_mut()
        {
            last.push(c);
        }
    }
    out.iter().filter(|w| !w.is_empty()).map(|w| plain(w)).collect()
}

const DATE: &str = "ds date orderdate saledate salesdate purchasedate placedon placedat dateordered createdat datecreated createddate creationdate ordertime orderdatetime ordercreationdate invoicedate \
    dateissued issuedon issuedate dateofsale erdat audat fkdat budat waktupesanandibuat \
    transactiondate datetime timestamp day datum data fecha bestelldatum auftragsdatum verkaufsdatum rechnungsdatum belegdatum buchungsdatum tag \
    datavenda datadavenda datapedido datadopedido datacompra dtvenda dia fechaventa fechadeventa fechapedido fechafactura fechadecompra \
    datecommande datedecommande datevente datedevente datefacture jour datavendita dataordine datafattura giorno orderdatum verkoopdatum \
    factuurdatum besteldatum dag week weekstart weekstarting weekending weekcommencing weekof month monat mes mois mese maand woche semana semaine \
    settimana quarter period periode periodo year orderedat soldat paidat datepaid completedat processedat purchasedon dateadded orderedon \
    postingdate docdate documentdate billdate receiptdate billingdate issuedate reportdate snapshotdate startdate periodstart begin from ordered \
    cal caldate calendardate businessdate busdate bizdate trxdate txndate transdate tradingday tradedate salesday \
    datasprzedazy datazamowienia datawystawienia datazakupu datafaktury datatransakcji dzien miesiac tydzien forsaljningsdatum \
    fakturadatum kopdatum dato ordredato salgsdato fakturadato kjopsdato datumobjednavky datumprodeje datumvystaveni den mesic \
    paivamaara pvm tilauspaiva myyntipaiva rendelesdatuma kelt tarih siparistarihi datacomenzii dateadd dateutc orderentrydate created datetimecreated soldon orderedat verkauftam fakturadatum salestime voucherdate \
    lineitemdate \
    日付 年月日 注文日 注文日時 売上日 販売日 取引日 日期 订单日期 销售日期 下单时间 訂單日期 날짜 일자 주문일 주문일자 판매일 дата датапродажи датазаказа ημερομηνια ngaydathang ngaytaodon tanggal tanggalpesanan tanggaltransaksi принятвобработку \
    التاريخ تاريخ تاريخالطلب תאריך วันทีทำการสังซือ วันทีสังซือ วันที \
    paiva ngay tanggaljual datasprzedaz";
const TIME: &str = "time hora uhrzeit heure ora tijd timeofday transactiontime saletime ordertime zeit";
const ITEM: &str = "lineitemsku sku contributionsku skureferenceno nomorreferensisku skuphanloaihang referencevendeur skuvendeur customsku articleordernumber variationnumber productreference itemsku productsku variantsku productvariantsku variantcodesku sellersku merchantsku msku skucode skuid skuno \
    customlabel itemid itemcode itemno itemnr itemnumber iteminternalid stockcode stockno stockid productid productcode productno productnumber \
    prodid prodcode matnr materialnumber materialno materialcode material articleid articlecode articlenumber articleno article artikelnummer artikelnr \
    artnr artikelcode artikelid ware warennummer ref referencia artikel codigoproducto codigodeproducto codigoproduto codigodoproduto codproduto codproducto codarticulo \
    codigoarticulo codigodebarras codigo articulo idproducto idproduto produto producto reference codearticle codeproduit refvendeur referencevendeur refarticle referencearticle \
    referenceproduit refproduit article produit codicearticolo codiceprodotto codice codart articolo prodotto productnummer partnumber partno \
    partid part item product orderlinesproduct inventoryitemcode skus variantid childasin asin gtin ean upc barcode plu style stylecode isbn \
    goodsid produktnummer produkt produktid varenummer artikelnummersku \
    kodproduktu kodtowaru symboltowaru indeks towar kodzbozi zbozi kodtovaru varenr vare tuotekoodi tuotenumero tuote nimike cikkszam \
    termekkod termek urunkodu stokkodu urun codprodus symbol kod \
    sygnatura sygnaturaoferty 商品コード 商品番号 品番 商品管理番号 商品编号 商品编码 商品代码 货号 商品編號 상품코드 상품번호 품번 артикул кодтовара κωδικοσ κωδικοσειδουσ κωδικοσπροιοντοσ masanpham kodeproduk kodebarang skuinduk артикулпоставщика \
    สินคา vyrobek vyrobky товар ειδοσ mahang كالا محصول كدكالا \
    رمزالمنتج كودالمنتج كودالصنف رقمالصنف מקט เลขอางอิงskuskureferenceno รหัสสินคา";
const DESCRIPTION: &str = "lineitemname itemname productname producttitle itemtitle itemdescription stockdescription productdescription articlename \
    title description item product arktx maktx artikelbezeichnung artikelname bezeichnung produktname produktbezeichnung beschreibung descripcion nombreproducto \
    nombredelproducto nombre nomeproduto nomedoproduto descricao descricaoproduto designation libelle nomproduit descrizione nomeprodotto \
    descrizionearticolo omschrijving artikelnaam productnaam productserviceproductservice productservice goodsname name naam \
    menuitem nazwaproduktu nazwatowaru nazwa benamning produktnamn artikelbenamning varenavn produktnavn beskrivelse varetekst \
    nazevzbozi nazevproduktu nazev nazovproduktu nazov popis opis tuotenimi tuotteennimi termeknev megnevezes urunadi denumire \
    artikeltitel titulodelapublicacion libelle libelleproduit libellearticle designationproduit designationarticle \
    商品名 商品名称 品名 商品名稱 상품명 наименование название περιγραφη tenhang denumireprodus artikelnamn namn titel نامكالا tensanpham namaproduk namabarang предмет المنتج اسمالمنتج الصنف שםמוצר מוצר תיאור ชือสินคา articulo artikel article produto producto produit prodotto items products articles articulos produtos produits artikelen prodotti articoli";
const QUANTITY: &str = "y lineitemquantity quantity qty quantityordered orderedquantity orderquantity orderqty qtyordered quantitysold qtysold soldqty \
    soldquantity unitsordered unitssold itemssold netitemssold netunitssold netquantity salesunits salesqty salesquantity unitsales units soldunits \
    totalunits itemspurchased unitspurchased kwmeng fkimg lfimg dailyunitssold dailyunits orderlinesquantity quantitypurchased quantityshipped qtyshipped shippedquantity invoicedquantity \
    quantityinvoiced menge verkauftemenge absatzmenge absatz bestellmenge anzahl stuckzahl stueckzahl stuck stueck stk cantidad cantidadvendida \
    cant unidades unidadesvendidas quantidade quantidadevendida qtd qtde qtdvendida quantite quantitevendue qte qtevendue quantita \
    quantitavenduta qta pezzi aantal aantalverkocht hoeveelheid verkocht stuks demand sold pieces pcs volume unitvolume salesvolume numsold \
    numbersold consumption usage quantityrefund count \
    itemqty itemquantity productqty productquantity orderedunits shippedunits unitsshipped orderunits netunits billedquantity \
    quantitybilled ilosc liczbasztuk liczba sztuk antal antall kvantitet mnozstvi mnozstvo pocet pocetkusu kusu maara kpl kappalemaara \
    mennyiseg darab adet miktar cantitate \
    数量 販売数量 販売数 売上数量 個数 点数 注文数 销售数量 销量 件数 數量 수량 판매수량 주문수량 количество колво ποσοτητα uds unid unids soluong تعداد مقدار jumlah jumlahbarang kuantitas الكمية كمية כמות จำนวน \
    vendido vendidos vendida vendidas vendu vendus venduto venduti venduta verkauft sprzedano sprzedane prodano prodane predane predano solgt salda salt myyty myydyt eladott eladva vandut vandute satilan satilanadet продано продажишт πωληθεντα 販売量 판매량 판매수 판매개수 销售量 銷量 soluongban terjual jumlahterjual المباع الكميةالمباعة נמכר 売上数 実売数 кількість";
const RETURNED: &str = "returned retouren unitsreturned returnedunits returnedquantity quantityreturned returnquantity returnqty qtyreturned returnedqty unitsrefunded \
    refundedquantity retourmenge retourenmenge cantidaddevuelta unidadesdevueltas quantidadedevolvida quantiteretournee aantalretour \
    quantiteremboursee cantidadreembolsada quantidadereembolsada quantitarimborsata erstattetemenge \
    quantityrefunded qtyrefunded refundqty refundquantity productquantityrefunded productquantityreturn \
    soluongsanphamduochoantra จำนวนทีสงคืน";
const NET_QUANTITY: &str = "quantityrefund netunitssold netquantitysold quantityafterrefunds";
/// Plurals, which may as well count what they name.
pub(super) const PLURALS: &str = "items products articles articulos produtos produits artikelen prodotti articoli";
const REFUNDED: &str = "refundedamount amountrefunded refundamount totalrefunded refundtotal refundedtotal erstattungsbetrag erstatteterbetrag montantrembourse \
    importereembolsado valorreembolsado importorimborsato";
const DISCOUNT: &str = "lineitemdiscount itemdiscount linediscount linediscountamount itempromotiondiscount";
const UNTIL: &str = "enddate periodend until dateto todate fechafin datafim enddatum datefin bis";
/// Units or money: the content decides.
const SALES: &str = "sales sale venda vendas venta ventas vente ventes vendita vendite verkauf verkaufe verkaeufe verkoop verkopen weeklysales dailysales \
    monthlysales sold salesweekly total value target \
    sprzedaz prodej prodeje predaj predaje forsaljning salg salget myynti eladas eladasok ertekesites vanzare vanzari satis satislar продажи продажа продажі πωλησεισ πωληση 販売 売上 판매 penjualan doanhso banhang المبيعات مبيعات מכירות ยอดขาย 销售";
const REVENUE: &str = "faturalanacaktutar ingresosporproductos totalhargaproduk tonggiabansanpham basepricetotal revenue netsales netrevenue nrevenue productsubtotal itemsubtotal salesamountactual untaxedtotal untaxedamount salesamount salesvalue salesrevenue linesubtotal lineitemtotal linetotal lineamount itemtotal extendedprice \
    orderedproductsales gmv skusubtotalafterdiscount totalprice totalsales totalamount totalrevenue netamount \
    turnover amount weeklysales umsatz nettoumsatz umsatznetto umsatzeur erlos erloes betrag gesamtpreis gesamtbetrag wert gesamtnetto nettowert nettobetrag nettosumme bruttowert bruttobetrag gesamt extprice extamount importe \
    importetotal ingresos ingreso facturacion valortotal valorvenda valor receita faturamento montant montanttotal montantht totalht chiffredaffaires ca \
    prixtotal importo ricavo ricavi fatturato incasso totale omzet bedrag totaalbedrag opbrengst subtotal total value money \
    netvalue productsales rownet linenet netwr rowtotal extendedamount itemrevenue totalpricetaxexcl totalpricetaxincl positionssumme \
    positionssummebrutto positionssummenetto wartosc wartoscnetto wartoscbrutto kwota przychod belopp omsattning radbelopp belob belop \
    omsaetning omsetning summe suma soma somme ialt celkem castka trzby cenacelkem summa yhteensa osszeg tutar toplam toplamtutar valoare grosssales grossrevenue grossamount bruttoumsatz \
    売上金額 売上高 販売金額 合計金額 金額 小計 销售额 销售金额 金额 金額合計 매출 매출액 금액 판매금액 сумма выручка αξια productamount satistutari thanhtien tongtien totalharga суммаотправления суммазаказа slutpris verkaufsbetragist ertek doanhthu مبلغ 결제액 결제금액 المبلغ الاجمالي المجموع סכום סהכ ราคาขายสุทธิ ยอดขาย ยอดรวม \
    extended extendedretail extretail";
const PRICE: &str = "lineitemprice hargasetelahdiskon unitprice priceperunit pricepereach priceeach dealprice price itemprice sellingprice sellprice saleprice salesprice wholesaleprice retailprice \
    ownprice avgprice averageprice averagesalesprice unitamount itemcost productprice orderlinesunitprice unitsellingprice einzelpreis stuckpreis \
    stueckpreis verkaufspreis vkpreis preis preciounitario precioventa preciodeventa precio precounitario precovenda preco valorunitario \
    prixunitaire prixdevente prix pu prezzounitario prezzodivendita prezzo stuksprijs eenheidsprijs verkoopprijs prijs soldfor \
    vknetto vkbrutto epnetto ep vk pretunitar rate unitpricetaxexcl unitpricetaxincl cena cenajednostkowa cenazasztuke cenanetto cenabrutto apris styckpris stykpris \
    enhetspris salgspris pris cenazakus jednotkovacena hinta yksikkohinta ahinta egysegar fiyat birimfiyat pret \
    単価 販売単価 価格 单价 价格 單價 단가 가격 цена τιμη birimfiyati satisfiyati giauudai dongia giaban hargasatuan harga вашацена preisjeartikel bruttopreisjeartikel nettopreisjeartikel preisjestuck السعر מחיר ราคาขาย \
    ціна valorunit punit precounit preciounit prixunit prezzounit gia unitretail ar retailunit";
const LOCATION: &str = "location locationid locationname storeid storecode storenumber storeno storenr storename store shopid shopname shop warehouse \
    warehouseid warehousename warehousecode branch branchid branchname site siteid outlet outletname facility facilitylocation plant depot dc \
    filiale filialnummer markt lager lagerort laden standort verkaufsstelle tienda idtienda almacen sucursal punto puntodeventa loja lojaid \
    filial armazem deposito unidade magasin entrepot boutique succursale pointdevente magazzino negozio puntovendita deposito sede winkel magazijn \
    filiaal vestiging werks defaultlocation fulfillmentlocation locationcode posname amazonstore shopnr \
    sklep magazyn butik butikk prodejna sklad myymala \
    店舗 店舗名 店舗コード 店名 门店 店铺 門市 매장 매장명 지점 магазин склад";
const IN_STOCK: &str = "instock onstock isinstock isavailable availability available verfugbar disponible disponivel disponibile beschikbaar instockflag \
    instockrate stockavailability";
const STOCK_LEVEL: &str = "stocklevel stockonhand onhand quantityonhand qtyonhand qoh soh inventorylevel inventory closingstock endingstock \
    endinginventory endinginventoryunits endingunits stockqty stockquantity stockunits currentstock availablestock availableinventory availableunits \
    availablequantity totalinventory stock bestand lagerbestand endbestand existencias inventario stockfinal estoque estoquefinal saldo quantiteenstock \
    stockdisponible giacenza scorta scorte voorraad voorraadstand eindvoorraad afnfulfillablequantity availableinawdunits dtctotalquantity \
    stanmagazynowy lagersaldo lagerbeholdning varastosaldo \
    stan stanmagazynu zasoba zasoby stavzasob stavskladu naskladu skladem keszlet raktarkeszlet stoc stocuri stok stokmiktari stokadedi остаток остатки залишок залишки наличие αποθεμα αποθεματα 在庫 在庫数 在庫数量 库存 库存量 庫存 재고 재고수량 재고량 tonkho soluongton المخزون מלאי สตอก stockfin stockfinjournee lagermenge lagerbestandende bestandende eindbestand stockalcierre rimanenza rimanenze onhandqty quantityinstock instockqty qtyinstock stocklevels invlevel inventoryonhand";
const PROMO: &str = "onpromotion onpromo ispromo ispromotion promo promotion promotionflag promoflag deal discounted aktion werbung rabattaktion promocao \
    emoferta oferta promocion enpromocion promozione actie promotie feat feature featured";
const ORDER: &str = "amazonorderid orderid vbeln orderno ordernr ordernumber orderref orderreference ordername order invoiceno invoicenr invoicenumber invoiceid \
    invoice receiptid receiptno receiptnumber receipt transactionid transactionnumber transactionno ticket ticketnumber ticketno basketid basket \
    salesorder so sonumber salesrecordnumber documentno documentnumber docno billno billnumber billdoc billdocument billingdocument billingdoc num belegnummer belegnr beleg faktura rechnungsnummer \
    rechnungsnr bestellnummer bestellnr auftragsnummer pedido numeropedido numerodepedido npedido idpedido numerodopedido factura numerofactura notafiscal \
    nfe commande numerocommande numerodecommande facture numerofacture bon ordine numeroordine fattura numerofattura scontrino bestelling \
    bestelnummer ordernummer factuurnummer bonnummer \
    idorder incrementid numerzamowienia nrzamowienia zamowienie idzamowienia numerfaktury nrfaktury paragon ordrenummer ordrenr ordre \
    bestillingsnummer fakturanummer fakturanr cisloobjednavky objednavka cislofaktury tilausnumero tilausnro rendelesszam rendelesazonosito \
    siparisno siparisnumarasi comanda nrcomanda deventa numerodeorden numeroorden nroorden idcommande dokumentnummer dokumentnr \
    注文番号 伝票番号 订单号 订单编号 訂單編號 주문번호 номерзаказа madonhang رقمالطلب หมายเลขคำสังซือ nomorpesanan nopesanan nomorinvoice";
const STATUS: &str = "orderstatus status itemstatus financialstatus eventtype receipttype transactiontype invoicestatus salestatus salesstatus linestatus \
    orderstate bestellstatus auftragsstatus estado estadopedido situacao statuspedido statut statutcommande stato statoordine besteldstatus type \
    documenttype doctype tipo art orderlinestatus voidstatus fulfillmentstatus dokumenttyp statemachinestate estadodelaorden estadodelpago \
    ordertype recordtype belegart vorgangsart dokumentart auftragsart fakturaart etat currentstate statuszamowienia stavobjednavky tilauksentila \
    siparisdurumu linetype postenart stare starecomanda soort documentsoort soortdocument typdokumentu \
    ステータス 注文ステータス 状態 订单状态 状态 訂單狀態 상태 주문상태 статус trangthaidonhang trangthai statuspesanan siparisstatusu durum state typ stav allapot rendelesallapota positionsstatus artikelstatus κατασταση состояние типдокумента الحالة סטטוס สถานะการสังซือ สถานะ";
const CANCELLED_AT: &str =
    "cancelledat canceledat cancellationdate cancelleddate canceleddate datecancelled stornodatum abgru reasonforrejection absagegrund";
const DESTINATION: &str = "country shippingcountry shipcountry shiptocountry destination shippingregion shipstate shiptostate deliverycountry lieferland \
    land pais paisdestino pays paese region bundesland provincia estadoentrega shippingprovince state stateid market";
const UNIQUE_ID: &str = "uniqueid seriesid tsid seriesname timeseriesid";

/// Groups of items, taken as the item where a file has nothing finer.
pub(super) const GROUPS: &str = "dept department deptid departmentid abteilung family productfamily familia famille famiglia productgroup warengruppe \
    category categoryname categoria categorie kategorie class subclass brand brandid marke marca marque merk producttype product_type cat dpt";

/// Step numbers instead of dates.
pub(super) const STEPS: &str = "ds t step timestep timeidx timeindex index day week month period d";

/// Roles looked for by name, in order: an earlier role takes a name both claim, unless it has found a better one.
const DICTIONARY: [(Role, &str); 21] = [
    (Role::UniqueId, UNIQUE_ID),
    (Role::Date, DATE),
    (Role::Item, ITEM),
    (Role::Quantity, QUANTITY),
    (Role::Returned, RETURNED),
    (Role::NetQuantity, NET_QUANTITY),
    (Role::Discount, DISCOUNT),
    (Role::Refunded, REFUNDED),
    (Role::Until, UNTIL),
    (Role::Price, PRICE),
    (Role::Revenue, REVENUE),
    (Role::Location, LOCATION),
    (Role::StockLevel, STOCK_LEVEL),
    (Role::InStock, IN_STOCK),
    (Role::Promo, PROMO),
    (Role::Order, ORDER),
    (Role::CancelledAt, CANCELLED_AT),
    (Role::Status, STATUS),
    (Role::Description, DESCRIPTION),
    (Role::Destination, DESTINATION),
    (Role::Time, TIME),
];

/// Every role a name may stand for, with its rank in that role's list (0 is best); one that is in no list has 1000 and more.
pub(super) fn roles_of(name: &str) -> Vec<(Role, usize)> {
    let found = listed(&compact(name));
    let found = if found.is_empty() { of_path(name) } else { found };
    if found.is_empty() { super::composed::roles(name) } else { found }
}

/// `lineItems.payload.productNumber`, `stateMachineState.technicalName`: the path of a field in the shop's own data, named by its end.
fn of_path(name: &str) -> Vec<(Role, usize)> {
    let parts: Vec<&str> = name.split('.').map(str::trim).collect();
    // sentences and abbreviations have dots too
    let path = parts.len() >= 2 && parts.iter().all(|p| p.len() > 2 && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let mut ends = parts.iter().rev().skip_while(|p| ["technicalName", "name", "value", "translated"].contains(p));
    match ends.next() {
        Some(end) if path && compact(end) == "label" => vec![(Role::Description, 1400)],
        Some(end) if path => listed(&compact(end)).into_iter().map(|(role, rank)| (role, 1400 + rank)).collect(),
        _ => Vec::new(),
    }
}

/// The roles in whose lists a compacted name is.
pub(super) fn listed(key: &str) -> Vec<(Role, usize)> {
    if key.is_empty() {
        return Vec::new();
    }
    DICTIONARY.iter().filter_map(|(role, list)| Some((*role, list.split_whitespace().position(|w| w == key)?))).collect()
}

/// The name says that it is the date.
pub(super) fn is_date(name: &str) -> bool {
    roles_of(name).iter().any(|r| r.0 == Role::Date)
}

/// A date that is not the sale's: due, next, expected, of birth.
pub(super) fn is_to_come(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "next",
        "due",
        "deadline",
        "expected",
        "estimated",
        "required",
        "promised",
        "expiry",
        "expires",
        "expiration",
        "birth",
        "birthday",
        "renewal",
        "until",
        "faellig",
        "fallig",
    ];
    words(name).iter().any(|w| WORDS.contains(&w.as_str()))
}

/// The name may mean units or money.
pub(super) fn is_sales(name: &str) -> bool {
    in_list(name, SALES)
}

/// What such a column counts was not sold: plans, hours, visits, what was thrown away, counted on the shelf or bought.
pub(super) fn counts_no_sales(name: &str) -> bool {
    const WORDS: &str = "forecast forecasted predicted prediction projected plan planned budget target expected theoretical hours hour minutes shift shifts \
        wasted waste expired damaged spoiled spoilage scrapped scrap shrink shrinkage lost counted variance difference system sessions session visits \
        visitors views pageviews users clicks impressions footfall temperature temp humidity rainfall prognose plan soll stunden besucher abfall \
        schwund verderb gezahlt differenz previsto prevista presupuesto horas merma visitas prevu prevision heures visites casse ore visite scarto \
        uren bezoekers derving verspild purchased received bought restocked replenished";
    let words = words(name);
    let against = ["sold", "sales", "ordered", "verkauft", "items", "units"];
    words.iter().any(|w| WORDS.split_whitespace().any(|x| x == w)) && !words.iter().any(|w| against.contains(&w.as_str()))
}

/// Whether a compacted name is in a blank-separated list.
pub(super) fn in_list(name: &str, list: &str) -> bool {
    let key = compact(name);
    list.split_whitespace().any(|w| w == key)
}

/// A header cell whose meaning is known.
pub(super) fn is_known(name: &str) -> bool {
    !roles_of(name).is_empty() || is_sales(name) || in_list(name, GROUPS)
}

/// A column that may hold data about people: never shown, stored or logged.
pub(super) fn is_personal(name: &str) -> bool {
    const WORDS: [&str; 95] = [
        "email",
        "mail",
        "phone",
        "telephone",
        "telefon",
        "telefono",
        "telefone",
        "telefoon",
        "tel",
        "mobile",
        "handy",
        "fax",
        "address",
        "address1",
        "address2",
        "adresse",
        "direccion",
        "endereco",
        "indirizzo",
        "adres",
        "street",
        "strasse",
        "calle",
        "rua",
        "rue",
        "zip",
        "zipcode",
        "postcode",
        "postal",
        "plz",
        "cep",
        "customer",
        "client",
        "cliente",
        "cust",
        "clerk",
        "cshr",
        "operator",
        "salesperson",
        "kassierer",
        "bediener",
        "kunde",
        "kunden",
        "klant",
        "buyer",
        "recipient",
        "contact",
        "kontakt",
        "firstname",
        "lastname",
        "surname",
        "vorname",
        "nachname",
        "cognome",
        "apellido",
        "sobrenome",
        "prenom",
        "staff",
        "employee",
        "cashier",
        "mitarbeiter",
        "seller",
        "user",
        "username",
        "card",
        "pan",
        "iban",
        "passport",
        "patient",
        "comprador",
        "acheteur",
        "acquirente",
        "empfanger",
        "empfaenger",
        "destinatario",
        "destinataire",
        "retailer",
        "klient",
        "kupujacy",
        "nabywca",
        "odbiorca",
        "imie",
        "nazwisko",
        "ulica",
        "ulice",
        "zakaznik",
        "jmeno",
        "prijmeni",
        "kund",
        "fornavn",
        "efternavn",
        "etunimi",
        "sukunimi",
        "asiakas",
        "musteri",
    ];
    let words = words(name);
    let has = |set: &[&str]| words.iter().any(|w| set.contains(&w.as_str()));
    if has(&["sku", "country", "quantity", "qty", "date", "currency"]) {
        return false;
    }
    // names in Chinese, Japanese and Korean are not parted into words
    const EASTERN: [&str; 24] = [
        "买家",
        "買家",
        "收货",
        "收貨",
        "地址",
        "电话",
        "電話",
        "手机",
        "手機",
        "姓名",
        "氏名",
        "住所",
        "郵便",
        "邮编",
        "구매자",
        "수취인",
        "주소",
        "전화",
        "会员",
        "會員",
        "客户",
        "顧客",
        "お客様",
        "고객",
    ];
    EASTERN.iter().any(|w| name.contains(w))
        || has(&WORDS)
        || has(&["note", "notes", "comment", "comments", "message", "remark", "details", "bemerkung"])
        || (has(&["billing", "shipping", "ship", "first", "last", "full"]) && has(&["name", "company", "city", "street"]))
        || (has(&["tax", "vat"]) && has(&["id", "identifier", "number"]))
        || (has(&["payment", "tracking", "paypal"]) && has(&["id", "reference", "number"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_what_they_say() {
        let first = |name: &str| roles_of(name).first().map(|r| r.0);
        for (name, role) in [
            ("InvoiceDate", Role::Date),
            ("Menge", Role::Quantity),
            ("Artikel", Role::Item),
            ("preço", Role::Price),
            ("estoque", Role::StockLevel),
            ("fecha", Role::Date),
            ("Quantité vendue", Role::Quantity),
            ("Lineitem sku", Role::Item),
            ("amazon-order-id", Role::Order),
            ("Order Lines/Quantity", Role::Quantity),
            ("Datum der Bestellung", Role::Date),
            ("unique_id", Role::UniqueId),
            ("Voorraad", Role::StockLevel),
        ] {
            assert_eq!(first(name), Some(role), "{name}");
        }
        assert_eq!(first("Net sales (previous_year)"), None);
        assert!(is_sales("Weekly_Sales") && is_sales("venda"));
        assert!(is_personal("Billing Name") && is_personal("CustomerID") && is_personal("Ship Zipcode") && is_personal("Buyer"));
        assert!(!is_personal("Lineitem name") && !is_personal("ship-country") && !is_personal("Store") && !is_personal("Merchant SKU"));
        assert_eq!(words("ProductDescription_2 (net)"), ["product", "description", "2", "net"]);
    }
}
