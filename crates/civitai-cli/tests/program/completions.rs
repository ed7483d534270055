//! What `completions` prints, loaded by the shell that it is for, which is then asked to complete.

use std::io::Write as _;
use std::process::Command;

use crate::stage::{program, run};

/// Loads the script `civitai-jobs.SHELL`, and completes a command and an option.
const BASH: &str = r#"
source ./civitai-jobs.bash
function=$(complete -p civitai-jobs)
function=${function##*-F }
function=${function%% *}
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    "$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}
complete_words civitai-jobs gen
complete_words civitai-jobs generate --ups
"#;

/// What the completion system of zsh is asked here: whether it loads the function for the program, and what that one
/// describes as commands and gives as options. The line editor, which would narrow them down, needs a terminal.
const ZSH: &str = r#"
fpath=($PWD $fpath)
cp civitai-jobs.zsh _civitai-jobs
autoload -Uz compinit
compinit -u -D
[[ $_comps[civitai-jobs] == _civitai-jobs ]] || exit 1
autoload +X _civitai-jobs || exit 1
_describe() { print -l -- ${(P)4} }
source ./_civitai-jobs || exit 1
_civitai-jobs_commands | while IFS=: read -r command about; do print -- $command; done
functions _civitai-jobs | grep -o -- '--upscale' | head -1
"#;

const FISH: &str = r#"
source ./civitai-jobs.fish
complete -C "civitai-jobs gen" | string split -f 1 \t
complete -C "civitai-jobs generate --ups" | string split -f 1 \t
"#;

/// The words that a shell offers; none where it is not installed, which is said beside the tests.
fn offered(shell: &str, bare: &[&str], script: &str) -> Option<Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(program(dir.path(), &["completions", shell]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let file = dir.path().join(format!("civitai-jobs.{shell}"));
    std::fs::write(file, ran.stdout).unwrap();
    let mut command = Command::new(shell);
    command.args(bare).arg("-c").arg(script);
    command.current_dir(dir.path()).env("HOME", dir.path());
    let output = match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // Not by a macro, whose output is shown for failures alone.
            let what = format!(
                "completions: NOT RUN, {shell} is not installed (apt-get install {shell})\n"
            );
            std::io::stderr().write_all(what.as_bytes()).unwrap();
            return None;
        }
        output => output.unwrap(),
    };
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn bash_loads_them_and_completes() {
    if let Some(words) = offered("bash", &["--noprofile", "--norc"], BASH) {
        assert_eq!(words, ["generate", "--upscale"]);
    }
}

#[test]
fn fish_loads_them_and_completes() {
    if let Some(words) = offered("fish", &["--no-config"], FISH) {
        assert_eq!(words, ["generate", "--upscale"]);
    }
}

#[test]
fn zsh_loads_them_and_knows_commands_and_options() {
    if let Some(words) = offered("zsh", &["-f"], ZSH) {
        for word in ["generate", "resume", "--upscale"] {
            assert!(words.iter().any(|other| other == word), "{words:?}");
        }
    }
}
