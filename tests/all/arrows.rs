//! The house of ARCHITECTURE.md: rooms, the arrows between them, and who may name which crate.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up; a room imports only rooms that stand before it (cli and app: neither the other).
const ROOMS: [&str; 12] =
    ["base", "history", "forecast", "inventory", "logistics", "footprint", "scenario", "project", "report", "cli", "app", "main"];

/// Crates with an owner: (name as written in `use`, rooms that may name it).
const OWNED: [(&str, &[&str]); 7] = [
    ("egui", &["app"]),
    ("eframe", &["app"]),
    ("clap", &["cli"]),
    ("polars_io", &["history", "report"]),
    ("calamine", &["history"]),
    ("rust_xlsxwriter", &["report"]),
    ("rusqlite", &["project"]),
];

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in fs::read_dir(dir).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            rust_files(&p, out);
        } else if p.extension().is_some_and(|x| x == "rs") {
            out.push(p);
        }
    }
}

/// The source without comments and string contents, so that prose cannot break the rule or hide a breach of it.
fn code_only(text: &str) -> String {
    text.lines().map(|l| l.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

fn room_of(path: &Path, src: &Path) -> String {
    let rel = path.strip_prefix(src).unwrap();
    let first = rel.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Rooms named by `crate::room` or inside `crate::{a, b::…}`.
fn named_rooms(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (i, _) in code.match_indices("crate::") {
        let rest = &code[i + 7..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            let mut at_top = true;
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => {
                        out.push(std::mem::take(&mut word));
                        at_top = true;
                    }
                    ':' if depth == 1 => at_top = false,
                    c if depth == 1 && at_top && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            out.push(word);
        } else {
            out.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    out.retain(|r| !r.is_empty());
    out
}

#[test]
fn arrows_point_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let rank = |room: &str| ROOMS.iter().position(|r| *r == room);
    let mut wrong = Vec::new();
    for file in &files {
        let room = room_of(file, &src);
        if room == "lib" {
            continue;
        }
        let here = rank(&room).unwrap_or_else(|| panic!("{} is in no room of the house", file.display()));
        let code = code_only(&fs::read_to_string(file).unwrap()).replace("stockcast::", "crate::");
        for named in named_rooms(&code) {
            let Some(there) = rank(&named) else { continue };
            if there > here || (room == "app" && named == "cli") {
                wrong.push(format!("{} ({room}) names {named}", file.display()));
            }
        }
        for (krate, owners) in OWNED {
            let used = [format!("{krate}::"), format!("use {krate};")]
                .iter()
                .any(|w| code.match_indices(w.as_str()).any(|(i, _)| !code[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_')));
            if used && !owners.contains(&room.as_str()) {
                wrong.push(format!("{} ({room}) names the crate {krate}", file.display()));
            }
        }
    }
    assert!(files.len() > 30, "the walk found only {} files", files.len());
    assert!(wrong.is_empty(), "arrows that point up:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_opens_with_a_table_of_contents() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for e in fs::read_dir(&src).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            let text = fs::read_to_string(p.join("mod.rs")).unwrap();
            let head = text.lines().take_while(|l| l.starts_with("//!")).count();
            assert!(head >= 3, "{} has {head} lines of contents", p.display());
        }
    }
}

#[test]
fn the_rule_sees_a_breach() {
    assert_eq!(named_rooms("use crate::{base::Day, scenario::Plan};"), ["base", "scenario"]);
    assert_eq!(named_rooms("let x = crate::cli::run();"), ["cli"]);
}
