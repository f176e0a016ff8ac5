//! What is planted about people in exports of many layouts stays in them: it is in no output, no message, no profile and no project file.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use stockcast::base::NoControl;
use stockcast::history::canonical::hash;
use stockcast::history::{MasterFiles, ReadOptions, look, read_masters_bytes, read_sales_bytes};
use stockcast::project::{Document, Project, Source, SourceKind};
use stockcast::scenario::{Inputs, Plan};

/// What of a customer must never turn up, in lower case.
const PLANTED: [&str; 8] = ["quatermass", "zebulon", "nightingale", "secret-mail", "7700900123", "7700 900123", "zx9 9qq", "neighbour"];
const NAME: &str = "Zebulon Quatermass";
const MAIL: &str = "zebulon.q@secret-mail.example";
const STREET: &str = "42 Nightingale Lane";
const PHONE: &str = "+44 7700 900123";
const ZIP: &str = "ZX9 9QQ";
const NOTE: &str = "leave with neighbour Quatermass, call 07700 900123";

/// Sales files with the customer in every place such files have for her; a `?` at the end of the name: the file is refused.
fn layouts() -> Vec<(&'static str, String, &'static [&'static str])> {
    let shopify = format!(
        "Name,Email,Financial Status,Created at,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Street,Billing Address1,Billing City,Billing Zip,Billing Phone,Shipping Name,Shipping Street,Shipping Zip,Shipping Country,Notes,Note Attributes,Phone,Payment Reference\n\
         #1,{MAIL},paid,2026-03-02 23:30:00 +0100,27,32,2,Mug,10.00,M-1,{NAME},{STREET},{STREET},Leeds,'{ZIP},{PHONE},{NAME},{STREET},'{ZIP},GB,\"{NOTE}\",x: {NAME},{PHONE},4242\n\
         #1,{MAIL},,,,,1,Cap,10.00,C-1,,,,,,,,,,,,,,\n#2,{MAIL},paid,2026-03-13 23:30:00 +0100,27,32,x,Mug,10.00,M-1,{NAME},{STREET},{STREET},Leeds,'{ZIP},{PHONE},{NAME},{STREET},'{ZIP},GB,\"{NOTE}\",x: {NAME},{PHONE},4242\n"
    );
    let square = format!(
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Event Type,Location,Notes,Details,Customer ID,Customer Name,Customer Reference ID,Employee,Card Brand,PAN Suffix\n\
         03/13/26,13:03:14,Eastern Time (US & Canada),None,Mug,1.0,,,$8.00,$0,$8.00,$0.50,t1,Payment,Main St,\"{NOTE}\",{NAME},{NAME},{NAME},{MAIL},{NAME},Visa,4242\n"
    );
    let own = format!(
        "Wann;Was;Wieviel;Wer;Wohin;Nachricht;Erreichbar\n13.01.2026;Tasse;2;{NAME};{STREET};{NOTE};{MAIL}\n14.01.2026;Hut;1;{NAME};{ZIP};{NOTE};{PHONE}\n"
    );
    vec![
        ("shopify.csv", shopify, &[]),
        ("square.csv", square, &[]),
        ("ebay.csv", format!(",,,,,,,,,,,,\nSales Record Number,Order Number,Buyer Username,Buyer Name,Buyer Email,Buyer Note,Buyer Address 1,Buyer Zip,Item Number,Item Title,Custom Label,Quantity,Sold For,Sale Date,Ship To Name,Ship To Phone,Ship To Zip\n1,2,{MAIL},{NAME},{MAIL},\"{NOTE}\",{STREET},{ZIP},5001,Mug,M-1,2,$20.00,Jul-25-26,{NAME},{PHONE},{ZIP}\n1,record(s) downloaded,from x\nSeller ID : {MAIL}\n"), &[]),
        ("woo.csv", format!("Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Address 1&2 (Billing),Postcode (Billing),Email (Billing),Phone (Billing),SKU,Item #,Item Name,Quantity,Item Cost\n1,Completed,2026-01-13 10:00,\"{NOTE}\",Zebulon,Quatermass,{STREET},{ZIP},{MAIL},{PHONE},M-1,1,Mug,2,5.00\n"), &[]),
        ("tiktok.csv", format!("Order ID,Order Status,SKU ID,Seller SKU,Product Name,Quantity,SKU Subtotal After Discount,Created Time,Buyer Message,Buyer Username,Recipient,Phone #,Country,Zipcode,Detail Address,Seller Note\n1,Completed,17,M-1,Mug,2,56.34,01/13/2026 10:00:00 AM,\"{NOTE}\",{MAIL},{NAME},{PHONE},GB,{ZIP},{STREET},\"{NOTE}\"\n"), &[]),
        ("quickbooks.csv", format!("Sales by Product/Service Detail,,,,,,,\n{NAME} LLC,,,,,,,\n,,,,,,,\n,Transaction date,Transaction type,Num,Customer full name,Description,Quantity,Sales price,Amount\nMugs,,,,,,,,\n,13/01/2026,Invoice,5001,{NAME},Mug,2.00,5.00,10.00\nTotal for Mugs,,,,,,2.00,,10.00\n").replace(",,,,,,,\n,Transaction", ",,,,,,,,\n,Transaction"), &[]),
        ("amazon.txt", format!("amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\titem-price\tship-city\tship-postal-code\tbuyer-email\tbuyer-name\tship-address-1\trecipient-name\tbuyer-phone-number\n1\t2026-01-13T23:30:00+00:00\tShipped\tMug\tM-1\t2\t20.00\tLEEDS\t{ZIP}\t{MAIL}\t{NAME}\t{STREET}\t{NAME}\t{PHONE}\n"), &[]),
        ("polish.csv", format!("Numer zamówienia;Data zamówienia;Kod produktu;Ilość;Imię i nazwisko;Ulica;Kod pocztowy;Telefon;Kupujący;Uwagi\n1;13.01.2026;M-1;2;{NAME};{STREET};{ZIP};{PHONE};{NAME};{NOTE}\n"), &[]),
        ("own.csv", own, &["--map", "Wann=date,Was=item,Wieviel=quantity"]),
        // a column of names where a number is wanted, a header of names, no header at all
        ("refused?.csv", format!("Customer,Address,Phone,Remark\n{NAME},{STREET},{PHONE},{NOTE}\n{NAME},{STREET},{PHONE},{MAIL}\n").replace(NOTE, "none"), &[]),
        ("numbers?.csv", format!("Order,Date,SKU,Quantity\n1,{NAME},M-1,{PHONE}\n2,{STREET},M-1,{MAIL}\n"), &[]),
        ("cut?.csv", format!("Order,Date,SKU,Quantity,Customer\n1,2026-01-13,M-1,2,\"{NAME}\n2,2026-01-14,M-1,2,{MAIL}\n"), &[]),
        ("bare.csv", format!("13.01.2026,M-1,2,{NAME},{MAIL},{PHONE}\n14.01.2026,C-1,1,{NAME},{MAIL},{PHONE}\n15.01.2026,M-1,3,{NAME},{MAIL},{PHONE}\n"), &[]),
    ]
}

fn clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    // the same in UTF-16, as some writers keep text
    let wide: String = bytes.iter().filter(|b| **b != 0).map(|b| char::from(*b)).collect::<String>().to_lowercase();
    for planted in PLANTED {
        assert!(!text.contains(planted) && !wide.contains(planted), "{planted:?} is in {what}: {text}");
    }
}

fn stockcast(dir: &Path, args: &[&str]) -> (bool, Vec<u8>) {
    let o = Command::new(env!("CARGO_BIN_EXE_stockcast")).current_dir(dir).env("RUST_LOG", "trace").args(args).output().unwrap();
    (o.status.success(), [o.stdout, o.stderr].concat())
}

#[test]
fn nobody_is_in_what_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    for (name, text, says) in layouts() {
        let file = name.replace('?', "");
        fs::write(d.join(&file), &text).unwrap();
        for args in [
            &["audit"][..],
            &["audit", "--json"],
            &["audit", "--set-aside", "aside.csv"],
            &["import", "-o", "out.csv", "--save-profile", "own.toml"],
            &["import", "-o", "out.xlsx", "--json"],
        ] {
            for written in ["aside.csv", "out.csv", "own.toml", "out.xlsx"] {
                let _ = fs::remove_file(d.join(written));
            }
            let (ok, said) = stockcast(d, &[&args[..1], &[&file], &args[1..], says].concat());
            clean(&format!("{file} {args:?}"), &said);
            assert_eq!(ok, !name.contains('?'), "{file} {args:?}: {}", String::from_utf8_lossy(&said));
            for written in ["aside.csv", "out.csv", "own.toml"] {
                if let Ok(bytes) = fs::read(d.join(written)) {
                    clean(&format!("{written} of {file}"), &bytes);
                }
            }
        }
    }
}

/// The project keeps series, how files were read and what was said of them: none of it names anybody, in the file or in what is shown.
#[test]
fn nobody_is_in_the_project() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text, says) in layouts().into_iter().filter(|l| !l.0.contains('?')) {
        let mut options = ReadOptions::default();
        for pair in says.get(1).iter().flat_map(|m| m.split(',')) {
            let (column, role) = pair.split_once('=').unwrap();
            options.map.push((column.to_owned(), stockcast::history::Role::parse(role).unwrap()));
        }
        let seen = look(name, text.as_bytes(), true, &options).unwrap();
        clean(&format!("what is shown of {name}"), format!("{seen:?}").as_bytes());
        let import = read_sales_bytes(&[(name.to_owned(), text.clone().into_bytes())], &options, &NoControl).unwrap();
        let source = Source {
            name: name.to_owned(),
            said: Vec::new(),
            hash: hash(text.as_bytes()),
            kind: SourceKind::Sales,
            imported: stockcast::base::Stamp(1_700_000_000),
            map: options.map.clone(),
            rows_read: import.recognised[0].rows_read as u64,
            rows_used: import.recognised[0].rows_used as u64,
            sequence: 0,
        };
        let inputs =
            Inputs { history: Some(import.history), recognised: import.recognised, transactions: import.transactions, ..Inputs::default() };
        let path = dir.path().join(format!("{name}.stockcast"));
        let project = Project::create(&path, Document::new("shop", inputs, Plan::default(), import.diagnostics, vec![source])).unwrap();
        project.flush().unwrap();
        drop(project);
        clean(&format!("the project of {name}"), &fs::read(&path).unwrap());
    }
}

/// Companion files with people in them: contacts of suppliers, a phone number in a column of numbers.
#[test]
fn nobody_is_in_what_is_said_of_companions() {
    let stock = format!("SKU,On hand,Contact,Email\nM-1,{PHONE},{NAME},{MAIL}\nC-1,{NAME},{NAME},{MAIL}\nD-1,3,{NAME},{MAIL}\n");
    let suppliers = format!("supplier,contact,email,phone,minimum_value\nAcme,{NAME},{MAIL},{PHONE},{MAIL}\n");
    let receipts = format!("supplier,item,ordered,received,quantity,driver\nAcme,M-1,{NAME},2026-01-13,1,{NAME}\n");
    let file = |name: &str, text: String| Some((name.to_owned(), text.into_bytes()));
    let shipments = format!(
        "shipment,ready,from,to,weight_kg,contact,email,phone,notes\n1,2026-01-13,DC,Leeds,12,{NAME},{MAIL},{PHONE},\"{NOTE}\"\n2,{NAME},DC,Leeds,{PHONE},{NAME},{MAIL},{PHONE},\"{NOTE}\"\n"
    );
    let on_order = format!("sku,quantity,arrives,buyer,email\nM-1,{PHONE},2026-01-13,{NAME},{MAIL}\nC-1,4,{NAME},{NAME},{MAIL}\n");
    let items = format!("sku,cost,weight_kg,buyer,buyer email,remarks\nM-1,{MAIL},{PHONE},{NAME},{MAIL},\"{NOTE}\"\n");
    let dir = tempfile::tempdir().unwrap();
    for (name, kind, text) in [("stock.csv", "stock", &stock), ("orders.csv", "on_order", &on_order), ("items.csv", "items", &items)] {
        fs::write(dir.path().join(name), text).unwrap();
        for format in [&[][..], &["--json"]] {
            let (_, said) = stockcast(dir.path(), &[&["import", name, "--kind", kind], format].concat());
            clean(&format!("what the command line says of {name}"), &said);
        }
    }
    fs::write(dir.path().join("shipments.csv"), &shipments).unwrap();
    for format in [&[][..], &["--json"]] {
        let (_, said) = stockcast(dir.path(), &[&["routes", "shipments.csv"], format].concat());
        clean("what the command line says of shipments", &said);
    }
    let files = MasterFiles {
        shipments: file("shipments.csv", shipments),
        items: file("items.csv", items),
        on_order: file("on_order.csv", on_order),
        stock: file("stock.csv", stock),
        suppliers: file("suppliers.csv", suppliers),
        receipts: file("receipts.csv", receipts),
        ..MasterFiles::default()
    };
    let said = match read_masters_bytes(&files) {
        Ok((masters, said)) => format!("{masters:?} {said:?}"),
        Err(said) => format!("{said:?}"),
    };
    assert!(said.contains("number-unreadable"), "{said}");
    clean("what is said of companions", said.as_bytes());
}
