//! Files as a stranger brings them: platforms for which some have a profile and most have none, each small enough that its units, returns and
//! net money were added up by hand. Each once was read wrongly or refused.

use super::{find, read_with, refused, said};
use stockcast::base::Period;
use stockcast::history::{Import, ReadOptions};

fn sum(values: &[f64]) -> f64 {
    values.iter().filter(|v| v.is_finite()).sum()
}

/// Reads a file by day and compares units by item, units that came back, and net money where it was worked out.
pub(super) fn reads(name: &str, text: &str, units: &[(&str, f64)], back: f64, money: Option<f64>) -> Import {
    let by_day = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
    // totals of a month are not divided
    let import =
        read_with(text, &by_day).or_else(|_| read_with(text, &ReadOptions::default())).unwrap_or_else(|e| panic!("{name}: {}", said(&e)));
    let s = &import.history.series;
    let told = said(&import.diagnostics);
    let got: Vec<(String, f64)> = s.iter().map(|s| (s.unique_id.to_string(), sum(&s.y))).collect();
    let want: Vec<(String, f64)> = units.iter().map(|(n, u)| ((*n).to_owned(), *u)).collect();
    assert_eq!(got, want, "{name}: {told}");
    let returned: f64 = s.iter().filter_map(|s| s.returned.as_deref()).map(sum).sum();
    assert!((returned - back).abs() < 1e-9, "{name}: {returned} came back\n{told}");
    if let Some(want) = money {
        let got: f64 = s.iter().filter_map(|s| s.revenue.as_deref()).map(sum).sum();
        assert!((got - want).abs() < 0.005, "{name}: {got} instead of {want} in money\n{told}");
    }
    import
}

/// Tills, web shops and marketplaces.
#[test]
fn shops() {
    reads(
        "lightspeed r",
        "ID,Date,Customer,Description,Item ID,UPC,Custom SKU,Qty,Retail,Subtotal,Discount,Total,Cost,Margin,Employee,Shop\n\
             \"220000000001\",\"1/13/2026 10:05 am\",,\"Mug\",\"210000000001\",\"\",\"M-1\",\"2\",\"$10.00\",\"$20.00\",\"$0.00\",\"$20.00\",\"$4.00\",\"80%\",\"Sam\",\"Main\"\n\
             \"220000000002\",\"1/14/2026 9:05 pm\",,\"Mug\",\"210000000001\",\"\",\"M-1\",\"-1\",\"$10.00\",\"-$10.00\",\"$0.00\",\"-$10.00\",\"-$4.00\",\"60%\",\"Sam\",\"Main\"\n\
             \"220000000003\",\"1/15/2026 9:05 pm\",,\"Cap\",\"210000000002\",\"\",\"C-1\",\"3\",\"$10.00\",\"$30.00\",\"$3.00\",\"$27.00\",\"$4.00\",\"60%\",\"Sam\",\"Main\"\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        1.0,
        Some(37.0),
    );
    reads(
        "vend ledger",
        "Sale ID,Receipt Number,Line Type,Date,Customer Code,Customer Name,Note,Quantity,Subtotal,Sales Tax,Discount,Loyalty,Total,Paid,Details,Register,User,Status,Sku,Account Code Sale,Account Code Purchase\n\
             1,501,Sale,2026-01-13 10:00:00,,,,3,30.00,3.00,0,0,33.00,33.00,2 X Mug + 1 X Cap,Main,Sam,CLOSED,,,\n\
             1,501,Sale Line,2026-01-13 10:00:00,,,,2,20.00,2.00,0,0,22.00,,Mug,Main,Sam,,M-1,200,300\n\
             1,501,Sale Line,2026-01-13 10:00:00,,,,1,10.00,1.00,0,0,11.00,,Cap,Main,Sam,,C-1,200,300\n\
             1,501,Payment,2026-01-13 10:00:00,,,,,,,,,,33.00,Cash,Main,Sam,,,,\n\
             2,502,Sale,2026-01-14 10:00:00,,,,1,10.00,1.00,0,0,11.00,11.00,1 X Cap,Main,Sam,VOIDED,,,\n\
             2,502,Sale Line,2026-01-14 10:00:00,,,,1,10.00,1.00,0,0,11.00,,Cap,Main,Sam,,C-1,200,300\n\
             2,502,Payment,2026-01-14 10:00:00,,,,,,,,,,11.00,Cash,Main,Sam,,,,\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        None,
    );
    reads(
        "clover",
        "Line Item Date,Line Item Employee ID,Order ID,Order Date,Item ID,Item Name,Item Product Code,Item SKU,Item Modifiers Total,Per Unit Quantity,Unit,Item Revenue,Modifiers Revenue,Total Revenue,Item Total with Tax Amount,Total Discount,Refunded,Exchanged,Order Payment State\n\
             13-Jan-2026 10:05 AM PST,E1,O1,13-Jan-2026 10:00 AM PST,I1,Mug,,M-1,0.00,,,10.00,0.00,10.00,10.80,0.00,false,false,Paid\n\
             13-Jan-2026 10:05 AM PST,E1,O1,13-Jan-2026 10:00 AM PST,I1,Mug,,M-1,0.00,,,10.00,0.00,10.00,10.80,0.00,false,false,Paid\n\
             14-Jan-2026 10:05 AM PST,E1,O2,14-Jan-2026 10:00 AM PST,I2,Cap,,C-1,0.00,,,12.00,0.00,12.00,12.80,0.00,true,false,Paid\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        1.0,
        None,
    );
    reads(
        "shopware5",
        "number;orderTime;statusId;cleared;status;invoiceAmount;currency;articleId;articleordernumber;name;price;quantity;billing_firstname\n\
             20001;2026-01-13 10:00:00;2;12;Komplett abgeschlossen;35;EUR;11;SW-M;Becher;10,5;2;Ann\n\
             20001;2026-01-13 10:00:00;2;12;Komplett abgeschlossen;35;EUR;12;SW-C;Hut;14;1;Ann\n\
             20002;2026-01-14 10:00:00;4;35;Storniert / Abgelehnt;14;EUR;12;SW-C;Hut;14;1;Bob\n",
        &[("SW-C", 1.0), ("SW-M", 2.0)],
        0.0,
        Some(35.0),
    );
    reads(
        "prestashop num",
        "id_order;reference;date_add;product_reference;product_name;product_quantity;product_quantity_refunded;unit_price_tax_excl;total_price_tax_excl;current_state\n\
             1;XKB;2026-01-13 10:00:00;M-1;Mug;2;0;5.000000;10.000000;5\n\
             2;XKC;2026-01-14 10:00:00;C-1;Cap;1;0;5.000000;5.000000;6\n\
             3;XKD;2026-01-15 10:00:00;C-1;Cap;4;0;5.000000;20.000000;4\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "prestashop fr",
        "Référence commande;Date;Produit;Référence produit;Quantité;Prix unitaire HT;Total HT;État\n\
             ABC;13/01/2026 10:00;Tasse;M-1;2;1\u{202F}005,50;2\u{202F}011,00;Livré\n\
             ABD;14/01/2026 10:00;Chapeau;C-1;1;5,00;5,00;Annulé\n\
             ABE;15/01/2026 10:00;Chapeau;C-1;1;5,00;5,00;Paiement accepté\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(2016.0),
    );
    reads(
        "magento",
        "Order #,Purchase Date,Order Status,Product SKU,Product Name,Qty Ordered,Qty Invoiced,Qty Shipped,Qty Refunded,Qty Canceled,Price,Row Total,Discount Amount,Tax Amount\n\
             000000001,\"Jan 13, 2026 10:00:00 AM\",Complete,M-1,Mug,2.0000,2,2,0,0,10.0000,20.0000,2.0000,0\n\
             000000002,\"Jan 14, 2026 10:00:00 AM\",Canceled,C-1,Cap,3.0000,0,0,0,3,10.0000,30.0000,0,0\n\
             000000003,\"Jan 15, 2026 10:00:00 AM\",Closed,C-1,Cap,1.0000,1,1,1,0,10.0000,10.0000,0,0\n\
             000000004,\"Jan 15, 2026 10:00:00 AM\",Complete,C-1,Cap,5.0000,5,5,2,0,10.0000,50.0000,0,0\n",
        &[("C-1", 6.0), ("M-1", 2.0)],
        3.0,
        Some(48.0),
    );
    reads(
        "magento configurable",
        "order_id,increment_id,created_at,status,item_id,parent_item_id,product_type,sku,name,qty_ordered,price,row_total\n\
             1,000000001,2026-01-13 10:00:00,complete,1,,configurable,SHIRT-R-M,Shirt,2,20.00,40.00\n\
             1,000000001,2026-01-13 10:00:00,complete,2,1,simple,SHIRT-R-M,Shirt-R-M,2,0.00,0.00\n\
             2,000000002,2026-01-14 10:00:00,complete,3,,simple,MUG,Mug,1,10.00,10.00\n",
        &[("MUG", 1.0), ("SHIRT-R-M", 2.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "squarespace",
        "Order ID,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Cancelled at,Private Notes,Channel Type,Channel Name,Channel Order Number,Payment Method,Payment Reference\n\
             00123,a@b.c,PAID,2026-01-13 10:00:00 -0500,FULFILLED,,USD,30.00,5.00,0.00,0.00,35.00,,0.00,Std,2026-01-13 10:00:00 -0500,2,Mug,10.00,M-1,Red,true,true,FULFILLED,Ann,,,web,,,Stripe,x\n\
             00123,a@b.c,,,,,,,,,,,,,,,1,Cap,10.00,C-1,,true,true,FULFILLED,,,,,,,,\n\
             00124,a@b.c,REFUNDED,2026-01-14 10:00:00 -0500,CANCELED,,USD,10.00,5.00,0.00,15.00,15.00,,0.00,Std,2026-01-14 10:00:00 -0500,1,Cap,10.00,C-1,,true,true,,Bob,2026-01-14 11:00:00 -0500,,web,,,Stripe,x\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "wix",
        "Order number,Date created,Time,Total order quantity,Contact email,Note from customer,Additional checkout info,Item,Variant,SKU,Qty,Quantity refunded,Price,Weight,Custom text,Delivery method,Delivery time,Recipient name,Delivery country,Billing name,Payment status,Payment method,Coupon code,Gift card amount,Shipping rate,Item tax rate,Total tax,Total,Currency,Refunded amount,Net amount,Additional fees,Fulfillment status,Tracking number\n\
             10001,\"Jan 13, 2026\",10:00:00 AM,3,a@b.c,,,Mug,Red,M-1,2,0,10,0,,Std,,Ann,USA,Ann,Paid,Wix,,0,5,0,0,35,USD,0,35,0,Fulfilled,\n\
             10001,\"Jan 13, 2026\",10:00:00 AM,3,a@b.c,,,Cap,,C-1,1,0,10,0,,Std,,Ann,USA,Ann,Paid,Wix,,0,5,0,0,35,USD,0,35,0,Fulfilled,\n\
             10002,\"Jan 14, 2026\",11:00:00 PM,1,b@b.c,,,Cap,,C-1,1,1,10,0,,Std,,Bob,USA,Bob,Refunded,Wix,,0,5,0,0,15,USD,15,0,0,Not fulfilled,\n",
        &[("C-1", 2.0), ("M-1", 2.0)],
        1.0,
        Some(30.0),
    );
    reads(
        "ecwid",
        "order_number;created;payment_status;fulfillment_status;subtotal;total;product_sku;product_name;product_quantity;product_price;refunded_amount\n\
             1;2026-01-13 10:00:00 +0000;PAID;SHIPPED;30;35;M-1;Mug;2;10;0\n\
             1;2026-01-13 10:00:00 +0000;PAID;SHIPPED;30;35;C-1;Cap;1;10;0\n\
             2;2026-01-14 10:00:00 +0000;CANCELLED;WILL_NOT_DELIVER;10;15;C-1;Cap;1;10;0\n\
             3;2026-01-14 10:00:00 +0000;PAID;RETURNED;10;15;C-1;Cap;1;10;0\n",
        &[("C-1", 2.0), ("M-1", 2.0)],
        1.0,
        Some(30.0),
    );
    reads(
        "shopee",
        "Order ID,Order Status,Return / Refund Status,Tracking Number*,Order Creation Date,Order Paid Time,Parent SKU Reference No.,Product Name,SKU Reference No.,Variation Name,Original Price,Deal Price,Quantity,Returned quantity,Product Subtotal,Total Discount(SGD),Username (Buyer),Phone Number\n\
             220101A,Completed,,x,2026-01-13 10:00,2026-01-13 10:01,PM,Mug,M-1,Red,12.00,10.00,2,0,20.00,4.00,bob,1\n\
             220101B,Cancelled,,x,2026-01-14 10:00,,PC,Cap,C-1,,10.00,10.00,1,0,10.00,0,eve,1\n\
             220101C,Completed,Request Approved,x,2026-01-15 10:00,2026-01-15 10:01,PC,Cap,C-1,,10.00,10.00,3,1,30.00,0,eve,1\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        1.0,
        Some(40.0),
    );
    reads(
        "linnworks",
        "Order Id,Reference,Received Date,Source,Sub Source,SKU,Title,Quantity,Unit Cost,Line Total ex Tax,Order Total,Currency,Status\n\
             100,R1,13/01/2026 10:00,AMAZON,UK,M-1,Mug,2,4.00,20.00,24.00,GBP,PAID\n\
             101,R2,14/01/2026 10:00,EBAY,UK,C-1,Cap,3,4.00,30.00,36.00,GBP,PAID\n",
        &[("C-1", 3.0), ("M-1", 2.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "gumroad",
        "Purchase ID,Item Name,Buyer Name,Purchase Email,Purchase Date,Quantity,Item Price ($),Subtotal ($),Taxes ($),Refunded?,Fully Refunded?,Chargebacked?\n\
             p1,Mug,Ann,a@b.c,2026-01-13,2,10.00,20.00,0,0,0,0\n\
             p2,Cap,Bob,a@b.c,2026-01-14,1,10.00,10.00,0,1,1,0\n",
        &[("Cap", 1.0), ("Mug", 2.0)],
        1.0,
        Some(20.0),
    );
    reads(
        "ebay de",
        "Verkaufsprotokollnummer;Bestellnummer;Nutzername des Käufers;Artikelnummer;Angebotstitel;Bestandseinheit;Anzahl;Verkauft für;Verpackung und Versand;Gesamtpreis;Verkauft am;Bezahldatum\n\
             \"101\";\"12-1\";\"bob\";\"3001\";\"Becher\";\"M-1\";\"2\";\"EUR 10,50\";\"EUR 5,00\";\"EUR 26,00\";\"13-Jan-26\";\"13-Jan-26\"\n\
             \"102\";\"12-2\";\"eve\";\"3002\";\"Hut\";\"C-1\";\"1\";\"EUR 1.015,00\";\"EUR 5,00\";\"EUR 1.020,00\";\"14-Mrz-26\";\"14-Mrz-26\"\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(1036.0),
    );
}

/// Orders that keep their lines in one cell or in numbered columns.
#[test]
fn lines_in_one_row() {
    reads(
        "woo onecell",
        "Order Number,Order Status,Order Date,Billing First Name,Order Total Amount,Items\n\
             1,Completed,2026-01-13 10:00,Ann,35.00,\"Mug x 2, Cap x 1\"\n\
             2,Cancelled,2026-01-14 10:00,Bob,10.00,Cap x 1\n\
             3,Processing,2026-01-15 10:00,Cy,10.00,Cap x 3\n",
        &[("Cap", 4.0), ("Mug", 2.0)],
        0.0,
        None,
    );
    reads(
        "woo wp line items",
        "order_id,order_number,date,status,order_total,line_items\n\
             1,1,2026-01-13 10:00:00,completed,35.00,\"name:Mug|product_id:11|sku:M-1|quantity:2|total:20.00|sub_total:20.00;name:Cap|product_id:12|sku:C-1|quantity:1|total:10.00|sub_total:10.00\"\n\
             2,2,2026-01-14 10:00:00,cancelled,10.00,\"name:Cap|product_id:12|sku:C-1|quantity:1|total:10.00|sub_total:10.00\"\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(30.0),
    );
    reads(
        "woo numbered",
        "Order Number,Order Status,Order Date,Product Name #1,SKU #1,Quantity #1,Item Cost #1,Product Name #2,SKU #2,Quantity #2,Item Cost #2\n\
             1,Completed,2026-01-13 10:00,Mug,M-1,2,10.00,Cap,C-1,1,10.00\n\
             2,Completed,2026-01-14 10:00,Cap,C-1,3,10.00,,,,\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        0.0,
        Some(60.0),
    );
    reads(
        "woo product item",
        "order_number,order_status,order_date,Product Item 1 Name,Product Item 1 id,Product Item 1 SKU,Product Item 1 Quantity,Product Item 1 Total,Product Item 2 Name,Product Item 2 id,Product Item 2 SKU,Product Item 2 Quantity,Product Item 2 Total\n\
             1,wc-completed,2026-01-13 10:00:00,Mug,11,M-1,2,20.00,Cap,12,C-1,1,10.00\n\
             2,wc-completed,2026-01-14 10:00:00,Cap,12,C-1,3,30.00,,,,,\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        0.0,
        Some(60.0),
    );
    reads(
        "bigcommerce onecell",
        "Order ID,Customer ID,Customer Name,Order Date,Order Time,Order Status,Subtotal (inc tax),Order Total (inc tax),Product Details\n\
             100,1,Ann,13/01/2026,10:00:00,Completed,30.00,35.00,\"Product ID: 77, Product Qty: 2, Product SKU: M-1, Product Name: Mug, Product Weight: 1.0, Product Variation Details: , Product Unit Price: 10.00, Product Total Price: 20.00|Product ID: 78, Product Qty: 1, Product SKU: C-1, Product Name: Cap, Product Weight: 1.0, Product Variation Details: , Product Unit Price: 10.00, Product Total Price: 10.00\"\n\
             101,2,Bob,14/01/2026,10:00:00,Cancelled,10.00,15.00,\"Product ID: 78, Product Qty: 1, Product SKU: C-1, Product Name: Cap, Product Weight: 1.0, Product Variation Details: , Product Unit Price: 10.00, Product Total Price: 10.00\"\n",
        &[("C-1", 1.0), ("M-1", 2.0)],
        0.0,
        Some(30.0),
    );
}

/// Sums of several currencies mean nothing; vouchers are not stocked.
#[test]
fn money_that_is_not_the_shops() {
    let text = "Order,Date,SKU,Product,Qty,Price,Currency\n1,2026-01-13,A,Mug,2,10.00,EUR\n2,2026-01-14,A,Mug,1,1500,JPY\n3,2026-01-15,,Gift Card - €50.00,1,50.00,EUR\n\
                4,2026-01-16,A,Mug,1,10.00,EUR\n";
    let import = reads("currencies", text, &[("A", 4.0)], 0.0, Some(30.0));
    assert!(find(&import.diagnostics, "currencies-mixed").message.contains("JPY"));
    find(&import.diagnostics, "non-product");
    assert_eq!(import.recognised[0].currency.as_deref(), Some("EUR"), "the currency of what is kept is not told");
    let one = "Order,Date,SKU,Product,Qty,Price,Currency\n1,2026-01-13,A,Mug,2,10.00,gbp\n2,2026-01-14,A,Mug,1,10.00,\n";
    assert_eq!(reads("one currency", one, &[("A", 3.0)], 0.0, Some(30.0)).recognised[0].currency.as_deref(), Some("GBP"));
    let none = "Order,Date,SKU,Product,Qty,Price,Currency\n1,2026-01-13,A,Mug,2,10.00,12345\n2,2026-01-14,A,Mug,1,10.00,12345\n";
    assert_eq!(reads("no currency", none, &[("A", 3.0)], 0.0, Some(30.0)).recognised[0].currency, None);
}

/// What cannot be sales is refused with what to do, and is never taken for a list of items.
#[test]
fn refused_with_a_reason() {
    for (text, code, word) in [
        (
            "Date,Order,SKU,Qty,Total\n2026-01-13,1,A,-2,-20.00\n2026-01-14,2,A,-1,-10.00\n2026-01-15,3,C,-1,-10.00\n",
            "mostly-below-zero",
            "returns",
        ),
        ("Item,FY2025-P01,FY2025-P02,FY2025-P03\nA,1,2,3\nB,4,5,6\n", "periods-fiscal", "business year"),
        ("SKU,P1 FY25,P2 FY25,P3 FY25\nA,1,2,3\nB,4,5,6\n", "periods-fiscal", "business year"),
        ("Date,Order,SKU,Qty\n2026-01-13,1,A,two\n2026-01-14,2,A,three\n", "quantity-unreadable", "Qty"),
        (
            "Sale Date,Order ID,Full Name,Number of Items,Currency,Order Value,Order Total,SKU\n01/13/26,1,Ann,3,USD,30.00,35.00,\"A,B\"\n01/14/26,2,Bob,1,USD,10.00,15.00,B\n",
            "other-export",
            "Etsy orders",
        ),
    ] {
        let e = refused(text);
        let d = find(&e, code);
        assert!(d.message.contains(word) && d.fix.is_some(), "{d}");
        assert_eq!(stockcast::history::classify("export.csv", text.as_bytes()).unwrap().kind, "sales", "{text}");
    }
}
