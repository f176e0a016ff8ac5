//! What names each series: the item, its location and its own name, over all files.

use super::regular::Key;
use super::roles::Assigned;
use super::rows::Rows;
use super::values::NONE;
use crate::base::Diagnostic;
use crate::base::text::plural;
use std::collections::HashMap;
use std::sync::Arc;

/// Series keys, told apart by what the files give.
#[derive(Default)]
pub(super) struct Keyring {
    /// The series, in the order they were met.
    pub keys: Vec<Key>,
    by_name: HashMap<[Arc<str>; 3], u32>,
    by_id: HashMap<Arc<str>, u32>,
    clashes: usize,
    /// Codes of the current file to keys.
    by_code: HashMap<(u32, u32, u32, u32), u32, foldhash::fast::RandomState>,
    /// The same by item, where nothing else tells series apart.
    by_item: Vec<u32>,
}

impl Keyring {
    pub fn start_file(&mut self, rows: &Rows) {
        self.by_code.clear();
        self.by_item = if rows.unique_id.is_empty() { vec![NONE; rows.item.values.len()] } else { Vec::new() };
    }

    pub fn of(&mut self, rows: &Rows, assigned: &Assigned, i: usize, single: bool) -> u32 {
        let (item_code, place) = (rows.item.code(i), rows.location.code(i));
        let known = if place == NONE { self.by_item.get(item_code as usize).copied().unwrap_or(NONE) } else { NONE };
        if known != NONE {
            return known;
        }
        // the name tells items apart only where there is no code
        let name_code = if item_code == NONE { rows.description.code(i) } else { NONE };
        let codes = (rows.unique_id.code(i), item_code, name_code, place);
        if let Some(key) = self.by_code.get(&codes) {
            return *key;
        }
        let location = rows.location.get(i);
        let item = rows.item_key(i);
        let id = rows.unique_id.get(i).map(str::to_owned).unwrap_or_else(|| match (item, location) {
            (Some(item), Some(place)) if assigned.grouped => format!("{place}_{item}"),
            (Some(item), Some(place)) if !single => format!("{item}@{place}"),
            (Some(item), _) => item.to_owned(),
            (None, Some(place)) => place.to_owned(),
            (None, None) => "all".to_owned(),
        });
        let key = Key {
            item: item.unwrap_or(&id).into(),
            location: location.unwrap_or("main").into(),
            description: rows.description.get(i).filter(|d| Some(*d) != item).map(Into::into),
            unique_id: id.into(),
        };
        let name = [key.unique_id.clone(), key.item.clone(), key.location.clone()];
        let index = match self.by_name.get(&name) {
            Some(k) => *k,
            // one unique_id with two items or places is one series all the same
            None if self.by_id.contains_key(&key.unique_id) => {
                self.clashes += 1;
                self.by_id[&key.unique_id]
            }
            None => {
                self.keys.push(key.clone());
                (self.keys.len() - 1) as u32
            }
        };
        self.by_id.insert(key.unique_id, index);
        self.by_name.insert(name, index);
        self.by_code.insert(codes, index);
        if let Some(k) = self.by_item.get_mut(item_code as usize).filter(|_| place == NONE) {
            *k = index;
        }
        index
    }

    pub fn say(&self, notes: &mut Vec<Diagnostic>) {
        if self.clashes > 0 {
            notes.push(Diagnostic::warning(
                "series-merged",
                format!(
                    "{} with the same unique_id but another item or location were taken for the same series",
                    plural(self.clashes, "key")
                ),
            ));
        }
    }
}
