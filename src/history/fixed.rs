//! Lists in fixed width: what tills print and old programs spool, columns told apart by the blanks between them and nothing else.

use super::header::{self, Found};
use super::{date, number};

/// Most bytes of such a list; larger ones are no print-outs.
pub(super) const MOST: u64 = 64 << 20;
/// Lines of the beginning that columns are told by.
const LOOKED_AT: usize = 400;
/// Least lines that make a list.
const LEAST: usize = 4;

/// A list in fixed width as a table with tabs; `None` where a text is none: few lines that look alike, other delimiters, no dates or no numbers.
pub(super) fn with_tabs(text: &str) -> Option<String> {
    let lines: Vec<Vec<char>> = text.lines().map(|l| l.trim_end().chars().collect()).collect();
    let head = &lines[..lines.len().min(LOOKED_AT)];
    // rows have a date or a number in each, and wide gaps
    let gaps = |l: &[char]| l.windows(3).filter(|w| w[0] != ' ' && w[1] == ' ' && w[2] == ' ').count();
    let valued = |l: &[char]| {
        let text: String = l.iter().collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.len() >= 3 && words.iter().filter(|w| number::mark(w).is_some() || date::shape(w).is_some()).count() >= 2
    };
    let body: Vec<usize> = (0..head.len()).filter(|i| gaps(&head[*i]) >= 1 && valued(&head[*i])).collect();
    let width = body.iter().map(|i| head[*i].len()).max()?;
    if body.len() < LEAST || body.iter().any(|i| head[*i].contains(&'\t')) {
        return None;
    }
    // rows begin alike and end alike: those that do not (sums) say nothing about columns
    let dated = |i: &&usize| {
        let text: String = head[**i].iter().collect();
        text.split_whitespace().any(|w| w.len() >= 6 && date::shape(w).is_some())
    };
    let rows: Vec<usize> = body.iter().filter(dated).copied().collect();
    if rows.len() < LEAST || rows.len() * 4 < body.len() * 3 {
        return None;
    }
    let names = rows.first()?.checked_sub(1).and_then(|above| (0..=above).rev().find(|i| !ruled(&head[*i])));
    let blank = |i: usize, c: usize| head[i].get(c).is_none_or(|c| *c == ' ');
    let between: Vec<bool> = (0..width).map(|c| rows.iter().all(|i| blank(*i, c)) && names.is_none_or(|n| blank(n, c))).collect();
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for c in (0..width).filter(|c| !between[*c]) {
        match columns.last_mut() {
            Some((_, end)) if *end == c => *end = c + 1,
            _ => columns.push((c, c + 1)),
        }
    }
    if columns.len() < 3 {
        return None;
    }
    let cut = |l: &[char]| -> Vec<String> {
        let crosses = (0..l.len()).any(|c| l[c] != ' ' && between.get(c).copied().unwrap_or(false));
        if crosses {
            return vec![l.iter().collect::<String>().trim().to_owned()];
        }
        let last = columns.len() - 1;
        let cell = |(k, (from, to)): (usize, &(usize, usize))| {
            let to = if k == last { l.len() } else { (*to).min(l.len()) };
            l.get(*from..to.max(*from)).unwrap_or_default().iter().collect::<String>().trim().to_owned()
        };
        columns.iter().enumerate().map(cell).collect()
    };
    let table: Vec<Vec<String>> = lines.iter().filter(|l| !ruled(l)).map(|l| cut(l)).collect();
    // it is one only where the columns then say what they are
    let Found { data, .. } = header::find(&table[..table.len().min(200)]);
    let sample: Vec<&Vec<String>> = table[data.min(table.len())..].iter().filter(|r| r.len() == columns.len()).take(200).collect();
    let mostly = |k: usize, of: &dyn Fn(&str) -> bool| sample.iter().filter(|r| of(&r[k])).count() * 4 >= sample.len().max(1) * 3;
    let dates = (0..columns.len()).any(|k| mostly(k, &|t| date::shape(t).is_some()));
    let numbers = (0..columns.len()).any(|k| mostly(k, &|t| number::mark(t).is_some() && date::shape(t).is_none()));
    (dates && numbers && !sample.is_empty()).then(|| table.iter().map(|r| r.join("\t") + "\n").collect())
}

/// A line of dashes and the like, or a blank one.
fn ruled(line: &[char]) -> bool {
    line.iter().all(|c| " -=_+*.|".contains(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_blanks() {
        let mut text = "LISTING  BRANCH 3          PAGE 1 OF 1\n\nDATE       NO  ITEM          QTY    PRICE\n------\n".to_owned();
        for d in 1..=9 {
            text +=
                &format!("2026-01-0{d} {:03} {:<12} {:>4} {:>8.2}\n", 10 + d, if d % 2 == 0 { "GREEN TEA" } else { "RED MUG" }, d * 3, 4.5);
        }
        text += "TOTAL                        135\n";
        let table = with_tabs(&text).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "DATE\tNO\tITEM\tQTY\tPRICE");
        assert_eq!(lines[3], "2026-01-02\t012\tGREEN TEA\t6\t4.50");
        assert_eq!(lines[11].split('\t').next(), Some("TOTAL"));
        for other in
            ["a,b\n1,2\n", "2026-01-01 a b\n", "date,item\n2026-01-01,red  mug\n2026-01-02,blue  mug\n2026-01-03,a  b\n2026-01-04,c  d\n"]
        {
            assert_eq!(with_tabs(other), None, "{other}");
        }
    }
}
