//! The names that types, fields and variants have in Rust, where people decided and where not.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::document::Document;
use crate::error::{Error, Faults};
use crate::names::{LONGEST, NameScope, RESERVED_TYPES, field_key, pascal};
use crate::notes::Notes;
use crate::overrides::Rename;
use crate::pointer::Pointer;

/// The names that people decided on, and which of them were asked for.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    rows: Vec<Rename>,
    used: RefCell<BTreeSet<usize>>,
}

impl Renames {
    /// Takes the rows of a contract.
    pub(crate) fn new(rows: &[Rename]) -> Self {
        Self {
            rows: rows.to_vec(),
            used: RefCell::default(),
        }
    }

    fn find(&self, schema: &str, fits: impl Fn(&Rename) -> bool) -> Option<String> {
        let found = self.rows.iter().enumerate();
        let (index, row) = found
            .filter(|(_, row)| row.schema == schema)
            .find(|(_, row)| fits(row))?;
        self.used.borrow_mut().insert(index);
        Some(row.to.clone())
    }

    fn schema(&self, schema: &str) -> Option<String> {
        self.find(schema, |row| row.member.is_none() && row.value.is_none())
    }

    pub(super) fn member(&self, schema: &str, wire: &str) -> Option<String> {
        let found = self.find(schema, |row| row.member.as_deref() == Some(wire));
        found.map(|name| field_key(&name))
    }

    pub(super) fn value(&self, schema: &str, value: &str) -> Option<String> {
        self.find(schema, |row| row.value.as_deref() == Some(value))
    }

    /// Refuses rows that name nothing, and names that are none.
    ///
    /// # Errors
    ///
    /// Every such row.
    pub(crate) fn check(&self, file: &str) -> Result<(), Error> {
        let mut faults = Faults::default();
        let used = self.used.borrow();
        for (index, row) in self.rows.iter().enumerate() {
            let at = || (file.to_owned(), Pointer::schema(&row.schema));
            if !used.contains(&index) {
                let what = "a rename stands for this place, which is gone; change or remove it";
                faults.push(at(), what);
            }
            if syn::parse_str::<syn::Ident>(&row.to).is_err() {
                faults.push(at(), format!("`{}` is no name in Rust", row.to));
            }
        }
        faults.into_result()
    }
}

/// Gives every component its Rust name; a collision is resolved and noted.
pub(super) fn type_names(
    doc: &Document,
    renames: &Renames,
    notes: &mut Notes,
) -> BTreeMap<String, String> {
    let mut scope = NameScope::with_reserved(RESERVED_TYPES);
    let mut names = BTreeMap::new();
    let wanted = |name: &str| renames.schema(name).unwrap_or_else(|| pascal(name));
    // A schema that is already called what it would be called keeps its name.
    let mut order: Vec<(&String, String)> = doc
        .schemas()
        .map(|(name, _)| (name, wanted(name)))
        .collect();
    order.sort_by_key(|(name, wanted)| (wanted != *name, name.as_str()));
    for (name, wanted) in order {
        let given = scope.claim(&wanted);
        if given != wanted {
            let what = format!("named `{given}` in Rust, since `{wanted}` is taken");
            notes.guess("names", Pointer::schema(name), what);
        }
        if given.len() > LONGEST {
            let what = format!("`{given}` is longer than {LONGEST} characters");
            notes.conversion("names", Pointer::schema(name), what);
        }
        names.insert(name.clone(), given);
    }
    names
}
