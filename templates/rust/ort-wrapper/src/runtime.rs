//! The library: its version, its providers, and `ort`'s connection to it.

use std::ffi::CStr;
use std::os::raw::{c_char, c_int};
use std::sync::OnceLock;
use std::{ptr, slice};

use ort::sys;

use crate::{Error, Result};

/// Connects `ort` to the library that this crate is linked to. Everything in this crate does so itself; a program
/// that uses `ort` directly calls it first. Error: the library is older than the API that `ort` was compiled for.
pub fn init() -> Result<()> {
    static OUTCOME: OnceLock<bool> = OnceLock::new();
    let connected = *OUTCOME.get_or_init(|| {
        // SAFETY: the table that GetApi returns lives as long as the library and has at least the entries of the
        // version asked for, which is the one that ort declares.
        let api = unsafe { ((*sys::OrtGetApiBase()).GetApi)(sys::ORT_API_VERSION) };
        if api.is_null() {
            return false;
        }
        ort::set_api(unsafe { ptr::read(api) });
        true
    });
    if connected {
        return Ok(());
    }
    let (version, wanted) = (version(), sys::ORT_API_VERSION);
    Err(Error::Library(format!(
        "ONNX Runtime {version} does not offer version {wanted} of its API"
    )))
}

/// The version of the library that the program runs with: `1.21.0`.
pub fn version() -> String {
    // SAFETY: a constant of the library.
    unsafe { CStr::from_ptr(((*sys::OrtGetApiBase()).GetVersionString)()) }
        .to_string_lossy()
        .into_owned()
}

/// The execution providers that the library was built with, the preferred one first. Whether this machine has what
/// they need shows when a session is made.
pub fn available_providers() -> Result<Vec<String>> {
    init()?;
    let mut names: *mut *mut c_char = ptr::null_mut();
    let mut count: c_int = 0;
    let api = ort::api();
    // SAFETY: on success `names` are `count` strings, released below.
    unsafe {
        ort::Error::result_from_status((api.GetAvailableProviders)(&mut names, &mut count))?;
        let providers = slice::from_raw_parts(names, usize::try_from(count).unwrap_or(0))
            .iter()
            .map(|name| CStr::from_ptr(*name).to_string_lossy().into_owned())
            .collect();
        ort::Error::result_from_status((api.ReleaseAvailableProviders)(names, count))?;
        Ok(providers)
    }
}
