//! Validation, continued, in a process of its own: memory does not grow.

mod common;

use ort_wrapper::SessionBuilder;

const WARM_UP: usize = 1000;
const MANY_RUNS: usize = 10_000;
/// Resident memory may grow by this many bytes in MANY_RUNS runs: a leak of 105 bytes a run is more.
const MARGIN: i64 = 1024 * 1024;

extern "C" {
    fn getpagesize() -> i32;
}

/// Bytes of this process that are in memory: the second number of /proc/self/statm, in pages.
fn resident_bytes() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: i64 = text.split_whitespace().nth(1).unwrap().parse().unwrap();
    // SAFETY: takes nothing and changes nothing.
    pages * i64::from(unsafe { getpagesize() })
}

/// Inputs are made anew for each run, as programs do.
#[test]
fn memory_does_not_grow() {
    let model = common::model("op_cumsum");
    let session = SessionBuilder::new().threads(1).from_file(&model.path).unwrap();
    let run = |times| (0..times).for_each(|_| drop(session.infer(model.inputs()).unwrap()));
    run(WARM_UP);
    let before = resident_bytes();
    run(MANY_RUNS);
    let grown = resident_bytes() - before;
    println!("{MANY_RUNS} runs: resident memory grew by {grown} bytes (allowed: {MARGIN})");
    assert!(
        grown <= MARGIN,
        "{MANY_RUNS} runs: resident memory grew by {grown} bytes, allowed are {MARGIN}"
    );
}
