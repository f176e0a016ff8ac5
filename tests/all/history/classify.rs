//! Which kind of file it is, and the first rows beside what was understood of them.

use stockcast::base::NoControl;
use stockcast::history::{ReadOptions, Role, classify, read_sales_each};

#[test]
fn the_sample_files_are_told_apart() {
    for kind in ["sales", "items", "stock", "on_order", "suppliers", "supplier_items", "receipts", "bom", "locations", "vehicles", "events"]
    {
        let bytes = std::fs::read(format!("{}/sample-data/{kind}.csv", env!("CARGO_MANIFEST_DIR"))).unwrap();
        // by their columns alone, whatever they are called
        assert_eq!(classify("export.csv", &bytes).unwrap().kind, kind);
    }
    let orders = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/orders_export.csv")).unwrap();
    let guess = classify("orders.csv", &orders).unwrap();
    assert_eq!(guess.kind, "sales");
    assert!(!guess.columns.iter().any(|c| c == "Email"));
}

#[test]
fn rows_stand_beside_what_was_understood() {
    let text =
        "Date;Product;Qty;Customer\n2026-01-05;tea;1,5;Jo Doe\nno day;tea;2;Jo Doe\n2026-01-06;;3;Jo Doe\n2026-01-07;milk;4;Jo Doe\n";
    let options = ReadOptions { transactions: Some(false), ..ReadOptions::default() };
    let other = ReadOptions { map: vec![("Product".into(), Role::Location)], ..options.clone() };
    let (_, seen) = read_sales_each(&[("a.csv", text.as_bytes(), &options)], &options, 3, &NoControl).unwrap();
    let p = &seen[0];
    assert_eq!(p.rows.len(), 3, "as many as asked for");
    assert_eq!(p.hidden, [false, false, false, true]);
    assert_eq!(p.rows[0].cells, [Some("2026-01-05".into()), Some("tea".into()), Some("1,5".into()), None]);
    assert_eq!((p.rows[0].line, &*p.rows[0].item, p.rows[0].quantity, p.rows[0].set_aside), (2, "tea", 1.5, None));
    assert_eq!((p.rows[1].at, p.rows[1].set_aside), (None, Some("a date that cannot be read")));
    assert_eq!(p.rows[2].set_aside, Some("no item"));
    let (import, seen) = read_sales_each(&[("a.csv", text.as_bytes(), &other)], &options, 1, &NoControl).unwrap();
    assert_eq!(seen[0].rows[0].location, "tea");
    assert!(import.history.series.iter().any(|s| &*s.location == "tea"));
}
