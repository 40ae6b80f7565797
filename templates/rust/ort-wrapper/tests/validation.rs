//! What a program relies on: right numbers, the same ones every time, from many threads, and without growing.

mod common;

use common::{Model, Values};
use ort_wrapper::{Outputs, Session, SessionBuilder};

const RUNS: usize = 100;
const THREADS: usize = 8;
const RUNS_OF_A_THREAD: usize = 25;

fn open(model: &Model, threads: usize) -> Session {
    SessionBuilder::new()
        .threads(threads)
        .from_file(&model.path)
        .unwrap()
}

fn run(session: &Session, model: &Model) -> Outputs {
    session.infer(model.inputs()).unwrap()
}

fn compare<T: Copy + Into<f64>>(label: &str, got: &[T], expected: &[T], rtol: f64, atol: f64) {
    assert_eq!(got.len(), expected.len(), "{label}");
    for (i, (have, want)) in got.iter().zip(expected).enumerate() {
        let (have, want): (f64, f64) = ((*have).into(), (*want).into());
        assert!(
            (have - want).abs() <= atol + rtol * want.abs(),
            "{label}: element {i} is {have}, expected {want}"
        );
    }
}

#[test]
fn numbers() {
    for model in common::models() {
        let outputs = run(&open(&model, 2), &model);
        assert_eq!(outputs.len(), model.outputs.len(), "{}", model.name);
        for expected in &model.outputs {
            let label = format!("{}.{}", model.name, expected.name);
            let got = &outputs[&expected.name];
            let shape: Vec<usize> = got
                .dtype()
                .tensor_shape()
                .unwrap()
                .iter()
                .map(|&length| length as usize)
                .collect();
            assert_eq!(shape, expected.shape, "{label}");
            let (rtol, atol) = (expected.rtol, expected.atol);
            match &expected.values {
                Values::F32(want) => compare(
                    &label,
                    got.try_extract_tensor::<f32>().unwrap().1,
                    want,
                    rtol,
                    atol,
                ),
                Values::U8(want) => compare(
                    &label,
                    got.try_extract_tensor::<u8>().unwrap().1,
                    want,
                    rtol,
                    atol,
                ),
                Values::I32(want) => compare(
                    &label,
                    got.try_extract_tensor::<i32>().unwrap().1,
                    want,
                    rtol,
                    atol,
                ),
            }
        }
    }
}

/// The bits of one output.
fn bits(outputs: &Outputs, name: &str) -> Vec<u32> {
    outputs[name]
        .try_extract_tensor::<f32>()
        .unwrap()
        .1
        .iter()
        .map(|value| value.to_bits())
        .collect()
}

#[test]
fn determinism() {
    for (name, output) in [
        ("convnet", "logits"),
        ("transformer_block", "result"),
        ("int8", "scores"),
    ] {
        let model = common::model(name);
        let session = open(&model, 4);
        let first = bits(&run(&session, &model), output);
        for _ in 1..RUNS {
            assert_eq!(bits(&run(&session, &model), output), first, "{name}");
        }
    }
}

/// All threads share one session, and each has one of its own beside it.
#[test]
fn threads() {
    let model = common::model("convnet");
    let shared = open(&model, 2);
    let expected = bits(&run(&shared, &model), "logits");
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let own = open(&model, 2);
                for _ in 0..RUNS_OF_A_THREAD {
                    assert_eq!(bits(&run(&shared, &model), "logits"), expected);
                    assert_eq!(bits(&run(&own, &model), "logits"), expected);
                }
            });
        }
    });
}
