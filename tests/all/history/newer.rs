//! A newer export beside an older one, a person's own profile, and a look before importing.

use super::{find, read, read_with, said, series};
use stockcast::base::{NoControl, Period};
use stockcast::history::{Ask, Import, Profile, ReadOptions, Role, look, read_sales_bytes};

fn both(a: &str, b: &str) -> Import {
    let files = [("old.csv".to_owned(), a.as_bytes().to_vec()), ("new.csv".to_owned(), b.as_bytes().to_vec())];
    let options = ReadOptions { period: Some(Period::Day), ..ReadOptions::default() };
    read_sales_bytes(&files, &options, &NoControl).unwrap_or_else(|e| panic!("{}", said(&e)))
}

const HEAD: &str = "Order,Date,SKU,Qty,Status\n";

#[test]
fn a_newer_export_tells_its_orders_anew() {
    let old = format!("{HEAD}1,2026-01-05,A,2,paid\n2,2026-01-06,A,3,paid\n3,2026-01-07,B,1,paid\n");
    let new = format!("{HEAD}2,2026-01-06,A,3,cancelled\n3,2026-01-07,B,1,paid\n4,2026-01-08,B,5,paid\n");
    for import in [both(&old, &new), both(&new, &old)] {
        assert_eq!((series(&import, "A").y.iter().sum::<f64>(), series(&import, "B").y.iter().sum::<f64>()), (2.0, 6.0));
        assert!(find(&import.diagnostics, "export-overlap").message.contains("2 rows"));
    }
    // the same orders in other bytes change nothing
    let again = both(&old, &old.replace('\n', "\r\n"));
    assert_eq!(again.history, read_with(&old, &ReadOptions { period: Some(Period::Day), ..Default::default() }).unwrap().history);
}

#[test]
fn two_tills_that_count_from_one_are_added() {
    let a = format!("{HEAD}1,2026-01-05,A,2,paid\n2,2026-01-06,A,3,paid\n");
    let b = format!("{HEAD}1,2026-02-05,A,2,paid\n2,2026-02-06,A,3,paid\n");
    assert_eq!(series(&both(&a, &b), "A").y.iter().sum::<f64>(), 10.0);
}

#[test]
fn series_of_a_newer_export_stand_in_place_of_the_older() {
    let a = "unique_id,ds,y\na,2026-01-05,1\na,2026-01-06,2\na,2026-01-07,3\n";
    let b = "unique_id,ds,y\na,2026-01-06,2\na,2026-01-07,4\na,2026-01-08,5\n";
    assert_eq!(series(&both(a, b), "a").y, [1.0, 2.0, 4.0, 5.0]);
    // another item is another part of the same shop
    let c = "unique_id,ds,y\nb,2026-01-05,7\nb,2026-01-06,8\n";
    let import = both(a, c);
    assert_eq!((series(&import, "a").y.len(), series(&import, "b").y.as_slice()), (3, &[7.0, 8.0][..]));
}

#[test]
fn a_mapping_becomes_a_profile() {
    let text = "Wann;Was;Wieviel;Wo\n03/04/2026;x;1,5;N\n05/04/2026;x;2,5;S\n04/04/2026;x;1;N\n";
    let options = ReadOptions {
        map: vec![
            ("Wann".into(), Role::Date),
            ("Was".into(), Role::Item),
            ("Wieviel".into(), Role::Quantity),
            ("Wo".into(), Role::Location),
        ],
        date_order: Some(stockcast::history::DateOrder::DayMonthYear),
        ..ReadOptions::default()
    };
    let import = read_with(text, &options).unwrap();
    let profile = Profile::of("mine", &import.recognised[0], &options);
    let again = Profile::parse(&profile.to_toml()).unwrap();
    assert_eq!(again, profile);
    let later = ReadOptions { profiles: vec![again], ..ReadOptions::default() };
    // columns in another order and case are the same header
    let next = read_with("WO;was;Wann;Wieviel\nN;x;06/04/2026;4\nN;x;07/04/2026;5\n", &later).unwrap();
    assert_eq!((next.recognised[0].profile, next.recognised[0].date_order), (Some("mine"), Some("dmy")));
    assert_eq!((series(&next, "x").start.iso().as_str(), series(&next, "x").y.as_slice()), ("2026-04-06", &[4.0, 5.0][..]));
    assert_eq!(Profile::parse("name = \"x\"\nrolls = {}\n").unwrap_err().code, "profile-unreadable");
}

#[test]
fn a_look_asks_and_answers_make_it_ready() {
    let text = "Product variant SKU,Net sales,Quantity ordered,Email\n1001,25.99,1,a@b.example\n1002,60.00,2,c@d.example\n";
    let seen = look("sales_2026-01.csv", text.as_bytes(), true, &ReadOptions::default()).unwrap();
    assert_eq!((seen.kind, seen.profile.as_deref(), seen.ready()), ("sales", Some("Shopify sales by variant"), false));
    let q = seen.questions.iter().find(|q| q.must).unwrap();
    assert_eq!((q.ask, q.answers[0].value.as_str()), (Ask::Covers, "2026-01-01..2026-01-31"));
    let mut options = ReadOptions::default();
    assert!(q.answer(&q.answers[0].value, &mut options));
    assert!(look("sales_2026-01.csv", text.as_bytes(), true, &options).unwrap().ready());
    assert!(seen.columns[3].samples.is_empty() && seen.columns[0].samples == ["1001", "1002"]);
    assert_eq!(seen.preview.unwrap().rows.len(), 2);

    // nothing found: the columns are there to choose from
    let seen = look("x.csv", b"when,thing,n\nfirst,A,1\nsecond,B,2\n", true, &ReadOptions::default()).unwrap();
    assert!(!seen.ready() && seen.columns.len() == 3);
    let stock = look("x.csv", b"SKU,Location,On hand,Customer\nA,N,5,Ann\n", true, &ReadOptions::default()).unwrap();
    assert_eq!((stock.kind, stock.fields), ("stock", vec![Some("item"), Some("location"), Some("on_hand"), None]));
}

#[test]
fn a_look_takes_in_the_beginning_only() {
    let mut text = String::from("date,item,quantity\n");
    for i in 0..400_000 {
        text += &format!("2026-01-{:02},A{},1\n", i % 28 + 1, i % 50);
    }
    let (head, whole) = stockcast::history::look::head(text.as_bytes());
    assert!(!whole && head.len() <= stockcast::history::look::SAMPLE && head.ends_with(b"\n"));
    assert!(look("big.csv", &head, whole, &ReadOptions::default()).unwrap().ready());
    let small = "date,item,quantity\n2026-01-01,A,1\n";
    assert_eq!(stockcast::history::look::head(small.as_bytes()), (std::borrow::Cow::Borrowed(small.as_bytes()), true));
    assert_eq!(series(&read(small), "A").y, [1.0]);
}
