//! Synthetic twins of shop systems' exports, each with the quirks that its system writes. Units and money were added up by hand.

use super::{find, read_with, refused, said, series};
use stockcast::history::model::Scope;
use stockcast::history::question::covers;
use stockcast::history::{Import, MasterFiles, ReadOptions, classify, read_masters_bytes};

fn units(import: &Import) -> f64 {
    import.history.series.iter().flat_map(|s| &s.y).filter(|v| v.is_finite()).sum()
}
fn returned(import: &Import) -> f64 {
    import.history.series.iter().filter_map(|s| s.returned.as_ref()).flatten().filter(|v| v.is_finite()).sum()
}
fn money(import: &Import) -> f64 {
    let all: f64 = import.history.series.iter().filter_map(|s| s.revenue.as_ref()).flatten().filter(|v| v.is_finite()).sum();
    (all * 100.0).round() / 100.0
}
fn by_day() -> ReadOptions {
    ReadOptions { period: Some(stockcast::base::Period::Day), ..ReadOptions::default() }
}
/// Reads a twin and checks its profile, units sold, units back and net money.
fn twin(profile: &str, text: &str, options: &ReadOptions, want: (f64, f64, f64)) -> Import {
    let import = read_with(text, options).unwrap_or_else(|e| panic!("{profile}: {}", said(&e)));
    assert_eq!(import.recognised[0].profile, Some(profile));
    assert_eq!((units(&import), returned(&import), money(&import)), want, "{profile}: {}", said(&import.diagnostics));
    import
}

#[test]
fn shopify_orders_with_every_quirk() {
    let text = "\
Name,Email,Financial Status,Created at,Subtotal,Shipping,Total,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Payment Method,Refunded Amount,Lineitem discount,Shipping Zip
#1,x@y.example,paid,2026-03-02 23:30:00 +0100,27.00,5.00,32.00,3.00,2,Mug,10.00,M-1,,visa,0.00,0.00,'75008
#1,x@y.example,,,,,,,1,Cap,10.00,C-1,,,,0.00,
#2,,partially_refunded,2026-03-03 09:00:00 +0100,20.00,0.00,20.00,0.00,2,Mug,10.00,M-1,,visa,5.00,0.00,
#3,,refunded,2026-03-03 10:00:00 +0100,10.00,0.00,10.00,0.00,1,Cap,10.00,C-1,,visa,10.00,0.00,
#4,,voided,2026-03-04 10:00:00 +0100,10.00,0.00,10.00,0.00,1,Cap,10.00,C-1,,visa,0.00,0.00,
#5,,paid,2026-03-04 11:00:00 +0100,10.00,0.00,10.00,0.00,1,Cap,10.00,C-1,2026-03-04 12:00:00 +0100,visa,0.00,0.00,
#6,,paid,2026-03-05 11:00:00 +0100,990.00,0.00,990.00,0.00,99,Cap,10.00,C-1,,bogus,0.00,0.00,
#7,,pending,2026-03-30 11:00:00 +0200,30.00,0.00,30.00,0.00,3,Mug,10.00,M-1,,cash,0.00,0.00,
";
    // money: 27 + (20 - 5) + (10 - 10) + 30; units: 3 + 2 + 1 + 3; one came back
    let import = twin("Shopify orders", text, &by_day(), (9.0, 1.0, 72.0));
    assert_eq!(find(&import.diagnostics, "refunds-without-units").line, Some(4));
    let mug = series(&import, "M-1");
    assert!((mug.revenue.as_ref().unwrap()[0] - 18.0).abs() < 1e-9, "the order's discount is shared: {:?}", mug.revenue);
    let aside: Vec<(&str, Vec<u64>)> = import.recognised[0].set_aside.iter().map(|s| (s.reason, s.lines.clone())).collect();
    assert_eq!(aside, [("cancelled", vec![6, 7]), ("test-order", vec![8])]);
}

#[test]
fn days_are_the_shops_own() {
    let text = "\
amazon-order-id\tpurchase-date\torder-status\titem-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\titem-promotion-discount
1\t2026-01-05T23:30:00+00:00\tShipped\tShipped\tMug\tM-1\t2\tEUR\t20.00\t1.00
2\t2026-01-06T10:00:00+00:00\tCancelled\t\tMug\tM-1\t0\tEUR\t\t
3\t2026-01-07T10:00:00+00:00\tShipped - Returned to Seller\tShipped\tCap\tC-1\t1\tEUR\t9.00\t
";
    // what came back was paid back
    let utc = twin("Amazon orders", text, &by_day(), (3.0, 1.0, 19.0));
    assert_eq!((series(&utc, "M-1").start.iso().as_str(), utc.questions.len()), ("2026-01-05", 1));
    let here = ReadOptions { time_zone: Some("Europe/Berlin".into()), ..by_day() };
    assert_eq!(series(&twin("Amazon orders", text, &here, (3.0, 1.0, 19.0)), "M-1").start.iso(), "2026-01-06");
    let bar = ReadOptions { day_starts: 4, ..here.clone() };
    assert_eq!(series(&read_with(text, &bar).unwrap(), "M-1").start.iso(), "2026-01-05", "half past midnight is still yesterday's night");
    assert_eq!(
        find(&read_with(text, &ReadOptions { time_zone: Some("Nowhere".into()), ..by_day() }).unwrap_err(), "time-zone-unknown").line,
        None
    );
}

#[test]
fn totals_without_dates_ask_for_their_days() {
    let january = ReadOptions { covers: covers("2026-01"), ..ReadOptions::default() };
    for (profile, text, want) in [
        (
            "Amazon business report",
            "\u{FEFF}(Parent) ASIN,(Child) ASIN,Title,Sessions – total,Units ordered,Ordered Product Sales,Total Order Items\nP1,A1,One,100,25,\"MX$2,000.00\",25\nA1,A1,One,50,5,\"MX$1,000.00\",5\nP2,A2,Two,9,40,\"MX$4,000.00\",40\n",
            (70.0, 0.0, 7000.0),
        ),
        (
            "Shopify sales by variant",
            "Product title,Product variant title,Product variant SKU,Net items sold,Net sales\n,,,12,\"$120.00\"\nMug,Red,M-1,7,\"$70.00\"\nCap,,,5,\"$50.00\"\n",
            (12.0, 0.0, 120.0),
        ),
        (
            "WooCommerce analytics, products",
            "Product title,SKU,Items sold,N. Revenue,Category,Stock\nMug,M-1,\"100,5\",\"1000,25\",a,10\nCap,C-1,\"50,0\",500,b,0\n",
            (150.5, 0.0, 1500.25),
        ),
        (
            "Walmart Marketplace sales",
            "Item_Name,SKU,GMV,Units_Sold,Orders\nMug,M-1,\"$1,200.50\",10,10\nCap,C-1,$500.00,4,4\n",
            (14.0, 0.0, 1700.5),
        ),
        (
            "TikTok Shop orders",
            "\nOrder ID,Order Status,SKU ID,Seller SKU,Quantity,SKU Subtotal After Discount,Warehouse Name\n1,Completed,17,M-1,2,56.34,W\n2,Cancelled,17,M-1,1,28.17,W\n3,Unpaid,17,M-1,1,28.17,W\n4,To ship,18,C-1,3,60.00,W\n",
            (5.0, 0.0, 116.34),
        ),
    ] {
        let e = refused(text);
        assert!(find(&e, "period-needed").fix.as_ref().unwrap().contains("--covers"), "{profile}");
        let import = twin(profile, text, &january, want);
        assert!(import.history.series.iter().all(|s| s.start.iso() == "2026-01-01" && s.y.len() == 1), "{profile}");
    }
    // a title above the header says it; four weeks are spread evenly
    let text = "2026-01-13 ~ 2026-02-09,,,,\n,,,,\nSKU ID,Product,Status,GMV,Items sold\n17,Mug,Active,80.00,8\n";
    let import = twin("TikTok Shop sales", text, &ReadOptions::default(), (8.0, 0.0, 80.0));
    assert_eq!(import.history.series[0].y, [2.0, 2.0, 2.0, 2.0]);
    find(&import.diagnostics, "totals-spread");
}

#[test]
fn first_and_last_days_are_read() {
    let text = "Amazon store,Start date,End date,MSKU,Average sales price,Units sold,Units returned,Net units sold,Sales,Net sales\n\
        US,2026-01-01,2026-01-31,M-1,26,11,1,10,$286.00,$260.00\nUS,2026-02-01,2026-02-28,M-1,26,5,0,5,$130.00,$130.00\n";
    let import = twin("Amazon sales by SKU", text, &ReadOptions::default(), (16.0, 1.0, 390.0));
    assert_eq!((import.history.period, import.history.series[0].y.as_slice()), (stockcast::base::Period::Month, &[11.0, 5.0][..]));
}

#[test]
fn tills_and_marketplaces() {
    twin(
        "Square item sales",
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Event Type,Location,Customer Name,Count,Itemization Type\n\
         03/02/26,13:03:14,Eastern Time (US & Canada),None,Mug,1.0,,,$8.00,-$1.00,$7.00,$0.50,t1,Payment,Main St,Ann,1,Physical Good\n\
         03/13/26,14:00:00,Eastern Time (US & Canada),None,Mug,2.0,,,\"$1,016.00\",$0.00,\"$1,016.00\",$0.50,t2,Payment,Main St,Ann,1,Physical Good\n\
         03/14/26,15:00:00,Eastern Time (US & Canada),None,Mug,-1.0,,,($8.00),$0.00,($8.00),$0.00,t3,Refund,Main St,Ann,1,Physical Good\n",
        &by_day(),
        (3.0, 1.0, 1015.0),
    );
    twin(
        "Till receipts",
        "Date,Receipt number,Receipt type,Category,SKU,Item,Variant,Quantity,Gross sales,Discounts,Net sales,Store,Status\n\
         2026-02-03 10:00:00,1-1001,Sale,,10001,Mug,,2,20.00,2.00,18.00,Main,Closed\n2026-02-04 10:00:00,1-1002,Refund,,10001,Mug,,1,10.00,0.00,10.00,Main,Closed\n\
         2026-02-05 10:00:00,1-1003,Sale,,10001,Mug,,9,90.00,0.00,90.00,Main,Cancelled\n",
        &by_day(),
        (2.0, 1.0, 8.0),
    );
    twin(
        "Etsy sold items",
        "Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Item Total,Currency,Transaction ID,Listing ID,Order ID,SKU,Ship Country\n\
         09/03/26,\"Mug - Speckled, Stoneware\",Ann,2,34.00,4.00,68.00,CAD,1,1501,9001,M-1,Canada\n09/04/26,Cap,Bob,1,10.00,0,10.00,CAD,2,1502,9002,C-1,Canada\n",
        &by_day(),
        (3.0, 0.0, 74.0),
    );
    let ebay = twin(
        "eBay orders",
        ",,,,,,,,,\nSales Record Number,Order Number,Buyer Username,Item Number,Item Title,Custom Label,Quantity,Sold For,Total Price,Sale Date\n,,,,,,,,,\n\
         101,24-1,ann,,,,3,$50.00,$55.00,Jul-25-26\n101,24-1,ann,5001,Mug,M-1,2,$20.00,,Jul-25-26\n101,24-1,ann,5002,Cap,C-1,1,$10.00,,Jul-25-26\n\
         102,24-2,bob,5001,Mug,M-1,1,$20.00,$25.00,Jul-26-26\n,,,,,,,,,\n2,record(s) downloaded,from Jul-25-26,,,,,,,\nSeller ID : somebody,,,,,,,,,\n",
        &by_day(),
        (4.0, 0.0, 70.0),
    );
    assert!(ebay.recognised[0].set_aside.iter().all(|s| matches!(s.reason, "total-row" | "blank-row")));
    twin(
        "Walmart Marketplace orders",
        "PO#,Order#,Order Date,Ship By,Customer Name,Status,Item Description,Qty,SKU,Item Cost\n1,91,2026-01-05,2026-01-07,Ann,Delivered,Mug,2,M-1,8.00\n2,92,2026-01-06,2026-01-07,Bob,Cancelled,Mug,1,M-1,8.00\n",
        &by_day(),
        (2.0, 0.0, 16.0),
    );
    let dated = "Order ID,Order Status,Cancelation/Return Type,SKU ID,Seller SKU,Product Name,Quantity,Sku Quantity of return,SKU Subtotal After Discount,Created Time,Cancelled Time,Recipient\n\
        1,Completed,,17,M-1,Mug,3,1,30.00,13/01/2026 09:00:00,,Ann\n2,Canceled,Cancel,17,M-1,Mug,2,,20.00,14/01/2026 09:00:00,14/01/2026 10:00:00,Bob\n";
    // a third of the line came back, and of its money
    twin("TikTok Shop orders", dated, &by_day(), (3.0, 1.0, 20.0));
}

#[test]
fn back_offices() {
    twin(
        "QuickBooks sales by product",
        "\"Example Co, LLC\",,,,,,,,,\nSales by Product/Service Detail,,,,,,,,,\nAll Dates,,,,,,,,,\n\n,Transaction date,Transaction type,Num,Customer full name,Description,Quantity,Sales price,Amount,Balance\n\
         Mug,,,,,,,,,\n,04/13/2026,Invoice,5001,Acme,Mug,2.00,10.00,20.00,20.00\n,04/14/2026,Credit Memo,5002,Acme,Mug,1.00,10.00,-10.00,10.00\nTotal for Mug,,,,,,3.00,,$10.00,\n\
         Cap,,,,,,,,,\n,04/14/2026,Sales Receipt,5003,Acme,Cap,4.00,5.00,20.00,20.00\nTotal for Cap,,,,,,4.00,,$20.00,\nTOTAL,,,,,,,,$30.00,\n",
        &by_day(),
        (6.0, 1.0, 30.0),
    );
    twin(
        "Odoo order lines",
        "Order Reference,Customer,Order Date,Status,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price\nS1,Ann,2026-01-05 10:00:00,Sales Order,[M-1] Mug,2,8\n,,,,[C-1] Cap,1,5\nS2,Bob,2026-01-06 10:00:00,Quotation,[M-1] Mug,7,8\n,,,,[C-1] Cap,3,5\n",
        &by_day(),
        (3.0, 0.0, 21.0),
    );
    twin(
        "Unleashed sales enquiry",
        "Sales Enquiry,,,,,,\nOrder No.,Order Date,Customer,Product,Quantity,Sub Total,Status\nSO-1,13/01/2026,Acme,M-1,2,16.00,Completed\nSO-2,14/01/2026,Acme,M-1,3,24.00,Parked\nSO-3,15/01/2026,Acme,C-1,1,5.00,Backordered\nTotals,,,,6,45.00,\n",
        &by_day(),
        (3.0, 0.0, 21.0),
    );
    twin(
        "Katana sales orders",
        "SO #,Created date,Customer,Item category,Variant code / SKU,Item variant,Quantity,Price per unit,Status\nSO-1,2026-01-05,Acme,x,M-1,Mug,2 pcs,8,Delivered\nSO-2,2026-01-06,Acme,x,M-1,Mug,1 pcs,8,Quote\n",
        &by_day(),
        (2.0, 0.0, 16.0),
    );
    twin(
        "WooCommerce orders",
        "\"Order Number\",\"Order Status\",\"Order Date\",\"Email (Billing)\",\"Item #\",SKU,Name,Quantity,\"Quantity (- Refund)\",\"Item Cost\",\"Order Line (w/o tax)\"\n\
         1,Completo,2026-01-05 10:00,a@b.example,1,M-1,Mug,3,2,8,24\n1,Completo,2026-01-05 10:00,a@b.example,2,C-1,Cap,1,1,5,5\n2,Cancelado,2026-01-06 10:00,a@b.example,1,M-1,Mug,1,1,8,8\n\
         3,Pendiente de pago,2026-01-06 11:00,a@b.example,1,M-1,Mug,1,1,8,8\n4,Reembolsado,2026-01-07 11:00,a@b.example,1,C-1,Cap,2,0,5,10\n",
        &by_day(),
        // the refunded order's money went back, and that of the mug of three
        (6.0, 3.0, 21.0),
    );
}

#[test]
fn stock_items_and_open_orders() {
    let stock = |name: &str, text: &str| {
        let guess = classify("export.csv", text.as_bytes()).unwrap();
        assert_eq!((guess.kind, guess.profile.as_deref()), ("stock", Some(name)));
        let files = MasterFiles { stock: Some(("s.csv".to_owned(), text.as_bytes().to_vec())), ..MasterFiles::default() };
        read_masters_bytes(&files).unwrap_or_else(|e| panic!("{name}: {}", said(&e))).0.stock
    };
    let s = stock(
        "Amazon AWD inventory",
        "Report Type,AWD Inventory Report\nGenerated,2026-02-11\nProduct Name,SKU,FNSKU,ASIN,Inbound to AWD (units),Available in AWD (units),Available in AWD (cases)\nMug,M-1,F,A,10,150,15\n",
    );
    assert_eq!((s[0].scope.clone(), s[0].on_hand), (Scope::Item("M-1".into()), 150.0));
    let s = stock(
        "Shopify inventory",
        "Handle,Title,Option1 Name,SKU,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current)\nmug,Mug,Size,M-1,Main,5,1,2,7,10\n",
    );
    assert_eq!(
        (s[0].scope.clone(), s[0].on_hand, s[0].committed, s[0].unavailable),
        (Scope::ItemAt("M-1".into(), "Main".into()), 10.0, 2.0, 1.0)
    );
    let s = stock(
        "Flexport inventory levels",
        "Snapshot Date,DSKU,MSKU,Name,Facility,DTC Total Quantity,RS Total Quantity,Unavailable for Sale Quantity\n2026-02-11,D1,M-1,Mug,W1,100,50,3\n",
    );
    assert_eq!((s[0].on_hand, s[0].unavailable, s[0].as_of.unwrap().iso().as_str()), (150.0, 3.0, "2026-02-11"));
    let s = stock(
        "Cin7 Core stock",
        "SKU,Product Name,Category,Default Location,OnHand,Allocated,Available,OnOrder,Unit Cost,Total Value\nM-1,Mug,x,Main,10,4,6,0,2,20\n",
    );
    assert_eq!((s[0].on_hand, s[0].committed), (10.0, 4.0));
    let s = stock(
        "Walmart Marketplace inventory",
        "Item name,SKU,Status,Daily sales,Daily units sold,Available units,Reserved units,Inbound units\nMug,M-1,Active,50.00,2,100,5,10\n",
    );
    assert_eq!((s[0].on_hand, s[0].committed), (105.0, 5.0));
    let products = "Handle,Title,Vendor,Type,Variant SKU,Variant Grams,Variant Price,Cost per item,Image Src\nmug,Mug,Acme,Cups,M-1,350,8.00,3.00,x\nmug,,,,M-2,400,9.00,3.50,\n";
    let guess = classify("products_export.csv", products.as_bytes()).unwrap();
    assert_eq!((guess.kind, guess.profile.as_deref()), ("items", Some("Shopify products")));
    let files = MasterFiles { items: Some(("p.csv".to_owned(), products.as_bytes().to_vec())), ..MasterFiles::default() };
    let (m, _) = read_masters_bytes(&files).unwrap();
    let second = &m.items[1];
    assert_eq!(
        (second.description.as_deref(), second.supplier.as_deref(), second.weight_kg, second.cost),
        (Some("Mug"), Some("Acme"), Some(0.4), Some(3.5))
    );
}

#[test]
fn numbered_days_take_their_dates_from_the_calendar() {
    let sales = "id,item_id,dept_id,cat_id,store_id,state_id,d_1,d_2,d_3\nF_1_CA,F_1,F,FOODS,CA_1,CA,5,0,7\n";
    let calendar = "date,wm_yr_wk,weekday,wday,month,year,d,event_name_1\n2016-03-01,11101,Tue,1,3,2016,d_1,\n2016-03-02,11101,Wed,2,3,2016,d_2,\n2016-03-03,11101,Thu,3,3,2016,d_3,\n";
    let files = [("calendar.csv".to_owned(), calendar.as_bytes().to_vec()), ("sales.csv".to_owned(), sales.as_bytes().to_vec())];
    let import = stockcast::history::read_sales_bytes(&files, &ReadOptions::default(), &stockcast::base::NoControl).unwrap();
    assert_eq!((import.recognised[0].profile, units(&import)), (Some("M5 sales"), 12.0));
    assert_eq!(import.history.series[0].start.iso(), "2016-03-01");
    assert_eq!(classify("calendar.csv", calendar.as_bytes()).unwrap().kind, "calendar");
}
