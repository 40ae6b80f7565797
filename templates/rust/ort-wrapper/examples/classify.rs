//! classify MODEL: the likeliest class of a grey picture, on a GPU where there is one.

use ort_wrapper::ndarray::Array4;
use ort_wrapper::ort::inputs;
use ort_wrapper::ort::value::TensorRef;
use ort_wrapper::{Provider, Result, SessionBuilder};

fn main() -> Result<()> {
    let model = std::env::args().nth(1).expect("usage: classify MODEL");
    let session = SessionBuilder::new()
        .provider(Provider::CudaIfAvailable(0))
        .threads(4)
        .from_file(model)?;

    let image = Array4::<f32>::from_elem((2, 3, 32, 32), 0.5);
    let outputs = session.infer(inputs! {"image" => TensorRef::from_array_view(&image)?})?;

    let probabilities = outputs["probabilities"].try_extract_array::<f32>()?;
    let row = probabilities.outer_iter().next().expect("a row for each picture");
    let (class, best) = row
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .expect("classes");
    println!("class {class}, probability {best:.3}, on {}", session.provider());
    Ok(())
}
