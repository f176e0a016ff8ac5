//! What would fix a problem, in the window's words: a diagnostic names options of the command line and sections of scenario files.

use crate::base::Diagnostic;

/// What would fix it in the window, where the usual words are about the command line.
pub fn fix(d: &Diagnostic) -> Option<String> {
    let text = d.fix.as_deref()?;
    if d.code == "default-scenario" {
        return Some("change the assumptions in the Scenarios place".into());
    }
    if d.code == "money-not-units" {
        return Some("if a column counts units, choose it in Data, under Recognised".into());
    }
    // scenario files have sections, the window has a place for them; what comes before is what a file would say
    if let Some(at) = text.find(" under [") {
        let before = text.get(..at).and_then(|t| t.rsplit_once(", or ")).map(|(t, _)| t);
        return Some(
            before.map_or_else(|| "change it in the Scenarios place".to_owned(), |b| format!("{b}, or change it in the Scenarios place")),
        );
    }
    if !text.contains("--") {
        return Some(text.to_owned());
    }
    Some(
        match d.code {
            "date-order-unclear" => "choose the order of day and month in Data, under Recognised",
            "date-order-assumed" | "date-order-mixed" | "date-unreadable" => "correct the dates, or choose their order under Recognised",
            "decimal-ambiguous" => "say which is the decimal mark in a column of the file, or export with more decimals",
            "period-needed" => "export it by day, week or month, so that each row has a date",
            "replay-too-long" | "replay-nothing" | "replay-short" => "add older sales to the project",
            "units-assumed" | "quantity-assumed" | "quantity-by-content" => "choose what the column means under Recognised",
            "status-by-content" => "choose what the column means below if it is something else",
            "purchases" => {
                "export the sales (orders, invoices or receipts with their lines); if they are sales, choose Sales once more above"
            }
            "non-product" => "they are neither sold nor stocked; nothing to do unless they are",
            "period-chosen" => "set another period in a scenario file",
            _ => "choose what the column means under Recognised, or correct the file",
        }
        .into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_at_a_window_is_told_of_options() {
        for code in ["date-order-unclear", "decimal-ambiguous", "period-needed", "replay-too-long", "period-chosen", "some-other-code"] {
            let d = Diagnostic::warning(code, "something is wrong").fix("use --periods 1 or fewer");
            let said = fix(&d).unwrap();
            assert!(!said.contains("--") && !said.is_empty(), "{code}: {said}");
        }
        let money = Diagnostic::error("money-not-units", "money")
            .fix("run `stockcast forecast`; or name the column: --map \"Column=quantity\", or map under [history]");
        assert!(!fix(&money).unwrap().contains("--"));
        let plain = Diagnostic::warning("x", "something is wrong").fix("check the path");
        assert_eq!(fix(&plain).as_deref(), Some("check the path"));
    }
}
