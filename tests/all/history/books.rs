//! Files of accounts and back offices, settlements and ledgers, and sheets by hand: other ways of writing the same sales. As in
//! [`super::strangers`], each was once read wrongly or refused.

use super::strangers::reads;

/// Accounts and back offices, settlements and ledgers, which list much beside the sales.
#[test]
fn books() {
    reads(
        "qbd item detail",
        "\u{FEFF},,,,Type,Date,Num,Memo,Name,Qty,U/M,Sales Price,Amount,Balance\n\
             Inventory,,,,,,,,,,,,,\n\
             ,Mug (Red mug),,,,,,,,,,,,\n\
             ,,,,Invoice,01/13/2026,1001,Red mug,Ann,2,,10.00,20.00,20.00\n\
             ,,,,Credit Memo,01/14/2026,1002,Red mug,Ann,-1,,10.00,-10.00,10.00\n\
             ,Total Mug (Red mug),,,,,,,,1,,,10.00,10.00\n\
             ,Cap (Cap),,,,,,,,,,,,\n\
             ,,,,Sales Receipt,01/15/2026,1003,Cap,Bob,3,,10.00,30.00,30.00\n\
             ,Total Cap (Cap),,,,,,,,3,,,30.00,30.00\n\
             Total Inventory,,,,,,,,,4,,,40.00,40.00\n\
             TOTAL,,,,,,,,,4,,,40.00,40.00\n",
        &[("Cap (Cap)", 3.0), ("Mug (Red mug)", 2.0)],
        1.0,
        Some(40.0),
    );
    reads(
        "sage50",
        "Invoice No,Invoice Type,Date,Account Ref,Product Code,Description,Qty Order,Unit Price,Discount Amount,Net Amount,Tax Amount,Gross Amount\n\
             1,Product Invoice,13/01/2026,ANN01,M-1,Mug,2.00,10.00,0.00,20.00,4.00,24.00\n\
             2,Product Credit,14/01/2026,ANN01,M-1,Mug,1.00,10.00,0.00,10.00,2.00,12.00\n\
             3,Product Invoice,15/01/2026,BOB01,C-1,Cap,4.00,10.00,5.00,35.00,7.00,42.00\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        1.0,
        Some(45.0),
    );
    reads(
        "odoo sale report",
        "Order #,Order Date,Product Variant,Customer,Qty Ordered,Qty Delivered,Qty Invoiced,Untaxed Total,Total,Status\n\
             S00001,2026-01-13 10:00:00,[M-1] Mug (Red),Ann,2.00,2.00,2.00,20.00,24.00,Sales Order\n\
             S00002,2026-01-14 10:00:00,[C-1] Cap,Bob,3.00,0,0,30.00,36.00,Quotation\n\
             S00003,2026-01-15 10:00:00,[C-1] Cap,Bob,1.00,0,0,10.00,12.00,Sales Order\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "netsuite pos",
        "Internal ID,Type,Date,Document Number,Name,Item,Quantity,Amount,Status\n\
             1,Invoice,1/13/2026,INV1,Ann,M-1,2,20.00,Invoice : Paid In Full\n\
             2,Invoice,1/14/2026,INV2,Bob,C-1,3,30.00,Invoice : Voided\n\
             3,Credit Memo,1/16/2026,CM1,Bob,M-1,-1,-10.00,Credit Memo : Fully Applied\n",
        &[("M-1", 2.0)],
        1.0,
        Some(10.0),
    );
    reads(
        "brightpearl",
        "Order ID,Channel,Order status,Placed on,Customer,SKU,Product name,Quantity,Net,Tax,Gross\n\
             1,Web,Complete,13/01/2026,Ann,M-1,Mug,2,20.00,4.00,24.00\n\
             2,Web,Cancelled,14/01/2026,Bob,C-1,Cap,1,10.00,2.00,12.00\n\
             3,Web,Draft / Quote,14/01/2026,Bob,C-1,Cap,1,10.00,2.00,12.00\n\
             4,Web,Complete,15/01/2026,Bob,C-1,Cap,3,30.00,6.00,36.00\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "bc item ledger",
        "Entry No.,Posting Date,Entry Type,Document Type,Document No.,Item No.,Description,Location Code,Quantity,Sales Amount (Actual),Cost Amount (Actual)\n\
             1,13/01/2026,Sale,Sales Shipment,S1,M-1,Mug,MAIN,-2,20.00,-8.00\n\
             2,14/01/2026,Purchase,Purchase Receipt,P1,M-1,Mug,MAIN,50,0.00,200.00\n\
             3,15/01/2026,Sale,Sales Return Receipt,R1,M-1,Mug,MAIN,1,-10.00,4.00\n\
             4,15/01/2026,Negative Adjmt.,,A1,M-1,Mug,MAIN,-3,0.00,-12.00\n\
             5,16/01/2026,Sale,Sales Shipment,S2,C-1,Cap,MAIN,-4,40.00,-16.00\n\
             6,17/01/2026,Sale,Sales Shipment,S3,C-1,Cap,MAIN,-4,40.00,-16.00\n\
             7,17/01/2026,Sale,Sales Shipment,S4,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             8,17/01/2026,Sale,Sales Shipment,S5,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             9,17/01/2026,Sale,Sales Shipment,S6,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             10,17/01/2026,Sale,Sales Shipment,S7,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             11,17/01/2026,Sale,Sales Shipment,S8,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             12,17/01/2026,Sale,Sales Shipment,S9,C-1,Cap,MAIN,-1,10.00,-4.00\n\
             13,17/01/2026,Sale,Sales Shipment,S10,C-1,Cap,MAIN,-1,10.00,-4.00\n",
        &[("C-1", 15.0), ("M-1", 2.0)],
        1.0,
        Some(160.0),
    );
    reads(
        "fba shipment sales",
        "\"Customer Shipment Date\",\"Merchant SKU\",\"FNSKU\",\"ASIN\",\"FC\",\"Quantity\",\"Amazon Order ID\",\"Currency\",\"Product Amount\",\"Shipping Amount\",\"Gift Amount\",\"Shipment To City\",\"Shipment To State\",\"Shipment To Postal Code\"\n\
             \"2026-01-13T10:00:00-08:00\",\"M-1\",\"X1\",\"B1\",\"PHX7\",\"2\",\"111-1\",\"USD\",\"20.00\",\"4.00\",\"0.00\",\"Seattle\",\"WA\",\"98101\"\n\
             \"2026-01-14T10:00:00-08:00\",\"C-1\",\"X2\",\"B2\",\"PHX7\",\"3\",\"111-2\",\"USD\",\"30.00\",\"0.00\",\"0.00\",\"Seattle\",\"WA\",\"98101\"\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "amazon settlement",
        "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id\n\
             123\t2026-01-01 00:00:00 UTC\t2026-01-15 00:00:00 UTC\t2026-01-17 00:00:00 UTC\t57.50\tUSD\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n\
             123\t\t\t\t\t\tOrder\t111-1\t\t\tS1\tAmazon.com\tItemPrice\tPrincipal\t20.00\tAFN\t2026-01-13\t2026-01-13 10:00:00 UTC\t9001\t\t\tM-1\t2\t\n\
             123\t\t\t\t\t\tOrder\t111-1\t\t\tS1\tAmazon.com\tItemPrice\tTax\t1.60\tAFN\t2026-01-13\t2026-01-13 10:00:00 UTC\t9001\t\t\tM-1\t2\t\n\
             123\t\t\t\t\t\tOrder\t111-1\t\t\tS1\tAmazon.com\tItemFees\tCommission\t-3.00\tAFN\t2026-01-13\t2026-01-13 10:00:00 UTC\t9001\t\t\tM-1\t2\t\n\
             123\t\t\t\t\t\tOrder\t111-1\t\t\tS1\tAmazon.com\tItemFees\tFBAPerUnitFulfillmentFee\t-6.00\tAFN\t2026-01-13\t2026-01-13 10:00:00 UTC\t9001\t\t\tM-1\t2\t\n\
             123\t\t\t\t\t\tOrder\t111-2\t\t\tS1\tAmazon.com\tItemPrice\tPrincipal\t30.00\tAFN\t2026-01-14\t2026-01-14 10:00:00 UTC\t9002\t\t\tC-1\t3\t\n\
             123\t\t\t\t\t\tOrder\t111-2\t\t\tS1\tAmazon.com\tItemPrice\tShipping\t4.00\tAFN\t2026-01-14\t2026-01-14 10:00:00 UTC\t9002\t\t\tC-1\t3\t\n\
             123\t\t\t\t\t\tRefund\t111-1\t\t\tS1\tAmazon.com\tItemPrice\tPrincipal\t-10.00\tAFN\t2026-01-15\t2026-01-15 10:00:00 UTC\t9001\t\t\tM-1\t\t\n\
             123\t\t\t\t\t\tRefund\t111-1\t\t\tS1\tAmazon.com\tItemFees\tRefundCommission\t-0.60\tAFN\t2026-01-15\t2026-01-15 10:00:00 UTC\t9001\t\t\tM-1\t\t\n\
             123\t\t\t\t\t\tother-transaction\t\t\t\t\t\tother-transaction\tSubscription Fee\t-39.99\t\t2026-01-15\t2026-01-15 10:00:00 UTC\t\t\t\t\t\t\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        None,
    );
    reads(
        "amazon ledger detail",
        "\"Date\"\t\"FNSKU\"\t\"ASIN\"\t\"MSKU\"\t\"Title\"\t\"Event Type\"\t\"Reference ID\"\t\"Quantity\"\t\"Fulfillment Center\"\t\"Disposition\"\t\"Reason\"\t\"Country\"\t\"Reconciled Quantity\"\t\"Unreconciled Quantity\"\t\"Date and Time\"\n\
             \"01/13/2026\"\t\"X1\"\t\"B1\"\t\"M-1\"\t\"Mug\"\t\"Shipments\"\t\"\"\t\"-2\"\t\"PHX7\"\t\"SELLABLE\"\t\"\"\t\"US\"\t\"\"\t\"\"\t\"2026-01-13T00:00:00-0800\"\n\
             \"01/14/2026\"\t\"X1\"\t\"B1\"\t\"M-1\"\t\"Mug\"\t\"Receipts\"\t\"FBA1\"\t\"50\"\t\"PHX7\"\t\"SELLABLE\"\t\"\"\t\"US\"\t\"\"\t\"\"\t\"2026-01-14T00:00:00-0800\"\n\
             \"01/15/2026\"\t\"X1\"\t\"B1\"\t\"M-1\"\t\"Mug\"\t\"CustomerReturns\"\t\"\"\t\"1\"\t\"PHX7\"\t\"SELLABLE\"\t\"\"\t\"US\"\t\"\"\t\"\"\t\"2026-01-15T00:00:00-0800\"\n\
             \"01/15/2026\"\t\"X1\"\t\"B1\"\t\"M-1\"\t\"Mug\"\t\"Shipments\"\t\"\"\t\"-3\"\t\"PHX7\"\t\"SELLABLE\"\t\"\"\t\"US\"\t\"\"\t\"\"\t\"2026-01-15T00:00:00-0800\"\n",
        &[("M-1", 5.0)],
        1.0,
        None,
    );
}

/// Other ways of writing the same.
#[test]
fn ways_of_writing() {
    reads(
        "sap pipe",
        "-----------------------------------------------\n\
             |Billing Date|Bill.Doc. |Material|Billed Quantity|SU|Net value |Curr.|\n\
             -----------------------------------------------\n\
             |13.01.2026  |90001     |M-1     |        2      |ST|  20,00   |EUR  |\n\
             |14.01.2026  |90002     |M-1     |        1-     |ST|  10,00-  |EUR  |\n\
             |15.01.2026  |90003     |C-1     |    1.000      |ST|10.000,00 |EUR  |\n\
             -----------------------------------------------\n",
        &[("C-1", 1000.0), ("M-1", 2.0)],
        1.0,
        Some(10010.0),
    );
    reads(
        "datev de",
        "Datum;Belegnr.;Artikel-Nr.;Artikelbezeichnung;Menge;EP netto;Gesamt netto;Kunde\n\
             13.01.26;1;4711;Becher, rot;2 Stk.;10,50 €;21,00 €;Meier\n\
             14.01.26;2;4711;Becher, rot;-1 Stk.;10,50 €;-10,50 €;Meier\n\
             15.01.26;3;4712;Hut;1.200 Stk.;1,00 €;1.200,00 €;Meier\n\
             ;;;;;Summe;1.210,50 €;\n",
        &[("4711", 2.0), ("4712", 1200.0)],
        1.0,
        Some(1210.5),
    );
    reads(
        "french nnbsp",
        "Date;N° facture;Code article;Désignation;Qté;PU HT;Montant HT\n\
             13/01/2026;F1;M-1;Tasse;1\u{202F}200;1,50;1\u{202F}800,00\u{A0}€\n\
             14/01/2026;F2;C-1;Chapeau;3;10,00;30,00\u{A0}€\n\
             15/01/2026;A3;C-1;Chapeau;-1;10,00;-10,00\u{A0}€\n",
        &[("C-1", 3.0), ("M-1", 1200.0)],
        1.0,
        Some(1820.0),
    );
    reads(
        "taobao cn utf",
        "订单编号,宝贝标题,商家编码,购买数量,价格,订单状态,订单创建时间,买家会员名\n\
             1,杯子,M-1,2,10.00,交易成功,2026-01-13 10:00:00,x\n\
             2,帽子,C-1,1,10.00,交易关闭,2026-01-14 10:00:00,x\n\
             3,帽子,C-1,5,10.00,交易成功,2026-01-15 10:00:00,x\n",
        &[("C-1", 5.0), ("M-1", 2.0)],
        0.0,
        Some(70.0),
    );
    reads(
        "india tally",
        "Date,Voucher No.,Voucher Type,Particulars,Item Name,Quantity,Rate,Value\n\
             13-Jan-26,1,Sales,Ann,Mug,\"1,200 Nos\",100.00/Nos,\"1,20,000.00\"\n\
             14-Jan-26,2,Credit Note,Ann,Mug,10 Nos,100.00/Nos,\"1,000.00\"\n\
             15-Jan-26,3,Sales,Bob,Cap,5 Nos,100.00/Nos,500.00\n",
        &[("Cap", 5.0), ("Mug", 1200.0)],
        10.0,
        None,
    );
    reads(
        "pivot subtotals itemcol",
        "Product,Jan-25,Feb-25,Mar-25,Grand Total\n\
             Home,5,7,9,21\n\
             \x20  Mug,1,2,3,6\n\
             \x20  Cup,4,5,6,15\n\
             Hats,7,8,9,24\n\
             \x20  Cap,7,8,9,24\n\
             Grand Total,12,15,18,45\n",
        &[("Cap", 24.0), ("Cup", 15.0), ("Mug", 6.0)],
        0.0,
        None,
    );
    reads(
        "excel serial",
        "Order,Date,SKU,Qty\n\
             1,46035.4375,M-1,2\n\
             2,46036.5,M-1,1\n",
        &[("M-1", 3.0)],
        0.0,
        None,
    );
    reads(
        "epoch s",
        "order_id,created,sku,quantity\n\
             1,1768298400,M-1,2\n\
             2,1768384800,M-1,1\n",
        &[("M-1", 3.0)],
        0.0,
        None,
    );
    reads(
        "qty units",
        "Date,Order,SKU,Qty,Amount\n\
             2026-01-13,1,M-1,3 pcs,30.00\n\
             2026-01-14,2,M-1,1 pc,10.00\n\
             2026-01-14,2,C-1,x2,10.00\n",
        &[("C-1", 2.0), ("M-1", 4.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "bundles components",
        "Order ID,Date,Line Type,Parent SKU,SKU,Product,Quantity,Price\n\
             1,2026-01-13,Bundle,,SET,Gift set,2,30.00\n\
             1,2026-01-13,Component,SET,M-1,Mug,2,0.00\n\
             1,2026-01-13,Component,SET,C-1,Cap,2,0.00\n\
             2,2026-01-14,Product,,M-1,Mug,1,10.00\n",
        &[("M-1", 1.0), ("SET", 2.0)],
        0.0,
        Some(70.0),
    );
    reads(
        "measures rows",
        "SKU,Measure,Jan 2025,Feb 2025,Mar 2025\n\
             M-1,Units,1,2,3\n\
             M-1,Revenue,10,20,30\n\
             C-1,Units,4,5,6\n\
             C-1,Revenue,40,50,60\n",
        &[("C-1", 15.0), ("M-1", 6.0)],
        0.0,
        None,
    );
    reads(
        "wide header2rows",
        ",Jan 2025,,Feb 2025,,Mar 2025,\n\
             SKU,Qty,Value,Qty,Value,Qty,Value\n\
             M-1,1,10,2,20,3,30\n\
             C-1,4,40,5,50,6,60\n",
        &[("C-1", 15.0), ("M-1", 6.0)],
        0.0,
        None,
    );
    reads(
        "loc multi",
        "Date,Store,SKU,Qty,Sales\n\
             2026-01-13,North,M-1,2,20\n\
             2026-01-13,South,M-1,3,30\n\
             2026-01-14,North,M-1,1,10\n\
             2026-01-14,South,M-1,0,0\n",
        &[("M-1@North", 3.0), ("M-1@South", 3.0)],
        0.0,
        Some(60.0),
    );
    reads(
        "quoted all lines",
        "\"Order,Date,SKU,Qty\"\n\
             \"1,2026-01-13,M-1,2\"\n\
             \"2,2026-01-14,M-1,1\"\n",
        &[("M-1", 3.0)],
        0.0,
        None,
    );
    reads(
        "fullwidth",
        "日付,注文番号,商品コード,数量\n\
             2026/01/13,1,M-1,２\n\
             2026/01/14,2,M-1,３\n",
        &[("M-1", 5.0)],
        0.0,
        None,
    );
    reads(
        "mercadolibre",
        "Ventas,,,,,,,,\n\
             Reporte de ventas del 13/01/2026,,,,,,,,\n\
             # de venta,Fecha de venta,Estado,Unidades,Ingresos por productos (ARS),Cargo por venta,SKU,Título de la publicación,Comprador\n\
             2000001,13 de enero de 2026 10:05 hs.,Entregado,2,\"2.000,50\",\"-200,00\",M-1,Taza,Ana\n\
             2000002,14 de enero de 2026 11:05 hs.,Cancelada por el comprador,1,\"1.000,00\",0,C-1,Gorra,Luis\n\
             2000003,15 de enero de 2026 11:05 hs.,Entregado,3,\"3.000,00\",0,C-1,Gorra,Luis\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(5000.5),
    );
    reads(
        "zettle",
        "iZettle Ltd\n\
             Sales by product,,,\n\
             Period,2026-01-01 - 2026-01-31,,\n\
             \n\
             Name,Variant,SKU,Quantity sold,Sales (incl. VAT),Sales (excl. VAT)\n\
             Mug,Red,M-R,12,144.00,120.00\n\
             Cap,,C-1,3,36.00,30.00\n\
             Total,,,15,180.00,150.00\n",
        &[("C-1", 3.0), ("M-R", 12.0)],
        0.0,
        None,
    );
    reads(
        "qb summary",
        "Sales by Product/Service Summary,,,,,\n\
             Mug Shop,,,,,\n\
             January 2026,,,,,\n\
             ,,,,,\n\
             ,Total,,,,\n\
             ,Quantity,Amount,% of Sales,Avg Price,COGS\n\
             Mug,12.00,120.00,80.00 %,10.00,\n\
             Cap,3.00,30.00,20.00 %,10.00,\n\
             TOTAL,,$150.00,100.00 %,,\n\
             ,,,,,\n\
             \"Tuesday, February 3, 2026 10:00 AM GMT-8 - Accrual Basis\",,,,,\n",
        &[("Cap", 3.0), ("Mug", 12.0)],
        0.0,
        Some(150.0),
    );
    reads(
        "xero sales by item",
        "Sales By Item\n\
             Mug Shop\n\
             For the month ended 31 January 2026\n\
             \n\
             Item,Current Unit Price,Quantity Sold,Total Sales,Average Price\n\
             M-1 - Mug,10.00,12.00,120.00,10.00\n\
             C-1 - Cap,10.00,3.00,30.00,10.00\n\
             \n\
             Total,,15.00,150.00,\n",
        &[("C-1 - Cap", 3.0), ("M-1 - Mug", 12.0)],
        0.0,
        Some(150.0),
    );
    reads(
        "es factura",
        "Fecha;Nº factura;Código;Descripción;Uds.;Precio;% Dto.;Importe\n\
             13/01/2026;F1;M-1;Taza;2;10,00;10;18,00\n\
             14/01/2026;F2;C-1;Gorra;3;1.010,00;0;3.030,00\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(3048.0),
    );
    reads(
        "trendyol",
        "Sipariş Numarası;Sipariş Tarihi;Barkod;Ürün Adı;Stok Kodu;Adet;Birim Fiyatı;Satış Tutarı;Sipariş Statüsü\n\
             1;13.01.2026 10:00;869;Kupa;M-1;2;10,50;21,00;Teslim Edildi\n\
             2;14.01.2026 10:00;868;Şapka;C-1;1;10,00;10,00;İptal Edildi\n\
             3;15.01.2026 10:00;868;Şapka;C-1;3;10,00;30,00;Kargoya Verildi\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(51.0),
    );
    reads(
        "ozon",
        "Номер заказа;Номер отправления;Принят в обработку;Дата отгрузки;Статус;Наименование товара;Артикул;Ваша цена;Количество;Сумма отправления\n\
             1;1-1;2026-01-13 10:00:00;2026-01-14 10:00:00;Доставлен;Чашка;M-1;100,00;2;200,00\n\
             2;2-1;2026-01-14 10:00:00;2026-01-15 10:00:00;Отменён;Шапка;C-1;100,00;1;100,00\n\
             3;3-1;2026-01-15 10:00:00;2026-01-16 10:00:00;Доставляется;Шапка;C-1;100,00;3;300,00\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(500.0),
    );
    reads(
        "vn shopee",
        "Mã đơn hàng,Ngày đặt hàng,Trạng Thái Đơn Hàng,SKU phân loại hàng,Tên sản phẩm,Số lượng,Giá ưu đãi\n\
             A1,2026-01-13 10:00,Hoàn thành,M-1,Cốc,2,10000\n\
             A2,2026-01-14 10:00,Đã hủy,C-1,Mũ,1,10000\n\
             A3,2026-01-15 10:00,Đang giao,C-1,Mũ,3,10000\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(50000.0),
    );
    reads(
        "id tokopedia",
        "Nomor Pesanan;Tanggal Pesanan;Status;Nama Produk;SKU;Jumlah;Harga Satuan (IDR)\n\
             A1;13/01/2026 10:00;Selesai;Cangkir;M-1;2;10.000\n\
             A2;14/01/2026 10:00;Dibatalkan;Topi;C-1;1;10.000\n\
             A3;15/01/2026 10:00;Dikirim;Topi;C-1;3;10.000\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(50000.0),
    );
    reads(
        "loyverse es",
        "Fecha;Número de recibo;Tipo de recibo;Categoría;REF;Artículo;Variante;Cantidad;Ventas brutas;Descuentos;Ventas netas;Estado\n\
             13/01/26 10:05;1-1001;Venta;Casa;10001;Taza;;2;20,00;2,00;18,00;Cerrado\n\
             14/01/26 10:05;1-1002;Reembolso;Casa;10001;Taza;;1;10,00;1,00;9,00;Cerrado\n\
             15/01/26 10:05;1-1003;Venta;Casa;10002;Gorra;;3;30,00;0,00;30,00;Cerrado\n",
        &[("10001", 2.0), ("10002", 3.0)],
        1.0,
        Some(39.0),
    );
    reads(
        "square de",
        "Datum;Uhrzeit;Zeitzone;Kategorie;Artikel;Anzahl;Preispunktbezeichnung;SKU;Bruttoumsatz;Rabatte;Nettoumsatz;Steuer;Transaktions-ID;Ereignistyp;Standort\n\
             13.01.26;10:00:00;Berlin;Haus;Becher;2;Normal;M-1;20,00 €;-2,00 €;18,00 €;0,00 €;t1;Zahlung;Laden\n\
             14.01.26;10:00:00;Berlin;Haus;Becher;-1;Normal;M-1;-10,00 €;0,00 €;-10,00 €;0,00 €;t2;Rückerstattung;Laden\n",
        &[("M-1", 2.0)],
        1.0,
        Some(8.0),
    );
}

/// Shops, tills and books of ten countries: lines that are no products, documents that are no sales, columns that say so in their own words.
#[test]
fn other_countries() {
    reads(
        "shopware6",
        "orderNumber;orderDateTime;stateMachineState;paymentState;deliveryState;lineItemType;productNumber;label;quantity;unitPrice;totalPrice;taxRate\n\
             10001;2026-01-13T09:00:00.000+00:00;completed;paid;shipped;product;SW1;Tasse;2;10.00;20.00;19\n\
             10001;2026-01-13T09:00:00.000+00:00;completed;paid;shipped;promotion;;SAVE10;1;-2.00;-2.00;19\n\
             10002;2026-01-14T09:00:00.000+00:00;cancelled;open;open;product;SW1;Tasse;1;10.00;10.00;19\n\
             10003;2026-01-15T09:00:00.000+00:00;completed;refunded;returned;product;SW2;Kappe;1;15.00;15.00;19\n\
             10004;2026-01-16T09:00:00.000+00:00;open;open;open;product;SW2;Kappe;3;15.00;45.00;19\n",
        &[("SW1", 2.0), ("SW2", 4.0)],
        1.0,
        Some(65.0),
    );
    reads(
        "prestashop_fr",
        "\"ID commande\";\"Référence\";\"Date\";\"État\";\"Référence produit\";\"Produit\";\"Quantité\";\"Quantité remboursée\";\"Prix unitaire HT\";\"Total HT\";\"Total TTC\"\n\
             1;XKBKNABJK;\"2026-01-13 10:00:00\";\"Livré\";TA1;Tasse;3;1;10,00;30,00;36,00\n\
             2;OHSATSERP;\"2026-01-14 10:00:00\";\"Annulé\";TA1;Tasse;1;0;10,00;10,00;12,00\n\
             3;UOYEVOLI;\"2026-01-15 10:00:00\";\"Paiement accepté\";CA1;Casquette;2;0;15,00;30,00;36,00\n\
             4;FFATNOMM;\"2026-01-16 10:00:00\";\"Erreur de paiement\";CA1;Casquette;9;0;15,00;135,00;162,00\n",
        &[("CA1", 2.0), ("TA1", 3.0)],
        1.0,
        Some(50.0),
    );
    reads(
        "subiekt_pl",
        "Typ;Numer;Data wystawienia;Symbol;Nazwa;Ilość;J.m.;Cena netto;Wartość netto;Wartość VAT;Wartość brutto\n\
             FS;FS 1/2026;2026-01-13;KUB-1;Kubek;2,000;szt.;10,00;20,00;4,60;24,60\n\
             PRO;PRO 1/2026;2026-01-13;KUB-1;Kubek;5,000;szt.;10,00;50,00;11,50;61,50\n\
             PA;PA 1/2026;2026-01-14;CZA-1;Czapka;1,000;szt.;15,00;15,00;3,45;18,45\n\
             KFS;KFS 1/2026;2026-01-15;KUB-1;Kubek;-1,000;szt.;10,00;-10,00;-2,30;-12,30\n",
        &[("CZA-1", 1.0), ("KUB-1", 2.0)],
        1.0,
        Some(25.0),
    );
    reads(
        "xero2",
        "*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,Total,Type\n\
             Ann,INV-1,13 Jan 2026,27 Jan 2026,M-1,Mug,2,10.00,,200,20%,4.00,24.00,ACCREC\n\
             Bob,BILL-9,14 Jan 2026,28 Jan 2026,M-1,Mug,50,4.00,,300,20%,40.00,240.00,ACCPAY\n\
             Bob,CN-1,16 Jan 2026,16 Jan 2026,M-1,Mug,1,10.00,,200,20%,2.00,12.00,ACCRECCREDIT\n\
             Cat,INV-4,17 Jan 2026,29 Jan 2026,C-1,Cap,3,5.00,,200,20%,3.00,18.00,ACCREC\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        1.0,
        // units times their amount: the total has its tax in it
        Some(25.0),
    );
    reads(
        "fortnox_se",
        "Dokumenttyp;Dokumentnummer;Fakturadatum;Artikelnr;Benämning;Antal;Enhet;À-pris;Rabatt;Summa exkl moms;Makulerad\n\
             Faktura;1;2026-01-13;MUG;Mugg;2;st;100,00;0;200,00;Nej\n\
             Faktura;2;2026-01-14;MUG;Mugg;1;st;100,00;0;100,00;Ja\n\
             Kreditfaktura;3;2026-01-15;MUG;Mugg;-1;st;100,00;0;-100,00;Nej\n\
             Offert;4;2026-01-16;KEP;Keps;5;st;150,00;0;750,00;Nej\n\
             Faktura;5;2026-01-17;KEP;Keps;1;st;150,00;0;150,00;Nej\n",
        &[("KEP", 1.0), ("MUG", 2.0)],
        1.0,
        Some(250.0),
    );
    reads(
        "tiendanube",
        "\"Número de orden\";\"Fecha\";\"Estado de la orden\";\"Estado del pago\";\"Estado del envío\";\"Moneda\";\"Subtotal de productos\";\"Descuento\";\"Costo de envío\";\"Total\";\"Nombre del producto\";\"Precio del producto\";\"Cantidad del producto\";\"SKU\"\n\
             \"100\";\"13/01/2026\";\"Cerrada\";\"Recibido\";\"Enviado\";\"ARS\";\"35.00\";\"0.00\";\"9.00\";\"44.00\";\"Taza\";\"10.00\";\"2\";\"TAZ\"\n\
             \"100\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"Gorra\";\"15.00\";\"1\";\"GOR\"\n\
             \"101\";\"14/01/2026\";\"Cancelada\";\"Anulado\";\"\";\"ARS\";\"10.00\";\"0.00\";\"9.00\";\"19.00\";\"Taza\";\"10.00\";\"1\";\"TAZ\"\n",
        &[("GOR", 1.0), ("TAZ", 2.0)],
        0.0,
        Some(35.0),
    );
    reads(
        "danea_it",
        "Tipo doc.;N. doc.;Data;Cod. articolo;Descrizione;Q.tà;Prezzo netto;Sconti;Importo;Stato\n\
             Ordine cliente;1;13/01/2026;TAZ;Tazza;2;10,00;;20,00;Evaso\n\
             Preventivo;2;14/01/2026;TAZ;Tazza;7;10,00;;70,00;In attesa\n\
             Nota di credito;3;15/01/2026;TAZ;Tazza;1;10,00;;10,00;\n\
             Ordine cliente;4;16/01/2026;CAP;Cappello;1;15,00;;15,00;Annullato\n\
             Ordine cliente;5;17/01/2026;CAP;Cappello;2;15,00;;30,00;Confermato\n",
        &[("CAP", 2.0), ("TAZ", 2.0)],
        1.0,
        Some(40.0),
    );
    reads(
        "rakuten_jp",
        "注文番号,注文日時,ステータス,商品管理番号,商品名,個数,単価,小計,送料,合計金額\n\
             1,2026/01/13 09:00,発送済,MUG,マグ,2,1000,2000,500,2500\n\
             2,2026/01/14 09:00,キャンセル,MUG,マグ,1,1000,1000,500,1500\n\
             3,2026/01/15 09:00,処理済,CAP,帽子,1,1500,1500,500,2000\n",
        &[("CAP", 1.0), ("MUG", 2.0)],
        0.0,
        Some(3500.0),
    );
    reads(
        "allegro_pl",
        "Id zamówienia;Data zakupu;Status zamówienia;Kupujący;Nazwa oferty;Sygnatura;Liczba sztuk;Cena;Wartość;Koszt dostawy\n\
             1;2026-01-13 09:00:00;Wysłane;x;Kubek;KUB;2;10,00 zł;20,00 zł;8,99 zł\n\
             2;2026-01-14 09:00:00;Anulowane;y;Kubek;KUB;1;10,00 zł;10,00 zł;8,99 zł\n\
             3;2026-01-15 09:00:00;W realizacji;z;Czapka;CZA;1;15,00 zł;15,00 zł;8,99 zł\n",
        &[("CZA", 1.0), ("KUB", 2.0)],
        0.0,
        Some(35.0),
    );
    reads(
        "jtl",
        "Auftragsnummer;Auftragsdatum;Status;Artikelnummer;Artikelname;Menge;VK Netto;VK Brutto;Positionstyp;Storniert\n\
             AU-1;13.01.2026;Versendet;T1;Tasse;2;8,40;10,00;Artikel;0\n\
             AU-1;13.01.2026;Versendet;;Versandkosten;1;4,12;4,90;Versand;0\n\
             AU-2;14.01.2026;Offen;T1;Tasse;1;8,40;10,00;Artikel;1\n\
             AU-3;15.01.2026;Bezahlt;K1;Kappe;1;12,61;15,00;Artikel;0\n",
        &[("K1", 1.0), ("T1", 2.0)],
        0.0,
        Some(29.41),
    );
}
