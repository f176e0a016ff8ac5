//! A [`Page`] as markup.

use super::style::{SCRIPT, STYLE};
use super::{Block, Note, Page, Section, TableBlock, Tile, Tone};
use crate::base::text::{plural, printed};
use crate::report::svg;
use crate::report::svg::text::{esc, trimmed};
use crate::report::table::{Cell, Column};
use std::fmt::Write;

/// The whole document.
pub fn page(p: &Page) -> String {
    let title = esc(&p.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}{}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n",
        svg::STYLE
    );
    if !p.subtitle.is_empty() {
        let _ = writeln!(out, "<p class=\"sub\">{}</p>", esc(&p.subtitle));
    }
    out.push_str("</header>\n<main>\n");
    if !p.tiles.is_empty() {
        out.push_str("<div class=\"tiles\">\n");
        p.tiles.iter().for_each(|t| tile(&mut out, t));
        out.push_str("</div>\n");
    }
    if p.sections.len() > 2 {
        out.push_str("<nav aria-label=\"contents\"><ul>");
        for (i, s) in p.sections.iter().enumerate() {
            let _ = write!(out, "<li><a href=\"#s{i}\">{}</a></li>", esc(&s.heading));
        }
        out.push_str("</ul></nav>\n");
    }
    for (i, s) in p.sections.iter().enumerate() {
        section(&mut out, i, s);
    }
    out.push_str("</main>\n<footer>\n");
    facts(&mut out, &p.footer);
    let _ = write!(out, "</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

fn tile(out: &mut String, t: &Tile) {
    let tone = match t.tone {
        Tone::Plain => "",
        Tone::Good => " good",
        Tone::Watch => " watch",
        Tone::Bad => " bad",
    };
    let _ = write!(out, "<section class=\"tile{tone}{}\"><h2>{}</h2>", if t.assumed { " assumed" } else { "" }, esc(&t.label));
    let _ = write!(out, "<p class=\"figure\">{}</p>", esc(&t.value));
    if !t.spread.is_empty() {
        let _ = write!(out, "<p class=\"spread\">{}</p>", esc(&t.spread));
    }
    if !t.meaning.is_empty() {
        let _ = write!(out, "<p class=\"meaning\">{}</p>", esc(&t.meaning));
    }
    if let Some(what) = t.assumption() {
        let _ = write!(out, "<p class=\"why\">rests on {}</p>", esc(what));
    }
    out.push_str("</section>\n");
}

fn section(out: &mut String, i: usize, s: &Section) {
    let _ = writeln!(out, "<section class=\"part\" id=\"s{i}\">\n<h2>{}</h2>", esc(&s.heading));
    if !s.intro.is_empty() {
        let _ = writeln!(out, "<p class=\"intro\">{}</p>", esc(&s.intro));
    }
    s.blocks.iter().for_each(|b| block(out, b));
    out.push_str("</section>\n");
}

fn block(out: &mut String, b: &Block) {
    match b {
        Block::Text(t) => {
            let _ = writeln!(out, "<p>{}</p>", esc(t));
        }
        Block::List(items) => {
            out.push_str("<ul>");
            for i in items {
                let _ = write!(out, "<li>{}</li>", esc(i));
            }
            out.push_str("</ul>\n");
        }
        Block::Chart { chart, caption } => figure(out, &chart.svg(), caption),
        Block::Charts(charts) => {
            out.push_str("<div class=\"charts\">");
            charts.iter().for_each(|(chart, caption)| figure(out, &chart.svg(), caption));
            out.push_str("</div>\n");
        }
        Block::Table(t) => table(out, t),
        Block::Notes(n) => notes(out, n),
        Block::Facts(f) => facts(out, f),
        Block::Details { summary, blocks } => {
            let _ = write!(out, "<details><summary>{}</summary>", esc(summary));
            blocks.iter().for_each(|b| block(out, b));
            out.push_str("</details>\n");
        }
    }
}

fn figure(out: &mut String, svg: &str, caption: &str) {
    let _ = write!(out, "<figure>{svg}");
    if !caption.is_empty() {
        let _ = write!(out, "<figcaption>{}</figcaption>", esc(caption));
    }
    out.push_str("</figure>\n");
}

fn notes(out: &mut String, notes: &[Note]) {
    out.push_str("<dl class=\"notes\">");
    for n in notes {
        let (class, tag) = if n.assumed { (" class=\"assumed\"", " <span class=\"tag\">assumed</span>") } else { ("", "") };
        let _ = write!(out, "<dt{class}>{}{tag}</dt><dd{class}>{}</dd>", esc(&n.about), esc(&n.text));
    }
    out.push_str("</dl>\n");
}

fn facts(out: &mut String, facts: &[(String, String)]) {
    if facts.is_empty() {
        return;
    }
    out.push_str("<dl class=\"facts\">");
    for (name, value) in facts {
        let _ = write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", esc(name), esc(value));
    }
    out.push_str("</dl>\n");
}

fn table(out: &mut String, t: &TableBlock) {
    let rows = t.table.rows();
    let shown = t.limit.map_or(rows, |l| l.min(rows));
    let label = if t.caption.is_empty() { "table" } else { &t.caption };
    let _ = write!(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"sortable\">", esc(label));
    if !t.caption.is_empty() {
        let _ = write!(out, "<caption>{}</caption>", esc(&t.caption));
    }
    out.push_str("<thead><tr>");
    for c in &t.table.columns {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", if c.is_numeric() { " class=\"n\"" } else { "" }, esc(&c.heading()));
    }
    if let Some((heading, _)) = &t.sparks {
        let _ = write!(out, "<th scope=\"col\" data-fixed>{}</th>", esc(heading));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in 0..shown {
        out.push_str("<tr>");
        t.table.columns.iter().for_each(|c| cell(out, c, row));
        if let Some((_, charts)) = &t.sparks {
            let _ = write!(out, "<td>{}</td>", charts.get(row).map_or("", String::as_str));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    if rows > shown {
        let _ = writeln!(out, "<p class=\"more\">and {} more in the tables beside this report</p>", plural(rows - shown, "row"));
    }
    if rows == 0 {
        out.push_str("<p class=\"more\">nothing to show</p>\n");
    }
}

/// A cell for people; `data-v` carries what to sort by where the text would not do.
fn cell(out: &mut String, c: &Column, row: usize) {
    let assumed = c.assumed.get(row).copied().unwrap_or(false);
    let value = c.cell(row);
    // short words and dates stay on one line; sentences and overlong names may break
    let kind = match value {
        _ if c.is_numeric() => "n",
        Cell::Text(s) if s.chars().count() > 28 => "",
        _ => "w",
    };
    let class = match (kind, assumed) {
        ("", false) => String::new(),
        (_, false) => format!(" class=\"{kind}\""),
        (_, true) => format!(" class=\"{} title=\"rests on an assumed cost or price\"", format!("{kind} assumed\"").trim_start()),
    };
    let _ = match value {
        Cell::Empty => write!(out, "<td{class}></td>"),
        Cell::Text(s) => write!(out, "<td{class}>{}</td>", esc(s)),
        Cell::Number(x, d) => {
            let text = d.map_or_else(|| trimmed(x, 4), |d| printed(x, d));
            write!(out, "<td{class} data-v=\"{x}\">{text}</td>")
        }
        Cell::Integer(n) => write!(out, "<td{class} data-v=\"{n}\">{}</td>", printed(n as f64, 0)),
        Cell::Date(d) => write!(out, "<td{class}>{d}</td>"),
        Cell::Bool(b) => write!(out, "<td{class}>{}</td>", if b { "yes" } else { "no" }),
    };
}
