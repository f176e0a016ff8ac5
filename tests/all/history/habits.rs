//! Habits of exports that only their rows show, and look-alikes that must be left as they are.

use super::strangers::reads;

/// Signs, prices, refunds and states that mean something else than elsewhere.
#[test]
fn habits() {
    reads(
        "netsuite",
        "Type,Date,Document Number,Name,Item,Quantity,Amount,Status,Location\n\
             Sales Order,1/13/2026,SO1,Ann,M-1,-2,20.00,Sales Order : Billed,Main\n\
             Sales Order,1/14/2026,SO2,Bob,C-1,-3,30.00,Sales Order : Cancelled,Main\n\
             Sales Order,1/15/2026,SO3,Bob,C-1,-1,10.00,Sales Order : Pending Fulfillment,Main\n\
             Sales Order,1/15/2026,SO4,Bob,C-1,-1,10.00,Sales Order : Closed,Main\n",
        &[("C-1", 2.0), ("M-1", 2.0)],
        0.0,
        Some(40.0),
    );
    reads(
        "stock card pl",
        "Data;Dokument;Typ;Towar;Ilość;Wartość netto\n\
             13.01.2026;WZ 1;WZ;A;-2;20,00\n\
             14.01.2026;PZ 1;PZ;A;50;200,00\n\
             15.01.2026;WZ 2;WZ;A;-3;30,00\n",
        &[("A", 5.0)],
        0.0,
        Some(50.0),
    );
    reads(
        "sumup de",
        "Datum;Transaktions-ID;Beleg;Beschreibung;Menge;Preis (brutto);Preis (netto);Steuer;Typ\n\
             13.01.2026, 10:05;T1;1;Becher;2;24,00;20,00;4,00;Verkauf\n\
             14.01.2026, 10:05;T2;2;Becher;1;-12,00;-10,00;-2,00;Rückerstattung\n",
        &[("Becher", 2.0)],
        1.0,
        Some(10.0),
    );
    reads(
        "zettle raw",
        "Date,Time,Receipt number,VAT (20%),Final price (GBP),Name,Variant,Quantity,Price (GBP),Discount (GBP)\n\
             13/01/2026,10:05,1,4.00,24.00,Mug,Red,2,12.00,0.00\n\
             14/01/2026,10:05,2,2.00,12.00,Mug,Red,1,12.00,0.00\n\
             15/01/2026,10:05,3,-2.00,-12.00,Mug,Red,-1,12.00,0.00\n",
        &[("Mug", 3.0)],
        1.0,
        Some(24.0),
    );
    reads(
        "invoice unpaid",
        "Invoice No,Invoice Date,Item,Qty,Rate,Amount,Invoice Status\n\
             1,13/01/2026,A,2,5,10,Paid\n\
             2,14/01/2026,A,1,5,5,Unpaid\n\
             3,15/01/2026,A,1,5,5,Overdue\n",
        &[("A", 4.0)],
        0.0,
        Some(20.0),
    );
    reads(
        "ship country state",
        "Order,Date,SKU,Qty,Price,Ship State,State\n\
             1,2026-01-13,A,2,5,WA,completed\n\
             2,2026-01-14,A,1,5,OR,cancelled\n",
        &[("A", 2.0)],
        0.0,
        Some(10.0),
    );
    reads(
        "amount refunded col",
        "Order,Date,SKU,Qty,Amount,Amount Refunded\n\
             1,2026-01-13,A,2,20.00,0.00\n\
             2,2026-01-14,A,1,10.00,10.00\n",
        &[("A", 3.0)],
        1.0,
        Some(20.0),
    );
    reads(
        "qty shipped ordered",
        "Order No,Order Date,SKU,Qty Ordered,Qty Shipped,Qty Backordered,Qty Cancelled,Unit Price\n\
             1,2026-01-13,A,5,3,2,0,10\n\
             2,2026-01-14,A,4,0,0,4,10\n",
        &[("A", 5.0)],
        0.0,
        None,
    );
    reads(
        "woo export line cols",
        "Order ID,Date,Status,line_item_1,line_item_2\n\
             1,2026-01-13,completed,\"name:Mug|sku:M-1|quantity:2|total:20.00\",\"name:Cap|sku:C-1|quantity:1|total:10.00\"\n\
             2,2026-01-14,completed,\"name:Cap|sku:C-1|quantity:3|total:30.00\",\n",
        &[("C-1", 4.0), ("M-1", 2.0)],
        0.0,
        Some(60.0),
    );
    reads(
        "long measures",
        "Date,SKU,Metric,Value\n\
             2026-01-13,A,Units Sold,2\n\
             2026-01-13,A,Revenue,20\n\
             2026-01-14,A,Units Sold,3\n\
             2026-01-14,A,Revenue,30\n",
        &[("A", 5.0)],
        0.0,
        None,
    );
    reads(
        "wide ym",
        "sku,2025M01,2025M02,2025M03\n\
             A,1,2,3\n",
        &[("A", 6.0)],
        0.0,
        None,
    );
    reads(
        "wide yq",
        "sku,2025Q1,2025Q2,2025Q3\n\
             A,1,2,3\n",
        &[("A", 6.0)],
        0.0,
        None,
    );
}

/// What looks like a list in a cell, a part of a bundle, a sum or a discount to take off, and is none.
#[test]
fn look_alikes() {
    reads(
        "name with x2",
        "Order,Date,Items,Qty,Price\n\
             1,2026-01-13,Box x 2,3,5.00\n\
             2,2026-01-14,Box x 4,1,9.00\n",
        &[("Box x 2", 3.0), ("Box x 4", 1.0)],
        0.0,
        Some(24.0),
    );
    reads(
        "parent sku catalog",
        "Order,Date,Parent SKU,SKU,Qty,Price\n\
             1,2026-01-13,PM,M-R,2,5.00\n\
             1,2026-01-13,PM,M-B,1,5.00\n\
             2,2026-01-14,PC,C-1,1,5.00\n",
        &[("C-1", 1.0), ("M-B", 1.0), ("M-R", 2.0)],
        0.0,
        Some(20.0),
    );
    reads(
        "wide equal rows",
        "Product,Jan-25,Feb-25,Mar-25\n\
             A,1,1,1\n\
             B,1,1,1\n\
             C,2,2,2\n\
             D,2,2,2\n",
        &[("A", 3.0), ("B", 3.0), ("C", 6.0), ("D", 6.0)],
        0.0,
        None,
    );
    reads(
        "wide no hierarchy",
        "Product,Jan-25,Feb-25,Mar-25\n\
             A,1,2,3\n\
             B,4,5,6\n\
             C,5,7,9\n",
        &[("A", 6.0), ("B", 15.0), ("C", 21.0)],
        0.0,
        None,
    );
    reads(
        "discount already off",
        "Order,Date,SKU,Qty,Price,Discount,Total\n\
             1,2026-01-13,A,2,5.00,1.00,9.00\n\
             2,2026-01-14,A,1,5.00,0.00,5.00\n",
        &[("A", 3.0)],
        0.0,
        Some(14.0),
    );
    reads(
        "discount percent",
        "Order,Date,SKU,Qty,Price,Discount,Total\n\
             1,2026-01-13,A,2,5.00,10%,9.00\n\
             2,2026-01-14,A,1,5.00,0%,5.00\n",
        &[("A", 3.0)],
        0.0,
        Some(14.0),
    );
    reads(
        "first line money only",
        "Order,Date,SKU,Qty,Amount\n\
             1,2026-01-13,A,2,30.00\n\
             1,,B,1,\n\
             2,2026-01-14,A,1,10.00\n",
        &[("A", 3.0), ("B", 1.0)],
        0.0,
        Some(40.0),
    );
    reads(
        "line no item",
        "Order No,Line No,Order Date,Item No,Description,Qty,Unit Price,Line Amount\n\
             1,10000,2026-01-13,A,Mug,2,5,10\n\
             1,20000,2026-01-13,B,Cap,1,7,7\n\
             2,10000,2026-01-14,A,Mug,1,5,5\n",
        &[("A", 3.0), ("B", 1.0)],
        0.0,
        Some(22.0),
    );
    reads(
        "returns heavy",
        "Date,Order,SKU,Qty,Total\n\
             2026-01-13,1,A,2,20\n\
             2026-01-14,2,A,-1,-10\n\
             2026-01-15,3,A,3,30\n\
             2026-01-15,4,A,-1,-10\n",
        &[("A", 5.0)],
        2.0,
        Some(30.0),
    );
}
