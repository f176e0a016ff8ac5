//! Style tokens: every colour, gap and size of the window is named here, for dark and for light.
//!
//! Hues are Okabe & Ito's (2008), which people with any colour vision can tell apart; a meaning is never carried by colour alone.

use eframe::egui::{self, Color32, CornerRadius, FontId, Margin, Stroke, TextStyle, Theme, Visuals};

/// Gaps between things, points.
pub mod gap {
    /// Between a label and what it names.
    pub const XS: f32 = 4.0;
    /// Between widgets.
    pub const S: f32 = 8.0;
    /// Between groups.
    pub const M: f32 = 12.0;
    /// Between the columns of a table.
    pub const COLUMN: f32 = 10.0;
    /// Around a place.
    pub const L: f32 = 20.0;
}

/// Height of a table row, points.
pub const ROW: f32 = 26.0;

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tokens {
    /// Behind everything.
    pub ground: Color32,
    /// Behind the list of places and the bars.
    pub rail: Color32,
    /// Behind a card, a table, a plot.
    pub card: Color32,
    /// Every other row.
    pub stripe: Color32,
    /// Edges.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text that says less.
    pub weak: Color32,
    /// Numbers that rest on an assumption.
    pub assumed: Color32,
    /// What acts, what is selected; forecasts.
    pub accent: Color32,
    /// Behind what is selected.
    pub selected: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Fine; demand met.
    pub good: Color32,
    /// Look here.
    pub warn: Color32,
    /// Loss, errors.
    pub bad: Color32,
    /// What was: history.
    pub past: Color32,
    /// Stock.
    pub stock: Color32,
    /// A third series.
    pub third: Color32,
    /// Water on the map.
    pub sea: Color32,
    /// Land on the map.
    pub land: Color32,
}

const DARK: Tokens = Tokens {
    ground: Color32::from_rgb(0x14, 0x17, 0x1b),
    rail: Color32::from_rgb(0x1a, 0x1e, 0x23),
    card: Color32::from_rgb(0x1e, 0x23, 0x29),
    stripe: Color32::from_rgb(0x23, 0x28, 0x2f),
    line: Color32::from_rgb(0x35, 0x3c, 0x45),
    text: Color32::from_rgb(0xe6, 0xe9, 0xed),
    weak: Color32::from_rgb(0xa2, 0xab, 0xb6),
    assumed: Color32::from_rgb(0x8a, 0x93, 0x9e),
    accent: Color32::from_rgb(0x56, 0xb4, 0xe9),
    selected: Color32::from_rgb(0x1d, 0x3c, 0x52),
    on_accent: Color32::from_rgb(0x08, 0x1a, 0x26),
    good: Color32::from_rgb(0x2f, 0xc0, 0x94),
    warn: Color32::from_rgb(0xe6, 0x9f, 0x00),
    bad: Color32::from_rgb(0xf0, 0x7a, 0x3c),
    past: Color32::from_rgb(0xc3, 0xca, 0xd3),
    stock: Color32::from_rgb(0x2f, 0xc0, 0x94),
    third: Color32::from_rgb(0xd8, 0x93, 0xbc),
    sea: Color32::from_rgb(0x15, 0x1d, 0x26),
    land: Color32::from_rgb(0x2a, 0x31, 0x39),
};

const LIGHT: Tokens = Tokens {
    ground: Color32::from_rgb(0xf4, 0xf5, 0xf7),
    rail: Color32::from_rgb(0xeb, 0xed, 0xf0),
    card: Color32::from_rgb(0xff, 0xff, 0xff),
    stripe: Color32::from_rgb(0xf6, 0xf8, 0xfa),
    line: Color32::from_rgb(0xd3, 0xd8, 0xde),
    text: Color32::from_rgb(0x1b, 0x21, 0x28),
    weak: Color32::from_rgb(0x55, 0x5f, 0x6b),
    assumed: Color32::from_rgb(0x7d, 0x86, 0x91),
    accent: Color32::from_rgb(0x00, 0x72, 0xb2),
    selected: Color32::from_rgb(0xd5, 0xe9, 0xf6),
    on_accent: Color32::from_rgb(0xff, 0xff, 0xff),
    good: Color32::from_rgb(0x00, 0x80, 0x5e),
    warn: Color32::from_rgb(0xa8, 0x6c, 0x00),
    bad: Color32::from_rgb(0xc4, 0x4e, 0x00),
    past: Color32::from_rgb(0x3d, 0x46, 0x51),
    stock: Color32::from_rgb(0x00, 0x80, 0x5e),
    third: Color32::from_rgb(0xa8, 0x4d, 0x83),
    sea: Color32::from_rgb(0xe3, 0xec, 0xf3),
    land: Color32::from_rgb(0xfb, 0xfa, 0xf6),
};

impl Tokens {
    /// Of a theme.
    pub const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }
    /// A colour to fill an area with, so that what lies below shines through.
    pub fn band(color: Color32, strength: f32) -> Color32 {
        color.gamma_multiply(strength)
    }
}

/// The tokens of the theme in use.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    Tokens::of(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light })
}

/// Dresses egui in both themes.
pub fn install(ctx: &egui::Context) {
    for theme in [Theme::Dark, Theme::Light] {
        let t = Tokens::of(theme);
        let mut v = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
        v.panel_fill = t.ground;
        v.window_fill = t.card;
        v.extreme_bg_color = if theme == Theme::Dark { t.ground } else { t.card };
        v.faint_bg_color = t.stripe;
        v.code_bg_color = t.stripe;
        v.window_stroke = Stroke::new(1.0, t.line);
        v.hyperlink_color = t.accent;
        v.warn_fg_color = t.warn;
        v.error_fg_color = t.bad;
        v.weak_text_color = Some(t.weak);
        v.selection.bg_fill = t.selected;
        v.selection.stroke = Stroke::new(1.0, t.accent);
        v.slider_trailing_fill = true;
        v.striped = true;
        let radius = CornerRadius::same(5);
        let button = if theme == Theme::Dark { Color32::from_rgb(0x2c, 0x33, 0x3b) } else { Color32::from_rgb(0xe6, 0xe9, 0xed) };
        let hovered = if theme == Theme::Dark { Color32::from_rgb(0x38, 0x41, 0x4b) } else { Color32::from_rgb(0xd9, 0xde, 0xe4) };
        for (w, fill, edge) in [
            (&mut v.widgets.noninteractive, t.card, t.line),
            (&mut v.widgets.inactive, button, t.line),
            (&mut v.widgets.hovered, hovered, t.weak),
            (&mut v.widgets.active, hovered, t.accent),
            (&mut v.widgets.open, hovered, t.line),
        ] {
            w.bg_fill = fill;
            w.weak_bg_fill = fill;
            w.bg_stroke = Stroke::new(1.0, edge);
            w.fg_stroke = Stroke::new(1.0, t.text);
            w.corner_radius = radius;
            w.expansion = 0.0;
        }
        // the rail of a slider and an empty check box must stand out from a card
        v.widgets.inactive.bg_fill = hovered;
        ctx.set_visuals_of(theme, v);
        ctx.style_mut_of(theme, |s| {
            s.spacing.item_spacing = egui::vec2(gap::S, 6.0);
            s.spacing.button_padding = egui::vec2(10.0, 5.0);
            s.spacing.interact_size.y = 26.0;
            s.spacing.menu_margin = Margin::same(6);
            s.spacing.window_margin = Margin::same(14);
            s.spacing.tooltip_width = 420.0;
            // a bar of its own beside the page, never over a tile's edge
            s.spacing.scroll.floating_allocated_width = 8.0;
            for (style, size) in [(TextStyle::Small, 12.0), (TextStyle::Body, 14.0), (TextStyle::Button, 14.0), (TextStyle::Heading, 21.0)]
            {
                s.text_styles.insert(style, FontId::proportional(size));
            }
            s.text_styles.insert(TextStyle::Monospace, FontId::monospace(13.0));
            s.text_styles.insert(figure(), FontId::proportional(26.0));
            s.text_styles.insert(section(), FontId::proportional(16.0));
        });
    }
}

/// The style of a tile's number.
pub fn figure() -> TextStyle {
    TextStyle::Name("figure".into())
}

/// The style of a heading inside a place.
pub fn section() -> TextStyle {
    TextStyle::Name("section".into())
}

/// A card: a raised rectangle with a thin edge.
pub fn card(t: &Tokens) -> egui::Frame {
    egui::Frame::new().fill(t.card).stroke(Stroke::new(1.0, t.line)).corner_radius(CornerRadius::same(8)).inner_margin(Margin::same(12))
}
