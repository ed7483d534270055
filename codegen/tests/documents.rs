//! Whatever is legal becomes a crate, and what is not quite legal too, with a note. `cargo xtask corpus`
//! compiles the same documents.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use codegen::{FeaturesBy, Generated, Note, NoteKind, Options, Overrides, Package};

const OPTIONS: Options<'static> = Options {
    contract: "t",
    support: "crate::support",
    features: &[],
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

fn made(file: &str) -> Generated {
    let doc = codegen::load(&folder().join(file)).unwrap();
    codegen::generate(doc, &Overrides::default(), OPTIONS).unwrap()
}

/// The text of all files whose path begins so, without line breaks and blanks inside.
fn code(made: &Generated, below: &str) -> String {
    let files = made
        .files
        .iter()
        .filter(|(path, _)| path.starts_with(below));
    let text: Vec<&str> = files
        .flat_map(|(_, text)| text.split_whitespace())
        .collect();
    text.join(" ")
}

/// The signature of a method, without `self`.
fn signature(made: &Generated, method: &str) -> String {
    let code = code(made, "operations/");
    let start = format!("pub async fn {method}( ");
    let short = format!("pub async fn {method}(");
    let at = code.find(&start).or_else(|| code.find(&short)).unwrap();
    let rest = &code[at + short.len()..];
    let end = rest.find(") ->").unwrap();
    rest[..end]
        .trim()
        .trim_end_matches(',')
        .replace("&self, ", "")
}

fn notes(made: &Generated, kind: NoteKind) -> Vec<String> {
    let of_kind = made.notes.iter().filter(|note| note.kind == kind);
    of_kind
        .map(|Note { at, what, .. }| format!("{at}: {what}"))
        .collect()
}

#[test]
fn every_document_of_the_folder_becomes_code_that_holds_it() {
    let entries = std::fs::read_dir(folder()).unwrap();
    let mut count = 0;
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let file = if entry.path().is_dir() {
            format!("{name}/root.yaml")
        } else {
            name
        };
        let made = made(&file);
        assert_eq!(
            made.audit.unsaid,
            0,
            "{file}: {:?}",
            notes(&made, NoteKind::Loss)
        );
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn arguments_that_meet_are_numbered() {
    let made = made("arguments.yaml");
    assert_eq!(
        signature(&made, "move_book"),
        "shelf: &str, book: i64, options: bool, shelf2: &str, body: &types::Book, options_: &MoveBookOptions"
    );
    let options = code(&made, "operations/shelves");
    for field in [
        "body2: Option<String>",
        "shelf3: Option<String>",
        "start_date: Option",
        "start_date2",
        "start_date3",
    ] {
        assert!(
            options.contains(&format!("pub {field}")),
            "{field}: {options}"
        );
    }
    assert!(
        signature(&made, "locals")
            .starts_with("url: &str, request: &str, response: &str, result: &str")
    );
    // Each is sent by its own name.
    for wire in [
        "\"Shelf\"",
        "\"start_date>\"",
        "\"startDate\"",
        "\"@lang\"",
        "\"_\"",
    ] {
        assert!(code(&made, "operations/").contains(wire), "{wire}");
    }
    let guesses = notes(&made, NoteKind::Guess).join("\n");
    assert!(
        guesses.contains("the argument is called `shelf2`, since `shelf` is taken"),
        "{guesses}"
    );
}

#[test]
fn operations_that_meet_each_other_or_what_every_client_has_are_numbered() {
    let made = made("operations.yaml");
    for method in [
        "list_pets",
        "list_pets2",
        "list_pets3",
        "list_pets4",
        "client",
        "clone2",
        "new2",
        "http2",
        "all2",
        "type_",
    ] {
        signature(&made, method);
    }
    // A word of the backend's in a path or a name loses nothing.
    let code = code(&made, "operations/");
    assert!(
        code.contains("/api_versions") && code.contains("\"api-version\""),
        "{code}"
    );
}

#[test]
fn modules_of_other_scripts_are_written_in_ascii() {
    let made = made("scripts.yaml");
    assert!(made.files.keys().all(|path| path.is_ascii()));
    let types = code(&made, "types/");
    for name in ["struct Ærlighed", "enum 状態", "struct 名前"] {
        assert_eq!(
            types.contains(&format!("pub {name} ")),
            name != "struct 名前",
            "{name}"
        );
    }
    for field in [
        "underscore",
        "dollar",
        "plus_1",
        "minus_1",
        "name",
        "name2",
        "plus_12",
        "empty",
    ] {
        assert!(
            types.contains(&format!("pub {field}: ")),
            "{field}: {types}"
        );
    }
}

#[test]
fn a_lone_part_is_the_whole_and_a_tag_that_tells_nothing_hides_nothing() {
    let made = made("parts.yaml");
    let types = code(&made, "types/");
    for wanted in [
        "pub struct ListBoatsReply { pub boats: Option<Vec<Boat>>",
        "pub harbour: Option<ListBoatsReplyHarbour>",
        "pub enum ListBoatsOrder {",
        "pub struct OrderBoatBody {",
        "pub berth: Option<i64>",
        "pub colour: Option<String>",
        "pub kind: OrderBoatBody",
    ] {
        assert!(types.contains(wanted), "{wanted}: {types}");
    }
}

#[test]
fn a_variant_without_members_is_an_object_that_holds_a_tag() {
    let made = made("variants.yaml");
    let types = code(&made, "types/");
    for wanted in [
        "Crate(Box<Crate>)",
        "Bulk(Box<CargoBulk>)",
        "/// Whatever is poured. #[derive(Clone, Default)] pub struct CargoBulk { pub extra: Extra, }",
        "Ballast(Box<Ballast>)",
        "Manifest(Box<CargoManifest>)",
    ] {
        assert!(types.contains(wanted), "{wanted}: {types}");
    }
    assert!(!types.contains("Note(Box<"), "{types}");
    let faults = notes(&made, NoteKind::Fault);
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}")
    };
    assert!(fault.ends_with("`Note` is no object and cannot hold the tag `Note`"));
}

#[test]
fn faults_are_told_and_lived_with() {
    let made = made("faults.yaml");
    let faults = notes(&made, NoteKind::Fault);
    let wanted = [
        "/openapi: the version must be text: write '3.1.0'",
        "/paths/~1pods~1{id}~1update/post: the operationId `updatePod` is also that of `patch /pods/{id}`; this one is named `post_pods_by_id_update`",
        "required: `required` must be a list of members",
        "`#/components/schemas/Dog` leads nowhere; the tag `dog` is not listed",
        "`nowhere.yaml#/Fox` leads nowhere; the tag `fox` is not listed",
        "basket/allOf: `allOf` must be a list; this one is read as a list of one",
        "Basket/properties: `properties` must be an object; an empty list is passed over",
        "name/type: `type: text` is none of array, boolean, integer, null, number, object, string; it is read as `string`",
        "weight/type: `type: float` is none of array, boolean, integer, null, number, object, string; it is read as `number`",
        "photo/type: `type: image/png` is none of array, boolean, integer, null, number, object, string; it is passed over",
        "`id` is in the path and declared nowhere; it is text",
        "the path parameter `gone` is not in the path `/pods/{id}`; it is left out",
    ];
    for what in wanted {
        assert!(
            faults.iter().any(|fault| fault.contains(what)),
            "{what}: {faults:#?}"
        );
    }
    assert_eq!(faults.len(), wanted.len(), "{faults:#?}");
    let types = code(&made, "types/");
    for member in [
        "pub basket: Option<Basket>",
        "pub name: Option<String>",
        "pub photo: Option<serde_json::Value>",
        "pub weight: Option<f64>",
    ] {
        assert!(types.contains(member), "{member}: {types}");
    }
    signature(&made, "post_pods_by_id_update");
    let error = made.notes.denied(NoteKind::Fault, "faults.yaml").unwrap();
    assert_eq!(error.faults().len(), wanted.len());
}

#[test]
fn references_lead_where_they_say() {
    let made = made("references.yaml");
    let types = code(&made, "types/");
    for member in [
        "pub next: Option<Box<Book>>",
        "pub first: Option<Box<Book>>",
        "pub books: Option<Vec<Book>>",
    ] {
        assert!(types.contains(member), "{member}: {types}");
    }
    assert!(
        types.contains("pub title: Option<String>") && types.contains("pub name: Option<String>")
    );
    let operations = code(&made, "operations/");
    for reply in ["types::PageBook", "types::Book"] {
        assert!(operations.contains(reply), "{reply}: {operations}");
    }
}

#[test]
fn schemas_of_one_last_name_are_told_apart_and_names_of_names_are_one() {
    let made = made("files/root.yaml");
    let types = code(&made, "types/");
    assert_eq!(types.matches("pub struct").count(), 5);
    for name in ["Problem", "Cluster", "Version"] {
        assert!(
            types.contains(&format!("pub struct {name} {{")),
            "{name}: {types}"
        );
    }
    assert_eq!(types.matches("pub enum").count(), 0);
    let guesses = notes(&made, NoteKind::Guess).join("\n");
    assert!(
        guesses.contains("since another is called `version`"),
        "{guesses}"
    );
}

#[test]
fn a_newer_version_is_read_as_far_as_it_is_known() {
    let made = made("newer.yaml");
    let guesses = notes(&made, NoteKind::Guess).join("\n");
    assert!(guesses.contains("OpenAPI 3.2 is read as 3.1"), "{guesses}");
    let losses = notes(&made, NoteKind::Loss);
    assert_eq!(losses, ["/paths/~1notes/query: no method is made for it"]);
    assert!(made.notes.denied(NoteKind::Fault, "newer.yaml").is_none());
}

#[test]
fn a_feature_for_each_tag_has_all_that_its_operations_need() {
    let settings = Package {
        features: FeaturesBy::Tag,
        ..Package::default()
    };
    let packaged = |file: &str, settings: &Package| {
        let doc = codegen::load(&folder().join(file)).unwrap();
        codegen::package(doc, "t", &Overrides::default(), settings)
    };
    let made = packaged("tagged.yaml", &settings).unwrap();
    // `limits` is what the crate itself calls a feature.
    let features: Vec<(&str, &str)> = made
        .features
        .iter()
        .map(|(feature, tag)| (feature.as_str(), tag.as_str()))
        .collect();
    let wanted = [
        ("books", "Books"),
        ("limits2", "Limits"),
        ("loans", "Loans"),
    ];
    assert_eq!(features, wanted);
    assert!(
        made.files["Cargo.toml"].contains(r#"default = ["rustls", "books", "limits2", "loans"]"#)
    );
    let types = code(&made, "src/types/mod.rs");
    let cut = |name: &str| {
        let heads = ["struct", "enum"].map(|kind| format!("pub {kind} {name} {{"));
        let defines = |text: &str| heads.iter().any(|head| text.contains(head));
        let home = made.files.iter().find(|(_, text)| defines(text));
        let file = home.unwrap().0.trim_start_matches("src/types/");
        let module = format!("mod {};", file.trim_end_matches(".rs"));
        let before = types.split(&module).next().unwrap();
        let gate = before.rsplit(';').next().unwrap();
        let (_, feature) = gate.split_once("cfg(feature = \"").unwrap_or_default();
        feature
            .split('"')
            .next()
            .filter(|one| !one.is_empty())
            .unwrap_or("always")
    };
    for (name, feature) in [
        ("Book", "books"),
        ("BookCover", "books"),
        ("Genre", "books"),
        ("Loan", "loans"),
        ("LoanShort", "loans"),
        ("Receipt", "loans"),
        ("Reader", "always"),
        ("Hours", "always"),
    ] {
        assert_eq!(cut(name), feature, "{name}");
    }
    let refused = packaged("prelude.yaml", &settings).unwrap_err().to_string();
    assert!(refused.contains("no operation has a tag"), "{refused}");
    let by_folder = Package {
        features: FeaturesBy::Folder,
        ..Package::default()
    };
    let made = packaged("files/root.yaml", &by_folder).unwrap();
    let features: Vec<&String> = made.features.keys().collect();
    assert_eq!(features, ["clusters"]);
    let types = code(&made, "src/types/mod.rs");
    assert!(
        types.contains(r#"#[cfg(feature = "clusters")] pub use self::{cluster::*"#),
        "{types}"
    );
    let refused = packaged("tagged.yaml", &by_folder).unwrap_err().to_string();
    assert!(refused.contains("no schema is in a folder"), "{refused}");
}
