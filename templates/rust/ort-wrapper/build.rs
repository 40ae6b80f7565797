//! Finds ONNX Runtime and says how to link it: `libonnxruntime.so`, or `libonnxruntime.a` with every other archive
//! beside it. Looked at in turn:
//!
//! 1. `ORT_LIB_LOCATION`: the folder with the library, or one that has it in `lib/`;
//! 2. the package that holds this crate, as `share/onnxruntime/rust/ort-wrapper`;
//! 3. each folder of `CMAKE_PREFIX_PATH` that holds `lib/cmake/onnxruntime`;
//! 4. what `pkg-config libonnxruntime` says.
//!
//! Where both kinds of library are, the archive is linked, unless `ORT_PREFER_DYNAMIC_LINK` is `1`. Build scripts of
//! crates that depend on this one find the folder in `DEP_ORT_WRAPPER_LIB_DIR`.

use std::path::{Path, PathBuf};
use std::process::{exit, Command};
use std::{env, fs};

const SHARED: [&str; 2] = ["libonnxruntime.so", "libonnxruntime.dylib"];
const ARCHIVE: &str = "libonnxruntime.a";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for name in [
        "ORT_LIB_LOCATION",
        "ORT_PREFER_DYNAMIC_LINK",
        "CMAKE_PREFIX_PATH",
        "PKG_CONFIG_PATH",
        "PKG_CONFIG_LIBDIR",
    ] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let folder = find_library().unwrap_or_else(|tried| {
        eprintln!(
            "error: found no ONNX Runtime ({} or {ARCHIVE}); looked at:\n{tried}",
            SHARED[0]
        );
        eprintln!("Set ORT_LIB_LOCATION to the folder that holds it.");
        exit(1);
    });
    println!("cargo:rerun-if-changed={}", folder.display());
    println!("cargo:lib_dir={}", folder.display());
    println!("cargo:rustc-link-search=native={}", folder.display());
    let shared = shared_library(&folder);
    let dynamic = env::var("ORT_PREFER_DYNAMIC_LINK").is_ok_and(|value| value == "1");
    if folder.join(ARCHIVE).exists() && !(dynamic && shared) {
        link_archives(&folder);
    } else {
        println!("cargo:rustc-link-lib=dylib=onnxruntime");
        // For this crate's own tests; an application says where its libraries are.
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}

fn shared_library(folder: &Path) -> bool {
    SHARED.iter().any(|name| folder.join(name).exists())
}

fn has_library(folder: &Path) -> bool {
    shared_library(folder) || folder.join(ARCHIVE).exists()
}

/// The folder with the library, or a line for each place that was looked at in vain.
fn find_library() -> Result<PathBuf, String> {
    let mut places: Vec<(String, PathBuf)> = Vec::new();
    if let Some(location) = env::var_os("ORT_LIB_LOCATION").filter(|value| !value.is_empty()) {
        // A place that was named is the only one: another library would be a silent substitute.
        let location = PathBuf::from(location);
        places.push(("ORT_LIB_LOCATION".into(), location.clone()));
        places.push(("ORT_LIB_LOCATION".into(), location.join("lib")));
    } else {
        let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        if crate_folder.ends_with("share/onnxruntime/rust/ort-wrapper") {
            if let Some(package) = crate_folder.ancestors().nth(4) {
                places.push(("the package of this crate".into(), package.join("lib")));
            }
        }
        for prefix in env::split_paths(&env::var_os("CMAKE_PREFIX_PATH").unwrap_or_default()) {
            if prefix.join("lib/cmake/onnxruntime").exists() {
                places.push(("CMAKE_PREFIX_PATH".into(), prefix.join("lib")));
            }
        }
        if let Some(folder) = ask_pkg_config() {
            places.push(("pkg-config".into(), folder));
        }
    }
    match places.iter().find(|(_, folder)| has_library(folder)) {
        Some((_, folder)) => Ok(fs::canonicalize(folder).unwrap_or_else(|_| folder.clone())),
        None if places.is_empty() => Err(
            "  (nothing: ORT_LIB_LOCATION and CMAKE_PREFIX_PATH are not set, and \
                                          pkg-config knows no libonnxruntime)"
                .into(),
        ),
        None => Err(places
            .iter()
            .map(|(why, folder)| format!("  {} ({why})", folder.display()))
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

fn ask_pkg_config() -> Option<PathBuf> {
    let program = env::var_os("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
    let answer = Command::new(program)
        .args(["--variable=libdir", "libonnxruntime"])
        .output()
        .ok()?;
    let folder = String::from_utf8(answer.stdout).ok()?;
    let folder = folder.trim().replace("\\ ", " ");
    (answer.status.success() && !folder.is_empty()).then(|| PathBuf::from(folder))
}

/// Links ONNX Runtime's archive and all others of the folder. Those of Abseil need each other in circles, and cargo
/// cannot wrap libraries in a group for the crates that depend on this one. So GNU ld and lld get a linker script in
/// the place of an archive, as libc.so is one; Apple's linker goes round in circles by itself.
fn link_archives(folder: &Path) {
    let mut archives: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .collect()
        })
        .unwrap_or_default();
    archives.retain(|path| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        name.starts_with("lib") && name.ends_with(".a")
    });
    archives.sort_by_key(|path| (!path.ends_with(ARCHIVE), path.clone()));

    if env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple") {
        for archive in &archives {
            let stem = archive
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            println!(
                "cargo:rustc-link-lib=static:-bundle={}",
                stem.trim_start_matches("lib")
            );
        }
        println!("cargo:rustc-link-lib=dylib=c++");
        println!("cargo:rustc-link-lib=framework=Foundation");
        if env::var_os("CARGO_FEATURE_COREML").is_some() {
            println!("cargo:rustc-link-lib=framework=CoreML");
        }
        return;
    }
    let names: Vec<String> = archives
        .iter()
        .map(|path| format!("\"{}\"", path.display()))
        .collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let script = out.join("libort_wrapper_archives.a");
    if let Err(error) = fs::write(&script, format!("GROUP (\n  {}\n)\n", names.join("\n  "))) {
        eprintln!("error: {}: {error}", script.display());
        exit(1);
    }
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static:-bundle=ort_wrapper_archives");
    for library in ["stdc++", "pthread", "dl", "m"] {
        println!("cargo:rustc-link-lib=dylib={library}");
    }
}
