//! Lists the generated types, so that a test can take every one of them there and back.
//!
//! The list is Rust: a constant for each contract, of pairs of a type's name and
//! `there_and_back::<the type>`, a function that the file which includes it must have.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut list = String::new();
    for contract in ["v1", "v2"] {
        let folder = Path::new("../crates/civitai-api/src/generated")
            .join(contract)
            .join("types");
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut names = Vec::new();
        collect(&folder, &mut names)?;
        names.sort();
        let constant = contract.to_uppercase();
        let _ = writeln!(list, "const {constant}: &[(&str, ThereAndBack)] = &[");
        for name in names {
            let path = format!("civitai_api::{contract}::types::{name}");
            let _ = writeln!(list, "    (\"{name}\", there_and_back::<{path}>),");
        }
        list.push_str("];\n");
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("types.rs"), list)
}

/// Finds what a folder and those below it declare.
fn collect(folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, names)?;
            continue;
        }
        for line in fs::read_to_string(&path)?.lines().map(str::trim_start) {
            let declared = ["pub struct ", "pub enum ", "pub type "]
                .iter()
                .find_map(|kind| line.strip_prefix(kind));
            let name = declared.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            names.extend(name.map(str::to_owned));
        }
    }
    Ok(())
}
