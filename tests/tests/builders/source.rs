//! What the source of the builders declares, so that a new function fails until it is tried.

use std::collections::BTreeSet;
use std::path::Path;

/// The functions of a builder that make or change one, by name: those that take one, and those that
/// need none.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    pub(crate) setters: BTreeSet<String>,
    pub(crate) makers: BTreeSet<String>,
}

/// Reads the public functions of all `impl` blocks of a type in some files.
pub(crate) fn declared(files: &[&str], of: &str) -> Declared {
    let mut found = Declared::default();
    for file in files {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/civitai-jobs/src");
        let text = std::fs::read_to_string(source.join(file)).unwrap();
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let blocks = text.split("\nimpl").skip(1);
        for block in blocks.filter(|block| is_of(block, of)) {
            let block = block.split("\n}\n").next().unwrap();
            for function in block.split("    pub fn ").skip(1) {
                let signature = function.split('{').next().unwrap();
                found.add(signature);
            }
        }
        if of == "Step" {
            found.of_macros(text);
        }
    }
    found
}

/// Whether a block is about a type: `impl<I: Size> Step<I> {`, `impl Step<EchoInput> {`.
fn is_of(block: &str, of: &str) -> bool {
    let head = block.split('{').next().unwrap();
    let name = head.split_once("> ").filter(|_| head.starts_with('<'));
    let name = name.map_or(head, |(_, name)| name).trim();
    let name = name.split('<').next().unwrap();
    name == of
}

impl Declared {
    fn add(&mut self, signature: &str) {
        let name = signature.split(['(', '<']).next().unwrap();
        let changes = signature.contains("&mut self");
        if !(changes || signature.contains("-> Self")) {
            return;
        }
        let takes_one = changes
            || signature.contains("(self")
            || signature.contains("(mut self")
            || signature.contains("\n        self,")
            || signature.contains("\n        mut self,");
        let names = if takes_one {
            &mut self.setters
        } else {
            &mut self.makers
        };
        names.insert(name.to_owned());
    }

    /// What is listed in macros: `sora: Sora2TextToVideoInput;` and `prompt(text);`.
    fn of_macros(&mut self, text: &str) {
        let within = |name: &str| {
            let start = format!("\n{name}! {{\n");
            let calls = text.split(&start).skip(1);
            let bodies = calls.map(|call| call.split("\n}\n").next().unwrap());
            bodies
                .flat_map(str::lines)
                .map(str::trim)
                .filter(|line| !line.starts_with("///"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let engines = within("engines").into_iter();
        self.makers
            .extend(engines.filter_map(|line| Some(line.split_once(": ")?.0.to_owned())));
        let members = within("takes")
            .into_iter()
            .filter(|line| line.ends_with(");"));
        self.setters
            .extend(members.filter_map(|line| Some(line.split_once('(')?.0.to_owned())));
    }
}
