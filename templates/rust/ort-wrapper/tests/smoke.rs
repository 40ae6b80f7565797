//! The library is linked, loads and runs.

mod common;

use ort_wrapper::{available_providers, init, ort, version, SessionBuilder};

#[test]
fn the_library_is_the_one_that_the_crate_was_made_for() {
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn ort_is_connected_once() {
    init().unwrap();
    init().unwrap();
    assert!(!ort::info().is_empty());
}

#[test]
fn the_cpu_is_there() {
    assert_eq!(available_providers().unwrap().last().unwrap(), ort_wrapper::CPU);
}

#[test]
fn a_model_runs() {
    let model = common::model("op_cumsum");
    let outputs = SessionBuilder::new()
        .threads(1)
        .from_file(&model.path)
        .unwrap()
        .infer(model.inputs())
        .unwrap();
    assert_eq!(outputs.keys().collect::<Vec<_>>(), ["y"]);
}
