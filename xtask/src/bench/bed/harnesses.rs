//! The harnesses: crates of programs that measure what a crate of this workspace does when it runs.

use std::fmt;
use std::path::Path;

/// The manifests and sources of all harnesses, with their paths in the temporary workspace.
///
/// `features` are those of the low-level client, all of which the codec is measured with.
pub(super) fn files(root: &Path, features: &[String]) -> Vec<(String, String)> {
    let ours = |name: &str, features: &dyn fmt::Debug| {
        // A debug string of text is a TOML string.
        let path = root.join("crates").join(name).display().to_string();
        format!("{name} = {{ path = {path:?}, features = {features:?} }}\n")
    };
    let codec = ours("civitai-api", &features) + CODEC;
    let client = ours("civitai-api", &["v1", "v2"]) + &ours("civitai-jobs", &["image"]) + CLIENT;
    let waiting = ours("job-watch", &[(); 0]) + WAITING;
    let manifests = [("harness", codec), ("client", client), ("waiting", waiting)];
    let manifests = manifests.into_iter().map(|(name, dependencies)| {
        let text = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{dependencies}"
        );
        (format!("{name}/Cargo.toml"), text)
    });
    let sources = SOURCES.map(|(path, text)| (path.to_owned(), text.to_owned()));
    manifests.chain(sources).collect()
}

/// The sources of the harnesses.
const SOURCES: [(&str, &str); 9] = [
    (
        "harness/src/main.rs",
        include_str!("../../../bench/harness.rs"),
    ),
    (
        "client/src/lib.rs",
        include_str!("../../../bench/client/lib.rs"),
    ),
    (
        "client/src/jobs.rs",
        include_str!("../../../bench/client/jobs.rs"),
    ),
    (
        "client/src/server.rs",
        include_str!("../../../bench/client/server.rs"),
    ),
    (
        "client/src/bin/calls.rs",
        include_str!("../../../bench/client/calls.rs"),
    ),
    (
        "client/src/bin/fleet.rs",
        include_str!("../../../bench/client/fleet.rs"),
    ),
    (
        "waiting/src/main.rs",
        include_str!("../../../bench/waiting/main.rs"),
    ),
    (
        "waiting/src/strategies.rs",
        include_str!("../../../bench/waiting/strategies.rs"),
    ),
    (
        "waiting/src/pages.rs",
        include_str!("../../../bench/waiting/pages.rs"),
    ),
];

/// What decoding and encoding are measured with.
const CODEC: &str = r#"
plain = { path = "../plain" }
serde = "1"
serde_json = "1"
"#;

/// What calls through the client, and fleets of its jobs, are measured with.
const CLIENT: &str = r#"
fastrand = "2"
futures-util = { version = "0.3", default-features = false, features = ["alloc"] }
peak_alloc = "0.3"
reqwest = { version = "0.13", default-features = false, features = ["json", "query"] }
serde_json = "1"
tokio = { version = "1", features = ["io-util", "net", "rt", "time"] }
"#;

/// What waiting is played with.
const WAITING: &str = r#"
fastrand = "2"
futures-util = { version = "0.3", default-features = false, features = ["alloc"] }
serde_json = "1"
tokio = { version = "1", features = ["rt", "test-util", "time"] }
"#;
