//! Lists the generated types, so that a test can take every one of them there and back.
//!
//! The list is Rust: a constant for each contract, of pairs of a type's name and
//! `there_and_back::<the type>`, a function that the file which includes it must have. Another one
//! has the structs of version 2 that are called an input, with `engine!` of each.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut list = String::new();
    let mut engines = "const ENGINES: &[(&str, Engine)] = &[\n".to_owned();
    for contract in ["v1", "v2"] {
        let folder = Path::new("../crates/civitai-api/src/generated")
            .join(contract)
            .join("types");
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut names = Vec::new();
        collect(&folder, &mut names)?;
        names.sort_by(|(_, one), (_, other)| one.cmp(other));
        let constant = contract.to_uppercase();
        let _ = writeln!(list, "const {constant}: &[(&str, ThereAndBack)] = &[");
        for (kind, name) in names {
            if contract == "v2" && kind == STRUCT && name.ends_with("Input") {
                let _ = writeln!(engines, "    (\"{name}\", engine!({name})),");
            }
            let path = format!("civitai_api::{contract}::types::{name}");
            let _ = writeln!(list, "    (\"{name}\", there_and_back::<{path}>),");
        }
        list.push_str("];\n");
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    engines.push_str("];\n");
    fs::write(Path::new(&out).join("engines.rs"), engines)?;
    fs::write(Path::new(&out).join("types.rs"), list)
}

const STRUCT: &str = "pub struct ";

/// Finds what a folder and those below it declare.
fn collect(folder: &Path, names: &mut Vec<(&str, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, names)?;
            continue;
        }
        for line in fs::read_to_string(&path)?.lines().map(str::trim_start) {
            let kinds = [STRUCT, "pub enum ", "pub type "].into_iter();
            let mut declared = kinds.filter_map(|kind| Some((kind, line.strip_prefix(kind)?)));
            let name = declared.next().and_then(|(kind, rest)| {
                let name = rest.split(|c: char| !c.is_alphanumeric()).next()?;
                Some((kind, name.to_owned()))
            });
            names.extend(name);
        }
    }
    Ok(())
}
