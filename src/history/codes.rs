//! A status in code numbers: asked about, never guessed; and a status that only its cells give away.

use super::content::SAMPLE;
use super::options::{ReadOptions, Role};
use super::profile::Meaning;
use super::question::{Answer, Ask, Question};
use super::roles::Assigned;
use super::states::state;
use super::table::Table;
use super::{names, number};
use crate::base::Diagnostic;
use crate::base::text::plural;

/// A status in code numbers of the shop system means nothing to us, which is asked: cancelled orders may be among them.
pub(super) fn status_codes(table: &Table, options: &ReadOptions, a: &mut Assigned) {
    // single letters say no more than numbers do
    let letters = |i: usize| {
        let cells: Vec<_> = (0..table.rows.min(500)).map(|r| table.columns[i].text(r)).filter(|t| !number::is_blank(t)).collect();
        !cells.is_empty() && cells.iter().all(|t| t.trim().len() == 1 && t.trim().bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let coded = |i: &usize| {
        let p = &a.profiles[*i];
        p.numeric > 0.5 && (1..=40).contains(&p.distinct) || a.profile.is_none() && (2..=12).contains(&p.distinct) && letters(*i)
    };
    let said = a.column(Role::Status).filter(coded);
    // the kind of a document says nothing of its state
    let of_kind = |i: usize| {
        let words = names::words(&table.columns[i].name);
        ["type", "typ", "tipo", "art", "kind", "belegart", "dokumenttyp", "soort"].iter().any(|w| words.iter().any(|x| x == w))
    };
    let stated = (0..table.columns.len()).any(|i| a.roles[i].0 == Role::Status && !of_kind(i));
    if said.is_none() && (stated || a.profile.as_ref().is_some_and(|p| p.fingerprint.is_none())) {
        return;
    }
    let named = |i: &usize| {
        let status = names::roles_of(&table.columns[*i].name).iter().any(|(role, rank)| *role == Role::Status && *rank < 1000);
        status && a.free(*i) && coded(i) && (a.profiles[*i].distinct > 1 || options.unsold.is_some())
    };
    let Some(i) = said.or_else(|| (0..table.columns.len()).find(named)) else { return };
    if let Some(unsold) = &options.unsold {
        a.set(i, Role::Status, 1.0);
        a.unsold.clone_from(unsold);
        return;
    }
    // a person's own profile knows what the codes mean
    if a.profile.is_some() {
        return;
    }
    let step = (table.rows / SAMPLE).max(1);
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for row in (0..table.rows).step_by(step) {
        let cell = table.columns[i].text(row).trim().to_owned();
        if !number::is_blank(&cell) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let mut codes: Vec<(String, usize)> = counts.into_iter().take(200).collect();
    codes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    codes.truncate(40);
    let about = if step > 1 { "about " } else { "" };
    let question = Question {
        ask: Ask::Unsold,
        code: "status-codes",
        file: table.file.clone(),
        column: Some(i as u32 + 1),
        name: Some(table.columns[i].name.clone()),
        text: format!("Which codes of {:?} are orders that did not sell?", table.columns[i].name),
        answers: codes
            .iter()
            .map(|(code, n)| Answer { value: code.clone(), text: format!("{code} ({about}{})", plural(n * step, "row")) })
            .collect(),
        assumed: Some(String::new()),
        must: false,
    };
    let message = format!("{:?} holds codes, not words: cancelled orders among them count as sold", table.columns[i].name);
    let example = codes.last().map_or("5", |c| c.0.as_str());
    a.notes.push(question.said(message, format!("say which did not sell, --unsold {example} say, or export the status in words"), true));
    a.questions.push(question);
}

/// What a cell begins with that can only be the end of an order.
const ENDED: &str =
    "cancel void annul anul storn geannul refunded returned erstattet rembours reembols retourn zwroc キャンセル 取消 취소 отмен iptal";
/// What a row of a sale calls itself where others are returns.
const SOLD: &str = "sale sales sold purchase verkauf vente ventes venta ventas venda vendas vendita vendite verkoop sprzedaz forsaljning salg prodej predaj \
    myynti eladas satis vanzare продажа invoice rechnung facture factura fattura factuur faktura order bestellung";
/// Words of names whose cells speak of cancelling without an order being cancelled.
const ASIDE: &str = "payment method reason note notes comment comments remark category type kind description product item title name tag tags policy \
    grund motif motivo reden bemerkung zahlungsart kategorie refund return";

/// A column whose name says nothing, most of whose rows hold one of a few words, some of them the end of an order, is a status (`Stage`, `Phase`).
pub(super) fn status_by_content(table: &Table, a: &mut Assigned) {
    if a.profile.is_some() {
        return;
    }
    for i in 0..table.columns.len() {
        let (p, name) = (&a.profiles[i], &table.columns[i].name);
        let few = p.states && p.numeric == 0.0 && (2..=20).contains(&p.distinct) && p.filled > 4 * p.blank && !p.personal;
        let aside = names::is_personal(name) || names::words(name).iter().any(|w| ASIDE.split_whitespace().any(|x| x == w));
        if !a.free(i) || !few || aside {
            continue;
        }
        let cells: std::collections::BTreeSet<String> = (0..table.rows)
            .step_by((table.rows / SAMPLE).max(1))
            .map(|r| table.columns[i].text(r).trim().to_owned())
            .filter(|t| !number::is_blank(t))
            .take(SAMPLE)
            .collect();
        let ended = |t: &&String| {
            let plain = names::plain(t);
            matches!(state(t), Meaning::Cancelled | Meaning::Returned) && ENDED.split_whitespace().any(|w| plain.starts_with(w))
        };
        // every row is called a sale or a return
        let sold = |t: &String| SOLD.split_whitespace().any(|w| names::compact(t) == w);
        let both = cells.len() <= 8 && cells.iter().any(sold) && cells.iter().all(|t| sold(t) || state(t) != Meaning::Sold);
        let ended = |t: &&String| ended(t) || both && matches!(state(t), Meaning::Refund);
        let long = cells.iter().any(|t| t.chars().count() > 40);
        let Some(word) = cells.iter().find(ended).filter(|_| !long && cells.iter().any(|t| state(t) == Meaning::Sold)) else { continue };
        let message = format!("{name:?} was taken for the state of orders, since it says {word:?}");
        let note = Diagnostic::warning("status-by-content", message).file(&table.file).column(i as u32 + 1);
        a.notes.push(note.fix(format!("say --map \"{name}=ignore\" if it is something else")));
        a.set(i, Role::Status, 0.6);
    }
}
