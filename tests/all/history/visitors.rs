//! A second round of strangers: files as platforms' documentation, public importers and spreadsheets show them, totals worked out by hand. A third of them
//! was read wrongly or refused when it first came.

use super::strangers::reads;
use super::{find, read_with};
use stockcast::base::Period;
use stockcast::history::ReadOptions;

/// Marketplaces, most of them as public importers of their files name the columns.
#[test]
fn marketplaces() {
    reads(
        "lazada orders",
        r#"orderItemId;orderType;Guarantee;deliveryType;lazadaId;sellerSku;lazadaSku;wareHouse;createTime;updateTime;rtsSla;ttsSla;orderNumber;invoiceRequired;customerName;customerEmail;shippingName;shippingAddress;shippingPhone;payMethod;paidPrice;unitPrice;sellerDiscountTotal;shippingFee;walletCredit;itemName;variation;cdShippingProvider;shippingProvider;trackingCode;status;buyerFailedDeliveryReturnInitiator;buyerFailedDeliveryReason
1001;Normal;;STANDARD;L1;TS-RED-M;111_PH-222;dropshipping;02 Jan 2026 10:22;05 Jan 2026 09:00;;;900001;No;;;;;;COD;250.00;300.00;-50.00;38.00;0.00;T-Shirt;Red, M;;;T1;delivered;;
1002;Normal;;STANDARD;L1;TS-RED-M;111_PH-222;dropshipping;02 Jan 2026 10:22;05 Jan 2026 09:00;;;900001;No;;;;;;COD;250.00;300.00;-50.00;0.00;0.00;T-Shirt;Red, M;;;T1;delivered;;
1003;Normal;;STANDARD;L1;CAP-01;112_PH-223;dropshipping;13 Jan 2026 11:02;13 Jan 2026 12:00;;;900002;No;;;;;;COD;99.00;99.00;0.00;38.00;0.00;Cap;;;;;canceled;;
1004;Normal;;STANDARD;L1;CAP-01;112_PH-223;dropshipping;14 Jan 2026 11:02;19 Jan 2026 12:00;;;900003;No;;;;;;COD;99.00;99.00;0.00;38.00;0.00;Cap;;;;T2;confirmed;;
1005;Normal;;STANDARD;L1;TS-RED-M;111_PH-222;dropshipping;15 Jan 2026 08:02;22 Jan 2026 12:00;;;900004;No;;;;;;COD;250.00;300.00;-50.00;38.00;0.00;T-Shirt;Red, M;;;T3;returned;;
"#,
        &[("CAP-01", 1.0), ("TS-RED-M", 3.0)],
        1.0,
        Some(599.0),
    );
    reads(
        "shopee id",
        r#"No. Pesanan,Status Pesanan,Alasan Pembatalan,Status Pembatalan/ Pengembalian,No. Resi,Opsi Pengiriman,Waktu Pesanan Dibuat,Waktu Pembayaran Dilakukan,Metode Pembayaran,SKU Induk,Nama Produk,Nomor Referensi SKU,Nama Variasi,Harga Awal,Harga Setelah Diskon,Jumlah,Returned quantity,Total Harga Produk,Total Diskon,Total Pembayaran,Username (Pembeli),Nama Penerima,No. Telepon,Alamat Pengiriman,Kota/Kabupaten,Provinsi,Waktu Pesanan Selesai
260101AB01,Selesai,,,JP01,Reguler,2026-01-02 08:11,2026-01-02 08:12,COD,,Kopi Bubuk 250g,KOPI-250,,45.000,40.000,2,0,80.000,10.000,85.000,budi,B***,62,Jl. X,Bandung,Jawa Barat,2026-01-06 10:00
260101AB01,Selesai,,,JP01,Reguler,2026-01-02 08:11,2026-01-02 08:12,COD,,Gelas Kaca,GLS-1,Bening,15.000,15.000,1,0,15.000,0,85.000,budi,B***,62,Jl. X,Bandung,Jawa Barat,2026-01-06 10:00
260102AB02,Batal,Ubah pesanan,Dibatalkan,,Reguler,2026-01-03 09:00,-,Online,,Kopi Bubuk 250g,KOPI-250,,45.000,40.000,5,0,200.000,0,0,sari,S***,62,Jl. Y,Jakarta,DKI Jakarta,-
260103AB03,Selesai,,Permintaan Disetujui,JP03,Reguler,2026-01-04 19:30,2026-01-04 19:31,Online,,Kopi Bubuk 250g,KOPI-250,,45.000,40.000,3,1,120.000,0,80.000,tono,T***,62,Jl. Z,Solo,Jawa Tengah,2026-01-08 10:00
"#,
        &[("GLS-1", 1.0), ("KOPI-250", 5.0)],
        1.0,
        Some(175000.0),
    );
    reads(
        "shopee en",
        r#"Order ID,Order Status,Cancel reason,Return / Refund Status,Tracking Number*,Shipping Option,Ship Time,Order Creation Date,Order Paid Time,Parent SKU Reference No.,Product Name,SKU Reference No.,Variation Name,Original Price,Deal Price,Quantity,Returned quantity,Product Subtotal,Username (Buyer),Receiver Name,Phone Number,Delivery Address,Town,Zip Code,Order Complete Time
2601A1,Completed,,,MY01,Standard,2026-01-03 10:00,2026-01-02 22:15,2026-01-02 22:16,P-1,Tote Bag,TB-BLK,Black,25.00,20.00,2,0,40.00,u1,A,60,Street,KL,50000,2026-01-08 11:00
2601A2,Cancelled,Seller,,,Standard,,2026-01-03 08:00,,P-1,Tote Bag,TB-BLK,Black,25.00,20.00,1,0,20.00,u2,A,60,Street,KL,50000,
2601A3,Completed,,Request Approved,MY03,Standard,2026-01-05 10:00,2026-01-04 07:45,2026-01-04 07:46,P-2,Key Ring,KR-1,,6.00,5.00,4,1,20.00,u3,A,60,Street,KL,50000,2026-01-09 11:00
2601A4,Shipping,,,MY04,Standard,2026-01-06 10:00,2026-01-05 07:45,2026-01-05 07:46,P-1,Tote Bag,TB-WHT,White,25.00,20.00,1,0,20.00,u3,A,60,Street,KL,50000,
"#,
        &[("KR-1", 4.0), ("TB-BLK", 2.0), ("TB-WHT", 1.0)],
        1.0,
        Some(75.0),
    );
    reads(
        "shopee th",
        r#"หมายเลขคำสั่งซื้อ,สถานะการสั่งซื้อ,วันที่ทำการสั่งซื้อ,เวลาการชำระสินค้า,ชื่อสินค้า,เลขอ้างอิง SKU (SKU Reference No.),ชื่อตัวเลือก,ราคาตั้งต้น,ราคาขาย,จำนวน,จำนวนที่ส่งคืน,ราคาขายสุทธิ,ชื่อผู้ใช้ (ผู้ซื้อ)
2601T1,สำเร็จแล้ว,2026-01-02 10:00,2026-01-02 10:01,แก้ว,CUP-1,,120.00,100.00,2,0,200.00,u1
2601T2,ยกเลิกแล้ว,2026-01-03 10:00,,แก้ว,CUP-1,,120.00,100.00,3,0,300.00,u2
2601T3,สำเร็จแล้ว,2026-01-04 10:00,2026-01-04 10:01,จาน,PLT-1,,60.00,50.00,1,0,50.00,u3
"#,
        &[("CUP-1", 2.0), ("PLT-1", 1.0)],
        0.0,
        Some(250.0),
    );
    reads(
        "mercado libre ar",
        r#"# de venta,Fecha de venta,Estado,Descripción del estado,Paquete de varios productos,Unidades,Ingresos por productos (ARS),Cargo por venta e impuestos,Ingresos por envío (ARS),Costos de envío,Anulaciones y reembolsos (ARS),Total (ARS),Mes de facturación de tus cargos,Venta por publicidad,SKU,# de publicación,Tienda oficial,Título de la publicación,Variante,Precio unitario de venta de la publicación (ARS),Tipo de publicación,Comprador,Domicilio,Ciudad
2000001,15 de enero de 2026 14:33 hs.,Entregado,Llegó el 17 de enero,No,2,20000,-3000,,-1500,,15500,,No,YER-1,MLA1,,Yerba 1 kg,,10000,Clásica,A,B,Rosario
2000002,16 de enero de 2026 09:10 hs.,Venta cancelada,Cancelaste la venta,No,1,10000,-1500,,,-10000,0,,No,YER-1,MLA1,,Yerba 1 kg,,10000,Clásica,A,B,Rosario
2000003,17 de enero de 2026 21:05 hs.,Entregado,,No,1,5500.5,-800,,,,4700.5,,No,BOM-2,MLA2,,Bombilla,,5500.5,Clásica,A,B,Salta
"#,
        &[("BOM-2", 1.0), ("YER-1", 2.0)],
        0.0,
        Some(25500.5),
    );
    reads(
        "trendyol",
        r#"Sipariş Statüsü;Sipariş Tarihi;Teslim Tarihi;Sipariş Numarası;Barkod;Stok Kodu;Adet;Alıcı;Paket No;Kargo Firması;Kargo Kodu;Ürün Adı;Birim Fiyatı;Satış Tutarı;İndirim Tutarı;Faturalanacak Tutar;Komisyon Oranı;Teslimat Adresi;İl;İlçe
Teslim Edildi;15.01.2026 10:22;17.01.2026 12:00;8001;869001;KUPA-1;2;Ali;1;TEX;K1;Kupa;149,90;299,80;20,00;279,80;15;Adres;İstanbul;Kadıköy
İptal Edildi;16.01.2026 11:00;;8002;869001;KUPA-1;1;Ali;2;TEX;K2;Kupa;149,90;149,90;0,00;149,90;15;Adres;İstanbul;Kadıköy
Teslim Edildi;17.01.2026 09:05;19.01.2026 12:00;8003;869002;TABAK-1;1;Ayşe;3;TEX;K3;Tabak;1.250,00;1.250,00;0,00;1.250,00;15;Adres;Ankara;Çankaya
"#,
        &[("KUPA-1", 2.0), ("TABAK-1", 1.0)],
        0.0,
        Some(1529.8),
    );
    reads(
        "bol.com",
        r#"Bestelnummer;Besteldatum;Uiterste leverdatum;EAN;Referentie;Titel;Aantal;Prijs;Voornaam;Achternaam;Straat;Postcode;Plaats;Land;Status
A00001;13-01-2026;15-01-2026;8712345000011;MOK-1;Mok wit;2;9,95;J;J;S;1234AB;Utrecht;NL;Verzonden
A00002;14-01-2026;16-01-2026;8712345000028;BORD-1;Bord;1;14,50;J;J;S;1234AB;Utrecht;NL;Geannuleerd
A00003;15-01-2026;17-01-2026;8712345000028;BORD-1;Bord;3;14,50;J;J;S;1234AB;Gent;BE;Verzonden
"#,
        &[("8712345000011", 2.0), ("8712345000028", 3.0)],
        0.0,
        Some(63.4),
    );
    reads(
        "otto market",
        r#"Bestellnummer;Bestelldatum;Positions-ID;Artikelnummer;SKU;Produkttitel;Menge;Bruttopreis je Artikel;Positionsstatus;Lieferadresse Vorname;Lieferadresse Nachname
b1;03.02.2026 08:15;p1;S0A1;VASE-1;Vase;1;19,99 €;Versendet;A;B
b1;03.02.2026 08:15;p2;S0A2;TUCH-1;Tuch;2;4,50 €;Storniert;A;B
b2;14.02.2026 18:15;p3;S0A2;TUCH-1;Tuch;3;4,50 €;Retourniert;A;B
"#,
        &[("TUCH-1", 3.0), ("VASE-1", 1.0)],
        3.0,
        Some(19.99),
    );
    reads(
        "zalando partner",
        r#"order_number,order_date,item_id,ean,article_number,article_name,size,price,currency,quantity,status,return_reason
10101,2026-01-05T10:00:00Z,1,4060001,SH-1,Shirt,M,29.95,EUR,1,DELIVERED,
10101,2026-01-05T10:00:00Z,2,4060001,SH-1,Shirt,L,29.95,EUR,1,RETURNED,too big
10102,2026-01-06T11:00:00Z,3,4060002,JE-1,Jeans,32,59.95,EUR,1,CANCELED,
10103,2026-01-07T11:00:00Z,4,4060002,JE-1,Jeans,32,59.95,EUR,1,DELIVERED,
"#,
        &[("JE-1", 1.0), ("SH-1", 2.0)],
        1.0,
        Some(89.9),
    );
    reads(
        "faire",
        r#"Order Date,Order Number,Purchase Order Number,Retailer Name,Address 1,City,State,Zip Code,Country,Product Name,Option Name,SKU,GTIN,Status,Quantity,Wholesale Price,Retail Price,Ship Date,Scheduled Order Date,Notes
2026-01-05,BXF1,,Shop A,1 St,Austin,TX,78701,United States,Soy Candle,Lavender,CAN-LAV,,Shipped,12,$9.00,$18.00,2026-01-08,,
2026-01-05,BXF1,,Shop A,1 St,Austin,TX,78701,United States,Soy Candle,Cedar,CAN-CED,,Shipped,6,$9.00,$18.00,2026-01-08,,
2026-01-09,BXF2,,Shop B,2 St,Waco,TX,76701,United States,Soy Candle,Lavender,CAN-LAV,,Canceled,6,$9.00,$18.00,,,
2026-01-13,BXF3,,Shop C,3 St,Reno,NV,89501,United States,Soy Candle,Lavender,CAN-LAV,,Delivered,6,$9.00,$18.00,2026-01-15,,
"#,
        &[("CAN-CED", 6.0), ("CAN-LAV", 18.0)],
        0.0,
        Some(216.0),
    );
    reads(
        "rakuten sjis",
        r#"注文番号,ステータス,注文日時,商品管理番号,商品名,項目・選択肢,単価,個数,送料,合計金額,注文者姓,注文者名
R-1,発送済,2026/01/05 10:22:33,mug-01,マグカップ,,1200,2,500,2900,山田,太郎
R-2,キャンセル,2026/01/06 10:22:33,mug-01,マグカップ,,1200,1,500,1700,山田,太郎
R-3,発送済,2026/01/07 10:22:33,cap-01,帽子,,"2,500",1,500,3000,佐藤,花子
"#,
        &[("cap-01", 1.0), ("mug-01", 2.0)],
        0.0,
        Some(4900.0),
    );
    reads(
        "amazon inventory ledger",
        r#"Date,FNSKU,ASIN,MSKU,Title,Event Type,Reference ID,Quantity,Fulfillment Center,Disposition,Reason,Country,Reconciled Quantity,Unreconciled Quantity,Date and Time
01/15/2026,X001,B001,MUG-1,Mug,Shipments,,-2,PHX7,SELLABLE,,US,0,0,2026-01-15T00:00:00-0800
01/15/2026,X001,B001,MUG-1,Mug,Receipts,FBA15,40,PHX7,SELLABLE,,US,0,0,2026-01-15T00:00:00-0800
01/16/2026,X001,B001,MUG-1,Mug,CustomerReturns,,1,PHX7,SELLABLE,,US,0,0,2026-01-16T00:00:00-0800
01/17/2026,X002,B002,CAP-1,Cap,Shipments,,-5,ONT8,SELLABLE,,US,0,0,2026-01-17T00:00:00-0800
01/17/2026,X002,B002,CAP-1,Cap,WhseTransfers,,-3,ONT8,SELLABLE,,US,0,0,2026-01-17T00:00:00-0800
"#,
        &[("CAP-1", 5.0), ("MUG-1", 2.0)],
        1.0,
        None,
    );
    reads(
        "depop",
        r#"Date of sale,Time of sale,Date of listing,Bundle,Buyer,Brand,Description,Size,Item price,Buyer shipping cost,Total,USPS Cost,Depop fee,Category,Name,Address Line 1,City,State,Post Code,Country
01/15/2026,10:22 AM,12/01/2025,No,u1,Nike,Vintage hoodie,M,$45.00,$5.00,$50.00,$0.00,$5.00,Menswear,A,B,C,NY,10001,United States
01/16/2026,11:22 AM,12/02/2025,No,u2,Levi's,Denim jacket,L,$60.00,$5.00,$65.00,$0.00,$6.50,Womenswear,A,B,C,NY,10001,United States
01/18/2026,09:22 AM,12/03/2025,No,u3,Nike,Vintage hoodie,M,$40.00,$5.00,$45.00,$0.00,$4.50,Menswear,A,B,C,NY,10001,United States
"#,
        &[("Denim jacket", 1.0), ("Vintage hoodie", 2.0)],
        0.0,
        Some(145.0),
    );
    reads(
        "gumroad",
        r#"Purchase ID,Item Name,Buyer Name,Purchase Email,Buyer Email,Do not contact?,Purchase Date,Purchase Time (UTC timezone),Subtotal ($),Taxes ($),Tax Type,Shipping ($),Sale Price ($),Fees ($),Net Total ($),Tip ($),Tax Included in Price?,Street Address,City,Zip Code,State,Country,Referrer,Refunded?,Partial Refund ($),Fully Refunded?,Disputed?,Dispute Won?,Variants,Discount Code,Recurring Charge?,Free trial purchase?,Pre-order authorization?,Product ID,Order Number,Pre-order Price ($),Variants Price ($),Giftee Email,SKU ID,Quantity
p1,E-book,A,a@example.org,a@example.org,0,2026-01-05,10:00:00,20.0,0.0,,0.0,20.0,2.0,18.0,0,0,,,,,US,direct,0,0.0,0,0,0,,,0,0,0,pid1,1,,,,,1
p2,Poster,A,a@example.org,a@example.org,0,2026-01-06,10:00:00,30.0,0.0,,5.0,30.0,3.0,27.0,0,0,,,,,US,direct,0,0.0,0,0,0,,,0,0,0,pid2,2,,,,,2
p3,E-book,A,a@example.org,a@example.org,0,2026-01-08,10:00:00,20.0,0.0,,0.0,20.0,2.0,18.0,0,0,,,,,US,direct,1,0.0,1,0,0,,,0,0,0,pid1,3,,,,,1
"#,
        &[("pid1", 2.0), ("pid2", 2.0)],
        1.0,
        None,
    );
    reads(
        "tiktok with words row",
        r#"Order ID,Order Status,Order Substatus,Cancelation/Return Type,Normal or Pre-order,SKU ID,Seller SKU,Product Name,Variation,Quantity,Sku Quantity of return,SKU Unit Original Price,SKU Subtotal Before Discount,SKU Platform Discount,SKU Seller Discount,SKU Subtotal After Discount,Shipping Fee After Discount,Order Amount,Order Refund Amount,Created Time,Paid Time,RTS Time,Shipped Time,Delivered Time,Cancelled Time,Cancel By,Cancel Reason,Fulfillment Type,Warehouse Name,Buyer Username,Recipient,Phone #,Country,Province
Platform unique order ID.,Order status,,,,,Seller sku input by the seller,,,Sku sold quantity in the order,Number of products returned,,,,,,,,,Order created time,,,,,,,,,,,,,,
5790001,Completed,Completed,,Normal,17301,TEE-S,Tee,S,2,,15.00,30.00,0.00,-3.00,27.00,4.00,31.00,0.00,01/15/2026 10:22:33 AM,01/15/2026 10:23:00 AM,,,,,,,Fulfillment by seller,WH1,u,r,1,US,CA
5790002,Canceled,Canceled,Cancel,Normal,17301,TEE-S,Tee,S,1,,15.00,15.00,0.00,0.00,15.00,4.00,19.00,19.00,01/16/2026 09:00:00 AM,,,,,01/16/2026 09:30:00 AM,User,Changed mind,Fulfillment by seller,WH1,u,r,1,US,CA
5790003,Completed,Completed,Return/Refund,Normal,17302,TEE-M,Tee,M,3,1,15.00,45.00,0.00,0.00,45.00,4.00,49.00,15.00,01/17/2026 09:00:00 AM,,,,,,,,Fulfillment by seller,WH1,u,r,1,US,CA
"#,
        &[("TEE-M", 3.0), ("TEE-S", 2.0)],
        1.0,
        None,
    );
    reads(
        "temu",
        r#"order id,order item id,order status,logistics service suggestion,product name by customer order,product name,variation,contribution sku,sku id,quantity purchased,quantity shipped,quantity to ship,recipient name,ship city,ship state,ship postal code,latest shipping time,latest delivery time,purchase date,activity goods base price,base price total
PO-1,1,Delivered,,Hook set,Hook set,4 pcs,HK-4,9001,2,2,0,A,LA,CA,90001,"Jan 8, 2026","Jan 15, 2026","Jan 5, 2026, 6:11 am PST(UTC-8)",$4.50,$9.00
PO-2,2,Canceled,,Hook set,Hook set,4 pcs,HK-4,9001,1,0,0,A,LA,CA,90001,,,"Jan 6, 2026, 6:11 am PST(UTC-8)",$4.50,$4.50
PO-3,3,Shipped,,Shelf,Shelf,,SH-1,9002,1,1,0,A,LA,CA,90001,,,"Jan 17, 2026, 7:15 pm PST(UTC-8)",$20.00,$20.00
"#,
        &[("HK-4", 2.0), ("SH-1", 1.0)],
        0.0,
        Some(29.0),
    );
    reads(
        "coupang ko",
        r#"번호,묶음배송번호,주문번호,주문일,등록상품명,등록옵션명,노출상품ID,옵션ID,업체상품코드,결제액,구매수(수량),배송완료일,구매자,구매자전화번호,주문상태
1,b1,7001,2026-01-05 10:22:11,머그컵,화이트,p1,o1,MUG-W,24000,2,2026-01-07,홍,010,배송완료
2,b2,7002,2026-01-16 11:22:11,머그컵,화이트,p1,o1,MUG-W,12000,1,,김,010,취소
3,b3,7003,2026-01-17 12:22:11,접시,,p2,o2,PLATE,30000,3,2026-01-19,이,010,배송완료
"#,
        &[("MUG-W", 2.0), ("PLATE", 3.0)],
        0.0,
        Some(54000.0),
    );
    reads(
        "taobao gbk",
        r#"订单编号,买家会员名,订单状态,宝贝标题,商家编码,购买数量,商品单价,买家实际支付金额,订单创建时间,收货人姓名,收货地址
'1001,u1,交易成功,陶瓷杯,CUP-1,2,25.00,50.00,2026-01-05 10:22:33,张,杭州
'1002,u2,交易关闭,陶瓷杯,CUP-1,1,25.00,25.00,2026-01-06 10:22:33,李,上海
'1003,u3,卖家已发货，等待买家确认,盘子,PLT-1,1,80.00,80.00,2026-01-17 10:22:33,王,北京
"#,
        &[("CUP-1", 2.0), ("PLT-1", 1.0)],
        0.0,
        Some(130.0),
    );
    reads(
        "cdiscount",
        r#"Numéro de commande;Date de commande;Etat;Référence vendeur;EAN;Libellé;Quantité;Prix unitaire;Montant total;Nom;Adresse
C1;05/01/2026 10:22;Expédiée;TASSE-1;376001;Tasse;2;9,90;19,80;A;B
C2;16/01/2026 10:22;Annulée;TASSE-1;376001;Tasse;1;9,90;9,90;A;B
C3;17/01/2026 10:22;Expédiée;BOL-1;376002;Bol;3;7,50;22,50;A;B
"#,
        &[("BOL-1", 3.0), ("TASSE-1", 2.0)],
        0.0,
        Some(42.3),
    );
    reads(
        "ozon ru",
        r#"Номер заказа;Номер отправления;Принят в обработку;Статус;Наименование товара;Артикул;Количество;Итоговая стоимость товара;Стоимость товара для покупателя
1;1-1;2026-01-05 10:22:33;Доставлен;Кружка;KR-1;2;500.00;480.00
2;2-1;2026-01-16 10:22:33;Отменён;Кружка;KR-1;1;250.00;240.00
3;3-1;2026-01-17 10:22:33;Доставлен;Тарелка;TR-1;3;600.00;600.00
"#,
        &[("KR-1", 2.0), ("TR-1", 3.0)],
        0.0,
        None,
    );
    reads(
        "vietnamese shopee",
        r#"Mã đơn hàng,Trạng Thái Đơn Hàng,Ngày đặt hàng,Tên sản phẩm,SKU phân loại hàng,Tên phân loại hàng,Giá gốc,Giá ưu đãi,Số lượng,Số lượng sản phẩm được hoàn trả,Tổng giá bán (sản phẩm)
V1,Hoàn thành,2026-01-05 10:22,Cốc,COC-1,Trắng,120000,100000,2,0,200000
V2,Đã hủy,2026-01-16 10:22,Cốc,COC-1,Trắng,120000,100000,1,0,100000
V3,Hoàn thành,2026-01-17 10:22,Đĩa,DIA-1,,60000,50000,3,1,150000
"#,
        &[("COC-1", 2.0), ("DIA-1", 3.0)],
        1.0,
        Some(300000.0),
    );
    reads(
        "etsy sold items new",
        r#"Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship Address1,Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,Listings Type,Payment Type,InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU
01/15/26,Ring,b,1,25,,,0,0,3.5,0,25,USD,1,11,01/15/26,01/16/26,A,B,,C,NY,1,United States,31,Size: 7,online,listing,online_cc,,,0,RING-7
01/17/26,Ring,b,2,25,SALE,SALE - % off,5,0,3.5,0,45,USD,2,11,01/17/26,01/18/26,A,B,,C,NY,1,United States,32,Size: 8,online,listing,online_cc,,,0,RING-8
"#,
        &[("RING-7", 1.0), ("RING-8", 2.0)],
        0.0,
        Some(70.0),
    );
}

/// Tills and web shops.
#[test]
fn tills() {
    reads(
        "sumup sales report",
        r#"Account,Date,Time,Type,Transaction ID,Receipt Number,Payment Method,Quantity,Description,Currency,Price (Gross),Price (Net),Tax,Tax rate,Transaction refunded
a@example.org,15.03.26,11:53,Sales,TD4KP497FR,S20260000001,Cash,2,Kaffee ,CHF,7.00,7.00,0.00,0%,
a@example.org,15.03.26,12:10,Sales,TD4KP497FS,S20260000002,Card,1,Kuchen,CHF,4.50,4.50,0.00,0%,
a@example.org,16.03.26,09:02,Sales,TD4KP497FT,S20260000003,Card,3,Kaffee ,CHF,10.50,10.50,0.00,0%,
a@example.org,16.03.26,09:30,Refund,TD4KP497FU,S20260000004,Card,1,Kuchen,CHF,-4.50,-4.50,0.00,0%,
"#,
        &[("Kaffee", 5.0), ("Kuchen", 1.0)],
        1.0,
        Some(17.5),
    );
    reads(
        "squarespace orders",
        r#"Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Address1,Billing Address2,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Address1,Shipping Address2,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Cancelled at,Private Notes,Payment Method,Payment Reference
00012,x@example.org,PAID,2026-02-03 10:11:12 -0500,FULFILLED,2026-02-03 10:11:12 -0500,USD,25.00,5.00,0.00,0.00,25.00,,0.00,Ground,2026-02-03 10:11:12 -0500,2,Mug,10.0,M-1,,true,true,,A B,1 Road,,Town,12345,CA,US,5550100,A B,1 Road,,Town,12345,CA,US,5550100,,,Stripe,ch_1
00012,x@example.org,,,,,USD,,,,,,,,Ground,,1,Cap,5.0,C-1,,true,true,,A B,1 Road,,Town,12345,CA,US,5550100,A B,1 Road,,Town,12345,CA,US,5550100,,,Stripe,ch_1
00013,x@example.org,PAID,2026-02-04 09:00:00 -0500,FULFILLED,2026-02-04 09:00:00 -0500,USD,10.00,5.00,0.00,0.00,10.00,,0.00,Ground,2026-02-04 09:00:00 -0500,1,Mug,10.0,M-1,,true,true,,A B,1 Road,,Town,12345,CA,US,5550100,A B,1 Road,,Town,12345,CA,US,5550100,2026-02-04 09:30:00 -0500,,Stripe,ch_1
00014,x@example.org,PAID,2026-02-05 09:00:00 -0500,FULFILLED,2026-02-05 09:00:00 -0500,USD,20.00,5.00,0.00,0.00,20.00,,0.00,Ground,2026-02-05 09:00:00 -0500,4,Cap,5.0,C-1,,true,true,,A B,1 Road,,Town,12345,CA,US,5550100,A B,1 Road,,Town,12345,CA,US,5550100,,,Stripe,ch_1
"#,
        &[("C-1", 5.0), ("M-1", 2.0)],
        0.0,
        Some(45.0),
    );
    reads(
        "toast item selections 32",
        r#"Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Table,Dining Area,Service,Dining Option,Item Selection Id,Item Id,Master Id,SKU,PLU,Menu Item,Menu Subgroup(s),Menu Group,Menu,Sales Category,Gross Price,Discount,Net Price,Qty,Tax,Void?,Deferred,Tax Exempt,Tax Inclusion Option,Dining Option Tax,Tab Name
Main,130000001573431,1,10/8/26 5:18 PM,10/8/26 5:18 PM,91,Server A,6,Lounge,,Dine In,771,88Esp,99,,,Espresso Martini,,Classics,Food,,20.00,0.00,20.00,1.0,1.10,false,false,false,Tax Not Included,,Tab 1
Main,130000001573432,2,10/8/26 5:40 PM,10/8/26 5:40 PM,92,Server A,6,Lounge,,Dine In,772,88Fri,99,,,Fries,,Classics,Food,,12.00,2.00,10.00,2.0,1.10,false,false,false,Tax Not Included,,Tab 2
Main,130000001573433,3,10/13/26 6:40 PM,10/13/26 6:40 PM,93,Server A,6,Lounge,,Dine In,773,88Fri,99,,,Fries,,Classics,Food,,6.00,0.00,6.00,1.0,1.10,true,false,false,Tax Not Included,,Tab 3
Main,130000001573434,4,10/13/26 7:02 PM,10/13/26 7:02 PM,94,Server A,6,Lounge,,Dine In,774,88Esp,99,,,Espresso Martini,,Classics,Food,,60.00,0.00,60.00,3.0,1.10,false,false,false,Tax Not Included,,Tab 4
Annex,130000001573435,5,10/13/26 7:05 PM,10/13/26 7:05 PM,95,Server A,6,Lounge,,Dine In,775,88Fri,99,,,Fries,,Classics,Food,,6.00,0.00,6.00,1.0,1.10,false,false,false,Tax Not Included,,Tab 5
"#,
        &[("Espresso Martini@Main", 4.0), ("Fries@Annex", 1.0), ("Fries@Main", 2.0)],
        0.0,
        Some(96.0),
    );
    reads(
        "zettle raw data",
        r#"Report,Raw data
Period,2026-01-01 - 2026-01-31

Date,Time,Receipt number,VAT,Price,VAT (%),Name,Variant,SKU,Category,Unit,Quantity,Discount,Price excl. VAT,Staff
2026-01-05,10:02:11,1,2.00,10.00,25,Mug,White,M-W,Cups,,1,0.00,8.00,Ann
2026-01-05,10:05:40,2,4.00,20.00,25,Mug,Blue,M-B,Cups,,2,0.00,16.00,Ann
2026-01-14,16:00:00,3,-2.00,-10.00,25,Mug,White,M-W,Cups,,-1,0.00,-8.00,Bo
"#,
        &[("M-B", 2.0), ("M-W", 1.0)],
        1.0,
        None,
    );
    reads(
        "magento order items",
        r#"increment_id,created_at,status,sku,name,product_type,qty_ordered,qty_canceled,qty_refunded,price,row_total,discount_amount,store_name
000000101,2026-01-05 09:00:00,complete,MUG-RED,Mug Red,simple,2.0000,0.0000,0.0000,10.0000,20.0000,2.0000,Main
000000102,2026-01-06 09:00:00,canceled,MUG-RED,Mug Red,simple,1.0000,1.0000,0.0000,10.0000,10.0000,0.0000,Main
000000103,2026-01-07 09:00:00,complete,CAP,Cap,simple,3.0000,0.0000,1.0000,5.0000,15.0000,0.0000,Main
"#,
        &[("CAP", 3.0), ("MUG-RED", 2.0)],
        1.0,
        Some(28.0),
    );
    reads(
        "ecwid items",
        r#"order_number,order_date,payment_status,fulfillment_status,email,item_sku,item_name,item_options,item_quantity,item_price,item_total,coupon_discount
1001,2026-01-05 10:15:03,PAID,SHIPPED,x@example.org,00012,Tea,"Size: L",2,6.5,13,0
1002,2026-01-06 10:15:03,CANCELLED,WILL_NOT_DELIVER,x@example.org,00012,Tea,,1,6.5,6.5,0
1003,2026-01-09 10:15:03,PAID,DELIVERED,x@example.org,00013,Pot,,1,20,20,0
"#,
        &[("00012", 2.0), ("00013", 1.0)],
        0.0,
        Some(33.0),
    );
    reads(
        "baselinker pl",
        r#"Numer zamówienia;Data zamówienia;Status;SKU;Nazwa produktu;Ilość;Cena brutto;Wartość;Klient;Adres
1001;05.01.2026 10:22;Wysłane;KUB-1;Kubek biały;2;25,00 zł;50,00 zł;A;B
1002;16.01.2026 11:00;Anulowane;KUB-1;Kubek biały;1;25,00 zł;25,00 zł;A;B
1003;17.01.2026 12:00;Wysłane;TAL-1;Talerz żółty;3;1 030,50 zł;3 091,50 zł;A;B
"#,
        &[("KUB-1", 2.0), ("TAL-1", 3.0)],
        0.0,
        Some(3141.5),
    );
    reads(
        "caisse fr",
        r#"Date;N° ticket;Code article;Désignation;Qté vendue;PU TTC;Remise;CA TTC
05/01/2026;T001;PAIN;Baguette;12;1,20;0,00;14,40
05/01/2026;T002;CROI;Croissant;6;1,10;0,60;6,00
16/01/2026;T003;PAIN;Baguette;-1;1,20;0,00;-1,20
17/01/2026;T004;GAT;Gâteau;1;1 250,00;0,00;1 250,00
"#,
        &[("CROI", 6.0), ("GAT", 1.0), ("PAIN", 12.0)],
        1.0,
        Some(1269.2),
    );
    reads(
        "tpv es",
        r#"Fecha;Hora;Ticket;Artículo;Familia;Uds.;P.V.P.;Dto. %;Importe
15-ene-26;10:22;T1;Café con leche;Bebidas;2;1,50;0;3,00
15-ene-26;10:40;T2;Tostada;Comida;1;2,50;10;2,25
16-feb-26;09:00;T3;Café con leche;Bebidas;3;1,50;0;4,50
"#,
        &[("Café con leche", 5.0), ("Tostada", 1.0)],
        0.0,
        Some(9.75),
    );
    reads(
        "bling br",
        r#"ID;Número do pedido;Data;Situação;Código;Descrição;Quantidade;Valor unitário;Valor total;Desconto item
1;501;05/01/2026;Atendido;CAN-1;Caneca;2,00;R$ 29,90;R$ 59,80;0,00
2;502;16/01/2026;Cancelado;CAN-1;Caneca;1,00;R$ 29,90;R$ 29,90;0,00
3;503;17/01/2026;Atendido;PRA-1;Prato;1,00;R$ 1.049,00;R$ 1.049,00;0,00
"#,
        &[("CAN-1", 2.0), ("PRA-1", 1.0)],
        0.0,
        Some(1108.8),
    );
    reads(
        "jtl de",
        r#"Rechnungsnr.;Rechnungsdatum;Auftragsnr.;Art.-Nr.;Artikelname;Anzahl;VK netto;Gesamt netto;Stornodatum
R1;05.01.2026;A1;HON-1;Honig;3,00;5,50;16,50;
R2;16.01.2026;A2;HON-1;Honig;2,00;5,50;11,00;17.01.2026
R3;18.01.2026;A3;KER-1;Kerze;1,00;1.200,00;1.200,00;
"#,
        &[("HON-1", 3.0), ("KER-1", 1.0)],
        0.0,
        Some(1216.5),
    );
    reads(
        "paypal activity",
        r#"Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Item Title,Item ID,Quantity,Invoice Number,Balance
01/15/2026,10:22:33,PST,A,Express Checkout Payment,Completed,USD,20.00,-0.90,19.10,a@example.org,b@example.org,T1,Mug,MUG-1,2,,119.10
01/16/2026,10:22:33,PST,,General Withdrawal,Completed,USD,-100.00,0.00,-100.00,b@example.org,,T2,,,,,19.10
01/17/2026,10:22:33,PST,C,Express Checkout Payment,Completed,USD,5.00,-0.45,4.55,c@example.org,b@example.org,T3,Cap,CAP-1,1,,23.65
01/18/2026,10:22:33,PST,A,Payment Refund,Completed,USD,-10.00,0.45,-9.55,b@example.org,a@example.org,T4,Mug,MUG-1,1,,14.10
"#,
        &[("CAP-1", 1.0), ("MUG-1", 2.0)],
        1.0,
        None,
    );
    reads(
        "revel product mix",
        r#"Product Mix Report,,,,
Establishment: Main St,,,,
From 01/01/2026 to 01/31/2026,,,,
,,,,
Class,Product,SKU,Qty Sold,Net Sales
Drinks,Latte,LAT,120,$480.00
Drinks,Mocha,MOC,60,$270.00
Food,Bagel,BAG,80,$240.00
Total,,,260,$990.00
"#,
        &[("BAG", 80.0), ("LAT", 120.0), ("MOC", 60.0)],
        0.0,
        Some(990.0),
    );
    reads(
        "lightspeed k items",
        r#"Date,Receipt ID,Account,Item SKU,Item name,Quantity,Net price,Tax,Gross price,Void reason,Type,Staff
2026-01-05 12:33,R1,A1,ST,Steak,2,40.00,4.00,44.00,,SALE,S
2026-01-05 12:33,R1,A1,FR,Fries,2,8.00,0.80,8.80,,SALE,S
2026-01-16 12:33,R2,A2,FR,Fries,1,4.00,0.40,4.40,Wrong order,VOID,S
2026-01-17 12:33,R3,A2,FR,Fries,-1,-4.00,-0.40,-4.40,,REFUND,S
"#,
        &[("FR", 2.0), ("ST", 2.0)],
        1.0,
        Some(44.0),
    );
    reads(
        "gestionale it",
        r#"Data documento;Numero;Tipo doc.;Cod. articolo;Descrizione;Q.tà;Prezzo;Importo netto
05/01/2026;1;Fattura;OLIO1;Olio extravergine;12,00;8,50;102,00
16/01/2026;2;Nota di credito;OLIO1;Olio extravergine;2,00;8,50;17,00
17/01/2026;3;Fattura;VINO1;Vino rosso;6,00;1.050,00;6.300,00
"#,
        &[("OLIO1", 12.0), ("VINO1", 6.0)],
        2.0,
        Some(6385.0),
    );
    reads(
        "wc order items plugin",
        r#"order_id,order_date,status,item_name,item_sku,item_qty,item_subtotal,item_total,item_refunded_qty
101,2026-01-05 10:00,wc-completed,Mug,MUG,2,20.00,18.00,0
102,2026-01-16 10:00,wc-cancelled,Mug,MUG,1,10.00,10.00,0
103,2026-01-17 10:00,wc-completed,Cap,CAP,3,15.00,15.00,1
"#,
        &[("CAP", 3.0), ("MUG", 2.0)],
        1.0,
        None,
    );
}

/// Books and stock systems.
#[test]
fn books() {
    reads(
        "freshbooks invoice details",
        r#"Client Name,Invoice #,Date Issued,Invoice Status,Date Paid,Item Name,Item Description,Rate,Quantity,Discount Percentage,Line Subtotal,Tax 1 Type,Tax 1 Amount,Tax 2 Type,Tax 2 Amount,Line Total,Currency
Client A,0001,2026-01-05,paid,2026-01-20,Soap bar,Lavender,4.00,10,0.0,40.00,VAT,8.00,,,48.00,USD
Client B,0002,2026-01-13,draft,,Soap bar,,4.00,5,0.0,20.00,VAT,4.00,,,24.00,USD
Client B,0003,2026-01-14,sent,,Candle,,9.00,2,0.0,18.00,VAT,3.60,,,21.60,USD
"#,
        &[("Candle", 2.0), ("Soap bar", 10.0)],
        0.0,
        Some(58.0),
    );
    reads(
        "sap b1 lines",
        r#"#	Posting Date	Document Number	Customer/Vendor Code	Item No.	Item/Service Description	Quantity	Unit Price	Row Total	Warehouse Code	Canceled
1	13.01.26	10001	C001	A-100	Printer	2	EUR 150.00	EUR 300.00	01	N
2	13.01.26	10001	C001	A-200	Toner	4	EUR 25.50	EUR 102.00	01	N
3	14.01.26	10002	C002	A-200	Toner	1	EUR 25.50	EUR 25.50	02	Y
4	15.01.26	10003	C002	A-200	Toner	3	EUR 25.50	EUR 76.50	02	N
"#,
        &[("A-100@01", 2.0), ("A-200@01", 4.0), ("A-200@02", 3.0)],
        0.0,
        Some(478.5),
    );
    reads(
        "netsuite sales by item detail",
        r#"Example Store Inc
Sales by Item Detail
January 1, 2026 - January 31, 2026
Options: Show Zeros

Item,Type,Date,Document Number,Name,Qty. Sold,Sales Price,Revenue
Bolt M8,,,,,,,
,Invoice,1/5/2026,INV101,Cust A,100,0.25,25.00
,Invoice,1/14/2026,INV105,Cust B,40,0.25,10.00
Total - Bolt M8,,,,,140,,35.00
Nut M8,,,,,,,
,Invoice,1/5/2026,INV101,Cust A,100,0.10,10.00
,Credit Memo,1/20/2026,CM007,Cust A,-20,0.10,-2.00
Total - Nut M8,,,,,80,,8.00
Total,,,,,220,,43.00
"#,
        &[("Bolt M8", 140.0), ("Nut M8", 100.0)],
        20.0,
        Some(43.0),
    );
    reads(
        "business central item ledger",
        r#"Posting Date;Entry Type;Document Type;Document No.;Item No.;Description;Location Code;Quantity;Invoiced Quantity;Remaining Quantity;Sales Amount (Actual);Cost Amount (Actual);Open
05-01-2026;Purchase;Purchase Receipt;P1;1896-S;Desk;BLUE;50;50;45;0,00;250,00;Yes
13-01-2026;Sale;Sales Shipment;S1;1896-S;Desk;BLUE;-3;-3;0;300,00;-150,00;No
14-01-2026;Sale;Sales Return Receipt;R1;1896-S;Desk;BLUE;1;1;1;-100,00;50,00;Yes
15-01-2026;Negative Adjmt.;;A1;1896-S;Desk;BLUE;-2;-2;0;0,00;-10,00;No
16-01-2026;Sale;Sales Shipment;S2;1900-S;Chair;RED;-4;-4;0;80,00;-40,00;No
"#,
        &[("1896-S@BLUE", 3.0), ("1900-S@RED", 4.0)],
        1.0,
        Some(280.0),
    );
    reads(
        "sap alv list",
        r#"Verkaufsstatistik
-----------------------------------------------------------
|Fakturadat|Material |Bezeichnung   |Fakt.Menge|    Netto|
-----------------------------------------------------------
|13.01.2026|M-100    |Schraube M8   |       100|    25,00|
|14.01.2026|M-100    |Schraube M8   |        50|    12,50|
|15.01.2026|M-200    |Mutter M8     |       200|    20,00|
-----------------------------------------------------------
"#,
        &[("M-100", 150.0), ("M-200", 200.0)],
        0.0,
        Some(57.5),
    );
    reads(
        "zoho books",
        r#"Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer Name,Due Date,CurrencyCode,Item Name,SKU,Item Desc,Quantity,Usage unit,Item Price,Discount Amount,Item Total,SubTotal,Total
2026-01-05,1,INV-1,Paid,A,2026-02-05,INR,Lamp,LMP-1,,2.00,pcs,500.00,0.00,1000.00,1000.00,1180.00
2026-01-05,1,INV-1,Paid,A,2026-02-05,INR,Bulb,BLB-1,,4.00,pcs,50.00,0.00,200.00,1200.00,1180.00
2026-01-16,2,INV-2,Void,B,2026-02-16,INR,Lamp,LMP-1,,1.00,pcs,500.00,0.00,500.00,500.00,590.00
2026-01-17,3,INV-3,Draft,B,2026-02-17,INR,Lamp,LMP-1,,1.00,pcs,500.00,0.00,500.00,500.00,590.00
2026-01-18,4,INV-4,Overdue,B,2026-02-18,INR,Bulb,BLB-1,,10.00,pcs,50.00,0.00,500.00,500.00,590.00
"#,
        &[("BLB-1", 14.0), ("LMP-1", 2.0)],
        0.0,
        Some(1700.0),
    );
    reads(
        "erpnext item sales register",
        r#"Item Code,Item Name,Item Group,Description,Invoice,Posting Date,Customer,Territory,Company,Stock Qty,Stock UOM,Rate,Amount,Currency
WID-1,Widget,Parts,,SINV-1,2026-01-05,C1,All,Co,10,Nos,5.00,50.00,USD
WID-1,Widget,Parts,,SINV-2,2026-01-14,C2,All,Co,4,Nos,5.00,20.00,USD
GAD-1,Gadget,Parts,,SINV-2,2026-01-14,C2,All,Co,1,Nos,15.00,15.00,USD
,,,,,,,,,15,,,85.00,USD
"#,
        &[("GAD-1", 1.0), ("WID-1", 14.0)],
        0.0,
        Some(85.0),
    );
    reads(
        "xero sales by item",
        r#"Sales By Item
Example Ltd
For the period 1 January 2026 to 31 January 2026

Item Code,Item Name,Current Unit Price,Quantity Sold,Total,Average Price
MUG,Mug,10.00,30.00,300.00,10.00
CAP,Cap,5.00,12.00,60.00,5.00
Total,,,42.00,360.00,
"#,
        &[("CAP", 12.0), ("MUG", 30.0)],
        0.0,
        Some(360.0),
    );
}

/// Code numbers of a status are asked about; what is answered sets those orders aside.
#[test]
fn codes_of_orders_that_did_not_sell() {
    let text = "Order ID,Order Date,SKU,Quantity,Total,Order Status\n\
        1,2026-01-05,A,2,20,3\n2,2026-01-06,A,4,40,7\n3,2026-01-07,B,1,5,3\n4,2026-01-08,B,3,15,5\n5,2026-01-19,A,1,10,3\n";
    let by_day = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
    let total =
        |import: &stockcast::history::Import| import.history.series.iter().flat_map(|s| &s.y).filter(|y| y.is_finite()).sum::<f64>();
    let open = read_with(text, &by_day).unwrap();
    let question = open.questions.iter().find(|q| q.code == "status-codes").expect("nothing is asked");
    assert_eq!((question.answers[0].value.as_str(), question.answers[0].text.as_str(), question.must), ("3", "3 (3 rows)", false));
    assert_eq!((total(&open), find(&open.diagnostics, "status-codes").fix.is_some()), (11.0, true));
    let mut said = by_day.clone();
    assert!(question.answer("7, 5", &mut said));
    let answered = read_with(text, &said).unwrap();
    assert_eq!(total(&answered), 4.0);
    assert_eq!(answered.recognised[0].set_aside[0].lines, [3, 5]);
    assert!(answered.questions.is_empty() && answered.diagnostics.iter().all(|d| d.code != "status-codes"));
    // all of them sold: nothing is asked again
    assert!(question.answer("", &mut said));
    let all = read_with(text, &said).unwrap();
    assert_eq!((total(&all), all.questions.len()), (11.0, 0));
}
