//! The whole suite, once more for each other shape of replies.

use std::process::Command;

use civitai_sim::Shape;

use crate::stage::{SHAPE, shape};

#[test]
fn all_holds_for_the_other_shapes_of_replies_too() {
    if shape() != Shape::Both {
        return;
    }
    let suite = std::env::current_exe().unwrap();
    for other in ["old", "new"] {
        let done = Command::new(&suite).env(SHAPE, other).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(
            done.status.success(),
            "replies of the shape {other}: {said}"
        );
    }
}
