//! Errors.

use std::fmt;

use ort::session::builder::SessionBuilder as OrtBuilder;

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// The library that the program runs with does not offer the API that `ort` was compiled for. `ort` has no errors
    /// of its own before it is connected to a library.
    Library(String),
    /// An input of the model was not given.
    MissingInput(String),
    /// An error of ONNX Runtime or `ort`.
    Ort(ort::Error),
}

pub type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Library(message) => f.write_str(message),
            Error::MissingInput(name) => write!(f, "input '{name}' is missing"),
            Error::Ort(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Ort(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ort::Error> for Error {
    fn from(error: ort::Error) -> Self {
        Error::Ort(error)
    }
}

impl From<ort::Error<OrtBuilder>> for Error {
    fn from(error: ort::Error<OrtBuilder>) -> Self {
        Error::Ort(error.into())
    }
}
