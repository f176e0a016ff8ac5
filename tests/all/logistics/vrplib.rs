//! VRPLIB files: every weight type, and nothing that makes the reader fall over.

use crate::shared::shared;
use proptest::prelude::*;
use stockcast::base::Diagnostic;
use stockcast::logistics::router::{Options, audit, solve, solve_model};
use stockcast::logistics::vrplib::{self, Parsed, Problem, Windowed, parse_solomon, write_solution};

/// A file that says no more than loads.
fn parse(text: &str) -> Result<Problem, Diagnostic> {
    vrplib::parse(text).map(|p| match p {
        Parsed::Plain(problem) => problem,
        Parsed::Wide(w) => panic!("{} says more than loads", w.name),
    })
}

fn wide(text: &str) -> Windowed {
    match vrplib::parse(text).unwrap() {
        Parsed::Wide(problem) => problem,
        Parsed::Plain(p) => panic!("{} says no more than loads", p.name),
    }
}

const SMALL: &str = "NAME : small\nCOMMENT : by hand\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n\
NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\n4 0 1.4\nDEMAND_SECTION\n1 0\n2 4\n3 4\n4 9\nDEPOT_SECTION\n 1\n -1\nEOF\n";

fn with(weights: &str) -> String {
    format!(
        "NAME: m\nTYPE: CVRP\nDIMENSION: 4\nCAPACITY: 10\nEDGE_WEIGHT_TYPE: EXPLICIT\n{weights}\nDEMAND_SECTION\n1 0\n2 4\n3 4\n4 9\nDEPOT_SECTION\n1\n-1\nEOF"
    )
}

#[test]
fn reads_and_solves_a_plane_file() {
    let problem = parse(SMALL).unwrap();
    assert_eq!((problem.name.as_str(), problem.comment.as_str()), ("small", "by hand"));
    assert_eq!(problem.instance.nodes(), 4);
    assert_eq!((problem.instance.arc(0, 2), problem.instance.arc(0, 3), problem.instance.demand(3)[0]), (10.0, 1.0, 9));
    let solution = solve(&problem.instance, &Options::iterations(1, 10));
    assert_eq!(write_solution(&solution.routes, solution.cost), "Route #1: 1 2\nRoute #2: 3\nCost 22\n");
}

#[test]
fn every_explicit_layout_gives_the_same_matrix() {
    // rows 0: 0 1 2 3 / 1: . 0 4 5 / 2: . . 0 6 / 3: . . . 0
    let files = [
        with("EDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2 3\n1 0 4 5\n2 4 0 6\n3 5 6 0"),
        with("EDGE_WEIGHT_FORMAT: LOWER_ROW\nEDGE_WEIGHT_SECTION\n1\n2 4\n3 5 6"),
        with("EDGE_WEIGHT_FORMAT: LOWER_DIAG_ROW\nEDGE_WEIGHT_SECTION\n0 1 0 2 4 0\n3 5 6 0"),
        with("EDGE_WEIGHT_FORMAT: UPPER_ROW\nEDGE_WEIGHT_SECTION\n1 2 3\n4 5\n6"),
        with("EDGE_WEIGHT_FORMAT: UPPER_DIAG_ROW\nEDGE_WEIGHT_SECTION\n0 1 2 3 0 4 5 0 6 0"),
        with("EDGE_WEIGHT_FORMAT: LOWER_COL\nEDGE_WEIGHT_SECTION\n1 2 3 4 5 6"),
    ];
    for file in files {
        let p = parse(&file).unwrap();
        let got: Vec<f64> = (0..16).map(|k| p.instance.arc(k / 4, k % 4)).collect();
        assert_eq!(got, [0.0, 1.0, 2.0, 3.0, 1.0, 0.0, 4.0, 5.0, 2.0, 4.0, 0.0, 6.0, 3.0, 5.0, 6.0, 0.0], "{file}");
    }
    let asymmetric = parse(&with("EDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2 3 9 0 4 5 9 4 0 6 9 5 6 0")).unwrap();
    assert_eq!((asymmetric.instance.arc(0, 1), asymmetric.instance.arc(1, 0)), (1.0, 9.0));
}

/// burma14 of TSPLIB 95 as a problem of one vehicle: its published optimum is 3323 with GEO distances.
#[test]
fn geo_distances_give_burma14_its_optimum() {
    let places = "16.47 96.10 16.47 94.44 20.09 92.54 22.39 93.37 25.23 97.24 22.00 96.05 20.47 97.02 17.20 96.29 16.30 97.38 14.05 98.12 16.53 97.38 21.52 95.59 19.41 97.13 20.09 94.55";
    let numbers: Vec<&str> = places.split(' ').collect();
    let coordinates: String = numbers.chunks(2).enumerate().map(|(i, c)| format!("{} {} {}\n", i + 1, c[0], c[1])).collect();
    let demands: String = (1..=14).map(|i| format!("{i} {}\n", u8::from(i > 1))).collect();
    let file = format!(
        "NAME: burma14\nTYPE: CVRP\nDIMENSION: 14\nCAPACITY: 13\nEDGE_WEIGHT_TYPE: GEO\nNODE_COORD_SECTION\n{coordinates}DEMAND_SECTION\n{demands}DEPOT_SECTION\n1\n-1\nEOF\n"
    );
    let solution = solve(&parse(&file).unwrap().instance, &Options::iterations(1, 3_000));
    assert_eq!(solution.cost, 3323.0);
}

#[test]
fn other_metrics_and_quirks() {
    let weight = |kind: &str| {
        let p = parse(&SMALL.replace("EUC_2D", kind)).unwrap();
        p.instance.arc(0, 3)
    };
    assert_eq!(
        [weight("CEIL_2D"), weight("FLOOR_2D"), weight("EXACT_2D"), weight("MAX_2D"), weight("MAN_2D"), weight("ATT")],
        [2.0, 1.0, 1.4, 1.0, 1.0, 1.0]
    );
    // tabs, Windows line ends, a byte order mark, decimals, a depot that is not the first node, a missing EOF
    let odd = "\u{feff}NAME :\todd\r\nTYPE : CVRP\r\nDIMENSION :\t3\r\nEDGE_WEIGHT_TYPE : EUC_2D\r\nCAPACITY :\t1.5\r\nNODE_COORD_SECTION\t\t\r\n1\t0\t0\r\n2\t3\t4\r\n3\t1e1\t0\r\nDEMAND_SECTION\r\n1\t0.75\r\n2\t0.75\r\n3\t0\r\nDEPOT_SECTION\r\n3\r\n-1\r\n";
    let p = parse(odd).unwrap();
    assert_eq!((p.instance.capacity()[0], p.instance.demand(1)[0], p.instance.arc(0, 1)), (150, 75, 10.0));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let fault = |text: &str| {
        let d = parse(text).unwrap_err();
        (d.code, d.line)
    };
    assert_eq!(fault(""), ("vrp-incomplete", None));
    assert_eq!(fault("day;item;qty\n1;2;3\n"), ("vrp-unreadable", Some(2)));
    assert_eq!(fault("1,2,3\n"), ("vrp-unreadable", Some(1)));
    assert_eq!(fault(&SMALL.replace("3 6 8", "3 6 x")), ("vrp-unreadable", Some(10)));
    assert_eq!(fault(&SMALL.replace("3 6 8", "3 6 nan")), ("vrp-unreadable", Some(10)));
    assert_eq!(fault(&SMALL.replace("3 6 8\n", "")), ("vrp-unreadable", Some(10)));
    assert_eq!(fault(&SMALL.replace("4 9", "4 -9")), ("vrp-unreadable", Some(16)));
    assert_eq!(fault(&SMALL.replace(" 1\n -1", " 7\n -1")), ("vrp-unreadable", Some(18)));
    assert_eq!(fault(&SMALL.replace(" 1\n -1", " 1\n 2\n -1")), ("vrp-unreadable", Some(14)), "a depot wants nothing");
    assert_eq!(fault(&SMALL.replace("DIMENSION : 4", "DIMENSION : 999999999999")), ("vrp-unreadable", Some(16)));
    assert_eq!(fault(&SMALL.replace("TYPE : CVRP", "TYPE : PDPTW")), ("vrp-unsupported", Some(3)));
    assert_eq!(fault(&SMALL.replace("EUC_2D", "EUC_3D")), ("vrp-unsupported", Some(5)));
    assert_eq!(fault(&SMALL.replace("EUC_2D", "SPECIAL")), ("vrp-unsupported", Some(5)));
    assert_eq!(fault(&SMALL.replace("CAPACITY : 10", "CAPACITY : ten")), ("vrp-unreadable", Some(6)));
    assert_eq!(fault(&SMALL.replace("CAPACITY : 10", "DISTANCE : -1")), ("vrp-unreadable", Some(6)));
    assert_eq!(fault(&with("EDGE_WEIGHT_FORMAT: LOWER_ROW\nEDGE_WEIGHT_SECTION\n1\n2 4")), ("vrp-unreadable", Some(9)));
    assert_eq!(fault(&with("EDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2 3 1 0 4 5 2 4 0 6 3 5 -6 0")).0, "router-shape");
    let solomon = "C101\n\nVEHICLE\nNUMBER     CAPACITY\n  25         200\n\nCUSTOMER\nCUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n\n    0 40 50 0 0 1236 0\n";
    assert_eq!(fault(solomon).0, "vrp-unreadable", "a depot and no customers");
}

#[test]
fn all_shared_instances_are_read() {
    for name in ["X-n101-k25", "X-n200-k36", "X-n303-k21", "X-n401-k29", "X-n502-k39", "X-n641-k35", "X-n801-k40", "X-n1001-k43"] {
        let Some(path) = shared(&format!("data/routes/{name}.vrp")) else { return };
        let problem = parse(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!((problem.name.as_str(), problem.notes.len()), (name, 0));
        // the published solution costs what it says
        let text = std::fs::read_to_string(shared(&format!("data/routes/{name}.sol")).unwrap()).unwrap();
        let routes = text
            .lines()
            .filter_map(|l| l.strip_prefix("Route")?.split_once(':'))
            .map(|(_, s)| s.split_whitespace().map(|n| n.parse().unwrap()).collect::<Vec<usize>>());
        let cost: f64 = routes.map(|r| problem.instance.trip_cost(&r)).sum();
        let stated: f64 = text.lines().find_map(|l| l.strip_prefix("Cost ")).unwrap().trim().parse().unwrap();
        assert_eq!(cost, stated, "{name}");
    }
    let Some(path) = shared("data/routes/C101.txt") else { return };
    assert_eq!(wide(&std::fs::read_to_string(path).unwrap()).model.stops().len(), 100);
}

/// Stops 10 to the left and to the right of the depot, and one 10 above.
const CROSS: &str = "NAME : cross\nTYPE : VRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 100\nNODE_COORD_SECTION\n1 0 0\n2 -10 0\n3 10 0\n4 0 10\n\
DEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\nDEPOT_SECTION\n 1\n -1\n";

fn routed(text: &str) -> (f64, usize, usize) {
    let problem = wide(text);
    let roster = solve_model(&problem.model, &Options::iterations(1, 2_000));
    assert_eq!(audit(&problem.model, &roster), Vec::new());
    (roster.cost / problem.scale, roster.shifts.len(), roster.unserved.len())
}

#[test]
fn files_that_say_more_than_loads() {
    let with = |header: &str, sections: &str| CROSS.replace("CAPACITY", &format!("{header}CAPACITY")) + sections + "EOF\n";
    // one round by all three: 10 + 14 + 14 + 10
    assert_eq!(routed(&with("DISTANCE : 48\n", "")), (48.0, 1, 0));
    // a trip may be 47 long: two rounds, 10 + 14 + 10 and 20
    assert_eq!(routed(&with("DISTANCE : 47\n", "")), (54.0, 2, 0));
    // service counts towards the longest distance, not towards the cost
    assert_eq!(routed(&with("DISTANCE : 57\nSERVICE_TIME : 3\n", "")), (48.0, 1, 0));
    assert_eq!(routed(&with("DISTANCE : 56\nSERVICE_TIME : 3\n", "")), (54.0, 2, 0));
    // the left one by 10, the right one by 10: not one vehicle
    let windows = "TIME_WINDOW_SECTION\n1 0 100\n2 0 10\n3 0 10\n4 0 100\n";
    assert_eq!(routed(&with("", windows)).1, 2);
    assert_eq!(routed(&with("VEHICLES : 1\n", windows)).2, 1, "one vehicle cannot be at both");
    // what is brought back does not fit beside what is still to be set down, unless it is visited last
    let back = "BACKHAUL_SECTION\n2 99\n";
    assert_eq!(routed(&with("", back)), (48.0, 1, 0));
    // a stop worth 5 is left where it is, one worth 50 is not
    assert_eq!(routed(&with("", "PRIZE_SECTION\n4 5\n")), (40.0 + 5.0, 1, 1));
    assert_eq!(routed(&with("", "PRIZE_SECTION\n4 50\n")), (48.0, 1, 0));
    // from two depots, each stop from the nearer: the left one is a depot too
    let two = CROSS.replace("2 1\n3 1", "2 0\n3 1").replace(" 1\n -1", " 1\n 2\n -1").replace("4 0 10", "4 -10 1") + "EOF\n";
    assert_eq!(routed(&two), (22.0, 2, 0));
    assert_eq!(routed(&two.replace("EOF", "VEHICLES_DEPOT_SECTION\n1 1\nEOF")).1, 1, "the only vehicle starts from the first");
}

proptest! {
    #![proptest_config(crate::cases::cases(400))]
    #[test]
    fn broken_files_never_panic(cut in 0usize..300, at in 0usize..300, byte in any::<char>(), explicit in any::<bool>()) {
        let file = if explicit { with("EDGE_WEIGHT_FORMAT: UPPER_ROW\nEDGE_WEIGHT_SECTION\n1 2 3\n4 5\n6") } else { SMALL.to_string() };
        let mut chars: Vec<char> = file.chars().collect();
        let i = at % chars.len();
        chars[i] = byte;
        chars.truncate(chars.len() - cut % chars.len() / 2);
        match vrplib::parse(&chars.into_iter().collect::<String>()) {
            Ok(Parsed::Plain(p)) => drop(solve(&p.instance, &Options::iterations(1, 5))),
            Ok(Parsed::Wide(p)) => drop(solve_model(&p.model, &Options::iterations(1, 5))),
            Err(_) => {}
        }
    }
    #[test]
    fn broken_solomon_files_never_panic(cut in 0usize..300, at in 0usize..300, byte in any::<char>()) {
        let mut chars: Vec<char> = SOLOMON.chars().collect();
        let i = at % chars.len();
        chars[i] = byte;
        chars.truncate(chars.len() - cut % chars.len() / 2);
        if let Ok(p) = parse_solomon(&chars.into_iter().collect::<String>()) {
            let roster = solve_model(&p.model, &Options::iterations(1, 20));
            prop_assert_eq!(audit(&p.model, &roster), vec![]);
        }
    }
}

const SOLOMON: &str = "small\n\nVEHICLE\nNUMBER     CAPACITY\n  3         10\n\nCUSTOMER\nCUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n\n\
    0 0 0 0 0 200 0\n1 3 4 4 60 70 10\n2 6 8 4 0 20.5 10\n3 -3 -4 4 0 100 10\n";

#[test]
fn solomon_files_count_in_tenths_and_name_the_line_at_fault() {
    let p = parse_solomon(SOLOMON).unwrap();
    assert_eq!((p.name.as_str(), p.model.stops().len(), p.model.fleet()[0].count), ("small", 3, Some(3)));
    // (0, 0) to (−3, −4) is 5; (6, 8) to (−3, −4) is 15
    assert_eq!((p.model.distance(0, 3), p.model.duration(2, 3), p.model.stops()[1].window), (50.0, 150.0, (0.0, 205.0)));
    let fault = |text: &str| {
        let d = parse_solomon(text).unwrap_err();
        (d.code, d.line)
    };
    assert_eq!(fault(&SOLOMON.replace("1 3 4 4 60 70 10", "1 3 4 4 60 70")), ("vrp-unreadable", Some(11)));
    assert_eq!(fault(&SOLOMON.replace("2 6 8 4", "7 6 8 4")), ("vrp-unreadable", Some(12)));
    assert_eq!(fault(&SOLOMON.replace("20.5", "20.55")), ("vrp-unreadable", Some(12)));
    assert_eq!(fault(&SOLOMON.replace("60 70", "80 70")).0, "router-shape");
    assert_eq!(fault("small\n\nVEHICLE\n"), ("vrp-unreadable", Some(1)));
}
