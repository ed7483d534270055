//! A whole crate around the modules of one contract.

use crate::Options;
use crate::document::Document;
use crate::emit::{self, Files};
use crate::error::Error;
use crate::overrides::Overrides;

/// The versions that a generated crate asks for.
const DEPENDENCIES: &str = r#"bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde", "std"] }
percent-encoding = "2.3"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
secrecy = "0.10"
serde = { version = "1.0", features = ["derive"] }
serde_json = "1.0"
tracing = { version = "0.1", default-features = false }
"#;

/// Generates a crate called `NAME-api`: `Cargo.toml`, `README.md`, `NOTES.md`, `src/…`.
///
/// # Errors
///
/// As [`crate::generate`], and a name that no crate can have.
pub fn package(doc: Document, contract: &str, overrides: &Overrides) -> Result<Files, Error> {
    let fits = contract.starts_with(|first: char| first.is_ascii_alphabetic())
        && contract
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    if !fits {
        let what =
            "a contract's name begins with a letter and holds letters, digits, `-` and `_` only";
        return Err(Error::file(format!("`{contract}`"), what));
    }
    let source = doc.file.clone();
    let options = Options {
        contract,
        support: "crate::support",
        features: &[],
    };
    let generated = crate::generate(doc, overrides, options)?;
    let mut files = Files::new();
    for (name, text) in generated.files {
        let root = name == "mod.rs";
        let name = if root {
            "src/lib.rs".to_owned()
        } else {
            format!("src/{name}")
        };
        let text = if root {
            format!("{text}\n{SUPPORT}")
        } else {
            text
        };
        files.insert(name, text);
    }
    for (name, text) in emit::support() {
        files.insert(format!("src/support/{name}"), text);
    }
    files.insert("Cargo.toml".to_owned(), manifest(contract));
    files.insert("README.md".to_owned(), readme(contract, &source));
    files.insert(
        "NOTES.md".to_owned(),
        format!(
            "# Decisions taken while generating\n\n{}",
            generated.notes.render(contract)
        ),
    );
    Ok(files)
}

const SUPPORT: &str = "mod support;

pub use support::{
    ByteStream, DecodeError, Error, Http, HttpBuilder, Input, Problem, RawObject, Reference,
    ResponseValue, UnknownValue, decode,
};
#[cfg(feature = \"limits\")]
pub use support::{Count, Limits, Member, Range, Rule, Violation, ViolationKind};
";

fn manifest(contract: &str) -> String {
    format!(
        "[package]\nname = \"{contract}-api\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.89\"\n\
         publish = false\n\n# A crate of its own, wherever it is put.\n[workspace]\n\n[features]\n\
         # The limits of requests as data, and a check against them.\nlimits = []\n\n[dependencies]\n{DEPENDENCIES}"
    )
}

fn readme(contract: &str, source: &str) -> String {
    let file = std::path::Path::new(source)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    format!(
        "# {contract}-api\n\nA client generated from `{file}` by `cargo xtask regen --contract {contract}=FILE --out DIR`.\n\
         `NOTES.md` lists what was guessed or could not be carried.\n"
    )
}
