//! The test models of the package, with their inputs and expected outputs.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use ort_wrapper::ort::session::SessionInputValue;
use ort_wrapper::ort::value::Tensor as OrtTensor;

/// The folder of models.txt: `ORT_TEST_MODELS`, or `recipe/test/models` of the package that holds this crate.
pub fn folder() -> PathBuf {
    let folder = match env::var_os("ORT_TEST_MODELS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../recipe/test/models"),
    };
    assert!(
        folder.join("models.txt").exists(),
        "{}: no test models; set ORT_TEST_MODELS",
        folder.display()
    );
    folder
}

pub enum Values {
    F32(Vec<f32>),
    U8(Vec<u8>),
    I32(Vec<i32>),
}

/// An input, or an expected output with its tolerances.
pub struct Tensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Values,
    pub rtol: f64,
    pub atol: f64,
}

impl Tensor {
    fn read(folder: &Path, fields: &[&str], rtol: f64, atol: f64) -> Self {
        let bytes = fs::read(folder.join(fields[fields.len() - 1])).unwrap();
        let words = || {
            bytes
                .chunks_exact(4)
                .map(|word| <[u8; 4]>::try_from(word).unwrap())
        };
        let values = match fields[2] {
            "f32" => Values::F32(words().map(f32::from_le_bytes).collect()),
            "i32" => Values::I32(words().map(i32::from_le_bytes).collect()),
            "u8" => Values::U8(bytes),
            other => panic!("models.txt: type {other}"),
        };
        let shape = fields[3]
            .split(',')
            .map(|length| length.parse().unwrap())
            .collect();
        Self {
            name: fields[1].to_owned(),
            shape,
            values,
            rtol,
            atol,
        }
    }

    pub fn to_input(&self) -> SessionInputValue<'static> {
        let shape = self.shape.clone();
        match &self.values {
            Values::F32(values) => OrtTensor::from_array((shape, values.clone())).unwrap().into(),
            Values::U8(values) => OrtTensor::from_array((shape, values.clone())).unwrap().into(),
            Values::I32(values) => OrtTensor::from_array((shape, values.clone())).unwrap().into(),
        }
    }
}

pub struct Model {
    pub name: String,
    pub path: PathBuf,
    pub inputs: Vec<Tensor>,
    pub outputs: Vec<Tensor>,
}

impl Model {
    pub fn inputs(&self) -> Vec<(std::borrow::Cow<'static, str>, SessionInputValue<'static>)> {
        self.inputs
            .iter()
            .map(|input| (input.name.clone().into(), input.to_input()))
            .collect()
    }
}

pub fn models() -> Vec<Model> {
    let folder = folder();
    let mut models: Vec<Model> = Vec::new();
    for line in fs::read_to_string(folder.join("models.txt")).unwrap().lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        match fields.first().copied() {
            Some("model") => models.push(Model {
                name: fields[1].to_owned(),
                path: folder.join(fields[2]),
                inputs: Vec::new(),
                outputs: Vec::new(),
            }),
            Some("input") => models
                .last_mut()
                .unwrap()
                .inputs
                .push(Tensor::read(&folder, &fields, 0.0, 0.0)),
            Some("output") => {
                let (rtol, atol) = (fields[4].parse().unwrap(), fields[5].parse().unwrap());
                models
                    .last_mut()
                    .unwrap()
                    .outputs
                    .push(Tensor::read(&folder, &fields, rtol, atol));
            }
            _ => {}
        }
    }
    models
}

pub fn model(name: &str) -> Model {
    models()
        .into_iter()
        .find(|model| model.name == name)
        .unwrap_or_else(|| panic!("models.txt names no {name}"))
}
