//! Sessions and inference on the ONNX Runtime library that this crate is linked to.
//!
//! ```no_run
//! use ort_wrapper::ndarray::Array4;
//! use ort_wrapper::ort::{inputs, value::TensorRef};
//! use ort_wrapper::SessionBuilder;
//!
//! fn main() -> ort_wrapper::Result<()> {
//!     let session = SessionBuilder::new().threads(4).from_file("model.onnx")?;
//!     let image = Array4::<f32>::zeros((1, 3, 224, 224));
//!     let outputs = session.infer(inputs! {"image" => TensorRef::from_array_view(&image)?})?;
//!     let probabilities = outputs["probabilities"].try_extract_array::<f32>()?;
//!     println!("{probabilities}");
//!     Ok(())
//! }
//! ```
//!
//! `ort` and `ndarray` are re-exported, so that a program uses the versions that fit. It may call `ort` for whatever
//! is missing here, after [`init`].

mod error;
mod runtime;
mod session;

pub use error::{Error, Result};
pub use ndarray;
pub use ort;
pub use runtime::{available_providers, init, version};
pub use session::{Outputs, Provider, Session, SessionBuilder, CPU, CUDA};
