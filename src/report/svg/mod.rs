//! Charts as SVG text, without any dependency.
//!
//! In: plain numbers. Out: one `<svg>` element that uses the classes of [`STYLE`]; an HTML page includes the style once,
//! [`standalone`] puts it inside for a file of its own. Light and dark by `prefers-color-scheme`, Okabe–Ito colours, a
//! value under the pointer by `<title>`, `role="img"` with a label. Numbers that are not finite (or beyond ±10³⁰) leave a
//! gap; a chart with nothing to show says so.
//!
//! Files: `text` (escaping, short numbers), `scale` (nice ticks for numbers and dates), `frame` (axes, legend), then a
//! file a chart: [`FanChart`], [`BarChart`], [`CurveChart`], [`RouteMap`], [`sparkline`].

mod bars;
mod curve;
mod fan;
mod frame;
mod map;
mod scale;
mod spark;
pub(crate) mod text;

pub use bars::{BarChart, BarGroup};
pub use curve::{CurveChart, CurvePoint, Mark};
pub use fan::{Band, FanChart};
pub use map::{RouteMap, Stop, Trip};
pub use spark::sparkline;

/// The style every chart expects, once a document.
pub const STYLE: &str = "\
.sc{--ink:#1d2329;--mute:#5c6670;--line:#d5dae0;--paper:#ffffff;--c0:#0072b2;--c1:#e69f00;--c2:#009e73;--c3:#d55e00;--c4:#cc79a7;--c5:#56b4e9;--c6:#8a7a00;--c7:#6b7280;\
font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;font-size:12px;max-width:100%;height:auto}\
@media (prefers-color-scheme:dark){.sc{--ink:#e8ebee;--mute:#a3adb8;--line:#3a424b;--paper:#171b20;--c0:#56b4e9;--c1:#f0b429;--c2:#2fc79a;--c3:#ff8a4c;--c4:#e29bc2;--c5:#8ecdf3;--c6:#f0e442;--c7:#9aa4b0}}\
@media print{.sc{--ink:#1d2329;--mute:#5c6670;--line:#d5dae0;--paper:#ffffff;--c0:#0072b2;--c1:#e69f00;--c2:#009e73;--c3:#d55e00;--c4:#cc79a7;--c5:#56b4e9;--c6:#8a7a00;--c7:#6b7280}}\
.sc text{fill:var(--ink)}.sc .m{fill:var(--mute)}.sc .b{font-weight:600}.sc .e{text-anchor:end}.sc .mid{text-anchor:middle}\
.sc .g{stroke:var(--line);stroke-width:1}.sc .ax{stroke:var(--mute);stroke-width:1}\
.sc .f0{fill:var(--c0)}.sc .f1{fill:var(--c1)}.sc .f2{fill:var(--c2)}.sc .f3{fill:var(--c3)}.sc .f4{fill:var(--c4)}.sc .f5{fill:var(--c5)}.sc .f6{fill:var(--c6)}.sc .f7{fill:var(--c7)}\
.sc .s0{stroke:var(--c0)}.sc .s1{stroke:var(--c1)}.sc .s2{stroke:var(--c2)}.sc .s3{stroke:var(--c3)}.sc .s4{stroke:var(--c4)}.sc .s5{stroke:var(--c5)}.sc .s6{stroke:var(--c6)}.sc .s7{stroke:var(--c7)}\
.sc .l{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}.sc .dash{stroke-dasharray:6 4}\
.sc .pt{stroke:var(--paper);stroke-width:1.5}.sc .hit{fill:transparent;stroke:none}.sc .hit:hover{fill:var(--ink);fill-opacity:.08}\
.sc .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}";

/// An SVG made by this room as a file of its own.
pub fn standalone(svg: &str) -> String {
    match svg.split_once('>') {
        Some((head, rest)) => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}><style>{STYLE}</style>{rest}\n"),
        None => svg.to_string(),
    }
}
