//! The style sheet and the script of the page.

/// Colours are Okabe–Ito on near-white and near-black; the charts bring their own style.
pub const STYLE: &str = "\
:root{--ink:#1d2329;--mute:#5c6670;--line:#d5dae0;--paper:#fff;--card:#f5f7f9;--link:#00598c;--good:#009e73;--watch:#e69f00;--bad:#d55e00}\
@media (prefers-color-scheme:dark){:root{--ink:#e8ebee;--mute:#a3adb8;--line:#3a424b;--paper:#171b20;--card:#20262d;--link:#7cc4f0;--good:#2fc79a;--watch:#f0b429;--bad:#ff8a4c}}\
*{box-sizing:border-box}html{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;scroll-behavior:smooth}\
body{margin:0 auto;max-width:1400px;padding:24px 20px 40px}h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:19px;margin:0 0 6px;overflow-wrap:anywhere}\
p{margin:0 0 10px;max-width:75ch;overflow-wrap:anywhere}.sub,.more,figcaption,caption{color:var(--mute)}a{color:var(--link)}\
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:12px;margin:18px 0}\
.tile{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--mute);border-radius:8px;padding:12px 14px;min-width:0}\
.tile.good{border-left-color:var(--good)}.tile.watch{border-left-color:var(--watch)}.tile.bad{border-left-color:var(--bad)}\
.tile h2{font-size:13px;font-weight:600;color:var(--mute);margin:0 0 2px}.tile p{margin:0}.tile .figure{font-size:25px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}\
.tile .spread{font-size:12.5px;color:var(--mute);font-variant-numeric:tabular-nums}.tile .meaning{margin-top:6px;font-size:13.5px}.tile .why{font-size:12px;color:var(--mute);font-style:italic;margin-top:4px}\
.tile.assumed .figure,.assumed{color:var(--mute)}\
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:8px 0;margin:0 0 6px;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}\
.part{margin:30px 0 0}.intro{font-size:15.5px}figure{margin:10px 0 16px;min-width:0}figcaption{font-size:13px;max-width:75ch}\
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(640px,100%),1fr));gap:8px 24px}\
.scroll{overflow:auto;max-height:640px;margin:8px 0 6px;border:1px solid var(--line);border-radius:6px}\
table{border-collapse:separate;border-spacing:0;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}caption{text-align:left;padding:8px 10px;font-size:13.5px}\
th,td{padding:5px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}tbody tr:last-child td{border-bottom:0}\
thead th{position:sticky;top:0;background:var(--card);font-weight:600;z-index:1;vertical-align:bottom}th.n,td.n{text-align:right}td.n,td.w{white-space:nowrap}td{max-width:52ch;overflow-wrap:break-word}td:not(.n):not(.w){min-width:24ch}td svg.sc{max-width:none}\
tbody tr:hover td{background:var(--card)}th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible,summary:focus-visible,a:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}\
th[aria-sort=ascending] button::after{content:' \\25B2';font-size:10px}th[aria-sort=descending] button::after{content:' \\25BC';font-size:10px}\
.notes{display:grid;grid-template-columns:minmax(140px,max-content) 1fr;gap:4px 18px;margin:8px 0}.notes dt{font-weight:600;overflow-wrap:anywhere}.notes dd{margin:0;overflow-wrap:anywhere}\
.tag{font-weight:400;font-size:11.5px;border:1px solid var(--line);border-radius:9px;padding:0 7px}\
.facts{display:flex;flex-wrap:wrap;gap:4px 28px;margin:8px 0}.facts dt{display:inline;color:var(--mute)}.facts dt::after{content:' '}.facts dd{display:inline;margin:0;overflow-wrap:anywhere}\
details{border:1px solid var(--line);border-radius:6px;padding:6px 12px;margin:8px 0}summary{cursor:pointer;font-weight:600}\
footer{margin-top:36px;border-top:1px solid var(--line);padding-top:8px;font-size:13px;color:var(--mute)}\
@media print{:root{--ink:#000;--mute:#444;--line:#bbb;--paper:#fff;--card:#f5f7f9;--link:#000;--good:#009e73;--watch:#e69f00;--bad:#d55e00}body{max-width:none;padding:0}nav{display:none}\
.scroll{overflow:visible;max-height:none;border:0}table{font-size:10.5px}thead{display:table-header-group}thead th{position:static}tr,figure,.tile{break-inside:avoid}h2{break-after:avoid}\
details::details-content{content-visibility:visible;height:auto}.tiles{grid-template-columns:repeat(3,1fr)}}";

/// Click (or Enter) on a heading sorts its table; empty cells stay last either way.
pub const SCRIPT: &str = "\
for(const t of document.querySelectorAll('table.sortable')){const hs=[...t.tHead.rows[0].cells];hs.forEach((h,i)=>{if(h.hasAttribute('data-fixed'))return;\
const b=document.createElement('button');b.type='button';b.textContent=h.textContent;h.textContent='';h.append(b);\
b.addEventListener('click',()=>{const num=h.classList.contains('n');const down=h.getAttribute('aria-sort')?h.getAttribute('aria-sort')==='ascending':num;\
hs.forEach(o=>o.removeAttribute('aria-sort'));h.setAttribute('aria-sort',down?'descending':'ascending');\
const key=r=>{const c=r.cells[i];return num?(c.dataset.v===undefined?null:Number(c.dataset.v)):(c.textContent||null)};\
const body=t.tBodies[0];const rows=[...body.rows].map(r=>[key(r),r]);\
rows.sort((x,y)=>{const a=x[0],b=y[0];if(a===null||b===null)return (a===null)-(b===null);const k=num?a-b:a.localeCompare(b);return down?-k:k});\
for(const r of rows)body.append(r[1])})})}\
addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true));";
