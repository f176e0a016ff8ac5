//! What the engine remembers between sessions.

use super::{bytes, ran, sample};
use stockcast::base::NoControl;
use stockcast::scenario::{Effort, Engine};

#[test]
fn a_reopened_engine_gives_the_same_bytes_without_fitting() {
    let (inputs, plan) = sample();
    let (engine, outcome) = ran();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("memory");
    engine.save(&file).unwrap();
    engine.save(&file).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary stays");
    let again = Engine::load(&file);
    let before = again.remembered();
    assert!(before > 2 * outcome.series.len());
    let reopened = again.run(inputs, plan, &NoControl).unwrap();
    assert_eq!(bytes(&reopened), bytes(outcome));
    assert_eq!(again.remembered(), before, "everything was found");
}

#[test]
fn what_cannot_be_read_is_forgotten() {
    let (engine, _) = ran();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("memory");
    assert_eq!(Engine::load(&file).remembered(), 0);
    assert_eq!(Engine::load(folder.path()).remembered(), 0);
    engine.save(&file).unwrap();
    let whole = std::fs::read(&file).unwrap();
    for (at, bit) in [(3, 1), (40, 2), (whole.len() / 2, 4), (whole.len() - 1, 128)] {
        let mut broken = whole.clone();
        broken[at] ^= bit;
        std::fs::write(&file, &broken).unwrap();
        assert_eq!(Engine::load(&file).remembered(), 0, "bit at {at}");
    }
    for length in [0, 10, 60, whole.len() - 1] {
        std::fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(Engine::load(&file).remembered(), 0, "first {length} bytes");
    }
    std::fs::write(&file, &whole).unwrap();
    assert!(Engine::load(&file).remembered() > 0);
}

#[test]
fn a_change_to_one_item_computes_one_item() {
    let (inputs, plan) = sample();
    let (engine, outcome) = ran();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("memory");
    engine.save(&file).unwrap();
    let again = Engine::load(&file);
    let before = again.remembered();
    let name = &outcome.series[0].stocked.unique_id;
    let mut plan = plan.clone();
    plan.adjust = vec![stockcast::scenario::Adjust { unique_id: Some(name.to_string()), price: Some(99.0), ..Default::default() }];
    again.one(inputs, &plan, name, Effort::Full, &NoControl).unwrap().unwrap();
    assert_eq!(again.remembered(), before + 1);
}
