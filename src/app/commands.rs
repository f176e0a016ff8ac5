//! The one list of commands: menus, shortcuts, the palette and the help list all read it.

use super::places::Place;
use eframe::egui::{Key, KeyboardShortcut, Modifiers, ThemePreference};

/// Everything the window can be told to do without an argument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command {
    /// Open the sample shop.
    OpenSample,
    /// Choose a file to open.
    Open,
    /// Show the import step.
    Import,
    /// Write a copy of the project.
    SaveCopy,
    /// Close the project.
    CloseProject,
    /// Take back the last edit.
    Undo,
    /// Make it again.
    Redo,
    /// Show the palette.
    Palette,
    /// Go to a place.
    Go(Place),
    /// Compute again.
    Recompute,
    /// Stop all running jobs.
    CancelJobs,
    /// Write the order list.
    ExportOrders,
    /// Write the page to send.
    ExportReport,
    /// Follow the system, or not.
    Theme(ThemePreference),
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As it was.
    ZoomReset,
    /// Put the cursor into the search field of the place.
    Find,
    /// Show what was edited, when and why.
    Journal,
    /// Show the list of shortcuts.
    Help,
    /// Close the window.
    Quit,
}

/// A command as people see it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its name.
    pub name: &'static str,
    /// What it does, for the palette.
    pub hint: &'static str,
    /// Its key.
    pub shortcut: Option<KeyboardShortcut>,
    /// Makes sense only with a project open.
    pub needs_project: bool,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn key(modifiers: Modifiers, key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(modifiers, key))
}

const fn entry(command: Command, name: &'static str, hint: &'static str, shortcut: Option<KeyboardShortcut>, needs_project: bool) -> Entry {
    Entry { command, name, hint, shortcut, needs_project }
}

/// All of them, in the order of the palette.
pub const ALL: &[Entry] = &[
    entry(Command::Open, "Open file…", "A sales export, a scenario or a project", key(CTRL, Key::O), false),
    entry(Command::Import, "Import files…", "Sales, stock, open orders, items: looked at first, then imported", key(CTRL, Key::I), false),
    entry(Command::OpenSample, "Open the sample shop", "Three years of a small shop, to try everything on", None, false),
    entry(Command::Go(Place::Overview), "Go to Overview", "What it costs to be wrong, and what to do about it", key(CTRL, Key::Num1), true),
    entry(Command::Go(Place::Data), "Go to Data", "What was recognised, what is wrong with it, master data", key(CTRL, Key::Num2), true),
    entry(Command::Go(Place::Items), "Go to Items", "Every item with its forecast, stock and advice", key(CTRL, Key::Num3), true),
    entry(Command::Go(Place::Forecast), "Go to Forecast", "How good the forecasts are, and in total", key(CTRL, Key::Num4), true),
    entry(Command::Go(Place::Inventory), "Go to Inventory", "Policies, their cost and service", key(CTRL, Key::Num5), true),
    entry(Command::Go(Place::Orders), "Go to Orders", "What to order now, by supplier", key(CTRL, Key::Num6), true),
    entry(Command::Go(Place::Routes), "Go to Routes", "Trips on a map, and how often to send them", key(CTRL, Key::Num7), true),
    entry(
        Command::Go(Place::Sustainability),
        "Go to Sustainability",
        "kg CO2e and waste, with the factors behind them",
        key(CTRL, Key::Num8),
        true,
    ),
    entry(Command::Go(Place::Scenarios), "Go to Scenarios", "Assumptions side by side", key(CTRL, Key::Num9), true),
    entry(Command::Go(Place::Report), "Go to Report", "The page to send", key(CTRL, Key::Num0), true),
    entry(Command::Undo, "Undo", "Take back the last edit", key(CTRL, Key::Z), true),
    entry(Command::Redo, "Redo", "Make it again", key(CTRL_SHIFT, Key::Z), true),
    entry(Command::Journal, "Show the journal", "What was edited, when and why", key(CTRL, Key::J), true),
    entry(Command::Find, "Find", "Search in the list of this place", key(CTRL, Key::F), true),
    entry(Command::ExportOrders, "Export orders…", "The approved and advised lines as CSV or XLSX", key(CTRL, Key::E), true),
    entry(Command::ExportReport, "Export report…", "The page to send, as HTML or XLSX", key(CTRL_SHIFT, Key::E), true),
    entry(Command::Recompute, "Compute again", "Run the active scenario and the replay again", key(Modifiers::NONE, Key::F5), true),
    entry(Command::CancelJobs, "Stop all jobs", "Cancel what is running", None, true),
    entry(Command::SaveCopy, "Save a copy…", "Edits are kept as you make them; this writes a copy to share", key(CTRL, Key::S), true),
    entry(Command::CloseProject, "Close project", "Back to the welcome place", key(CTRL, Key::W), true),
    entry(Command::Theme(ThemePreference::Light), "Use light theme", "Dark text on light ground", None, false),
    entry(Command::Theme(ThemePreference::Dark), "Use dark theme", "Light text on dark ground", None, false),
    entry(Command::Theme(ThemePreference::System), "Use the system's theme", "Follow the desktop", None, false),
    entry(Command::ZoomIn, "Larger", "Zoom in", key(CTRL, Key::Plus), false),
    entry(Command::ZoomOut, "Smaller", "Zoom out", key(CTRL, Key::Minus), false),
    entry(Command::ZoomReset, "Usual size", "Reset the zoom", None, false),
    entry(Command::Palette, "Command palette", "Find any command by name", key(CTRL, Key::K), false),
    entry(Command::Help, "Keyboard shortcuts", "The list of keys", key(Modifiers::NONE, Key::F1), false),
    entry(Command::Quit, "Quit", "Close the window", key(CTRL, Key::Q), false),
];

/// A command's entry.
pub fn of(command: Command) -> Option<&'static Entry> {
    ALL.iter().find(|e| e.command == command)
}

/// How well `name` answers what was typed: all of its letters in order; runs and beginnings of words count more. `None`: not at all.
pub fn score(typed: &str, name: &str) -> Option<i32> {
    let wanted: Vec<char> = typed.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let text: Vec<char> = name.to_lowercase().chars().collect();
    let (mut at, mut total, mut run) = (0usize, 0i32, 0i32);
    for w in wanted {
        let found = text.get(at..)?.iter().position(|c| *c == w)? + at;
        run = if found == at && at > 0 { run + 1 } else { 0 };
        let begins = found == 0 || text.get(found - 1).is_some_and(|c| !c.is_alphanumeric());
        total += 1 + 2 * run + if begins { 4 } else { 0 };
        at = found + 1;
    }
    // of two equal answers the shorter name is nearer
    Some(total * 100 - text.len() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_unique() {
        for (i, a) in ALL.iter().enumerate() {
            for b in ALL.iter().skip(i + 1) {
                assert_ne!(a.name, b.name);
                assert_ne!(a.command, b.command);
                assert!(a.shortcut.is_none() || a.shortcut != b.shortcut, "{} and {}", a.name, b.name);
            }
        }
    }

    #[test]
    fn typing_finds_the_nearest() {
        let best = |typed: &str| ALL.iter().filter_map(|e| score(typed, e.name).map(|s| (s, e.name))).max().map(|(_, n)| n);
        assert_eq!(best("orders"), Some("Go to Orders"));
        assert_eq!(best("undo"), Some("Undo"));
        assert_eq!(best("exp rep"), Some("Export report…"));
        assert_eq!(best("zzz"), None);
    }
}
