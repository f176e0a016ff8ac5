//! A header made of known and odd names above a few rows of plausible cells: profiles, roles, kinds, questions and what the import place shows.
//! The first bytes choose names and cells from lists, so that the matcher is reached at once; what follows is taken as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockcast::history::profile::{built_in, find, fingerprint};
use stockcast::history::{ReadOptions, classify, look};

const CELLS: [&str; 24] = [
    "", "2026-01-05", "5/6/2026", "13.01.2026 10:00", "1", "2.5", "1.234", "1,5", "$3.00", "(4)", "A-1", "Mug, blue", "paid", "refunded", "Total",
    "true", "no", "2026-W05", "Jan 2026", "-", "5 kg", "100%", "3", "Summe",
];

fuzz_target!(|data: &[u8]| {
    let names: Vec<&str> = built_in().iter().flat_map(|p| p.roles.values().flatten().map(String::as_str)).collect();
    let (picks, rest) = data.split_at(data.len().min(40));
    let (width, picks) = (usize::from(picks.first().copied().unwrap_or(3) % 12) + 1, picks.get(1..).unwrap_or_default());
    let free = String::from_utf8_lossy(rest).replace(['"', '\n', '\r'], " ");
    let pick = |i: usize| usize::from(picks.get(i).copied().unwrap_or(0)) + 256 * usize::from(picks.get(i + 1).copied().unwrap_or(0));
    let header: Vec<&str> = (0..width).map(|i| if pick(i) % 17 == 0 { free.as_str() } else { names[pick(i) % names.len()] }).collect();
    let _ = find(&header, &[]);
    assert_eq!(fingerprint(header.iter().copied()), fingerprint(header.iter().rev().copied()));
    let quoted = |cells: &[&str]| cells.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",") + "\n";
    let mut text = quoted(&header);
    for row in 0..8 {
        let cells: Vec<&str> = (0..width).map(|c| CELLS[pick((row * width + c) % 38) % CELLS.len()]).collect();
        text += &quoted(&cells);
    }
    let _ = classify("fuzz.csv", text.as_bytes());
    if let Ok(look) = look("fuzz.csv", text.as_bytes(), true, &ReadOptions::default()) {
        let mut options = ReadOptions::default();
        for q in &look.questions {
            for a in &q.answers {
                q.answer(&a.value, &mut options);
            }
        }
        let _ = look.ready();
    }
});
