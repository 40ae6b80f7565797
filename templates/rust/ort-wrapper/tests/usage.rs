//! How a program uses the crate, one thing after another.

mod common;

use ort_wrapper::ndarray::Array4;
use ort_wrapper::ort::inputs;
use ort_wrapper::ort::session::builder::GraphOptimizationLevel;
use ort_wrapper::ort::value::{Tensor, TensorElementType, TensorRef};
use ort_wrapper::{Error, Provider, Result, SessionBuilder};

/// convnet.onnx takes `image`, two pictures of 3 x 32 x 32, and gives `logits` and `probabilities`, 2 x 10.
fn pictures() -> Array4<f32> {
    Array4::from_elem((2, 3, 32, 32), 0.5)
}

/// A model in a file, one input, all outputs: that is the whole of it.
#[test]
fn one_shot() -> Result<()> {
    let session = SessionBuilder::new().from_file(common::folder().join("convnet.onnx"))?;
    let outputs = session.infer(inputs! {"image" => Tensor::from_array(pictures())?})?;

    // Outputs come by name, as views of ndarray. The two rows of probabilities add up to one each.
    let probabilities = outputs["probabilities"].try_extract_array::<f32>()?;
    assert_eq!(probabilities.shape(), [2, 10]);
    assert!((probabilities.sum() - 2.0).abs() < 1e-5);
    Ok(())
}

/// A model may come from anywhere; its bytes may go once there is a session.
#[test]
fn from_memory() -> Result<()> {
    let bytes = std::fs::read(common::folder().join("convnet.onnx")).unwrap();
    let session = SessionBuilder::new().from_memory(&bytes)?;
    drop(bytes);
    session.infer(inputs! {"image" => Tensor::from_array(pictures())?})?;
    Ok(())
}

/// Large inputs need not be copied: a TensorRef looks at an array that the program keeps.
#[test]
fn borrowed_values() -> Result<()> {
    let session = SessionBuilder::new().from_file(common::folder().join("convnet.onnx"))?;
    let image = pictures();
    session.infer(inputs! {"image" => TensorRef::from_array_view(&image)?})?;
    Ok(())
}

/// A session knows its model's inputs and outputs.
#[test]
fn what_a_model_takes() -> Result<()> {
    let session = SessionBuilder::new().from_file(common::folder().join("convnet.onnx"))?;
    let inputs = session.inputs();
    assert_eq!(inputs.len(), 1);
    let (name, kind) = &inputs[0];
    assert_eq!(name, "image");
    assert_eq!(kind.tensor_type(), Some(TensorElementType::Float32));
    assert_eq!(kind.tensor_shape().unwrap().len(), 4);
    assert_eq!(session.outputs().len(), 2);
    Ok(())
}

/// Options are collected by the builder. One builder makes many sessions.
#[test]
fn options() -> Result<()> {
    let builder = SessionBuilder::new()
        .threads(2)
        .optimization(GraphOptimizationLevel::Level2)
        .config("session.disable_prepacking", "1");
    builder.from_file(common::folder().join("convnet.onnx"))?;
    builder.from_file(common::folder().join("int8.onnx"))?;
    Ok(())
}

/// On CUDA where there is a GPU, on the CPU elsewhere: the same program runs everywhere and can say what it does.
#[test]
fn cuda_if_available() -> Result<()> {
    let model = common::folder().join("convnet.onnx");
    let session = SessionBuilder::new()
        .provider(Provider::CudaIfAvailable(0))
        .from_file(&model)?;
    match session.cuda_error() {
        None => assert_eq!(session.provider(), ort_wrapper::CUDA),
        Some(why) => {
            assert!(!why.to_string().is_empty());
            assert_eq!(session.provider(), ort_wrapper::CPU);
            assert!(SessionBuilder::new()
                .provider(Provider::Cuda(0))
                .from_file(&model)
                .is_err());
        }
    }
    session.infer(inputs! {"image" => Tensor::from_array(pictures())?})?;
    Ok(())
}

/// examples/classify.rs, which the documentation shows.
#[test]
fn example() {
    let program = std::env::current_exe()
        .unwrap()
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples/classify");
    let output = std::process::Command::new(program)
        .arg(common::folder().join("convnet.onnx"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.starts_with("class "),
        "{said}{output:?}"
    );
}

/// What goes wrong is an error with ONNX Runtime's message.
#[test]
fn errors() -> Result<()> {
    assert!(SessionBuilder::new().from_file("missing.onnx").is_err());
    assert!(SessionBuilder::new().from_memory(b"no model").is_err());

    let session = SessionBuilder::new().from_file(common::folder().join("convnet.onnx"))?;
    let missing = session
        .infer(inputs! {"picture" => Tensor::from_array(pictures())?})
        .unwrap_err();
    assert!(matches!(&missing, Error::MissingInput(name) if name == "image"));
    assert_eq!(missing.to_string(), "input 'image' is missing");
    let small = session
        .infer(inputs! {"image" => Tensor::from_array(([1], vec![1.0f32]))?})
        .unwrap_err();
    assert!(small.to_string().contains("image"), "{small}");
    let outputs = session.infer(inputs! {"image" => Tensor::from_array(pictures())?})?;
    assert!(outputs["logits"].try_extract_array::<f64>().is_err());
    assert!(!outputs.contains_key("probability"));
    Ok(())
}
