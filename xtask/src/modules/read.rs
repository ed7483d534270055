//! The modules of a crate, and what each names of others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use syn::visit::{self, Visit};

use super::Module;
use crate::workspace::rust_files;

/// Re-exports that are followed, one after the other.
const HOPS: usize = 8;

/// The modules of a crate, each a file.
pub(super) struct Sources {
    modules: BTreeMap<Module, Names>,
}

/// What a file names.
#[derive(Default)]
struct Names {
    /// Paths from the root of the crate.
    paths: BTreeSet<Module>,
    /// Names that it passes on, and where they come from.
    passed_on: BTreeMap<String, Module>,
}

/// Reads all files below a folder.
pub(super) fn sources(src: &Path) -> Result<Sources> {
    let files = parsed(src)?;
    let known: BTreeSet<_> = files.keys().cloned().collect();
    let modules = files.into_iter().map(|(module, file)| {
        let mut reader = Reader {
            module: &module,
            known: &known,
            names: Names::default(),
        };
        reader.visit_file(&file);
        let names = reader.names;
        (module, names)
    });
    Ok(Sources {
        modules: modules.collect(),
    })
}

impl Sources {
    pub(super) fn len(&self) -> usize {
        self.modules.len()
    }

    /// Which module names something of which other one.
    pub(super) fn dependencies(&self) -> BTreeSet<(Module, Module)> {
        let mut found = BTreeSet::new();
        for (module, names) in &self.modules {
            for path in &names.paths {
                let target = self.resolve(path, HOPS);
                if target != *module {
                    found.insert((module.clone(), target));
                }
            }
        }
        found
    }

    /// The module that defines what a path leads to.
    fn resolve(&self, path: &[String], hops: usize) -> Module {
        let mut depth = path.len();
        while depth > 0 && !self.modules.contains_key(&path[..depth]) {
            depth -= 1;
        }
        let module = path[..depth].to_vec();
        let passed_on = self.modules.get(&module).zip(path.get(depth));
        match passed_on.and_then(|(names, name)| names.passed_on.get(name)) {
            Some(origin) if hops > 0 && origin[..] != *path => {
                let whole: Module = origin.iter().chain(&path[depth + 1..]).cloned().collect();
                self.resolve(&whole, hops - 1)
            }
            _ => module,
        }
    }
}

/// Parses the files of a crate, by the module that each is.
fn parsed(src: &Path) -> Result<BTreeMap<Module, syn::File>> {
    let mut files = BTreeMap::new();
    for path in rust_files(src)? {
        let within = path.strip_prefix(src).unwrap_or(&path).with_extension("");
        let names = within
            .iter()
            .map(|name| name.to_string_lossy().into_owned());
        let mut module: Module = names.collect();
        match module.last().map(String::as_str) {
            Some("tests") => continue,
            Some("mod" | "lib" | "main") => drop(module.pop()),
            _ => {}
        }
        let text = std::fs::read_to_string(&path)?;
        let file = syn::parse_file(&text).with_context(|| path.display().to_string())?;
        files.insert(module, file);
    }
    Ok(files)
}

struct Reader<'a> {
    module: &'a Module,
    known: &'a BTreeSet<Module>,
    names: Names,
}

impl Reader<'_> {
    /// The path from the root of the crate; nothing for one that leads out of it.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut base = self.module.clone();
        match first.as_str() {
            "crate" => return Some(rest.to_vec()),
            "self" => {}
            "super" => {
                base.pop();
            }
            child => {
                base.push(child.to_owned());
                self.known.contains(&base).then_some(())?;
            }
        }
        let mut rest = rest;
        while let Some(("super", more)) = rest.split_first().map(|(a, b)| (a.as_str(), b)) {
            base.pop();
            rest = more;
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>, passes_on: bool) {
        let (name, alias) = match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.use_tree(&path.tree, before, passes_on);
                before.pop();
                return;
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before, passes_on);
                }
                return;
            }
            syn::UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            syn::UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
            syn::UseTree::Glob(_) => (String::new(), String::new()),
        };
        let mut path = before.clone();
        if !matches!(name.as_str(), "" | "self") {
            path.push(name);
        }
        if let Some(path) = self.absolute(&path) {
            if passes_on && !alias.is_empty() {
                self.names.passed_on.insert(alias, path.clone());
            }
            self.names.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let passes_on = !matches!(item.vis, syn::Visibility::Inherited);
        self.use_tree(&item.tree, &mut Vec::new(), passes_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let segments: Vec<_> = path
                .segments
                .iter()
                .map(|one| one.ident.to_string())
                .collect();
            let found = self.absolute(&segments);
            self.names.paths.extend(found);
        }
        visit::visit_path(self, path);
    }
}

/// Whether an item is there for tests alone.
fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}
