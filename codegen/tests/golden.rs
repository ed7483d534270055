//! The golden Rust of a few tiny contracts. `UPDATE_GOLDEN=1 cargo test -p codegen --test golden`
//! writes it anew; the crate in `golden/` compiles and tests it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use codegen::{Files, Mode, Options, Overrides};

#[test]
fn golden_rust_is_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let overrides = Overrides::load(&folder.join("contracts/overrides.toml")).unwrap();
    let mut files = Files::new();
    for (name, file) in [
        ("post", "post.yaml"),
        ("shapes", "shapes.yaml"),
        ("store", "store.json"),
        ("zoo", "zoo.yaml"),
    ] {
        let doc = codegen::load(&folder.join("contracts").join(file)).unwrap();
        let options = Options {
            contract: name,
            support: "crate::generated::support",
            features: &["newt".to_owned()],
        };
        let made = codegen::generate(doc, &overrides, options).unwrap();
        files.insert(format!("{name}/NOTES.md"), made.notes.render(name));
        files.extend(
            made.files
                .into_iter()
                .map(|(path, text)| (format!("{name}/{path}"), text)),
        );
    }
    let support = codegen::support(&files);
    files.extend(
        support
            .into_iter()
            .map(|(path, text)| (format!("support/{path}"), text)),
    );

    settle(&folder, &files);
}

#[test]
fn golden_waiters_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waiters");
    let mut files = Files::new();
    for name in [
        "bfl",
        "dubbing",
        "fal",
        "leonardo",
        "lro",
        "minimax",
        "press",
        "replicate",
        "stability",
        "vectors",
    ] {
        let contract = folder.join("contracts").join(format!("{name}.yaml"));
        let mut doc = codegen::load(&contract).unwrap();
        let beside = contract.with_extension("waiters.yaml");
        if beside.is_file() {
            codegen::load_waiters(&mut doc, &beside).unwrap();
        }
        let options = Options {
            contract: name,
            support: "crate::generated::support",
            features: &[],
        };
        let made = codegen::generate(doc, &Overrides::default(), options).unwrap();
        assert!(made.watches);
        let made = made.files.into_iter();
        files.extend(made.map(|(path, text)| (format!("{name}/{path}"), text)));
    }
    let mut support = codegen::support(&files);
    codegen::watching(&mut support);
    let support = support.into_iter();
    files.extend(support.map(|(path, text)| (format!("support/{path}"), text)));
    settle(&folder, &files);
}

/// Compares files with those that are there, or writes them.
fn settle(folder: &Path, files: &Files) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mode = if update { Mode::Write } else { Mode::Check };
    let outcomes = codegen::reconcile(&folder.join("src/generated"), files, mode).unwrap();

    let stale: Vec<_> = outcomes.iter().filter(|_| !update).collect();
    assert!(
        stale.is_empty(),
        "run it with UPDATE_GOLDEN=1, then look at the diff: {stale:#?}"
    );
}
