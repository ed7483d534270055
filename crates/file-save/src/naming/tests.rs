use std::path::{Component, Path};

use proptest::prelude::*;

use super::*;
use crate::Link;

fn file(job_id: &str, index: usize, seed: Option<i64>) -> Link {
    Link::new("").work(job_id).index(index).seed(seed)
}

fn stem(naming: &Naming, file: &Link) -> String {
    let mut stems = naming.stems(std::iter::once(file));
    stems.pop().unwrap_or_default()
}

proptest! {
    #[test]
    fn no_text_makes_a_name_that_leaves_the_folder(
        template in prop_oneof![
            ".{0,40}",
            "[a-z./\\\\ ]{0,9}(\\{(prompt|seed|index|job)\\}[-._ /]{0,2}){0,4}",
        ],
        prompt in ".{0,200}",
        job in ".{0,200}",
        seed in any::<Option<i64>>(),
    ) {
        let Ok(naming) = template.parse::<Naming>() else { return Ok(()) };
        let stem = stem(&naming.prompt(&prompt), &file(&job, 0, seed));
        prop_assert!(stem.len() <= STEM + "image-".len());
        let name = format!("{stem}.png");
        let parts: Vec<_> = Path::new(&name).components().collect();
        prop_assert_eq!(parts, [Component::Normal(name.as_ref())]);
        prop_assert!(!name.contains(['/', '\\', ':', '\0']) && !name.starts_with('.'));
        prop_assert!(!name.chars().any(char::is_control));
    }
}

#[test]
fn names_read_like_the_prompt() {
    for (prompt, expected) in [
        ("A lighthouse in fog", "a-lighthouse-in-fog"),
        ("../../etc/passwd\0", "etc-passwd"),
        ("C:\\CON", "c-con"),
        ("  \u{2014} ", "image"),
        ("Leuchtturm \u{fc}ber Nebel", "leuchtturm-\u{fc}ber-nebel"),
        ("\u{706f}\u{53f0}", "\u{706f}\u{53f0}"),
    ] {
        let naming: Naming = "{prompt}".parse().unwrap();
        assert_eq!(stem(&naming.prompt(prompt), &file("", 0, None)), expected);
    }
}

#[test]
fn placeholders_stand_for_what_is_known_of_a_file() {
    for (template, expected) in [
        ("{prompt}-{seed}", "fog-7"),
        ("{index} of {job}", "3 of 0a-1B"),
        ("x", "x"),
        ("{prompt}{prompt}.", "fogfog"),
    ] {
        let naming = template.parse::<Naming>().unwrap().prompt("fog");
        assert_eq!(stem(&naming, &file("0a/1B", 2, Some(7))), expected);
    }
    assert_eq!(
        stem(&Naming::from_prompt("fog"), &file("", 2, None)),
        "fog-3"
    );
}

#[test]
fn what_is_wrong_with_a_template_is_said() {
    for (template, part) in [
        ("", "1 to 200 bytes"),
        (&"x".repeat(201)[..], "1 to 200 bytes"),
        ("../{seed}", "dot"),
        (".{seed}", "dot"),
        (" {seed}", "space"),
        ("a/{seed}", "'/'"),
        ("a\\{seed}", "'\\\\'"),
        ("C:{seed}", "':'"),
        ("a\n{seed}", "'\\n'"),
        ("{seed", "partner"),
        ("seed}", "partner"),
        ("{{seed}}", "partner"),
        ("{}", "{prompt}, {seed}, {index} and {job}"),
        ("{Seed}", "{prompt}, {seed}, {index} and {job}"),
    ] {
        let error = template.parse::<Naming>().unwrap_err().to_string();
        assert!(error.contains(part), "{template}: {error}");
    }
}

#[test]
fn files_of_one_call_never_share_a_name() {
    let files = [Some(1), Some(1), None, Some(2)].map(|seed| file("", 1, seed));
    let stems = |naming: Naming| naming.stems(files.iter());
    assert_eq!(
        stems(Naming::from_prompt("a")),
        ["a-1", "a-1-2", "a-2", "a-2-2"]
    );
    assert_eq!(stems("x".parse().unwrap()), ["x", "x-2", "x-3", "x-4"]);
    let jobs = ["a", "A"].map(|job| file(job, 0, None));
    let naming: Naming = "{job}".parse().unwrap();
    assert_eq!(naming.stems(jobs.iter()), ["a", "A-2"]);
}

#[test]
fn no_file_gets_the_name_of_a_device() {
    for (template, expected) in [
        ("con", "image-con"),
        ("COM1", "image-COM1"),
        ("nul.{seed}", "image-nul.7"),
        ("console", "console"),
        ("com", "com"),
    ] {
        let naming: Naming = template.parse().unwrap();
        assert_eq!(stem(&naming, &file("", 0, Some(7))), expected);
    }
}
