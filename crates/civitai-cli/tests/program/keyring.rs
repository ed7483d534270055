//! Tokens in the keyring of the system; on a keyring of its own where a program for one is installed.

#[cfg(feature = "keyring")]
use std::process::Command;

use crate::stage::Stage;
#[cfg(feature = "keyring")]
use crate::stage::{CANARY, program};

#[cfg(not(feature = "keyring"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_without_it_says_so() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["auth", "login", "--keyring", "--unchecked"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    stage.profiles(r#"{"default": {"keyring": true}}"#);
    let mut command = crate::stage::program(stage.dir.path(), &["account"]);
    command.env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = crate::stage::run(command);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains("the feature `keyring`"), "{ran:?}");
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_kept_used_and_forgotten() {
    use std::io::Write as _;

    let stage = Stage::fast().await;
    let dir = stage.dir.path();
    // Login, a call with the token of the keyring, logout, and the same call again.
    let script = r#"
        eval "$(printf secret | gnome-keyring-daemon --unlock --components=secrets)" || exit 99
        set -e
        printf "$TOKEN" | "$0" auth login --keyring --base-url "$ADDRESS"
        "$0" account > /dev/null
        "$0" auth logout
        "$0" account && exit 98
        exit 0
    "#;
    let mut command = Command::new("dbus-run-session");
    let program = program(dir, &[]);
    command.args(["--", "sh", "-c", script]);
    command.arg(program.get_program()).current_dir(dir);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .env("HOME", dir)
        .env("XDG_RUNTIME_DIR", dir)
        .env("TOKEN", CANARY)
        .env("ADDRESS", stage.sim.base_url());
    let installed = Command::new("gnome-keyring-daemon")
        .arg("--version")
        .output();
    let (Ok(_), Ok(output)) = (installed, command.output()) else {
        // Not by a macro, whose output is shown for failures alone.
        let what = b"keyring: NOT RUN, there is no keyring (apt-get install dbus gnome-keyring)\n";
        std::io::stderr().write_all(what).unwrap();
        return;
    };
    assert!(output.status.success(), "{output:?}");
    assert!(!format!("{output:?}").contains(CANARY), "{output:?}");
    let profiles = std::fs::read_to_string(dir.join("config/civitai-jobs/profiles.json")).unwrap();
    assert!(!profiles.contains(CANARY), "{profiles}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("in the keyring of the system"), "{text}");
    assert!(text.contains("there is no API token"), "{text}");
}
