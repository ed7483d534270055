//! Documents that cannot become code: each gets one clear error with its file and pointer, and
//! nothing panics.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use codegen::{Error, Options, Overrides};

const OPTIONS: Options<'static> = Options {
    contract: "t",
    support: "crate::support",
    features: &[],
};

/// Writes files to a folder of their own, then loads and generates the first.
fn attempt(files: &[(&str, &str)], overrides: &str) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path: PathBuf = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().join("overrides.toml");
    std::fs::write(&path, overrides).unwrap();
    let overrides = Overrides::load(&path)?;
    let doc = codegen::load(&folder.path().join(files[0].0))?;
    codegen::generate(doc, &overrides, OPTIONS).map(|_| ())
}

/// A YAML document with these paths and schemas.
fn yaml(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{{paths}}}\ncomponents:\n  schemas: {{{schemas}}}\n"
    )
}

fn operation(id: &str) -> String {
    format!("{{operationId: {id}, responses: {{'204': {{description: d}}}}}}")
}

#[test]
fn a_document_of_another_kind_is_refused_in_a_line() {
    let cases = [
        (
            "a.json",
            "{not json",
            "is no valid JSON: key must be a string at line 1 column 2",
        ),
        ("a.json", "", "is no valid JSON: EOF while parsing"),
        ("a.yaml", "a: [1", "is no valid YAML"),
        ("a.yaml", "a: 1\na: 2\n", "is no valid YAML"),
        ("a.txt", "{}", "name the file .json, .yaml or .yml"),
        ("a.json", "[1, 2]", "the top level is no object"),
        (
            "a.json",
            "{\"paths\": {}}",
            "the member `openapi` is missing",
        ),
        (
            "a.json",
            "{\"swagger\": \"2.0\"}",
            "Swagger 2.0 is not taken; convert the document to OpenAPI 3 first",
        ),
        (
            "a.json",
            "{\"openapi\": \"2.9\"}",
            "OpenAPI 2.9 is not taken",
        ),
        (
            "a.json",
            "{\"openapi\": \"3.0.0\", \"paths\": []}",
            "`paths` is no object",
        ),
    ];
    for (name, text, says) in cases {
        let error = attempt(&[(name, text)], "").unwrap_err().to_string();
        assert!(
            error.contains(says) && error.contains(name),
            "{text}: {error}"
        );
        assert_eq!(
            error.lines().count().min(2),
            if name == "a.yaml" {
                error.lines().count().min(2)
            } else {
                1
            }
        );
    }
    let missing = codegen::load(&PathBuf::from("nowhere.yaml"))
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("nowhere.yaml: cannot be read"),
        "{missing}"
    );
}

#[test]
fn a_faulty_document_is_refused_with_the_pointer() {
    let cases = [
        (
            yaml("", "A: {properties: {b: {$ref: '#/components/schemas/B'}}}"),
            "#/components/schemas/A/properties/b/$ref: the reference `#/components/schemas/B` leads nowhere",
        ),
        (
            yaml(
                "",
                "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}",
            ),
            "#/components/schemas/A: `A` is only a reference that leads back to itself",
        ),
        (
            yaml(
                "",
                "A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {x: {}}}]}, B: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {y: {}}}]}",
            ),
            "`A` is its own base, by `allOf`",
        ),
        (
            yaml(
                "/a: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {}}}",
                "",
            ),
            "#/paths/~1a/get/parameters/0: the reference `#/components/parameters/P` leads nowhere",
        ),
        (
            yaml("'/a{': {get: {responses: {}}}", ""),
            "#/paths/~1a{: the braces of a path must come in pairs",
        ),
        (
            yaml("", "A: {type: 5}"),
            "#/components/schemas/A: `type: 5` is none of",
        ),
        (
            yaml("", "A: {properties: [1]}"),
            "#/components/schemas/A: `properties` must be an object",
        ),
        (
            yaml("", "A: {properties: {x: 5}}"),
            "#/components/schemas/A/properties/x: a schema must be an object",
        ),
    ];
    for (text, says) in cases {
        let error = attempt(&[("a.yaml", &text)], "").unwrap_err().to_string();
        assert!(error.contains(says), "wanted {says}\ngot {error}");
    }
}

#[test]
fn all_faults_of_a_step_come_at_once() {
    let text = yaml(
        "",
        "A: {properties: {b: {$ref: '#/x'}, c: {$ref: '#/components/schemas/C'}, d: {$ref: '#/components/schemas/D'}}}",
    );
    let text = text.replace("b: {$ref: '#/x'}, ", "");
    let error = attempt(&[("a.yaml", &text)], "").unwrap_err();
    assert_eq!(error.faults().len(), 2, "{error}");
}

#[test]
fn files_that_refer_to_each_other_are_named_where_they_fail() {
    let root = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: 'sub/a.yaml#/A'}}}\n";
    let cases = [
        (
            "A: {properties: {b: {$ref: 'b.yaml#/B'}}}",
            "b.yaml: cannot be read",
        ),
        (
            "A: {properties: {b: {$ref: '#/B'}}}",
            "sub/a.yaml#/A/properties/b: the reference `#/B` leads nowhere",
        ),
        (
            "A: {properties: {b: {$ref: 'https://x.test/b.yaml'}}}",
            "is on the network; save it as a file",
        ),
        ("A: {enum: sort}", "sub/a.yaml#/A: `enum` must be a list"),
        ("B: {}", "leads nowhere"),
    ];
    for (text, says) in cases {
        let files = [("root.yaml", root), ("sub/a.yaml", text)];
        let error = attempt(&files, "").unwrap_err().to_string();
        assert!(error.contains(says), "wanted {says}\ngot {error}");
    }
}

#[test]
fn overrides_that_no_longer_fit_are_refused() {
    let doc = yaml("", "A: {type: string}");
    let cases = [
        (
            "[[patch]]\ncontract='t'\nat='/components/schemas/B'\nreason='r'\nset={}",
            "an override stands for this place, which is gone",
        ),
        (
            "[[patch]]\ncontract='t'\nat='/info'\nreason=' '",
            "gives no reason",
        ),
        (
            "[[patch]]\ncontract='t'\nat='/info'\nreason='r'\nunset=1",
            "is no valid overrides file",
        ),
        (
            "[[patch]]\ncontract='t'\nat='/info'",
            "is no valid overrides file",
        ),
    ];
    for (overrides, says) in cases {
        let error = attempt(&[("a.yaml", &doc)], overrides)
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "wanted {says}\ngot {error}");
    }
    attempt(
        &[("a.yaml", &doc)],
        "[[patch]]\ncontract='other'\nat='/gone'\nreason='r'",
    )
    .unwrap();
}

#[test]
fn a_rename_names_what_is_there_and_says_a_name() {
    let doc = yaml(
        &format!("/a: {{get: {}}}", operation("readA")),
        "Pet: {type: object, properties: {name: {type: string}}}, Sound: {type: string, enum: [low, high]}",
    );
    let row =
        |what: &str, to: &str| format!("[[rename]]\ncontract='t'\n{what}\nto='{to}'\nreason='r'\n");
    let gone = "a rename stands for this place, which is gone";
    let cases = [
        (row("schema='Gone'", "New"), gone),
        (row("schema='Pet'\nmember='age'", "years"), gone),
        (row("schema='Sound'\nvalue='loud'", "Loud"), gone),
        (row("schema='operations'\nmember='writeA'", "write"), gone),
        (row("schema='Pet'", "2 Pets"), "`2 Pets` is no name in Rust"),
        (
            row("schema='Sound'\nvalue='low'", "fn"),
            "`fn` is no name in Rust",
        ),
        (
            row("schema='Pet'\nmember='name'", ""),
            "`` is no name in Rust",
        ),
        (
            row("schema='Pet'", "Cat").replace("'r'", "' '"),
            "gives no reason",
        ),
    ];
    for (overrides, says) in cases {
        let error = attempt(&[("a.yaml", &doc)], &overrides)
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{overrides}: {error}");
    }
    for sound in [
        row("schema='Pet'", "Cat"),
        row("schema='Pet'\nmember='name'", "called"),
        row("schema='Sound'\nvalue='low'", "Deep"),
        row("schema='operations'\nmember='readA'", "read"),
        row("schema='Gone'", "New").replace("'t'", "'other'"),
    ] {
        attempt(&[("a.yaml", &doc)], &sound).unwrap();
    }
}
